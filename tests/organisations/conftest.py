"""A few people at work in two streets."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import call_command

from yihu.common.actor import Actor, service
from yihu.common.scope import acting
from yihu.organisations import actions
from yihu.organisations.enums import PostKind
from yihu.organisations.models import Division, StaffMember

ON = date(2026, 11, 2)
KEEPER = service("test", "110102")


@pytest.fixture
def district(db: None) -> Iterator[None]:
    """The divisions of the district, and the service at work in it."""
    call_command("load_organisations", verbosity=0)
    with acting(KEEPER):
        yield


def hire(name: str, *posts: tuple[PostKind, str], since: date = date(2024, 1, 1)) -> StaffMember:
    """Someone with these posts in these divisions."""
    number = StaffMember.objects.count() + 1
    staff = actions.create_staff(username=f"staff{number}", name=name, by=KEEPER, on=ON)
    for kind, code in posts:
        division = Division.objects.get(code=code)
        actions.appoint(staff=staff, post_kind=kind, division=division, since=since, by=KEEPER, on=ON)
    return staff


def officer(area: str = "110102", *, staff: int = 999) -> Actor:
    """The district's officer."""
    return Actor(id=f"staff:{staff}", name="甄督", post=PostKind.DISTRICT_OFFICER, areas=(area,), staff=staff)
