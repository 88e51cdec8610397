"""Ends without a decision, and more time."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.posts import labels_of
from yihu.cases import letters
from yihu.cases.case import Case
from yihu.cases.enums import CaseState, StepState
from yihu.cases.objections import may_claim
from yihu.cases.papers import papers_of
from yihu.cases.people import closings, require_applicant
from yihu.cases.permissions import may_close, require_no_conflict, require_running
from yihu.cases.procedures import Standing
from yihu.cases.progress import locked
from yihu.cases.steps.admission import CorrectionRequest
from yihu.common.calendar import working_days
from yihu.common.refusals import Refused
from yihu.letters.enums import LetterKind
from yihu.letters.queries import of_subject as letters_of
from yihu.policy.procedures import OF_STEPS, Circumstance, ClosingReason
from yihu.records_checks import actions as records_checks
from yihu.records_checks.enums import UNANSWERED
from yihu.records_checks.models import RecordsCheck

STATES = {
    ClosingReason.WITHDRAWN: CaseState.WITHDRAWN,
    ClosingReason.INCOMPLETE: CaseState.TERMINATED,
    ClosingReason.NOT_COOPERATING: CaseState.TERMINATED,
    ClosingReason.RECORDS_AGAINST: CaseState.REFUSED,
    ClosingReason.NOBODY_LEFT: CaseState.TERMINATED,
}


@transaction.atomic
def close(*, case: Case, reason: ClosingReason, because: str, by: Actor, on: date) -> Case:
    """End a case without a decision, in a way that the procedure allows now; the family is told in writing."""
    standing = locked(case)
    closing = standing.case
    require_running(closing)
    by.require_area(closing.division_id)
    require_no_conflict(closing.household, by, on=on)
    way = next((each for each in closings(standing, on=on) if each.reason is reason), None)
    if way is None:
        raise Refused(_("这件案子现在不能以“{reason}”结束。").format(reason=reason.label), field="reason")
    if not may_close(standing, way, by, on=on):
        raise Refused(_("以“{reason}”结束由{posts}办理。").format(reason=reason.label, posts=labels_of(way.posts)))
    if not because.strip():
        raise Refused(_("请写明原因，它会写进告知书。"), field="because")
    if reason is not ClosingReason.NOBODY_LEFT:
        require_applicant(standing, on=on)
    lacking = _lacking_though_told(standing, on=on) if reason is ClosingReason.INCOMPLETE else ()
    closing.steps.filter(state=StepState.OPEN).update(state=StepState.CANCELLED, done_on=on, done_by_id=by.staff)
    closing.state, closing.closed_on, closing.closed_because = STATES[reason], on, because.strip()
    closing.save()
    for check in RecordsCheck.objects.filter(case_check__case=closing, requests__state__in=UNANSWERED).distinct():
        records_checks.cancel(check=check, reason=because, by=by, on=on)
    letters.ending(standing, LetterKind(way.letter), reason, because.strip(), lacking=lacking, by=by, on=on)
    return closing


def _lacking_though_told(standing: Standing, *, on: date) -> list[str]:
    """The papers that did not come though the letter that names them reached the family on an earlier day.

    No text sets days for it (民发〔2021〕57号 第十条). Raises Refused where the family was not told, or brought
    what it was told to bring.
    """
    correction = CorrectionRequest.objects.filter(case=standing.case).first()
    if correction is None:
        raise Refused(_("还没有一次性告知补正。请先开出补正告知书，送达以后仍不补齐的才能这样结束。"), field="reason")
    told = letters_of(standing.case.number).filter(kind=LetterKind.MISSING_PAPERS, delivered_on__lt=on)
    if not told.exists():
        raise Refused(_("补正告知书要先送达并登记签收，从送达的第二天起才能这样结束。"), field="reason")
    papers = papers_of(standing, on=on)
    lacking = [paper.label for paper in papers if not paper.present and paper.key in correction.missing]
    if not lacking:
        raise Refused(_("告知的材料都已补齐，不能这样结束；没有告知过的，请联系申请人，不能作为理由。"), field="reason")
    return lacking


@transaction.atomic
def extend(*, case: Case, circumstances: Collection[Circumstance], because: str, by: Actor, on: date) -> Case:
    """Take the longer time that the law allows in special circumstances, once, and tell the family why."""
    by.require(Capability.EXTEND_CASES, _("延长办理期限"))
    standing = locked(case)
    extended = standing.case
    require_running(extended)
    by.require_area(extended.division_id)
    require_no_conflict(extended.household, by, on=on)
    require_applicant(standing, on=on)
    total = standing.procedure.total
    begun = standing.done.get(total.of) if total else None
    if total is None or begun is None:
        raise Refused(_("这件案子没有全程期限，不用延长。"))
    if standing.decision is not None:
        raise Refused(_("这件案子已于 {day} 作出决定，不用延长。").format(day=standing.decision.done_on))
    if extended.extended_on is not None:
        raise Refused(_("已于 {day} 延长过一次，不能再延长。").format(day=extended.extended_on))
    untrue = [word.label for word in sorted(circumstances) if not may_claim(standing, word)]
    if untrue:
        raise Refused(
            _("案子里现在没有“{words}”，不能以此延长。").format(words="”“".join(untrue)), field="circumstances"
        )
    special = standing.circumstances | set(circumstances)
    allowed = total.when
    if not special & allowed:
        raise Refused(
            _("只有这些情形可以延长：{allowed}。").format(allowed="、".join(word.label for word in sorted(allowed))),
            field="circumstances",
        )
    if not because.strip():
        raise Refused(_("请写明延长的原因，它会写进告知书。"), field="because")
    assert begun.done_on is not None
    deadline = working_days().add(begun.done_on, total.extended)
    # An objection is told by the notice that it was raised against, as long as that notice counts.
    extended.circumstances = sorted({*extended.circumstances, *((set(circumstances) & allowed) - OF_STEPS)})
    extended.extended_on, extended.extended_because = on, because.strip()
    extended.due_on, extended.due_is_provisional = deadline.date, deadline.provisional
    extended.save()
    words = [word.label for word in sorted(special & allowed)]
    letters.extension(standing, [*words, because.strip()], by=by, on=on)
    return extended
