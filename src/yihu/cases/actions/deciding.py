"""Opinion and decision: both rest on what the rules say of the facts on file, and neither can be typed."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.actor import Actor
from yihu.awards import actions as awards
from yihu.awards import queries as award_queries
from yihu.cases.actions.progress import finish, locked, move_on
from yihu.cases.enums import Opinion, StepState
from yihu.cases.models import Case, Confirmation, Examination
from yihu.cases.people import why_unchecked
from yihu.cases.permissions import MAY_SEND_BACK, require_may_do, require_running, require_step
from yihu.cases.procedures import Standing
from yihu.common.fen import yuan
from yihu.common.refusals import Refused
from yihu.households import queries as households
from yihu.policy import actions as policy
from yihu.policy.models import Determination
from yihu.policy.procedures import Circumstance, StepKind
from yihu.policy.words import Outcome

# What a file may be sent back to: where something is found out or judged.
REPEATABLE = (
    StepKind.RECORDS_CHECK,
    StepKind.HOME_VISIT,
    StepKind.COMMUNITY_APPRAISAL,
    StepKind.EXAMINATION,
    StepKind.DISTRICT_VISIT,
)
# What is done about a decision that no longer fits, since the file cannot go back.
INSTEAD = {
    Opinion.GRANT: gettext_lazy("情况有变的，请登记变化后重新认定，不该再发的终止待遇。"),
    Opinion.REFUSE: gettext_lazy("情况有变的，请申请人重新申请。"),
}


def determine(standing: Standing, *, by: Actor, on: date) -> Determination:
    """What the rules say of the family on this day, with what is known of it, stored for good."""
    case = standing.case
    held = award_queries.held_by([case.household_id], on=on)[case.household_id]
    return policy.determine(household=case.household, programme=case.programme, on=on, known_on=on, held=held, by=by)


@transaction.atomic
def examine(*, case: Case, step: str, opinion: Opinion, reason: str, by: Actor, on: date) -> Standing:
    """Give the street's (or the district's) opinion, which is what the rules say.

    Raises Refused while somebody was not checked or a difference between declared and found facts is not settled, when
    the rules do not know yet (naming what is missing), and when the opinion is not theirs.
    """
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.EXAMINATION, by, on=on)
    _require_checked(standing, on=on)
    differences = households.discrepancies(standing.case.household, on=on)
    if differences:
        raise Refused(_("还有 {n} 处申报与查实不一致没有采信，请先逐项采信并写明理由。").format(n=len(differences)))
    if not reason.strip():
        raise Refused(_("请写明理由，它会写进通知书。"), field="reason")
    determination = determine(standing, by=by, on=on)
    _require_agreement(opinion, determination)
    Examination.objects.create(
        step=row,
        opinion=opinion,
        determination=determination,
        reason=reason.strip(),
        examined_on=on,
        examined_by_id=by.person,
    )
    # A later opinion takes the place of an earlier one.
    for earlier in standing.done.values():
        if earlier.kind == StepKind.EXAMINATION and Circumstance.PROPOSED_REFUSAL in earlier.raises:
            earlier.raises = [word for word in earlier.raises if word != Circumstance.PROPOSED_REFUSAL]
            earlier.save()
    return finish(row, by=by, on=on, raises={Circumstance.PROPOSED_REFUSAL} if opinion is Opinion.REFUSE else set())


@transaction.atomic
def confirm(*, case: Case, step: str, decision: Opinion, reason: str, by: Actor, on: date) -> Standing:
    """Decide. A grant begins the award in the month that the procedure says; either way the family is told in writing.

    Raises Refused while an objection has no answer, and when the family, the facts or the law have changed so that the
    opinion that was on notice no longer holds: then the case goes back to be examined again. Where a close relative was
    declared meanwhile nothing is decided, and the step of the district's visit is open.
    """
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.CONFIRMATION, by, on=on)
    standing = move_on(standing.case, on=on)
    if step not in standing.open:
        return standing
    if standing.case.objections.filter(answered_on__isnull=True).exists():
        raise Refused(_("还有异议或者投诉没有答复，答复以后再作决定。"))
    if not reason.strip():
        raise Refused(_("请写明理由，它会写进通知书。"), field="reason")
    if households.discrepancies(standing.case.household, on=on):
        raise Refused(_("审核以后又出现申报与查实不一致，请退回审核，采信以后再决定。"))
    _require_checked(standing, on=on)
    determination = determine(standing, by=by, on=on)
    examined = last_opinion(standing)
    if set(determination.people) != set(examined.determination.people):
        raise Refused(_("审核以后共同生活的成员有变，公示的已不是这一家。请退回重新审核、公示。"))
    if (determination.outcome, determination.amount) != (
        examined.determination.outcome,
        examined.determination.amount,
    ):
        raise Refused(
            _("审核以后情况或标准有变：当时{then}，现在{now}。请退回重新审核、公示。").format(
                then=say(examined.determination), now=say(determination)
            )
        )
    _require_agreement(decision, determination)
    Confirmation.objects.create(
        step=row,
        decision=decision,
        determination=determination,
        reason=reason.strip(),
        decided_on=on,
        decided_by_id=by.person,
    )
    if decision is Opinion.REFUSE:
        return finish(row, by=by, on=on, raises={Circumstance.REFUSED})
    assert determination.amount is not None
    decided = standing.case
    decided.award = awards.begin(
        household=decided.household,
        programme=decided.programme,
        amount=determination.amount,
        start=standing.procedure.award_from(on),
        determination=determination,
        by=by,
    )
    decided.save()
    row.case = decided
    return finish(row, by=by, on=on, raises={Circumstance.GRANTED})


@transaction.atomic
def send_back(*, case: Case, step: str, to: str, reason: str, by: Actor, on: date) -> Standing:
    """Send the file back to an earlier step, which is done again in another round, and what came after it too.

    Raises Refused if the step is not before this one, cannot be repeated, or no reason is given, and once the case is
    decided: then the decision stands until another takes its place.
    """
    standing = locked(case)
    require_running(standing.case)
    by.require_post(MAY_SEND_BACK, _("退回案件"))
    decided = standing.decision
    if decided is not None:
        raise Refused(
            _("已于 {day} 作出决定，不能退回。请先办完告知；{instead}").format(
                day=decided.done_on, instead=INSTEAD[Opinion(decided.confirmation.decision)]
            )
        )
    require_may_do(standing, step, by, on=on)
    steps = standing.procedure.steps
    if to not in steps or to not in standing.done or to not in standing.procedure.before(step):
        raise Refused(_("只能退回到这一步之前已经办结的步骤。"), field="to")
    if steps[to].kind not in REPEATABLE:
        raise Refused(_("“{step}”不能重办。").format(step=steps[to].label), field="to")
    if not reason.strip():
        raise Refused(_("请写明退回的原因，让接手的人知道要查什么。"), field="reason")
    note = _("退回“{step}”：{reason}").format(step=steps[to].label, reason=reason.strip())
    return do_again(standing, to, note=note, by=by, on=on)


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


def last_opinion(standing: Standing) -> Examination:
    """The opinion that counts: the last one that was not sent back."""
    rows = [row for row in standing.done.values() if row.kind == StepKind.EXAMINATION]
    return max(rows, key=lambda row: row.pk).examination


def say(determination: Determination) -> str:
    """What a determination says, in a few words."""
    if determination.outcome == Outcome.NOT_ELIGIBLE:
        return _("不符合")
    if determination.amount is None:
        return _("符合，金额待定")
    return _("符合，每月 {amount} 元").format(amount=yuan(determination.amount))


def _require_checked(standing: Standing, *, on: date) -> None:
    """Nobody is judged by what is known of the others only."""
    reason = why_unchecked(standing, on=on)
    if reason:
        raise Refused(reason)


def _require_agreement(opinion: Opinion, determination: Determination) -> None:
    """The rules say it, nobody types it."""
    if opinion is Opinion.GRANT and determination.outcome != Outcome.ELIGIBLE:
        raise Refused(_("按现有事实和政策，这一户不符合条件，不能提出同意；事实有误的请先更正事实。"), field="opinion")
    if opinion is Opinion.GRANT and not determination.amount:
        raise Refused(_("按现有事实还算不出金额，请先查清缺少的事项。"), field="opinion")
    if opinion is Opinion.REFUSE and determination.outcome != Outcome.NOT_ELIGIBLE:
        raise Refused(_("按现有事实和政策，这一户符合条件，不能不同意；事实有误的请先更正事实。"), field="opinion")
