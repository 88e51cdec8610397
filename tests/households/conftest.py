"""A district in which the service acts."""

from collections.abc import Iterator

import pytest

from tests import rooms
from yihu.common.actor import Actor
from yihu.households.models import Household


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
