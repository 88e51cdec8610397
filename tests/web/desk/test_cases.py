"""The page of a case, led by everybody in turn through the browser's own requests."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests import rooms
from tests.cases.walk import SHEET, People, Walk, load_calendar, make_people, make_poor_family
from tests.web.desk.conftest import BACKEND
from yihu.cases.models import Case
from yihu.common.actor import Actor
from yihu.households.models import FileRead
from yihu.organisations.models import StaffMember
from yihu.web import policy

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
            self.clients[actor.staff].force_login(StaffMember.objects.get(pk=actor.staff), backend=BACKEND)
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
def people(district: rooms.District, service: Actor, settings: Settings, tmp_path: Path) -> People:
    settings.DOCUMENT_ROOT, settings.EXCHANGE_ROOT = tmp_path / "documents", tmp_path / "exchange"
    load_calendar()
    return make_people(district)


@pytest.fixture
def walk(district: rooms.District, service: Actor, people: People, desks: Desks) -> Walk:
    made = Walk(people, make_poor_family(district.community, by=service), service)
    made.apply(MONDAY)
    return made


Taken = Callable[[date], None]


def pdf(name: str = "纸.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, SHEET, content_type="application/pdf")


def test_a_grant_is_led_through_every_step_by_those_whose_it_is(walk: Walk, desks: Desks, people: People) -> None:
    number = walk.number
    page = desks.look(people.clerk, number)
    assert "缺" in page
    for about in re.findall(r'name="about" value="([^"]+)"', page):
        desks.done(people.clerk, number, "paper", step="admission", about=about, file=pdf())
    assert "2026-03-30" in desks.done(people.clerk, number, "admit", step="admission")

    assert "现在由街道审核" in desks.look(people.clerk, number)
    desks.today = date(2026, 3, 4)
    sources = re.findall(r'name="sources" value="([^"]+)"', desks.look(people.examiner, number, "records_check"))
    assert len(sources) >= 3
    desks.done(people.examiner, number, "ask", step="records_check", sources=sources)
    page = desks.look(people.examiner, number, "records_check")
    assert "还有来源没有答复" in page
    refused = desks.do(people.examiner, number, "checked", step="records_check")
    assert "还有来源没有答复；" in refused
    for about in re.findall(r'name="about" value="(\d+)"', page):
        desks.done(people.examiner, number, "giveup", step="records_check", about=about, reason="系统维护，无法答复")
    desks.done(people.examiner, number, "checked", step="records_check")

    desks.today = date(2026, 3, 5)
    page = desks.look(people.worker, number)
    assert "梅社工" in page
    desks.done(
        people.worker,
        number,
        "visit",
        step="home_visit",
        visited_on="2026-03-05",
        visitors=[people.worker.staff, people.examiner.staff],
        findings="平房两间，无大件家电。",
        neighbours="邻居两户，无相反意见。",
        signed_by="贾一",
        sheet=pdf("调查表.pdf"),
        photos=[pdf("照片一.pdf"), pdf("照片二.pdf")],
    )
    page = desks.look(people.examiner, number)
    assert "平房两间" in page
    assert "照片二.pdf" in page

    desks.today = date(2026, 3, 6)
    assert "由规则算出，不能改写" in page
    reason = re.search(r'<textarea name="reason"[^>]*>\s*(经核对与入户调查[^<]+)</textarea>', page)
    assert reason, page
    desks.done(people.examiner, number, "examine", step="examination", opinion="grant", reason=reason[1])
    desks.done(people.examiner, number, "post", step="notice")
    assert "公示期满后的下一天办结" in desks.look(people.examiner, number)
    desks.today = date(2026, 3, 14)
    desks.done(people.worker, number, "unpost", step="notice")

    desks.today = date(2026, 3, 16)
    page = desks.look(people.director, number)
    assert reason[1] in page
    assert "2026-04" in desks.done(
        people.director, number, "confirm", step="confirmation", decision="grant", reason="同意"
    )
    desks.done(people.examiner, number, "publish", step="publication")
    desks.done(people.clerk, number, "letter", step="grant_letter")
    page = desks.look(people.clerk, number)
    assert "已结案" in page
    assert "确认通知书" in page
    assert Case.objects.get(number=number).state == "granted"


def test_reading_a_case_is_written_down(walk: Walk, desks: Desks, people: People) -> None:
    desks.look(people.clerk, walk.number)
    read = FileRead.objects.get()
    assert (read.kind, read.purpose, read.detail) == ("case", "case", walk.number)
