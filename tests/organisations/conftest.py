"""A few people at work in two streets."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import call_command

from yihu.access.actor import Actor, service
from yihu.access.capabilities import Capability
from yihu.access.posts import actor_at
from yihu.access.scope import acting
from yihu.organisations import actions
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division, StaffMember

ON = date(2026, 11, 2)
KEEPER = service(
    "test", "110102", may=[Capability.KEEP_STAFF, Capability.SEE_FORMER_STAFF, Capability.DECLARE_FOR_OTHERS]
)


def make_streets() -> None:
    """The district and two of its streets, with one community each."""
    rows = [("110102", "西城区"), ("110102007", "月坛街道"), ("110102018", "牛街街道")]
    rows += [("110102007003", "月坛社区居委会"), ("110102018003", "牛街东里社区居委会")]
    levels = {6: DivisionLevel.DISTRICT, 9: DivisionLevel.STREET, 12: DivisionLevel.COMMUNITY}
    Division.objects.bulk_create(
        Division(code=code, name=name, level=levels[len(code)], parent_id=code[:-3] if len(code) > 6 else None)
        for code, name in rows
    )


@pytest.fixture
def district(db: None) -> Iterator[None]:
    """The divisions of the district, and the service at work in it."""
    call_command("load_organisations", verbosity=0)
    with acting(KEEPER):
        yield


def hire(name: str, *posts: tuple[str, str], since: date = date(2024, 1, 1)) -> StaffMember:
    """Someone with these posts in these divisions."""
    number = StaffMember.objects.count() + 1
    staff = actions.create_staff(username=f"staff{number}", name=name, by=KEEPER, on=ON)
    for kind, code in posts:
        division = Division.objects.get(code=code)
        actions.appoint(staff=staff, post_kind=kind, division=division, since=since, by=KEEPER, on=ON)
    return staff


def officer(area: str = "110102", *, staff: int = 999) -> Actor:
    """The district's officer."""
    return actor_at(id=f"staff:{staff}", name="甄督", post="district_officer", areas=(area,), staff=staff)
