"""A district in which the service acts."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests import rooms
from tests.rooms import ON
from yihu.access.actor import Actor
from yihu.households import queries
from yihu.households.models import Household, Person


@pytest.fixture
def district(db: None) -> rooms.District:
    return rooms.make_district()


@pytest.fixture
def service(district: rooms.District) -> Iterator[Actor]:
    with rooms.everywhere() as actor:
        yield actor


@pytest.fixture
def family(district: rooms.District, service: Actor) -> Household:
    return rooms.make_family(district.community, by=service)


def people(family: Household, on: date = ON) -> list[Person]:
    """Who lives together, head first."""
    return [member.person for member in queries.members_on(family, on)]


def names_on(family: Household, on: date) -> list[tuple[str, int]]:
    """Their names and what they are to the head."""
    return [(member.person.name, member.relation) for member in queries.members_on(family, on)]
