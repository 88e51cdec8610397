"""The names and the days of what awards cover."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from psycopg.types.range import Range

from yihu.awards.periods import again_from, is_ahead, is_over, name_of, period_from
from yihu.policy.labels import ProgrammeLabel, every_programme
from yihu.policy.words import ProgrammeKind, Season

JUNE, JULY, MARCH = date(2026, 6, 30), date(2026, 7, 1), date(2027, 3, 1)


def programme(kind: str, first_month: int = 7) -> ProgrammeLabel:
    season = Season("季", first_month, None, "试") if kind == "season" else None
    return replace(every_programme()[0], kind=ProgrammeKind(kind), season=season)


def test_a_season_bears_the_name_of_the_years_that_it_reaches_into() -> None:
    days = JUNE, JULY, MARCH
    assert [name_of(programme("season"), day) for day in days] == ["2025-2026", "2026-2027", "2026-2027"]
    assert [name_of(programme("season", 4), day) for day in days] == ["2026-2027", "2026-2027", "2026-2027"]
    assert [name_of(programme("season", 1), day) for day in days] == ["2026", "2026", "2027"]
    assert [name_of(programme("year"), day) for day in days] == ["2026", "2026", "2027"]
    assert {name_of(programme(kind), JUNE) for kind in ("status", "month", "once")} == {""}


@pytest.mark.parametrize(("first_month", "key"), [(7, "2026-2027"), (4, "2026-2027"), (1, "2026")])
def test_a_season_is_over_when_the_next_begins(first_month: int, key: str) -> None:
    label, first = programme("season", first_month), date(2026, first_month, 1)
    last = first.replace(year=2027) - timedelta(days=1)

    assert [is_ahead(label, key, day) for day in (first - timedelta(days=1), first, last)] == [True, False, False]
    assert [is_over(label, key, day) for day in (first, last, last + timedelta(days=1))] == [False, False, True]


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
    assert period_from(programme(kind), start) == Range(start, upper)


@pytest.mark.parametrize(
    ("first_month", "upper"), [(1, date(2027, 1, 1)), (6, date(2027, 6, 1)), (8, date(2026, 8, 1))]
)
def test_a_season_ends_where_the_next_begins(first_month: int, upper: date) -> None:
    assert period_from(programme("season", first_month), JUNE) == Range(JUNE, upper)


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
