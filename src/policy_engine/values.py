"""The few kinds of value there are: integers with a quality, codes, dates as integers, outcomes."""

from __future__ import annotations

from datetime import date
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Self, TypeAlias


class Quality(IntEnum):
    """How well a value is known. A derived value is only as good as the weakest that it used.

    One byte carries both whether a value is known (0 is not) and how sure its figures are, so
    that the confidence of a result falls out of the same minimum that decides whether it is known.
    """

    UNKNOWN = 0
    MEMORY = 1
    CARRIED_FORWARD = 2
    SEEN = 3


class Confidence(StrEnum):
    """The weakest figure that a result used."""

    MEMORY = "memory"
    CARRIED_FORWARD = "carried_forward"
    SEEN = "seen"

    @property
    def quality(self) -> Quality:
        """The quality that the confidence is of."""
        return Quality(_CONFIDENCE.index(self))

    @classmethod
    def of(cls, quality: int) -> Confidence | None:
        """The confidence that a quality stands for, None for an unknown value."""
        return _CONFIDENCE[quality]


_CONFIDENCE = (None, Confidence.MEMORY, Confidence.CARRIED_FORWARD, Confidence.SEEN)


class Outcome(StrEnum):
    """What a programme answers for a household or a member."""

    UNKNOWN = "unknown"
    NOT_ELIGIBLE = "not_eligible"
    ELIGIBLE = "eligible"

    @classmethod
    def of(cls, value: int, quality: int) -> Outcome:
        """The outcome of a three-valued answer."""
        if not quality:
            return cls.UNKNOWN
        return cls.ELIGIBLE if value else cls.NOT_ELIGIBLE


class ProgrammeKind(StrEnum):
    """What a programme gives: a status, which opens other doors, or help a month, a season, a year or once."""

    STATUS = "status"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    ONCE = "once"


class HelpForm(StrEnum):
    """What help consists of. Only money is paid; the other forms are handed over or opened."""

    MONEY = "money"
    WAIVER = "waiver"
    GOODS = "goods"
    PLACE = "place"
    VOUCHER = "voucher"
    SERVICE = "service"


class LimitSpan(StrEnum):
    """In what span of time help may be had only so many times; ``occasion``: once for what happened, within a year."""

    YEAR = "year"
    LIFE = "life"
    OCCASION = "occasion"


OUTCOMES = (Outcome.UNKNOWN, Outcome.NOT_ELIGIBLE, Outcome.ELIGIBLE)
"""Outcomes by the small number that stands for them in a column."""


class Scope(StrEnum):
    """Of whom a value is: one for the whole plan, one a household, one a member."""

    PLAN = "plan"
    HOUSEHOLD = "household"
    MEMBER = "member"


class Gather(Enum):
    """How the values of a household's members become one value of the household."""

    SUM = "sum"
    MIN = "min"
    MAX = "max"
    COUNT = "count"
    ANY = "any"
    ALL = "all"


Sum: TypeAlias = Annotated[int, Gather.SUM]
Min: TypeAlias = Annotated[int, Gather.MIN]
Max: TypeAlias = Annotated[int, Gather.MAX]
Count: TypeAlias = Annotated[int, Gather.COUNT]
Any: TypeAlias = Annotated[bool, Gather.ANY]
All: TypeAlias = Annotated[bool, Gather.ALL]


class Code(IntEnum):
    """A code table: ``NAME = number, "label"``, and behind it what else people write for it. Numbers are stable, for
    they stand in files.
    """

    label: str
    also: tuple[str, ...]

    def __new__(cls, number: int, label: str, *also: str) -> Self:
        member = int.__new__(cls, number)
        member._value_ = number
        member.label = label
        member.also = also
        return member

    @classmethod
    def label_of(cls, number: int) -> str:
        """The label of a number, the number itself where the table does not have it."""
        return next((code.label for code in cls if code.value == number), str(number))


def day_number(day: date) -> int:
    """A date as the integer yyyymmdd, the form in which rules see it.

    The difference of two such numbers divided by 10,000 is the number of full years between them.
    """
    return day.year * 10_000 + day.month * 100 + day.day


def day_of(number: int) -> date:
    """The date behind an integer yyyymmdd. Raises ValueError when there is no such day."""
    return date(number // 10_000, number // 100 % 100, number % 100)
