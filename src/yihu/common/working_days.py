"""Counts working days and the days of notices, by the holidays and make-up days that are known.

By law the day of an act is not counted (Civil Code, article 201), and a period whose last day is a day of rest ends on
the next working day (article 203).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar.constants as published

from yihu.common.months import next_month

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which something is in time; provisional when it lies past the years whose holidays are known."""

    date: date
    provisional: bool


class WorkingDays:
    """Monday to Friday, but for the days given: True for a weekend day that is worked, False for a holiday.

    A year is known once its National Day is given, since the holidays of a year are published in one notice. In other
    years only weekends are days of rest, and what was counted through them is provisional.
    """

    def __init__(self, exceptions: Mapping[date, bool]) -> None:
        self._exceptions = dict(exceptions)
        self.known_years = frozenset(day.year for day in exceptions if (day.month, day.day) == (10, 1))

    def is_working(self, day: date) -> bool:
        """Whether this day is worked."""
        return self._exceptions.get(day, day.weekday() < SATURDAY)

    def next_working(self, day: date) -> Deadline:
        """This day if it is worked, else the first one after it that is."""
        return self._deadline(day, self._worked_from(day))

    def add(self, day: date, working_days: int) -> Deadline:
        """The last day of a period of working days that begins with an act on ``day``, which itself is not counted.

        For no days at all it is the day itself, or the next working day. Raises ValueError for a negative length.
        """
        _require_length(working_days)
        if not working_days:
            return self.next_working(day)
        found = day
        for _ in range(working_days):
            found = self._worked_from(found + DAY)
        return self._deadline(day + DAY, found)

    def add_calendar(self, day: date, days: int) -> Deadline:
        """The last day of a period of calendar days, as of a notice of 7 days put up on ``day``, which is not counted.

        Days of rest are counted, but the period does not end on one. Raises ValueError for a negative length.
        """
        _require_length(days)
        return self.next_working(day + days * DAY)

    def between(self, day: date, deadline: date) -> int:
        """How many working days are left on ``day``: 0 on the deadline itself, 1 on the working day before it.

        Negative for those that have gone by since: -1 on the first working day after it, so still 0 on the Saturday
        after a deadline on Friday. Whether it is missed is told by the dates alone.
        """
        first, last = sorted((day, deadline))
        passed = sum(self.is_working(first + at * DAY) for at in range(1, (last - first).days + 1))
        return passed if day <= deadline else -passed

    def _worked_from(self, day: date) -> date:
        while not self.is_working(day):
            day += DAY
        return day

    def _deadline(self, first: date, found: date) -> Deadline:
        known = self.known_years.issuperset(range(first.year, found.year + 1))
        return Deadline(found, provisional=not known)


def first_with_day(number: int, day: date) -> date:
    """The first day from ``day`` on, itself included, that is the ``number``-th of its month (1 to 28)."""
    if day.day <= number:
        return day.replace(day=number)
    return next_month(day).replace(day=number)


def seed_from_chinesecalendar(years: Iterable[int]) -> list[tuple[date, bool, str]]:
    """The published holidays and make-up days of these years: day, whether worked, name; none for years it lacks."""
    wanted = set(years)
    free = [(day, False, _chinese(name)) for day, name in published.holidays.items() if day.year in wanted]
    worked = [(day, True, f"{_chinese(name)}调休") for day, name in published.workdays.items() if day.year in wanted]
    return sorted(free + worked)


def _chinese(name: str) -> str:
    return str(published.Holiday(name).chinese)


def _require_length(days: int) -> None:
    if days < 0:
        raise ValueError(f"a period of {days} days")
