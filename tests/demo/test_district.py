"""The same seed makes the same district, and its shares fit the published figures."""

from collections import Counter
from datetime import date

import pytest

from demo import figures
from demo.cases import Ending, Step, Urgency
from demo.district import DESK_CASES, beginning, chronicle, stories
from demo.facts import Obstacle
from demo.shapes import Kind
from demo.story import ELDER_PROGRAMME, FAMILY_PROGRAMME, Life, Part, Story
from tests.demo.conftest import COMMUNITIES, DAY, of_an_elder

# One process makes up the twenty thousand families.
pytestmark = pytest.mark.xdist_group("the invented district")


def test_same_seed_same_district_and_another_seed_another() -> None:
    first, again = (list(stories(300, seed=7, day=DAY, communities=COMMUNITIES)) for _ in range(2))
    other = list(stories(300, seed=8, day=DAY, communities=COMMUNITIES))

    assert first == again
    assert [story.family for story in first] != [story.family for story in other]


def test_a_family_is_the_same_however_many_there_are(district: list[Story]) -> None:
    assert list(stories(50, day=DAY, communities=COMMUNITIES)) == district[:50]


@pytest.mark.parametrize("households", [49, 200_001])
def test_sizes_have_bounds(households: int) -> None:
    with pytest.raises(ValueError, match="50 到 200000"):
        stories(households, day=DAY, communities=COMMUNITIES)


def test_a_street_without_communities_is_refused() -> None:
    with pytest.raises(ValueError, match="11/0102/099/"):
        stories(50, day=DAY, communities=COMMUNITIES, street="11/0102/099/")


def test_allowances_in_force_are_those_published_scaled_down(large: list[Story]) -> None:
    expected = figures.ALLOWANCES_A_MONTH / figures.scale(len(large))
    for on in (beginning(DAY), date(2025, 11, 1), DAY):
        running = sum(programme == ELDER_PROGRAMME for story in large for programme, _member in story.awards_on(on))
        assert running == pytest.approx(float(expected), rel=0.03)


def test_the_mean_allowance_is_the_published_one(district: list[Story]) -> None:
    amounts = [
        of_an_elder(story, member, DAY).amount
        for story in district
        for programme, member in story.awards_on(DAY)
        if programme == ELDER_PROGRAMME and member is not None
    ]

    assert sum(amounts) / len(amounts) / 100 == pytest.approx(float(figures.MEAN_ALLOWANCE_YUAN), rel=0.08)


def test_families_newly_recognised_are_those_published_scaled_down(large: list[Story]) -> None:
    expected = float(figures.NEWLY_RECOGNISED_A_YEAR / figures.scale(len(large)))
    applicants = [story for story in large if story.part is Part.APPLICANT]
    granted = [story.day_of(Step.CONFIRMED) for story in applicants if story.meant is Ending.GRANTED]
    last_year = [on for on in granted if on and on > date(DAY.year - 1, DAY.month, DAY.day)]

    assert len(last_year) == pytest.approx(expected, rel=0.06)


def test_the_books_stay_about_as_full(large: list[Story]) -> None:
    expected = float(figures.FAMILIES_ON_THE_BOOKS / figures.scale(len(large)))
    for on in (beginning(DAY), DAY):
        running = sum(programme == FAMILY_PROGRAMME for story in large for programme, _member in story.awards_on(on))
        assert running == pytest.approx(expected, rel=0.06)


def test_everything_that_can_happen_happens(large: list[Story]) -> None:
    assert {event.what for story in large for event in story.events} == {*Step, *Life}
    assert {story.obstacle for story in large} == {*Obstacle, None}
    assert {story.family.kind for story in large} == {*Kind}
    assert any(story.relatives and story.part is Part.APPLICANT for story in large)
    assert {story.meant for story in large} == {*Ending, None}


def test_streets_get_families_alike(large: list[Story]) -> None:
    streets = Counter(story.family.community.street for story in large[DESK_CASES:])

    assert max(streets.values()) < 1.1 * min(streets.values())


def test_cases_wait_at_every_step_in_one_street_even_in_the_smallest_district() -> None:
    told = list(stories(50, day=DAY, communities=COMMUNITIES, street="11/0102/018/"))
    waiting = [story for story in told if story.part is Part.WAITING]

    assert {story.urgency for story in waiting} == {*Urgency}
    assert len({story.waiting for story in waiting}) == 14
    assert {story.family.community.street for story in waiting} == {"11/0102/018/"}
    assert all(story.waiting and story.events[-1].what is story.waiting.after for story in waiting)


def test_the_chronicle_is_in_order_and_ends_today(district: list[Story]) -> None:
    told = [event.on for _story, event in chronicle(district)]

    assert told == sorted(told)
    assert told[0] == beginning(DAY)
    assert told[-1] <= DAY


@pytest.mark.parametrize(
    ("households", "said"),
    [(6_000, "按 1∶20 缩小"), (50, "按 1∶2,400 缩小"), (120_000, "按 1∶1"), (200_000, "按 1.67∶1 放大")],
)
def test_the_scale_is_said(households: int, said: str) -> None:
    assert figures.scale_sentence(households).endswith(said)
