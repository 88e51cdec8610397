"""A few people at work in two streets."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import call_command
from pytest_django import Settings

from tests import rooms
from tests.places import divisions, office
from tests.ready import Ready
from yihu.access.actor import Actor, service
from yihu.access.capabilities import Capability
from yihu.access.posts import actor_at
from yihu.access.scope import acting
from yihu.organisations import actions
from yihu.organisations.models import StaffMember

ON = date(2026, 11, 2)
KEEPER = service(
    "tests", "11/0102/", may=[Capability.KEEP_STAFF, Capability.SEE_FORMER_STAFF, Capability.DECLARE_FOR_OTHERS]
)


def make_streets() -> None:
    """The district and two of its streets, with one community each."""
    divisions({"11/0102/007/003/": "月坛社区居委会", "11/0102/018/003/": "牛街东里社区居委会"})


@pytest.fixture
def district(ready: Ready, settings: Settings) -> Iterator[None]:
    """The divisions of the district, and the service at work in it."""
    with ready.at("organisations", lambda: call_command("load_organisations", verbosity=0), settings), acting(KEEPER):
        yield


def hire(name: str, *posts: tuple[str, str], since: date = date(2024, 1, 1)) -> StaffMember:
    """Someone with these posts in these divisions."""
    number = StaffMember.objects.count() + 1
    staff = actions.create_staff(username=f"staff{number}", name=name, by=KEEPER, on=ON)
    for kind, path in posts:
        actions.appoint(staff=staff, post_kind=kind, office=office(path), since=since, by=KEEPER, on=ON)
    return staff


def seated(post: str, area: str, *, staff: int | None = None) -> Actor:
    """Someone who acts at a post, to which he need not be appointed."""
    return actor_at(staff or rooms.principal("甄"), "甄", post, (area,))


def officer(area: str = "11/0102/", *, staff: int | None = None) -> Actor:
    """The district's officer."""
    return seated("district_officer", area, staff=staff)
