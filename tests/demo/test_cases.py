"""Cases take their lawful steps, on days when offices work and within their limits."""

from datetime import date, timedelta
from random import Random

import pytest

from demo import days
from demo.cases import NOTICE_DAYS, WAITING, Course, Ending, Step, Urgency, Waiting, from_start, moves, until_waiting
from demo.district import stories
from demo.story import Story
from tests.demo.conftest import COMMUNITIES, DAY

NATIONAL_DAY_WEEK = date(2026, 9, 25)
SUNDAY = date(2026, 11, 22)


def steps_of(told: list[Story]) -> list[list[tuple[Step, date]]]:
    """The case of each story that has one."""
    cases = ([(event.what, event.on) for event in story.events if isinstance(event.what, Step)] for story in told)
    return [case for case in cases if case]


def test_steps_fall_on_working_days_in_order(large: list[Story]) -> None:
    for case in steps_of(large):
        on = [day for _step, day in case]
        assert on == sorted(on)
        assert all(days.worked_by(day) == day for day in on)


def test_a_notice_hangs_seven_whole_days(large: list[Story]) -> None:
    for case in map(dict, steps_of(large)):
        if Step.NOTICE_ENDED in case:
            assert case[Step.NOTICE_ENDED] - case[Step.NOTICE_POSTED] > timedelta(days=7)
        if Step.OBJECTED in case and Step.NOTICE_ENDED in case:
            assert case[Step.NOTICE_POSTED] <= case[Step.OBJECTED] < case[Step.NOTICE_ENDED]


@pytest.mark.parametrize("seed", range(5))
def test_an_objection_is_raised_while_the_notice_hangs_whenever_the_case_began(seed: int) -> None:
    for began in (date(2026, 1, 1) + timedelta(days=nth) for nth in range(365)):
        case = dict(from_start(moves(Random(seed), Course(Ending.GRANTED, objection=True)), began))

        assert case[Step.NOTICE_POSTED] <= case[Step.OBJECTED], began
        assert case[Step.OBJECTED] <= case[Step.NOTICE_POSTED] + timedelta(days=NOTICE_DAYS), began
        assert case[Step.OBJECTED] < case[Step.NOTICE_ENDED], began


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("ending", [Ending.GRANTED, Ending.REFUSED])
def test_a_case_without_objection_keeps_to_twenty_working_days(seed: int, ending: Ending) -> None:
    course = Course(ending, correction=True, differs=True, relatives=True)
    case = dict(from_start(moves(Random(seed), course), NATIONAL_DAY_WEEK))

    assert case[Step.CONFIRMED] <= days.after(case[Step.ADMITTED], 20)
    assert case[Step.CHECK_ASKED] <= days.after(case[Step.ADMITTED], 3)
    if ending is Ending.REFUSED:
        assert case[Step.LETTER_DELIVERED] <= days.after(case[Step.CONFIRMED], 3)


@pytest.mark.parametrize("day", [DAY, SUNDAY, date(2026, 10, 8), date(2026, 2, 24)])
@pytest.mark.parametrize("waiting", WAITING, ids=lambda waiting: waiting.after.name)
def test_a_waiting_case_stands_to_its_limit_as_asked(waiting: Waiting, day: date) -> None:
    for urgency in Urgency:
        case = until_waiting(Random(1), waiting, urgency, day)
        began = dict(case)[waiting.clock]
        limit = began + timedelta(days=waiting.limit) if waiting.calendar else days.after(began, waiting.limit)
        today = days.after(day, 0)

        assert case[-1][0] is waiting.after
        assert [on for _step, on in case] == sorted(on for _step, on in case)
        assert case[-1][1] <= day
        assert case[0][0] is Step.APPLIED
        if urgency is Urgency.OVERDUE:
            assert limit < today
        elif not waiting.calendar and days.worked_by(day) == day:
            assert (limit == today) if urgency is Urgency.DUE_TODAY else (limit >= today)


def test_a_day_off_can_be_shown() -> None:
    told = list(stories(60, day=SUNDAY, communities=COMMUNITIES))

    assert all(event.on < SUNDAY for story in told for event in story.events if isinstance(event.what, Step))
