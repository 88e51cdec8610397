"""Telling the neighbours, and hearing what they say."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.cases.actions.deciding import do_again, last_opinion
from yihu.cases.actions.progress import begin, finish, locked, move_on
from yihu.cases.enums import NoticeKind, ObjectionSource
from yihu.cases.models import Case, Objection, PublicNotice
from yihu.cases.permissions import (
    MAY_ANSWER_OBJECTIONS,
    MAY_TAKE_OBJECTIONS,
    require_no_conflict,
    require_running,
    require_step,
)
from yihu.cases.procedures import Standing
from yihu.common.calendar import working_days
from yihu.common.refusals import Refused
from yihu.households import queries as households
from yihu.policy.procedures import Circumstance, Shown, StepKind


@transaction.atomic
def post_notice(*, case: Case, step: str, by: Actor, on: date) -> PublicNotice:
    """Put the opinion up in the community; it stays for the days of the procedure, the day itself not counted."""
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.NOTICE, by, on=on)
    if hasattr(row, "notice"):
        raise Refused(_("已于 {day} 张贴，公示到 {last}。").format(day=row.notice.posted_on, last=row.notice.ends_on))
    days = standing.procedure.steps[step].notice_days
    assert days is not None
    last = working_days().add_calendar(on, days)
    notice = _notice(standing, step, NoticeKind.OPINION, on=on, ends_on=last.date)
    notice.step = row
    notice.save()
    begin(standing, row, on=on)
    # It can be ended from the day after its last on, and waits for nobody before.
    due = working_days().add(last.date, 1)
    row.due_on, row.due_is_provisional = due.date, due.provisional
    row.save()
    return notice


@transaction.atomic
def end_notice(*, case: Case, step: str, note: str = "", by: Actor, on: date) -> Standing:
    """The notice was up for its days. Objections lead where the procedure says, those to an earlier round of it too.

    Where what they lead to lies before this notice already, that is done again, and the notice after it.
    """
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.NOTICE, by, on=on)
    if not hasattr(row, "notice"):
        raise Refused(_("还没有张贴公示。"))
    if row.notice.hangs(on):
        raise Refused(_("公示到 {last} 为止，期满后的下一天才能办结。").format(last=row.notice.ends_on))
    objection = standing.procedure.steps[step].objection
    assert objection is not None
    if not standing.contested(objection):
        return finish(row, by=by, on=on, note=note)
    before = standing.procedure.before(step)
    for survey in standing.surveys_for(objection):
        if survey.name in before:
            said = _("公示有异议，重办“{step}”。{note}").format(step=survey.label, note=note)
            return do_again(standing, survey.name, note=said, by=by, on=on)
    return finish(row, by=by, on=on, note=note, raises={objection})


@transaction.atomic
def raise_objection(
    *, case: Case, source: ObjectionSource, content: str, raised_by: str = "", by: Actor, on: date
) -> Objection:
    """Write down a doubt. During a notice it belongs to it; a complaint before the decision brings the district to the
    family's door, one after it is answered and undoes nothing.

    Raises Refused after the case ended: then it is a report about an award.
    """
    by.require_post(MAY_TAKE_OBJECTIONS, _("登记异议"))
    standing = locked(case)
    require_running(standing.case)
    by.require_area(standing.case.division_id)
    require_no_conflict(standing.case.household, by, on=on)
    if not content.strip():
        raise Refused(_("请填写异议的内容。"), field="content")
    posted = [
        row
        for row in standing.open.values()
        if row.kind == StepKind.NOTICE and hasattr(row, "notice") and row.notice.hangs(on)
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
    by.require_post(MAY_ANSWER_OBJECTIONS, _("答复异议"))
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
    checks = [step for step in standing.procedure.of_kind(StepKind.RECORDS_CHECK) if step.name in standing.done]
    if checks and standing.decision is None:
        note = _("申请人对核对结果的异议属实，重办“{step}”。").format(step=checks[0].label)
        do_again(standing, checks[0].name, note=note, by=by, on=on)


@transaction.atomic
def publish(*, case: Case, step: str, by: Actor, on: date) -> Standing:
    """Publish the grant in the community: name, number of members, amount, and nothing else (第二十四条)."""
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.PUBLICATION, by, on=on)
    notice = _notice(standing, step, NoticeKind.GRANT, on=on, ends_on=None)
    notice.step = row
    notice.save()
    return finish(row, by=by, on=on)


def _notice(standing: Standing, step: str, kind: NoticeKind, *, on: date, ends_on: date | None) -> PublicNotice:
    case = standing.case
    opinion = last_opinion(standing)
    shows = standing.procedure.steps[step].shows
    return PublicNotice(
        kind=kind,
        place_id=case.division_id,
        posted_on=on,
        ends_on=ends_on,
        name=case.applicant_name,
        members=len(households.members_on(case.household, on)),
        opinion=opinion.opinion if Shown.OPINION in shows else "",
        amount=opinion.determination.amount if {Shown.AMOUNT, Shown.OPINION} & set(shows) else None,
    )
