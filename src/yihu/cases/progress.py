"""How a case moves on: a step is finished, and what it opens is opened. All other actions end here."""

from collections.abc import Iterable
from datetime import date

from yihu.access.actor import Actor
from yihu.cases.case import Case, CaseStep
from yihu.cases.enums import CaseState, StepState
from yihu.cases.kinds import kinds
from yihu.cases.procedures import Standing
from yihu.common.calendar import working_days
from yihu.policy.procedures import BROUGHT_BY, Circumstance, StepKind, procedure_by_key


def locked(case: Case) -> Standing:
    """The case as it is now, kept from others until the transaction ends."""
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    # Without the applicant: he may have moved out of reach, and a join would hide the case with him.
    fresh = Case.objects.select_related("household", "application").get(pk=case.pk)
    return Standing.of(fresh)


def finish(
    row: CaseStep,
    *,
    by: Actor,
    on: date,
    raises: Iterable[Circumstance] = (),
    took_part: Iterable[int] = (),
    note: str = "",
) -> Standing:
    """Mark a step as done, by whom and with whom, and open what follows from it."""
    brought = set(raises)
    assert brought <= BROUGHT_BY.get(StepKind(row.kind), frozenset()), brought
    row.state, row.done_on, row.done_by_id = StepState.DONE, on, by.person
    row.begun_on = row.begun_on or on
    row.raises, row.took_part = sorted(brought), sorted(took_part)
    row.note = note
    row.save()
    _start_total(row, on=on)
    return move_on(row.case, on=on)


def begin(standing: Standing, row: CaseStep, *, on: date) -> None:
    """A step is under way: from now on the clock runs by which it has to be done."""
    if row.begun_on is None:
        row.begun_on = on
        _set_clock(standing, row)
        row.save()


def move_on(case: Case, *, on: date) -> Standing:
    """Open what may be done now, give up what nothing calls for any more, and close the case when nothing is left."""
    standing = Standing.of(case)
    arisen = frozenset[Circumstance]().union(*(kind.arises(standing, on=on) for kind in kinds()))
    if not arisen <= standing.circumstances:
        case.circumstances = sorted({*case.circumstances, *arisen})
        case.save()
        standing = Standing.of(case)
    for row in standing.no_longer_due:
        row.state, row.done_on = StepState.CANCELLED, on
        row.save()
    for step in standing.due_to_open:
        if step.by_itself:
            # An award began with the decision, a file that goes on goes by itself: nobody has anything to do here.
            CaseStep.objects.create(
                **_named(case, step.name, step.kind, step.label, step.posts, standing),
                state=StepState.DONE,
                opened_on=on,
                done_on=on,
            )
            return move_on(case, on=on)
        row = CaseStep(**_named(case, step.name, step.kind, step.label, step.posts, standing), opened_on=on)
        _set_clock(standing, row)
        row.save()
    standing = Standing.of(case)
    if standing.ended and case.closed_on is None:
        granted = Circumstance.GRANTED in standing.circumstances
        case.state, case.closed_on = CaseState.GRANTED if granted else CaseState.REFUSED, on
        case.save()
    return standing


def do_again(standing: Standing, to: str, *, note: str, by: Actor, on: date) -> Standing:
    """Undo a step and whatever rests on it, to be done in another round; ``note`` tells those who waited why."""
    undone = {to} | {name for name in standing.procedure.steps if to in standing.procedure.before(name)}
    for row in standing.rows:
        if row.name not in undone:
            continue
        if row.state == StepState.DONE:
            row.state = StepState.REPEATED
        elif row.state == StepState.OPEN:
            row.state, row.done_on, row.done_by_id, row.note = StepState.CANCELLED, on, by.staff, note
        row.save()
    return move_on(standing.case, on=on)


def _start_total(row: CaseStep, *, on: date) -> None:
    """The clock of the whole way runs from the day on which its step is done."""
    total = procedure_by_key(row.case.procedure).total
    if total is None or total.of != row.name or row.case.extended_on is not None:
        return
    deadline = working_days().add(on, total.working_days)
    row.case.due_on, row.case.due_is_provisional = deadline.date, deadline.provisional
    row.case.save()


def _named(
    case: Case, name: str, kind: StepKind, label: str, posts: tuple[str, ...], standing: Standing
) -> dict[str, object]:
    before = sum(row.name == name for row in standing.rows)
    return {"case": case, "name": name, "kind": kind.value, "label": label, "posts": list(posts), "round": before + 1}


def _set_clock(standing: Standing, row: CaseStep) -> None:
    found = standing.due(standing.procedure.steps[row.name], begun=row.begun_on is not None)
    row.due_on = found.date if found else None
    row.due_is_provisional = bool(found and found.provisional)
