"""What the room asks of every kind of step. Each kind is a module of ``yihu.cases.steps``, listed there once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db import models

from yihu.cases.case import Case, CaseStep
from yihu.cases.procedures import Standing
from yihu.policy.procedures import SURVEYS, Circumstance, Procedure, Step, StepKind


@dataclass(frozen=True, slots=True)
class Record:
    """What was written down in a step, for whoever shows it: the page of the case, a timeline, a letter.

    ``said`` is the outcome in a word, ``who`` the people who did it, ``texts`` pairs of a label (it may be empty) and
    prose. ``amount`` in fen a ``per``, with what is said beside it. ``determination`` is what it rests on, by id;
    ``sheet`` a notice that can be printed; ``papers`` marks in the family's file what was brought back.
    """

    row: CaseStep
    on: date
    until: date | None = None
    said: str = ""
    who: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    amount: int | None = None
    mark: str = ""
    determination: int | None = None
    sheet: int | None = None
    papers: str = ""


class KindOfStep:
    """One kind of step.

    ``heading`` stands over its records, which ``table`` keeps, one to a step that was done; ``judges`` where they rest
    on a determination; ``is_repeatable`` that a file may be sent back to it; ``asks_departments`` where other
    departments say what they know of the family. ``fetched`` is what ``beside`` reads of a
    step, fetched with it.
    """

    kind: ClassVar[StepKind]
    heading: ClassVar[Any] = ""
    table: ClassVar[type[models.Model] | None] = None
    judges: ClassVar[bool] = False
    is_repeatable: ClassVar[bool] = False
    asks_departments: ClassVar[bool] = False
    fetched: ClassVar[tuple[str, ...]] = ()

    @property
    def is_survey(self) -> bool:
        """Whether it finds out how a family lives."""
        return self.kind in SURVEYS

    def beside(self, row: CaseStep) -> str:
        """What stands beside an open step of this kind in the inbox, empty for nothing but its round."""
        return ""

    def ahead(self, step: Step) -> str:
        """What is said of a step of this kind that has not opened, empty for no more than who does it."""
        return ""

    def arises(self, standing: Standing, *, on: date) -> frozenset[Circumstance]:
        """The circumstances for which there are steps of this kind and which are true of the case by now, whatever was
        done in it.
        """
        return frozenset()

    def records(self, rows: Sequence[CaseStep]) -> list[Record]:
        """What was written down in these steps, all of this kind, latest first."""
        return []

    def determinations_of(self, case: Case) -> list[int]:
        """The determinations that the steps of this kind rest on in a case, by id."""
        if self.table is None or not self.judges:
            return []
        return list(self.table._default_manager.filter(step__case=case).values_list("determination_id", flat=True))

    def resting_on(self, determination: int) -> list[int]:
        """The cases in which a step of this kind rests on a determination, by id."""
        if self.table is None or not self.judges:
            return []
        rows = self.table._default_manager.filter(determination=determination)
        return list(rows.values_list("step__case_id", flat=True))

    def _of(self, rows: Iterable[CaseStep], *related: str) -> list[tuple[CaseStep, Any]]:
        """Each of these steps with what was written down in it, latest first."""
        assert self.table is not None
        steps = {row.pk: row for row in rows}
        found = self.table._default_manager.filter(step__in=steps).select_related(*related).order_by("-id")
        if "determination" in related:
            # What it would be worked out again from is long, and nothing of it is shown.
            found = found.defer("determination__record")
        return [(steps[each.step_id], each) for each in found]  # type: ignore[attr-defined]


_KINDS: dict[StepKind, KindOfStep] = {}


def register(*listed: KindOfStep) -> None:
    """Make kinds known, in the order in which a page shows what they wrote down."""
    _KINDS.update({each.kind: each for each in listed})


def kinds() -> tuple[KindOfStep, ...]:
    """Every kind of step."""
    return tuple(_KINDS.values())


def kind_of(name: str) -> KindOfStep:
    """The kind of that name."""
    return _KINDS[StepKind(name)]


def steps_asking_departments(procedure: Procedure) -> tuple[Step, ...]:
    """The steps of a procedure in which other departments are asked, in order."""
    return tuple(step for step in procedure.steps.values() if kind_of(step.kind).asks_departments)
