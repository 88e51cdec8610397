"""A street at work, and a family that applies there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests import rooms
from tests.cases.walk import People, Walk, load_calendar, make_people, make_poor_family
from yihu.access.actor import Actor


@pytest.fixture
def district(db: None) -> rooms.District:
    return rooms.make_district()


@pytest.fixture
def service(district: rooms.District, settings: Settings, tmp_path: Path) -> Iterator[Actor]:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    settings.EXCHANGE_ROOT = tmp_path / "exchange"
    with rooms.everywhere() as actor:
        load_calendar()
        yield actor


@pytest.fixture
def people(district: rooms.District, service: Actor) -> People:
    return make_people(district)


@pytest.fixture
def walk(district: rooms.District, service: Actor, people: People) -> Walk:
    """A family of three whose case has not begun."""
    return Walk(people, make_poor_family(district.community, by=service), service)
