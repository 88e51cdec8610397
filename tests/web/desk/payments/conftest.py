"""The two who deal with money, each at a desk, and three families that are paid."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.payments.conftest import FAMILY_PROGRAMME, award, families
from tests.web.desk.conftest import Desk
from tests.web.desk.reading import shown
from yihu.households.models import Household
from yihu.payments.models import PaymentRun

MARCH = date(2026, 3, 1)


NEW = {"programmes": [FAMILY_PROGRAMME], "purpose": "monthly", "month": "2026-03", "pay_on": "2026-03-10"}


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, settings: Settings) -> None:
    settings.DOCUMENT_ROOT = tmp_path / "documents"


@dataclass
class Money:
    """The two who deal with money, each in a browser of his own."""

    maker: Client
    checker: Client

    def make(self) -> PaymentRun:
        """A draft."""
        self.maker.post("/desk/runs/new/", NEW)
        return PaymentRun.objects.get()

    def press(self, run: PaymentRun, what: str, who: Client | None = None, **typed: str) -> str:
        """Press a button of the page; what it says then."""
        if what == "approve":
            html = shown(self.checker, f"/desk/runs/{run.number}/")
            [typed["seen"]] = re.findall(r'name="seen" value="([0-9a-f]{64})"', html)
        response = (who or self.maker).post(f"/desk/runs/{run.number}/{what}/", typed, follow=True)
        return response.content.decode()

    def approve(self) -> PaymentRun:
        """A run that was approved."""
        run = self.make()
        self.press(run, "submit")
        self.press(run, "approve", self.checker)
        return PaymentRun.objects.get()


@pytest.fixture
def money(desk_of: Desk) -> Money:
    return Money(desk_of("finance_maker", name="贾制单"), desk_of("finance_checker", name="甄复核"))


@pytest.fixture
def three(money: Money) -> Sequence[Household]:
    """Three families with accounts and awards from this month on."""
    households = families(3)
    award(households, [161_600, 100_000, 5_000], start=MARCH)
    return households


def page(money: Money, run: PaymentRun, query: str = "") -> str:
    return shown(money.maker, f"/desk/runs/{run.number}/{query}")
