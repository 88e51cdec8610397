"""How the days of awards are written and told apart, and which period an award of each kind covers.

With which month a season begins its programme says. It is called by the year in which it begins, and the next where it
reaches into that.
"""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from psycopg.types.range import Range

from yihu.common.months import months_apart, same_day
from yihu.policy.labels import ProgrammeLabel
from yihu.policy.words import LimitSpan, ProgrammeKind, Season

RUNNING = "running"
# Of these kinds one award comes to one amount.
_NAMED = (ProgrammeKind.SEASON, ProgrammeKind.YEAR)
ONCE_A_PERIOD = (ProgrammeKind.SEASON, ProgrammeKind.YEAR, ProgrammeKind.ONCE)


def name_of(label: ProgrammeLabel, day: date) -> str:
    """What a season or a year is called in which a day lies, ``2026-2027`` or ``2026``; empty for other kinds."""
    if label.season is None:
        return str(day.year) if label.kind is ProgrammeKind.YEAR else ""
    first = _first_of_season(label.season, day)
    return str(first.year) if first.month == 1 else f"{first.year}-{first.year + 1}"


def _first_of_season(season: Season, day: date) -> date:
    return date(day.year - (day.month < season.first_month), season.first_month, 1)


def period_from(label: ProgrammeLabel, start: date) -> Range[date]:
    """What an award covers that begins on a day: no end, the rest of its season or year, or the day itself."""
    if label.season is not None:
        first = _first_of_season(label.season, start)
        return Range(start, first.replace(year=first.year + 1))
    if label.kind is ProgrammeKind.YEAR:
        return Range(start, date(start.year + 1, 1, 1))
    return Range(start, start + timedelta(days=1) if label.kind is ProgrammeKind.ONCE else None)


def keys_of(label: ProgrammeLabel, day: date, *, occasion: str = "") -> tuple[str, ...]:
    """Every key that a claim to a programme can have on a day, the first of them first.

    Where a programme is limited to so many times in a life or a year, they are numbered, ``2`` or ``2026-2``; help by
    the season or the year bears its name, help once that of its ``occasion``. What goes on has one, ``running``.
    """
    if label.limit is None or label.is_for_an_occasion:
        return (name_of(label, day) or occasion or RUNNING,)
    start = f"{day.year}-" if label.limit.per is LimitSpan.YEAR else ""
    return tuple(f"{start}{nth}" for nth in range(1, label.limit.times + 1))


def is_over(label: ProgrammeLabel, key: str, on: date) -> bool:
    """Whether the season or the year that a key names has passed on a day; never for other kinds."""
    return label.kind in _NAMED and key < name_of(label, on)


def is_ahead(label: ProgrammeLabel, key: str, on: date) -> bool:
    """Whether it has not begun on a day; never for other kinds."""
    return label.kind in _NAMED and key > name_of(label, on)


def again_from(ended: Range[date]) -> Range[date]:
    """The period of a term that goes on where another ended, as long as that was: in months where it was months."""
    start, end = ended.lower, ended.upper
    assert start is not None
    assert end is not None
    if start.day != end.day:
        return Range(end, end + (end - start))
    return Range(end, same_day(end, months_apart(start, end)))


def pay_period_of(kind: str, start: date) -> date | None:
    """The first day of the one pay period of help that begins on a day and comes for a season, a year or an occasion;
    None where each month is one of its own, and for a status.
    """
    return start if kind in ONCE_A_PERIOD else None


def in_words(kind: str, day: date) -> str:
    """A day as it is said of an award: help by the month begins and stops with months."""
    if kind == ProgrammeKind.MONTH:
        return _("{year} 年 {month} 月").format(year=day.year, month=day.month)
    return _("{year} 年 {month} 月 {day} 日").format(year=day.year, month=day.month, day=day.day)
