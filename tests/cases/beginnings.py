"""What a test of a case may begin with: the street at work, and a case that was led there to a step.

Each worker leads there once; the test gets a copy. A test asks for the step by a fixture, and whoever else it asks for
(`district`, `service`, `people`) is of the same street.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
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


def _granted(walk: Walk) -> None:
    walk.confirm(date(2026, 3, 13))
    walk.hand_over(date(2026, 3, 16))


# By the fixture that asks for it: the step from which it is led to, and how. A later one stands below.
STEPS: dict[str, tuple[str, Callable[[Beginning | None, Actor], Beginning]]] = {
    "street": ("", _street),
    "poor_family": ("street", _family),
    "applied": ("poor_family", _led(lambda walk: walk.apply(MONDAY))),
    "admitted": ("applied", _led(lambda walk: walk.begin(MONDAY))),
    "being_checked": ("admitted", _led(lambda walk: walk.ask_records(MONDAY))),
    "surveyed": ("admitted", _led(lambda walk: walk.survey(TUESDAY))),
    "at_confirmation": ("surveyed", _led(_decidable)),
    "granted": ("at_confirmation", _led(_granted)),
}


def _lead(step: str, ready: Ready) -> Beginning:
    before, how = STEPS[step]
    with rooms.everywhere() as service:
        return how(ready.given(before) if before else None, service)


def _led_before(step: str, ready: Ready, settings: LazySettings) -> str:
    """What a step is led to from, once that was led to."""
    before, _how = STEPS[step]
    if before:
        ready.lead(before, partial(_lead, before, ready), settings, after=_led_before(before, ready, settings))
    return before


def _beginning(step: str, ready: Ready, settings: LazySettings) -> AbstractContextManager[Beginning]:
    return ready.at(step, partial(_lead, step, ready), settings, after=_led_before(step, ready, settings))


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
def being_checked(beginning: Beginning, service: Actor) -> Walk:
    """Its case, in which all sources were asked on that Monday."""
    return beginning.walk(service)


@pytest.fixture
def surveyed(beginning: Beginning, service: Actor) -> Walk:
    """Its case, checked and visited on Tuesday, 3 March 2026: to be examined."""
    return beginning.walk(service)


@pytest.fixture
def at_confirmation(beginning: Beginning, service: Actor) -> Walk:
    """Its case, examined on 4 March 2026 and on notice until the 12th: to be decided."""
    return beginning.walk(service)


@pytest.fixture
def granted(beginning: Beginning, service: Actor) -> Walk:
    """Its case, granted on 13 March 2026, of which the family was told on the 16th: to be published."""
    return beginning.walk(service)
