"""A month is its first day, over the end of the year too."""

from datetime import date

import pytest

from yihu.common.months import (
    end_of_month,
    last_month,
    month_after,
    months_apart,
    months_between,
    next_month,
    same_day,
)


def test_december_is_followed_by_january() -> None:
    assert [next_month(date(2026, 12, 5)), next_month(date(2026, 1, 31))] == [date(2027, 1, 1), date(2026, 2, 1)]
    assert [last_month(date(2026, 1, 31)), last_month(date(2026, 3, 31))] == [date(2025, 12, 1), date(2026, 2, 1)]
    assert [end_of_month(date(2026, 12, 1)), end_of_month(date(2028, 2, 9))] == [date(2026, 12, 31), date(2028, 2, 29)]


@pytest.mark.parametrize("months", [-25, -12, -1, 0, 1, 11, 12, 30])
def test_so_many_months_on_are_so_many_apart(months: int) -> None:
    for month in range(1, 13):
        day = date(2026, month, 28)
        assert months_apart(day, month_after(day, months)) == months


def test_the_months_between_two_days_have_both_ends() -> None:
    assert months_between(date(2025, 11, 30), date(2026, 1, 1)) == (
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
    )
    assert months_between(date(2026, 1, 2), date(2026, 1, 31)) == (date(2026, 1, 1),)
    assert months_between(date(2026, 2, 1), date(2026, 1, 31)) == ()


def test_a_month_without_the_day_has_its_last_instead() -> None:
    assert same_day(date(2026, 8, 31), -6) == date(2026, 2, 28)
    assert same_day(date(2026, 8, 31), 18) == date(2028, 2, 29)
    assert same_day(date(2026, 8, 15), -8) == date(2025, 12, 15)
