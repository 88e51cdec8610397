"""A procedure as it was read: its steps, its clocks, its papers, and which step may open next.

Nothing here knows a programme or asks what day it is. What a case has done and what is true of it come in
as two sets, so that the same questions can be asked of a case of any year.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from policy_engine.language import _
from policy_engine.parameters import Source
from policy_engine.values import Confidence
from policy_procedures.words import (
    CaseKind,
    Circumstance,
    ClosingReason,
    DayUnit,
    Letter,
    Shown,
    SignedBy,
    StepKind,
)

_MONTHS = 12


class ProcedureKey(NamedTuple):
    """What a case stores of its procedure: the pack it is written in, the programme, the kind of case, its first day.

    As text ``beijing/x/application/2022-10-20``; a case goes on under it whatever is written later.
    """

    pack: str
    programme: str
    kind: CaseKind
    since: date

    def __str__(self) -> str:
        return f"{self.pack}/{self.programme}/{self.kind}/{self.since.isoformat()}"

    @classmethod
    def parse(cls, text: str) -> ProcedureKey:
        """The key that ``str`` wrote. Raises ValueError."""
        pack, programme, kind, since = text.split("/")
        return cls(pack, programme, CaseKind(kind), date.fromisoformat(since))


@dataclass(frozen=True, slots=True)
class Clock:
    """So many days, counted from the day on which the step ``of`` was done, or the last on which a notice hung.

    That day itself is not counted. A day of the month is the first such day from then on, that day itself included.
    It runs where ``when`` is empty or one of it is true.
    """

    days: int
    unit: DayUnit
    of: str
    when: frozenset[Circumstance] = frozenset()

    def __str__(self) -> str:
        return self.unit.says(self.days)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure.

    ``posts`` may do it; with none it is done by itself together with the step before it. ``after`` are the
    steps that must be settled first. It applies where ``when`` is empty or one of it is true, and none of
    ``unless`` is. ``instead_of`` names a step that this one stands in for: one of the two is enough.
    ``begin_within`` and ``within`` are its clocks (see ``due``), ``notice_days`` calendar days that a notice stays up,
    ``objection`` what an objection to it is called. ``not_by``: who did one of these may not do this one.
    ``people`` must take part at least. ``sample_percent``: at least that share of cases is drawn for it.
    ``least_residents``: share of residents in an appraisal. ``entrusted``: whoever confirms does so for the
    district, which answers for it. ``months_after``: an award starts on the first day
    of the month so many months after the decision (``from_application``: after the application), with None on the day
    of the decision itself. ``back_months``: who asks at most so many months late gets it from the month in which the
    conditions were met. A month in which one of the conditions ``whole_month`` did not hold from its first day on is
    not counted.
    """

    name: str
    kind: StepKind
    label: str
    posts: tuple[str, ...]
    after: tuple[str, ...]
    when: frozenset[Circumstance]
    unless: frozenset[Circumstance]
    instead_of: str | None
    begin_within: Clock | None
    within: tuple[Clock, ...]
    notice_days: int | None
    objection: Circumstance | None
    not_by: tuple[str, ...]
    people: int
    sample_percent: int | None
    least_residents: Fraction | None
    entrusted: bool
    months_after: int | None
    from_application: bool
    back_months: int | None
    whole_month: tuple[str, ...]
    shows: tuple[Shown, ...]
    letters: tuple[Letter, ...]
    sources: tuple[Source, ...]

    def applies(self, circumstances: Set[Circumstance]) -> bool:
        """Whether a case of these circumstances has this step at all."""
        return (not self.when or bool(self.when & circumstances)) and not self.unless & circumstances

    def due(self, circumstances: Set[Circumstance]) -> Clock | None:
        """The clock by which it has to be done in these circumstances, None where the law sets none."""
        return next((clock for clock in self.within if not clock.when or clock.when & circumstances), None)

    @property
    def by_itself(self) -> bool:
        """Whether nobody has to do it: it is done with the step it comes after."""
        return not self.posts

    @property
    def clause(self) -> str:
        """The articles it rests on, as one text."""
        return "；".join(map(str, self.sources))


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper the family would hand in. ``by_check``: the records check establishes it as well.

    In the circumstances ``may_follow`` it need not be there when the case is admitted: a completion asks for it later.
    """

    key: str
    label: str
    signed_by: SignedBy | None
    by_check: bool
    when: frozenset[Circumstance]
    may_follow: frozenset[Circumstance]
    sources: tuple[Source, ...]

    @property
    def clause(self) -> str:
        """The articles it rests on, as one text."""
        return "；".join(map(str, self.sources))


@dataclass(frozen=True, slots=True)
class Closing:
    """A way in which a case ends without a decision, open from the step ``since`` on until the step ``until`` is done,
    at the latest until the confirmation.
    """

    reason: ClosingReason
    posts: tuple[str, ...]
    letter: Letter
    since: str | None
    until: str | None
    sources: tuple[Source, ...]
    note: str

    @property
    def clause(self) -> str:
        """The articles it rests on, as one text."""
        return "；".join(map(str, self.sources))


@dataclass(frozen=True, slots=True)
class Total:
    """Working days for the whole way, counted from the step ``of``; ``extended`` where one of ``when`` is true."""

    working_days: int
    extended: int
    when: frozenset[Circumstance]
    of: str
    sources: tuple[Source, ...]

    @property
    def clause(self) -> str:
        """The articles it rests on, as one text."""
        return "；".join(map(str, self.sources))


@dataclass(frozen=True, slots=True)
class Right:
    """What the family may do against a decision, and until when; ``since`` and ``until`` where it holds for part of the
    procedure's time.
    """

    text: str
    since: date | None
    until: date | None
    source: Source


@dataclass(frozen=True)
class Procedure:
    """The lawful way of a case of one kind that is opened between ``since`` and ``until``.

    ``steps`` stand in an order in which each comes after those it waits for. ``total`` is None where no text
    limits the whole.
    """

    key: ProcedureKey
    title: str
    until: date | None
    source: Source
    confidence: Confidence
    note: str
    steps: Mapping[str, Step]
    total: Total | None
    papers: tuple[Paper, ...]
    asks_what_is_checked: bool
    checked_papers_source: Source
    closings: Mapping[ClosingReason, Closing]
    rights: tuple[Right, ...]

    @property
    def since(self) -> date:
        """The first day on which a case may be opened under it."""
        return self.key.since

    def in_force(self, day: date) -> bool:
        """Whether a case opened on ``day`` follows it."""
        return self.since <= day and (self.until is None or day <= self.until)

    @cached_property
    def first(self) -> Step:
        """The step that opens the case."""
        return next(iter(self.steps.values()))

    @cached_property
    def admission(self) -> Step | None:
        """The step in which it is admitted; without one it is admitted as it is opened."""
        return next(iter(self.of_kind(StepKind.ADMISSION)), None)

    @cached_property
    def confirmation(self) -> Step | None:
        """The step in which it is decided; an application always has one, another kind of case may decide nothing."""
        return next(iter(self.of_kind(StepKind.CONFIRMATION)), None)

    @cached_property
    def matters(self) -> frozenset[Circumstance]:
        """The circumstances that make a difference here: to a step, a clock, the whole time, or a paper."""
        words: set[Circumstance] = set()
        for step in self.steps.values():
            words |= step.when | step.unless
            for clock in step.within:
                words |= clock.when
        for paper in self.papers:
            words |= paper.when | paper.may_follow
        return frozenset(words | self.total.when if self.total is not None else words)

    def is_decided(self, done: Set[str]) -> bool:
        """Whether the step in which it is decided is among those done."""
        return self.confirmation is not None and self.confirmation.name in done

    def of_kind(self, kind: StepKind) -> tuple[Step, ...]:
        """The steps of one kind, in order."""
        return tuple(step for step in self.steps.values() if step.kind is kind)

    # Where a case stands

    def settled(self, done: Set[str], circumstances: Set[Circumstance]) -> frozenset[str]:
        """The steps that nothing waits for any more: done, stood in for, or passed over.

        A step is passed over once all before it are settled and it does not apply; until then a
        circumstance may still arise that makes it apply.
        """
        settled: set[str] = set()
        for name, step in self.steps.items():
            passed_over = settled.issuperset(step.after) and not step.applies(circumstances)
            if name in done or self._others(step) & done or passed_over:
                settled.add(name)
        return frozenset(settled)

    def opened_by(self, done: Set[str], circumstances: Set[Circumstance]) -> tuple[Step, ...]:
        """The steps that may be done now."""
        settled = self.settled(done, circumstances)
        return tuple(
            step for name, step in self.steps.items() if name not in settled and settled.issuperset(step.after)
        )

    def ended(self, done: Set[str], circumstances: Set[Circumstance]) -> bool:
        """Whether nothing is left to do."""
        return len(self.settled(done, circumstances)) == len(self.steps)

    def path(self, done: Set[str], circumstances: Set[Circumstance]) -> tuple[Step, ...]:
        """The steps of a case as a line: those done and those that apply, one of each pair of alternatives.

        Add ``Circumstance.GRANTED`` to see the way of a case that is not decided yet to its end.
        """
        shown = []
        for name, step in self.steps.items():
            replaced = self._others(step) & done or step.instead_of
            if name in done or (step.applies(circumstances) and not replaced):
                shown.append(step)
        return tuple(shown)

    def before(self, name: str) -> frozenset[str]:
        """Every step that comes before ``name``."""
        found: set[str] = set()
        for each in self.steps[name].after:
            found |= {each} | self.before(each)
        return frozenset(found)

    def _others(self, step: Step) -> frozenset[str]:
        """The steps one of which makes this one unnecessary."""
        if step.instead_of is not None:
            return frozenset((step.instead_of,))
        return frozenset(name for name, other in self.steps.items() if other.instead_of == step.name)

    # Time

    def total_days(self, *, extended: bool = False) -> int | None:
        """Working days for the whole way, None where no text limits it."""
        if self.total is None:
            return None
        return self.total.extended if extended else self.total.working_days

    def award_from(self, decided_on: date, *, asked_on: date) -> date:
        """The first day of an award that was decided on ``decided_on`` and asked for on ``asked_on``."""
        award = next(iter(self.of_kind(StepKind.AWARD)), None)
        if award is None or award.months_after is None:
            return decided_on
        counted = asked_on if award.from_application else decided_on
        months = counted.year * _MONTHS + counted.month - 1 + award.months_after
        return date(months // _MONTHS, months % _MONTHS + 1, 1)

    @property
    def counts_whole_months(self) -> bool:
        """Whether help is given for all of the month in which the conditions come to be met."""
        return any(step.months_after == 0 for step in self.of_kind(StepKind.AWARD))

    @property
    def back_months(self) -> int:
        """For how many months before the application an award may begin; 0 where no text gives any."""
        return next((step.back_months or 0 for step in self.of_kind(StepKind.AWARD)), 0)

    @property
    def whole_month(self) -> tuple[str, ...]:
        """The conditions that have to hold from the first day of the first month of an award."""
        return tuple(name for step in self.of_kind(StepKind.AWARD) for name in step.whole_month)

    # Papers, closings, rights

    def asked_papers(self, circumstances: Set[Circumstance] = frozenset()) -> tuple[Paper, ...]:
        """The papers that the family has to bring: none that may not be asked for."""
        return tuple(
            paper
            for paper in self.papers
            if (self.asks_what_is_checked or not paper.by_check) and (not paper.when or paper.when & circumstances)
        )

    def closings_at(self, done: Set[str]) -> tuple[Closing, ...]:
        """The ways in which the case may end now without a decision: none once it is decided."""
        if self.is_decided(done):
            return ()
        return tuple(
            closing
            for closing in self.closings.values()
            if (closing.since is None or closing.since in done) and closing.until not in done
        )

    def rights_on(self, day: date) -> tuple[Right, ...]:
        """What may be done against a decision of that day."""
        return tuple(
            right
            for right in self.rights
            if (right.since is None or right.since <= day) and (right.until is None or day <= right.until)
        )

    def __str__(self) -> str:
        return _("{title}（{since} 起）").format(title=self.title, since=self.since.isoformat())
