"""Months as money and awards count them: a month is the date of its first day."""

from datetime import date, timedelta

MONTHS_A_YEAR = 12


def month_after(day: date, months: int = 1) -> date:
    """The first of the month that comes so many months after that of a day; before it, where the number is negative."""
    at = day.year * MONTHS_A_YEAR + day.month - 1 + months
    return date(at // MONTHS_A_YEAR, at % MONTHS_A_YEAR + 1, 1)


def next_month(day: date) -> date:
    """The first of the month after that of a day."""
    return month_after(day)


def last_month(day: date) -> date:
    """The first of the month before that of a day."""
    return month_after(day, -1)


def end_of_month(day: date) -> date:
    """The last day of the month of a day."""
    return next_month(day) - timedelta(days=1)


def months_apart(first: date, last: date) -> int:
    """How many months the month of one day lies before that of another; negative where it lies after it."""
    return (last.year - first.year) * MONTHS_A_YEAR + last.month - first.month


def months_between(first: date, last: date) -> tuple[date, ...]:
    """The firsts of all months from that of one day to that of another, both included; none where it lies before."""
    return tuple(month_after(first, nth) for nth in range(months_apart(first, last) + 1))


def same_day(day: date, months: int) -> date:
    """The same day so many months later, or earlier where the number is negative: the last of a month that has none."""
    last = end_of_month(month_after(day, months))
    return last.replace(day=min(day.day, last.day))
