"""The course of one case: which steps it takes on which days, and cases that wait for somebody today."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from random import Random

from demo import days


class Step(Enum):
    """What happens in a case, in the order of 民发〔2021〕57号 第十五条 to 第二十一条."""

    APPLIED = "申请"
    CORRECTION_ASKED = "一次告知补正"
    CORRECTED = "补正"
    ADMITTED = "受理"
    CHECK_ASKED = "发起核对"
    CHECK_ANSWERED = "核对答复"
    VISITED = "入户调查"
    SETTLED = "差异处理"
    EXAMINED = "初审意见"
    NOTICE_POSTED = "公示"
    OBJECTED = "异议"
    NOTICE_ENDED = "公示期满"
    APPRAISED = "民主评议"
    OBJECTION_ANSWERED = "异议答复"
    EXAMINED_AGAIN = "重新初审"
    DISTRICT_VISITED = "区级入户"
    CONFIRMED = "确认"
    PUBLISHED = "公布"
    LETTER_DELIVERED = "送达"
    WITHDRAWN = "撤回"


class Ending(Enum):
    """How a case ends when it is let run."""

    GRANTED = "给予"
    REFUSED = "不予"
    WITHDRAWN = "撤回"


@dataclass(frozen=True, slots=True)
class Course:
    """What is particular about a case."""

    ending: Ending
    correction: bool = False
    differs: bool = False
    objection: bool = False
    relatives: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A step, and how many working days after the one before it; ``notice`` counts the days that a notice hangs.

    ``hangs``: it is taken while the notice hangs, and so sooner where many of its days are days of rest.
    """

    step: Step
    wait: int
    notice: bool = False
    hangs: bool = False

    def back_from(self, day: date) -> date:
        """When the step before was, if this one is on a day."""
        return days.before_notice(day, self.wait) if self.notice else days.after(day, -self.wait)


NOTICE_DAYS = 7


def moves(random: Random, course: Course) -> list[Move]:
    """The steps of a case with unhurried, lawful waits: within twenty working days of admission unless objected to."""
    found = [Move(Step.APPLIED, 0)]
    if course.correction:
        found += [Move(Step.CORRECTION_ASKED, 0), Move(Step.CORRECTED, random.randint(1, 4)), Move(Step.ADMITTED, 0)]
    else:
        found += [Move(Step.ADMITTED, random.choice((0, 0, 1)))]
    found += [Move(Step.CHECK_ASKED, random.randint(1, 2))]
    if course.ending is Ending.WITHDRAWN:
        return [*found, Move(Step.CHECK_ANSWERED, 2), Move(Step.WITHDRAWN, random.randint(1, 3))]
    found += [Move(Step.VISITED, random.randint(0, 1)), Move(Step.CHECK_ANSWERED, random.randint(1, 2))]
    if course.differs:
        found.append(Move(Step.SETTLED, random.randint(1, 3)))
    found += [Move(Step.EXAMINED, 1), Move(Step.NOTICE_POSTED, random.randint(0, 1))]
    if course.objection:
        found.append(Move(Step.OBJECTED, random.randint(1, 3), hangs=True))
    found.append(Move(Step.NOTICE_ENDED, NOTICE_DAYS, notice=True))
    if course.objection:
        found += [Move(Step.APPRAISED, 2), Move(Step.OBJECTION_ANSWERED, 1), Move(Step.EXAMINED_AGAIN, 1)]
    if course.relatives:
        found.append(Move(Step.DISTRICT_VISITED, 1))
    found.append(Move(Step.CONFIRMED, random.randint(0, 1)))
    if course.ending is Ending.REFUSED:
        return [*found, Move(Step.LETTER_DELIVERED, random.randint(1, 3))]
    return [*found, Move(Step.PUBLISHED, random.randint(0, 1)), Move(Step.LETTER_DELIVERED, 1)]


def from_start(steps: Sequence[Move], began: date) -> list[tuple[Step, date]]:
    """The steps with their days, the first on or after the day given."""
    found: dict[Step, date] = {}
    day = began
    for move in steps:
        day = days.after_notice(found[Step.NOTICE_POSTED], move.wait) if move.notice else days.after(day, move.wait)
        if move.hangs:
            day = min(day, days.worked_by(found[Step.NOTICE_POSTED] + timedelta(days=NOTICE_DAYS)))
        found[move.step] = day
    return list(found.items())


class Urgency(Enum):
    """How a waiting case stands against its time limit."""

    IN_TIME = "不急"
    DUE_TODAY = "今天到期"
    OVERDUE = "逾期"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that stops after a step; its limit counts from another. ``calendar``: in days of the calendar."""

    name: str
    after: Step
    course: Course
    clock: Step
    limit: int
    calendar: bool = False


_GRANTED = Course(Ending.GRANTED)
WAITING = (
    Waiting("待受理", Step.APPLIED, _GRANTED, Step.APPLIED, 1),
    Waiting("待补正", Step.CORRECTION_ASKED, replace(_GRANTED, correction=True), Step.CORRECTION_ASKED, 5),
    Waiting("待核对", Step.ADMITTED, _GRANTED, Step.ADMITTED, 3),
    Waiting("待入户", Step.CHECK_ASKED, _GRANTED, Step.ADMITTED, 3),
    Waiting("待部门答复", Step.VISITED, _GRANTED, Step.CHECK_ASKED, 5),
    Waiting("待处理差异", Step.CHECK_ANSWERED, replace(_GRANTED, differs=True), Step.ADMITTED, 20),
    Waiting("待审核", Step.CHECK_ANSWERED, _GRANTED, Step.ADMITTED, 20),
    Waiting("公示中", Step.NOTICE_POSTED, _GRANTED, Step.NOTICE_POSTED, NOTICE_DAYS, calendar=True),
    Waiting("待民主评议", Step.NOTICE_ENDED, replace(_GRANTED, objection=True), Step.ADMITTED, 45),
    Waiting("待区级入户", Step.NOTICE_ENDED, replace(_GRANTED, relatives=True), Step.ADMITTED, 20),
    Waiting("待确认", Step.NOTICE_ENDED, _GRANTED, Step.ADMITTED, 20),
    Waiting("待确认不予", Step.NOTICE_ENDED, Course(Ending.REFUSED, differs=True), Step.ADMITTED, 20),
    Waiting("待公布", Step.CONFIRMED, _GRANTED, Step.CONFIRMED, 3),
    Waiting("待送达不予决定", Step.CONFIRMED, Course(Ending.REFUSED, differs=True), Step.CONFIRMED, 3),
)
"""Everywhere that a case can wait, so that every post finds work. The limits only place the days: the inbox counts by
the procedure, and where that knows no limit nothing is overdue."""


def until_waiting(random: Random, waiting: Waiting, urgency: Urgency, day: date) -> list[tuple[Step, date]]:
    """The steps so far of a case that waits on a day, all of them before it or on it."""
    steps = moves(random, waiting.course)
    places = [move.step for move in steps]
    last, clock = places.index(waiting.after), places.index(waiting.clock)
    began = _clock_began(waiting, urgency, day)
    earlier: list[tuple[Step, date]] = []
    at = began
    for move in reversed(steps[1 : clock + 1]):
        at = move.back_from(at)
        earlier.append((places[clock - len(earlier) - 1], at))
    later = from_start([Move(waiting.clock, 0), *steps[clock + 1 : last + 1]], began)
    # What would come later than today was done by the last working day.
    return [*reversed(earlier), *((step, min(on, days.worked_by(day))) for step, on in later)]


def _clock_began(waiting: Waiting, urgency: Urgency, day: date) -> date:
    limit = waiting.limit
    spent = {Urgency.IN_TIME: min(limit * 3 // 4, 15), Urgency.DUE_TODAY: limit, Urgency.OVERDUE: limit + 2}[urgency]
    if waiting.calendar:
        return days.worked_by(day - timedelta(days=spent))
    # On a day off the next working day is the one that matters.
    return min(days.after(days.after(day, 0), -spent), days.worked_by(day))
