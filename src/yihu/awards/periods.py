"""How the days of awards are written and told apart."""

from datetime import date

from django.utils.translation import gettext as _

from yihu.policy.words import ProgrammeKind

RUNNING = "running"


def in_words(kind: str, day: date) -> str:
    """A day as it is said of an award: help by the month begins and stops with months."""
    if kind == ProgrammeKind.MONTH:
        return _("{year} 年 {month} 月").format(year=day.year, month=day.month)
    return _("{year} 年 {month} 月 {day} 日").format(year=day.year, month=day.month, day=day.day)


def next_month(day: date) -> date:
    """The first of the month after that of a day."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
