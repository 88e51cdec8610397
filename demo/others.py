"""Families of the street that is shown who ask for what few ask for: so that each programme is met at the desk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from demo import days
from demo.cases import Move, Step
from demo.shapes import Kind, Means, Seat, Wanted, seats
from demo.story import (
    ELDER_PROGRAMME,
    SINGLE_PROGRAMME,
    STATUS_PROGRAMME,
    STUDENT_PROGRAMME,
    Event,
    in_an_emergency,
    of_programme,
)

_STATUS = (
    *(Move(Step.APPLIED, 0), Move(Step.ADMITTED, 0), Move(Step.CHECK_ASKED, 1), Move(Step.CHECK_ANSWERED, 2)),
    *(Move(Step.EXAMINED, 1), Move(Step.CONFIRMED, 1), Move(Step.PUBLISHED, 1), Move(Step.LETTER_DELIVERED, 1)),
)
_STUDENT = (
    *(Move(Step.APPLIED, 0), Move(Step.ADMITTED, 0), Move(Step.EXAMINED, 2), Move(Step.CONFIRMED, 1)),
    *(Move(Step.PUBLISHED, 1), Move(Step.LETTER_DELIVERED, 1)),
)
_SINGLE = (
    *(Move(Step.APPLIED, 0), Move(Step.ADMITTED, 0), Move(Step.CHECK_ASKED, 1), Move(Step.VISITED, 1)),
    Move(Step.CHECK_ANSWERED, 2),
)
# From granting a status until a student of the family asks for what it opens, in working days.
_LATER = 30
_ATTEMPTS = 500

Events = Callable[[Random, date, Sequence[Seat]], list[Event]]


@dataclass(frozen=True, slots=True)
class Other:
    """A family and what it asks for: who it is, how long before the day it came, in working days, and what happened.

    ``needed`` says whether a family is one that can ask for it.
    """

    kind: Kind
    means: Means
    came: Callable[[date], date]
    events: Events
    needed: Callable[[Seat, date], bool] = lambda _seat, _on: True
    elders: Callable[[date], tuple[date, ...]] = lambda _day: ()

    def wanted(self, day: date) -> Wanted:
        """The family as it is on the day when it came."""
        return Wanted(self.kind, self.means, self.came(day), elders=self.elders(day))

    def seed(self, seed: str, day: date) -> str:
        """A seed by which the family has somebody who can ask."""
        wanted = self.wanted(day)
        for attempt in range(_ATTEMPTS):
            found = f"{seed} {attempt}"
            if any(self.needed(seat, wanted.on) for seat in seats(Random(found), wanted)):
                return found
        raise LookupError(f"没有这样的家庭：{self}")


def _before(count: int) -> Callable[[date], date]:
    return lambda day: days.after(days.worked_by(day), -count)


def _status(*, before: int, grants: bool = True, last: Step | None = None) -> Events:
    """A family asks for the status, as far as ``last``."""
    # What is refused hangs nowhere.
    steps = [move for move in _STATUS if grants or move.step is not Step.PUBLISHED]
    if last is not None:
        steps = steps[: [move.step for move in steps].index(last) + 1]

    def told(random: Random, day: date, family: Sequence[Seat]) -> list[Event]:
        return of_programme(STATUS_PROGRAMME, steps, _before(before)(day), day, grants=grants)

    return told


def _autumn(day: date) -> date:
    """The last beginning of a year of study from which there was time to ask for help."""
    first = date(day.year, 9, 1)
    if days.after(first, 12) > day:
        first = date(day.year - 1, 9, 1)
    return days.after(first, 0)


def _is_fresher(seat: Seat, on: date) -> bool:
    return seat.relation in ("子", "女") and 18 <= on.year - seat.born.year <= 19


def _student(random: Random, day: date, family: Sequence[Seat]) -> list[Event]:
    """The family is granted the status in summer; in autumn its child goes to university."""
    autumn = _autumn(day)
    member = next(place for place, seat in enumerate(family) if _is_fresher(seat, autumn))
    said = {"school_stage": "专科或本科", "is_a_fresher": "是", "fees_of_a_student": "5500"}
    facts = {Step.APPLIED: said}
    return [
        *of_programme(STATUS_PROGRAMME, _STATUS, days.after(autumn, -_LATER), day),
        *of_programme(STUDENT_PROGRAMME, _STUDENT, autumn, day, member=member, facts=facts),
    ]


def _is_severe(seat: Seat, on: date) -> bool:
    return seat.disability.endswith((":1", ":2"))


def _single(random: Random, day: date, family: Sequence[Seat]) -> list[Event]:
    """For a severely disabled son or daughter alone; what no text gives keeps the examiner from an opinion."""
    member = next(place for place, seat in enumerate(family) if _is_severe(seat, day))
    return of_programme(SINGLE_PROGRAMME, _SINGLE, _before(8)(day), day, member=member)


def _emergency(before: int) -> Events:
    def told(random: Random, day: date, family: Sequence[Seat]) -> list[Event]:
        return in_an_emergency(random, len(family), _before(before)(day), day)

    return told


def _eighty(day: date) -> tuple[date, ...]:
    """Born so that he turned eighty in the month of the day, where it is old enough for that."""
    turned = max(day.replace(day=1), days.after(day, -4))
    return (date(turned.year - 80, turned.month, min(max(turned.day, 2), 28)),)


def _elder(random: Random, day: date, family: Sequence[Seat]) -> list[Event]:
    steps = (Move(Step.APPLIED, 0), Move(Step.ADMITTED, 0))
    return of_programme(ELDER_PROGRAMME, steps, days.worked_by(day), day, member=0)


OTHERS = (
    Other(Kind.ELDER_COUPLE, Means.NEAR, _before(45), _status(before=45)),
    Other(Kind.JOBLESS_COUPLE, Means.NEAR, lambda day: days.after(_autumn(day), -_LATER), _student, _is_fresher),
    Other(Kind.DISABLED_WITH_PARENT, Means.NEAR, _before(8), _single, _is_severe),
    Other(Kind.ELDER_COUPLE, Means.NEAR, _before(1), _emergency(1)),
    Other(Kind.LONE_ELDER, Means.COMFORTABLE, _before(0), _elder, elders=_eighty),
    Other(Kind.GRANDPARENTS, Means.NEAR, _before(4), _status(before=4, last=Step.CHECK_ANSWERED)),
    Other(Kind.ELDER_COUPLE, Means.COMFORTABLE, _before(20), _status(before=20, grants=False)),
    Other(Kind.ELDER_COUPLE, Means.NEAR, _before(300), _status(before=300)),
    Other(Kind.ELDER_COUPLE, Means.NEAR, _before(0), _status(before=0, last=Step.APPLIED)),
    Other(Kind.GRANDPARENTS, Means.NEAR, _before(0), _emergency(0)),
)
"""One family for each, those first whom the smallest district too shall have."""
