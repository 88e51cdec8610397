"""The district of the demonstration at work, before a browser, on a day that a test moves on."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from demo.management.commands.load_demo_accounts import Command as LoadAccounts
from tests.ready import Ready
from tests.web.journeys.seats import Clock, Office, Seat, desks
from yihu.awards import jobs
from yihu.web import policy


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What the pages and the nightly look take for today, and a test moves on."""
    made = Clock(date(2026, 3, 2))
    for asks in (policy, jobs):
        monkeypatch.setattr(asks, "today", lambda: made.today)
    return made


@pytest.fixture
def district(transactional_db: None, ready: Ready, settings: Settings) -> None:
    """Its streets, its calendar and the people of the demonstration."""
    settings.OFFERED_ACCOUNTS = "demo.accounts.shown"

    def lead() -> None:
        for command in ("load_calendar", "load_organisations", LoadAccounts()):
            call_command(command, verbosity=0)

    ready.open("demonstration", lead, settings)


@pytest.fixture
def enter() -> Callable[[Seat], None]:
    """How people come to sit at their desks: they have logged in already."""
    return Seat.come_in


@pytest.fixture
def office(
    district: None, browser: Browser, live_server: LiveServer, clock: Clock, enter: Callable[[Seat], None]
) -> Iterator[Office]:
    """Everybody's desk, who sits down at it as soon as a test asks for him."""
    with desks(browser, live_server.url, clock, enter) as found:
        yield found
