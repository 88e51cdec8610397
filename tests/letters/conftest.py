"""A family that is written to."""

from collections.abc import Iterator

import pytest

from tests import rooms
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.households.models import Household


@pytest.fixture
def district(db: None) -> rooms.District:
    return rooms.make_district()


@pytest.fixture
def family(district: rooms.District) -> Household:
    with rooms.everywhere() as by:
        return rooms.make_family(district.community, by=by)


@pytest.fixture
def clerk(district: rooms.District, family: Household) -> Iterator[Actor]:
    """The window clerk of the family's street, at work."""
    actor = rooms.actor("window_clerk", district.street)
    with acting(actor):
        yield actor
