"""A street at work, and a family that applies there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests import rooms
from tests.cases.street import People, load_calendar, make_people, make_poor_family
from tests.cases.walk import Walk, to_confirmation
from tests.ready import Ready
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
def at_confirmation(ready: Ready, settings: Settings) -> Iterator[Walk]:
    """A family of three whose case can be decided on 12 March 2026, as `to_confirmation` leads it there."""

    def lead() -> Walk:
        with rooms.everywhere() as actor:
            load_calendar()
            place = rooms.make_district()
            made = Walk(make_people(place), make_poor_family(place.community, by=actor), actor)
            to_confirmation(made)
            return made

    with ready.at("confirmation", lead, settings) as walk, rooms.everywhere():
        yield walk


@pytest.fixture
def walk(district: rooms.District, service: Actor, people: People) -> Walk:
    """A family of three whose case has not begun."""
    return Walk(people, make_poor_family(district.community, by=service), service)
