"""A district to test, and its families as the rules read them."""

from collections.abc import Mapping
from datetime import date

import pytest

import policy_packs
from demo.district import stories
from demo.families import Community
from demo.figures import PROGRAMMES
from demo.story import Event, Story
from policy_engine import Family, assess
from policy_engine.single import Result

DAY = date(2026, 11, 20)
"""A Friday."""

COMMUNITIES = [
    Community(f"{street}{number:03d}/", f"第{number}社区", street)
    for street in ("11/0102/007/", "11/0102/010/", "11/0102/018/")
    for number in range(1, 12)
]
PACK = policy_packs.load("xicheng")


@pytest.fixture(scope="session")
def district() -> list[Story]:
    """Two thousand families on a working day."""
    return list(stories(2_000, day=DAY, communities=COMMUNITIES))


@pytest.fixture(scope="session")
def large() -> list[Story]:
    """Twenty thousand families, enough to hold shares against figures."""
    return list(stories(20_000, day=DAY, communities=COMMUNITIES))


def of_the_family(story: Story, on: date, change: Event | None = None) -> Result:
    """What the rules of a day say of a family, by the facts that stand; after a change where one is given."""
    household, members = story.family.standing()
    if change:
        assert change.member is not None
        assert change.facts
        members[change.member].update(change.facts)
    family = Family(engine_values(household), [engine_values(own) for own in members])
    return assess(PACK.plan(on), family).result(PROGRAMMES["of_a_family"])


def of_an_elder(story: Story, member: int, on: date) -> Result:
    """What the rules of a day say of one member."""
    household, members = story.family.standing()
    family = Family(engine_values(household), [engine_values(own) for own in members])
    return assess(PACK.plan(on), family).result(PROGRAMMES["of_an_elder"], member)


def engine_values(facts: Mapping[str, str]) -> dict[str, int | None]:
    """Facts in the notation of files as the engine's names and integers."""
    found: dict[str, int | None] = {}
    for name, text in facts.items():
        found.update(PACK.inputs[name].parse(text) or {})
    return found
