"""Someone at a desk in a small invented district, on a fixed day."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client

from tests import places, rooms
from tests.cases.beginnings import (
    Beginning,
    admitted,
    applied,
    at_confirmation,
    beginning,
    being_checked,
    granted,
    people,
    surveyed,
)
from tests.web.desk.seats import BACKEND, desks, walk
from yihu.access.actor import Actor
from yihu.access.posts import posts
from yihu.households.models import Household
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Appointment, Division, StaffMember
from yihu.web import policy

__all__ = [
    "BACKEND",
    "admitted",
    "applied",
    "at_confirmation",
    "beginning",
    "being_checked",
    "desks",
    "granted",
    "people",
    "surveyed",
    "walk",
]

Desk = Callable[..., Client]


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> date:
    """The day on which the pages are opened."""
    monkeypatch.setattr(policy, "today", lambda: rooms.ON)
    return rooms.ON


@pytest.fixture
def district(request: pytest.FixtureRequest, on: date) -> rooms.District:
    """An empty one, or that in which the people are at work for whom the test asks."""
    if "beginning" in request.fixturenames:
        found: Beginning = request.getfixturevalue("beginning")
        return found.district
    request.getfixturevalue("db")
    return rooms.make_district()


@pytest.fixture
def service(district: rooms.District) -> Iterator[Actor]:
    with rooms.everywhere() as actor:
        yield actor


@pytest.fixture
def family(district: rooms.District, service: Actor) -> Household:
    """The family of `rooms.make_family` in the first community."""
    return rooms.make_family(district.community, by=service)


@pytest.fixture
def desk_of(district: rooms.District, service: Actor) -> Desk:
    """Log in someone at a post: of the first street or its first community, or of the division that is given."""
    at = {
        DivisionLevel.COMMUNITY: district.community,
        DivisionLevel.STREET: district.street,
        DivisionLevel.DISTRICT: district.district,
    }

    def seated(kind: str = "window_clerk", division: Division | None = None, name: str = "甄经办") -> Client:
        place = division or at[posts()[kind].level]
        number = StaffMember.objects.count() + 1
        staff = StaffMember.objects.create_user(f"staff{number}", name=name)
        post = places.post(kind, place.path)
        Appointment.objects.create(post=post, staff=staff, period=(date(2019, 1, 1), None))
        client = Client()
        client.force_login(staff.login, backend=BACKEND)
        return client

    return seated
