"""Working days, held against the calendar of 2026 and another library's counting."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.common.working_days import Deadline, WorkingDays, seed_from_chinesecalendar

SEED = seed_from_chinesecalendar(range(2019, 2027))
DAYS = WorkingDays({day: is_working for day, is_working, _ in SEED})
KNOWN = st.dates(date(2019, 1, 1), date(2026, 6, 30))
LENGTHS = st.integers(0, 60)


def certain(text: str) -> Deadline:
    return Deadline(date.fromisoformat(text), provisional=False)


def test_the_published_days_have_a_name_and_make_up_days_say_so() -> None:
    seeded = {day: (is_working, name) for day, is_working, name in SEED}

    assert seeded[date(2026, 10, 1)] == (False, "国庆节")
    assert seeded[date(2026, 10, 10)] == (True, "国庆节调休")
    assert [day for day, _, _ in SEED] == sorted(set(seeded))
    assert seed_from_chinesecalendar([2099]) == []


@given(st.dates(date(2019, 1, 1), date(2026, 12, 31)))
def test_every_known_day_is_as_published(day: date) -> None:
    assert DAYS.is_working(day) == chinese_calendar.is_workday(day)


@pytest.mark.parametrize(
    ("day", "working_days", "expected"),
    [
        # A plain week, a weekend, and a day of rest on which something is filed.
        ("2026-11-16", 3, "2026-11-19"),
        ("2026-11-19", 3, "2026-11-24"),
        ("2026-11-21", 1, "2026-11-23"),
        # National Day takes seven days off; Saturday the 10th is worked in exchange.
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-30", 4, "2026-10-12"),
        # Spring Festival, with a Saturday worked before and after it.
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 20, "2026-03-19"),
        ("2026-11-16", 0, "2026-11-16"),
        ("2026-11-21", 0, "2026-11-23"),
    ],
)
def test_periods_of_working_days(day: str, working_days: int, expected: str) -> None:
    assert DAYS.add(date.fromisoformat(day), working_days) == certain(expected)


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        ("2026-11-16", 7, "2026-11-23"),
        # The seventh day is a Saturday, and one is the first of October.
        ("2026-11-14", 7, "2026-11-23"),
        ("2026-09-24", 7, "2026-10-08"),
        # A Saturday that is worked ends a period.
        ("2026-10-03", 7, "2026-10-10"),
    ],
)
def test_notices_count_every_day_but_do_not_end_on_a_day_of_rest(day: str, days: int, expected: str) -> None:
    assert DAYS.add_calendar(date.fromisoformat(day), days) == certain(expected)


@given(KNOWN, LENGTHS)
def test_a_period_ends_on_a_working_day_after_as_many_of_them(day: date, working_days: int) -> None:
    found = DAYS.add(day, working_days).date

    assert chinese_calendar.is_workday(found)
    if working_days:
        assert len(chinese_calendar.get_workdays(day + timedelta(days=1), found)) == working_days
        assert DAYS.between(day, found) == working_days


@given(KNOWN, KNOWN, KNOWN)
def test_days_left_add_up_and_turn_round(first: date, second: date, third: date) -> None:
    assert DAYS.between(first, second) + DAYS.between(second, third) == DAYS.between(first, third)
    assert DAYS.between(first, second) == -DAYS.between(second, first)


@pytest.mark.parametrize(
    ("day", "left"),
    [
        ("2026-11-18", 2),
        ("2026-11-19", 1),
        ("2026-11-20", 0),
        ("2026-11-21", 0),
        ("2026-11-23", -1),
        ("2026-11-24", -2),
    ],
)
def test_days_left_until_friday_the_20th(day: str, left: int) -> None:
    assert DAYS.between(date.fromisoformat(day), date(2026, 11, 20)) == left


def test_past_the_known_years_only_weekends_are_rest_and_the_deadline_is_provisional() -> None:
    assert DAYS.add(date(2026, 12, 30), 1) == certain("2026-12-31")
    assert DAYS.add(date(2026, 12, 31), 1) == Deadline(date(2027, 1, 1), provisional=True)
    assert DAYS.add(date(2026, 12, 30), 3) == Deadline(date(2027, 1, 4), provisional=True)
    assert DAYS.add_calendar(date(2026, 12, 28), 7) == Deadline(date(2027, 1, 4), provisional=True)
    assert DAYS.next_working(date(2027, 12, 31)) == Deadline(date(2027, 12, 31), provisional=True)


def test_a_year_is_known_by_its_national_day_and_not_by_its_first_holiday() -> None:
    begun = WorkingDays({date(2027, 1, 1): False})

    assert begun.known_years == frozenset()
    assert begun.add(date(2026, 12, 31), 1) == Deadline(date(2027, 1, 4), provisional=True)


def test_a_period_is_not_negative() -> None:
    with pytest.raises(ValueError, match="-1"):
        DAYS.add(date(2026, 11, 16), -1)
    with pytest.raises(ValueError, match="-1"):
        DAYS.add_calendar(date(2026, 11, 16), -1)
