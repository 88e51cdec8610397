"""What a test of a case may begin with: the street at work, and a case that was led there to a step.

Each worker leads there once; the test gets a copy. A test asks for the step by a fixture, and whoever else it asks for
(`district`, `service`, `people`) is of the same street.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import pytest
from django.conf import LazySettings
from pytest_django import Settings

from tests import rooms
from tests.cases.street import People, load_calendar, make_people, make_poor_family
from tests.cases.walk import Walk
from tests.ready import Ready
from yihu.access.actor import Actor
from yihu.households.models import Household

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


@dataclass(frozen=True)
class Beginning:
    """The street, who works in it, and the family and its case where there are any."""

    district: rooms.District
    people: People
    household: Household | None = None
    case: str = ""

    def walk(self, service: Actor) -> Walk:
        """The case of the family, at the step that it was led to."""
        assert self.household is not None
        return Walk(self.people, self.household, service, number=self.case)


def _street(before: Beginning | None, service: Actor) -> Beginning:
    load_calendar()
    district = rooms.make_district()
    return Beginning(district, make_people(district))


def _family(before: Beginning | None, service: Actor) -> Beginning:
    assert before is not None
    return replace(before, household=make_poor_family(before.district.community, by=service))


def _led(lead: Callable[[Walk], object]) -> Callable[[Beginning | None, Actor], Beginning]:
    def led(before: Beginning | None, service: Actor) -> Beginning:
        assert before is not None
        walk = before.walk(service)
        lead(walk)
        return replace(before, case=walk.number)

    return led


def _decidable(walk: Walk) -> None:
    walk.examine(date(2026, 3, 4))
    walk.post(date(2026, 3, 4))
    walk.unpost(date(2026, 3, 12))


# By the fixture that asks for it, each from the one before.
STEPS: dict[str, Callable[[Beginning | None, Actor], Beginning]] = {
    "street": _street,
    "poor_family": _family,
    "applied": _led(lambda walk: walk.apply(MONDAY)),
    "admitted": _led(lambda walk: walk.begin(MONDAY)),
    "surveyed": _led(lambda walk: walk.survey(TUESDAY)),
    "at_confirmation": _led(_decidable),
}


def _lead(step: str, before: str, ready: Ready) -> Beginning:
    with rooms.everywhere() as service:
        return STEPS[step](ready.given(before) if before else None, service)


@contextmanager
def _beginning(step: str, ready: Ready, settings: LazySettings) -> Iterator[Beginning]:
    before = ""
    for each in STEPS:
        lead = partial(_lead, each, before, ready)
        if each == step:
            with ready.at(each, lead, settings, after=before) as made:
                yield made
            return
        ready.lead(each, lead, settings, after=before)
        before = each


@pytest.fixture
def beginning(request: pytest.FixtureRequest, ready: Ready, settings: Settings) -> Iterator[Beginning]:
    """The street at work, with its case at the furthest step that the test asks for."""
    step = next((each for each in reversed(STEPS) if each in request.fixturenames), "street")
    with _beginning(step, ready, settings) as made:
        yield made


@pytest.fixture
def people(beginning: Beginning, service: Actor) -> People:
    return beginning.people


@pytest.fixture
def poor_family(beginning: Beginning, service: Actor) -> Walk:
    """A family of three whose case has not begun."""
    return beginning.walk(service)


@pytest.fixture
def applied(beginning: Beginning, service: Actor) -> Walk:
    """Its case, applied for on Monday, 2 March 2026, without any paper."""
    return beginning.walk(service)


@pytest.fixture
def admitted(beginning: Beginning, service: Actor) -> Walk:
    """Its case, admitted on that Monday with every paper."""
    return beginning.walk(service)


@pytest.fixture
def surveyed(beginning: Beginning, service: Actor) -> Walk:
    """Its case, checked and visited on Tuesday, 3 March 2026: to be examined."""
    return beginning.walk(service)


@pytest.fixture
def at_confirmation(beginning: Beginning, service: Actor) -> Walk:
    """Its case, examined on 4 March 2026 and on notice until the 12th: to be decided."""
    return beginning.walk(service)
