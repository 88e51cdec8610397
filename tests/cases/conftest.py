"""A street at work, and a family that applies there."""

from collections.abc import Iterator

import pytest

from tests import rooms
from tests.cases.beginnings import (
    Beginning,
    admitted,
    applied,
    at_confirmation,
    beginning,
    being_checked,
    granted,
    people,
    poor_family,
    surveyed,
)
from tests.cases.walk import Walk
from yihu.access.actor import Actor

__all__ = [
    "admitted",
    "applied",
    "at_confirmation",
    "beginning",
    "being_checked",
    "granted",
    "people",
    "poor_family",
    "surveyed",
]


@pytest.fixture
def district(beginning: Beginning) -> rooms.District:
    return beginning.district


@pytest.fixture
def service(beginning: Beginning) -> Iterator[Actor]:
    with rooms.everywhere() as actor:
        yield actor


@pytest.fixture
def walk(poor_family: Walk) -> Walk:
    """A family of three whose case has not begun."""
    return poor_family
