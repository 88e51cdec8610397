"""Hearing what the neighbours and the family say against it."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.cases.case import Case, Objection
from yihu.cases.enums import ObjectionSource
from yihu.cases.kinds import steps_asking_departments
from yihu.cases.permissions import (
    require_no_conflict,
    require_running,
)
from yihu.cases.procedures import Standing
from yihu.cases.progress import do_again, locked, move_on
from yihu.common.refusals import Refused
from yihu.policy.procedures import Circumstance


@transaction.atomic
def raise_objection(
    *, case: Case, source: ObjectionSource, content: str, raised_by: str = "", by: Actor, on: date
) -> Objection:
    """Write down a doubt. During a notice it belongs to it; a complaint before the decision brings the district to the
    family's door, one after it is answered and undoes nothing.

    Raises Refused after the case ended: then it is a report about an award.
    """
    by.require(Capability.TAKE_OBJECTIONS, _("登记异议"))
    standing = locked(case)
    require_running(standing.case)
    by.require_area(standing.case.division_id)
    require_no_conflict(standing.case.household, by, on=on)
    if not content.strip():
        raise Refused(_("请填写异议的内容。"), field="content")
    steps = standing.procedure.steps
    posted = [
        row
        for row in standing.open.values()
        if steps[row.name].objection is not None and row.runs_until is not None and on <= row.runs_until
    ]
    if source is ObjectionSource.NOTICE and not posted:
        raise Refused(_("这件案子现在没有公示，请登记为投诉举报。"), field="source")
    objection = Objection.objects.create(
        case=standing.case,
        step=posted[0] if source is ObjectionSource.NOTICE else None,
        source=source,
        raised_on=on,
        raised_by=raised_by.strip(),
        content=content.strip(),
        taken_by_id=by.person,
    )
    undecided = standing.decision is None
    if source is ObjectionSource.COMPLAINT and undecided and Circumstance.COMPLAINT not in standing.circumstances:
        changed = standing.case
        changed.circumstances = sorted({*changed.circumstances, Circumstance.COMPLAINT})
        changed.save()
        move_on(changed, on=on)
    return objection


@transaction.atomic
def answer_objection(*, objection: Objection, answer: str, upheld: bool, by: Actor, on: date) -> Objection:
    """Say what came of an objection. Where the family is right about the records check, that is made again (第十八条).

    Raises Refused if it was answered before or nothing is said.
    """
    by.require(Capability.ANSWER_OBJECTIONS, _("答复异议"))
    standing = locked(objection.case)
    by.require_area(standing.case.division_id)
    require_no_conflict(standing.case.household, by, on=on)
    objection = Objection.objects.select_for_update().get(pk=objection.pk)
    if objection.answered_on is not None:
        raise Refused(_("这条异议已于 {day} 答复。").format(day=objection.answered_on))
    if not answer.strip():
        raise Refused(_("请填写调查处理的结果。"), field="answer")
    objection.answered_on, objection.answer, objection.upheld = on, answer.strip(), upheld
    objection.save()
    if upheld and objection.source == ObjectionSource.FAMILY and standing.case.closed_on is None:
        _review(standing, by=by, on=on)
    return objection


def _review(standing: Standing, *, by: Actor, on: date) -> None:
    """The records check is made again with what rests on it, if it was done and the case is not decided."""
    checks = [step for step in steps_asking_departments(standing.procedure) if step.name in standing.done]
    if checks and standing.decision is None:
        note = _("申请人对核对结果的异议属实，重办“{step}”。").format(step=checks[0].label)
        do_again(standing, checks[0].name, note=note, by=by, on=on)
