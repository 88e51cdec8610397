"""Everybody of a street at a desk of his own, on a day that a test moves on."""

import re
from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.cases.walk import Walk
from yihu.access.actor import Actor
from yihu.access.models import Login
from yihu.web import policy

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MONDAY = date(2026, 3, 2)


@dataclass
class Desks:
    """Everybody's browser, on a day that a test moves on."""

    today: date
    clients: dict[int, Client]

    def of(self, actor: Actor) -> Client:
        """The browser of one of them."""
        assert actor.staff is not None
        if actor.staff not in self.clients:
            self.clients[actor.staff] = Client()
            self.clients[actor.staff].force_login(Login.objects.get(pk=actor.staff), backend=BACKEND)
        return self.clients[actor.staff]

    def look(self, actor: Actor, number: str, step: str = "") -> str:
        """The page of a case as one of them sees it."""
        answer = self.of(actor).get(reverse("desk:case", args=[number]), {"step": step} if step else {})
        assert answer.status_code == 200, answer.content.decode()
        return answer.content.decode()

    def do(self, actor: Actor, number: str, deed: str, **typed: object) -> str:
        """What one of them sees after sending off a form."""
        answer = self.of(actor).post(reverse("desk:case_deed", args=[number, deed]), typed, follow=True)
        return answer.content.decode()

    def done(self, actor: Actor, number: str, deed: str, **typed: object) -> str:
        """The same, which must have been done; what was said of it."""
        answer = self.of(actor).post(reverse("desk:case_deed", args=[number, deed]), typed, follow=True)
        html = answer.content.decode()
        assert answer.redirect_chain, re.findall(r'class="(?:problem|problems)".*?</', html, re.S)
        assert 'class="note good"' in html, html
        return re.sub(r"<[^>]+>", "", re.search(r'<div class="note good".*?</div>', html, re.S)[0])  # type: ignore[index]


@pytest.fixture
def desks(monkeypatch: pytest.MonkeyPatch) -> Desks:
    found = Desks(MONDAY, {})
    monkeypatch.setattr(policy, "today", lambda: found.today)
    return found


@pytest.fixture
def walk(applied: Walk, desks: Desks) -> Walk:
    """A case that was applied for on Monday."""
    return applied
