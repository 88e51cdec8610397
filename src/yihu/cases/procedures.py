"""Where a case stands under its procedure. Nothing here writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from yihu.cases.case import Case, CaseStep
from yihu.cases.enums import StepState
from yihu.cases.holders import Task, left_to_the_district
from yihu.common.calendar import working_days
from yihu.common.working_days import Deadline, first_with_day
from yihu.policy.procedures import (
    Circumstance,
    Clock,
    DayUnit,
    Procedure,
    Step,
    procedure_by_key,
)


@dataclass(frozen=True)
class Standing:
    """A case with its steps, as the procedure under which it was opened reads them."""

    case: Case
    rows: tuple[CaseStep, ...]

    @classmethod
    def of(cls, case: Case) -> "Standing":
        """The standing of a case at this moment; one query."""
        return cls(case, tuple(case.steps.select_related("done_by").order_by("id")))

    @cached_property
    def procedure(self) -> Procedure:
        """The procedure of the day on which the case was opened. Raises NoProcedure."""
        return procedure_by_key(self.case.procedure)

    @cached_property
    def done(self) -> dict[str, CaseStep]:
        """The steps that were done and still count, by name."""
        return {row.name: row for row in self.rows if row.state == StepState.DONE}

    @cached_property
    def open(self) -> dict[str, CaseStep]:
        """The steps that wait for someone, by name."""
        return {row.name: row for row in self.rows if row.state == StepState.OPEN}

    @cached_property
    def circumstances(self) -> frozenset[Circumstance]:
        """What is true of the case and what its steps brought about."""
        raised = (word for row in self.done.values() for word in row.raises)
        return frozenset(map(Circumstance, (*self.case.circumstances, *raised)))

    @property
    def due_to_open(self) -> tuple[Step, ...]:
        """The steps that may be done now and do not wait for anybody yet."""
        found = self.procedure.opened_by(self.done.keys(), self.circumstances)
        return tuple(step for step in found if step.name not in self.open)

    @property
    def no_longer_due(self) -> tuple[CaseStep, ...]:
        """Open steps that nothing calls for any more, since another was done instead."""
        wanted = {step.name for step in self.procedure.opened_by(self.done.keys(), self.circumstances)}
        return tuple(row for name, row in self.open.items() if name not in wanted)

    @property
    def decision(self) -> CaseStep | None:
        """The confirmation once it is done: from then on nothing before it can be done again."""
        decision = self.procedure.confirmation
        return None if decision is None else self.done.get(decision.name)

    def award_from(self, decided_on: date) -> date:
        """The first day of what is granted by a decision of that day."""
        return self.procedure.award_from(decided_on, asked_on=self.case.asked_on)

    @property
    def deciders(self) -> tuple[str, ...]:
        """The posts that decide; none where nothing is decided."""
        return self.procedure.confirmation.posts if self.procedure.confirmation else ()

    @property
    def is_entrusted(self) -> bool:
        """Whether whoever decides does so for the district."""
        return self.procedure.confirmation is not None and self.procedure.confirmation.entrusted

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do."""
        return self.procedure.ended(self.done.keys(), self.circumstances)

    def deadline(self, clock: Clock | None) -> Deadline | None:
        """The last day of a clock, None where there is none or the step that it runs from is not done."""
        if clock is None or clock.of not in self.done:
            return None
        row = self.done[clock.of]
        # What follows a notice counts from its last day, whenever somebody wrote down that it was over.
        began = row.runs_until or row.done_on
        assert began is not None
        if clock.unit is DayUnit.DAY_OF_MONTH:
            # As it is written: such a day is no period, which would go on to the next working day.
            return Deadline(first_with_day(clock.days, began), provisional=False)
        if clock.unit is DayUnit.DAYS:
            return working_days().add_calendar(began, clock.days)
        return working_days().add(began, clock.days)

    def due(self, step: Step, *, begun: bool) -> Deadline | None:
        """Until when a step has to be begun or, once it is, done; the earliest of its clocks."""
        clocks = [step.due(self.circumstances), None if begun else step.begin_within]
        found = [deadline for deadline in map(self.deadline, clocks) if deadline is not None]
        return min(found, key=lambda deadline: deadline.date, default=None)

    def who_did(self, names: Iterable[str]) -> set[int]:
        """The staff who did any of these steps in any round, or went along on its visit, and so may not do the one that
        they bar.
        """
        barred = set(names)
        did = set[int]()
        for row in self.rows:
            if row.name in barred and row.done_by_id is not None:
                did |= {row.done_by_id, *row.took_part}
        return did

    def task(self, row: CaseStep) -> Task:
        """An open step as it waits for somebody."""
        barred = self.who_did(self.procedure.steps[row.name].not_by)
        return Task(row.pk, self.case.household_id, self.case.division_id, tuple(row.posts), frozenset(barred))

    def left_to_the_district(self, row: CaseStep, *, on: date) -> str:
        """Why an open step is done by the district, since nobody at its posts may; empty while somebody may."""
        if on not in self._left:
            self._left[on] = left_to_the_district(map(self.task, self.open.values()), on=on)
        return self._left[on].get(row.pk, "")

    @cached_property
    def _left(self) -> dict[date, dict[str | int, str]]:
        return {}
