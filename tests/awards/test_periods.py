"""The names and the days of what awards cover."""

from datetime import date

import pytest
from psycopg.types.range import Range

from yihu.awards.periods import again_from, name_of, period_from

JUNE, JULY, MARCH = date(2026, 6, 30), date(2026, 7, 1), date(2027, 3, 1)


def test_a_winter_bears_the_name_of_its_years() -> None:
    assert [name_of("season", day) for day in (JUNE, JULY, MARCH)] == ["2025-2026", "2026-2027", "2026-2027"]
    assert [name_of("year", day) for day in (JUNE, JULY, MARCH)] == ["2026", "2026", "2027"]
    assert {name_of(kind, JUNE) for kind in ("status", "month", "once")} == {""}


@pytest.mark.parametrize(
    ("kind", "start", "upper"),
    [
        ("status", JUNE, None),
        ("month", JULY, None),
        ("season", JUNE, JULY),
        ("season", JULY, date(2027, 7, 1)),
        ("season", date(2026, 12, 31), date(2027, 7, 1)),
        ("season", date(2027, 1, 1), date(2027, 7, 1)),
        ("year", date(2026, 12, 31), date(2027, 1, 1)),
        ("year", date(2027, 1, 1), date(2028, 1, 1)),
        ("once", date(2028, 2, 29), date(2028, 3, 1)),
    ],
)
def test_an_award_covers_what_is_left_of_its_season_its_year_or_one_day(
    kind: str, start: date, upper: date | None
) -> None:
    assert period_from(kind, start) == Range(start, upper)


@pytest.mark.parametrize(
    ("ended", "again"),
    [
        ((date(2026, 1, 1), date(2026, 7, 1)), (date(2026, 7, 1), date(2027, 1, 1))),
        ((date(2025, 3, 31), date(2025, 8, 31)), (date(2025, 8, 31), date(2026, 1, 31))),
        ((date(2025, 8, 31), date(2025, 10, 31)), (date(2025, 10, 31), date(2025, 12, 31))),
        ((date(2025, 8, 30), date(2026, 2, 28)), (date(2026, 2, 28), date(2026, 8, 29))),
    ],
)
def test_what_goes_on_lasts_as_many_months_again_or_else_as_many_days(
    ended: tuple[date, date], again: tuple[date, date]
) -> None:
    assert again_from(Range(*ended)) == Range(*again)
