"""确认: the decision, which rests on what the rules say on its day. A grant begins an award."""

from collections.abc import Sequence
from datetime import date

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.actor import Actor
from yihu.access.models import Principal
from yihu.awards import actions as awards
from yihu.cases.case import Case, CaseAward, CaseStep
from yihu.cases.claims import key_of_claim
from yihu.cases.enums import Opinion
from yihu.cases.judging import amount_given, determine, reason_for_less, require_agreement, require_checked, say
from yihu.cases.kinds import KindOfStep, Record
from yihu.cases.permissions import require_running, require_step
from yihu.cases.procedures import Standing
from yihu.cases.progress import finish, locked, move_on
from yihu.cases.steps.examination import Examination, last_opinion
from yihu.cases.stretches import Granted, granted_by, granted_now, reaches_back, words_of
from yihu.common.fen import yuan
from yihu.common.refusals import Refused
from yihu.households import queries as households
from yihu.policy.models import Determination
from yihu.policy.procedures import Circumstance, StepKind


class Confirmation(models.Model):
    """The decision. A grant begins an award; a refusal is told in writing with its reasons.

    ``amount`` in fen is what is granted, None for a refusal and for help without an amount. ``since`` is the month from
    which on, as whoever decided found, things were already as they are now, though the register tells nothing of it.
    """

    step = models.OneToOneField(
        CaseStep, verbose_name=gettext_lazy("步骤"), on_delete=models.PROTECT, related_name="confirmation"
    )
    decision = models.CharField(gettext_lazy("决定"), max_length=10, choices=Opinion)
    determination = models.ForeignKey(
        Determination, verbose_name=gettext_lazy("认定"), on_delete=models.PROTECT, related_name="+"
    )
    amount = models.BigIntegerField(gettext_lazy("金额（分）"), null=True, blank=True)
    why_less = models.TextField(gettext_lazy("为什么不给到限额"), blank=True)
    since = models.DateField(gettext_lazy("此前情况一直如此，自"), null=True, blank=True)
    reason = models.TextField(gettext_lazy("理由"))
    decided_on = models.DateField(gettext_lazy("决定日期"))
    decided_by = models.ForeignKey(
        Principal, verbose_name=gettext_lazy("决定人"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("确认")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.step} {self.decision}"


class ConfirmationStep(KindOfStep):
    """确认."""

    kind = StepKind.CONFIRMATION
    heading = gettext_lazy("决定")
    table = Confirmation
    judges = True

    def records(self, rows: Sequence[CaseStep]) -> list[Record]:
        """The decision with its reason, and what it rests on."""
        return [
            Record(
                row,
                given.decided_on,
                said=given.get_decision_display(),
                who=(given.decided_by.name,),
                texts=(
                    ("", given.reason),
                    (_("为什么不给到限额"), given.why_less),
                    (_("各月金额"), _by_month(row, given)),
                    (_("此前情况一直如此，自"), f"{given.since:%Y-%m}" if given.since else ""),
                ),
                amount=given.amount,
                determination=given.determination_id,
            )
            for row, given in self._of(rows, "decided_by")
        ]


@transaction.atomic
def confirm(
    *,
    case: Case,
    step: str,
    decision: Opinion,
    reason: str,
    amount: int | None = None,
    why_less: str = "",
    since: date | None = None,
    by: Actor,
    on: date,
) -> Standing:
    """Decide. A grant begins an award when the procedure says; either way the family is told in writing.

    ``amount``, in fen, where the rules only say the most: without it what was proposed is granted; ``why_less`` says
    why it is less, unless whoever proposed just that amount did. ``since``, the first day of a month, where months
    before the application are asked about of which the register tells nothing.

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
        raise Refused(_("请写明理由。"), field="reason")
    differences = households.discrepancies(standing.case.household, on=on)
    if differences and standing.procedure.of_kind(StepKind.EXAMINATION):
        raise Refused(_("审核以后又出现申报与查实不一致，请退回审核，采信以后再决定。"))
    if differences:
        raise Refused(_("还有 {n} 处申报与查实不一致没有采信，请先在家庭档案逐项采信。").format(n=len(differences)))
    require_checked(standing, on=on)
    determination = determine(standing, by=by, on=on)
    examined = last_opinion(standing)
    if examined is not None:
        _require_unchanged(examined.determination, determination)
        _require_proposed(examined, decision)
    proposed = examined is not None and examined.opinion == Opinion.REFUSE
    require_agreement(decision, determination, may_refuse=proposed)
    if amount is None and examined is not None:
        amount = examined.amount
    given = amount_given(decision, determination, amount)
    if examined is not None and examined.amount == given:
        why_less = why_less or examined.why_less
    _require_shown(standing, given)
    Confirmation.objects.create(
        step=row,
        decision=decision,
        determination=determination,
        amount=given,
        why_less=reason_for_less(determination, given, why_less),
        since=since,
        reason=reason.strip(),
        decided_on=on,
        decided_by_id=by.person,
    )
    if decision is Opinion.REFUSE:
        return finish(row, by=by, on=on, raises={Circumstance.REFUSED})
    granted = granted_now(standing, given, on=on, since=since)
    _require_since(granted, since)
    _begin_award(standing, determination, granted, by=by, on=on)
    return finish(row, by=by, on=on, raises={Circumstance.GRANTED})


def _require_since(granted: Granted, since: date | None) -> None:
    """Of months of which the register tells nothing somebody says since when it is so, and of others nobody does."""
    if granted.unproved and since not in (*granted.unproved, granted.start):
        raise Refused(
            _("从 {first} 起档案里没有记载，如果那时情况已经如此，也应补发。请选择情况从哪个月起一直如此。").format(
                first=f"{granted.unproved[0]:%Y-%m}"
            ),
            field="since",
        )
    if since is not None and not granted.unproved:
        raise Refused(_("没有可以补发的月份，不用选择。"), field="since")


def _begin_award(standing: Standing, determination: Determination, granted: Granted, *, by: Actor, on: date) -> None:
    case = standing.case
    key = key_of_claim(standing, start=granted.start)
    for stretch in granted.stretches:
        is_decided = stretch is granted.stretches[-1]
        found = determination
        if not is_decided:
            found = determine(standing, by=by, on=on, day=stretch.found_on, as_now=stretch.as_now)
        term = awards.grant(
            household=case.household,
            person=case.person,
            programme=case.programme,
            key=key,
            period=stretch.period,
            amount=stretch.amount,
            determination=found,
            by=by,
            on=on,
        )
    CaseAward.objects.create(case=case, award=term.award)


def _by_month(row: CaseStep, given: Confirmation) -> str:
    """What the months get where it is not the same for all of them; empty otherwise."""
    if given.decision != Opinion.GRANT or not reaches_back(row.case, given.decided_on):
        return ""
    granted = granted_by(row.case, given.decided_on, given.determination_id)
    return "；".join(words_of(granted)) if len(granted) > 1 else ""


def _require_proposed(examined: Examination, decision: Opinion) -> None:
    """What is decided is what was proposed, and hung."""
    if examined.opinion != decision:
        raise Refused(
            _("{name}的意见是{opinion}。要另作决定的，请退回重新审核、公示。").format(
                name=examined.examined_by.name, opinion=examined.get_opinion_display()
            ),
            field="decision",
        )


def _require_shown(standing: Standing, amount: int | None) -> None:
    """Raise Refused where another amount hung in the community."""
    for row in standing.done.values():
        if row.kind != StepKind.NOTICE or row.notice.amount in (None, amount):
            continue
        raise Refused(
            _("公示的是 {shown} 元。金额要变的，请退回重新审核、公示。").format(shown=yuan(row.notice.amount)),
            field="amount",
        )


def _require_unchanged(then: Determination, now: Determination) -> None:
    """What was examined, and hung, is what is decided."""
    if set(now.people) != set(then.people):
        raise Refused(_("审核以后共同生活的成员有变，公示的已不是这一家。请退回重新审核、公示。"))
    if (now.outcome, now.amount) != (then.outcome, then.amount):
        raise Refused(
            _("审核以后情况或标准有变：当时{then}，现在{now}。请退回重新审核、公示。").format(
                then=say(then), now=say(now)
            )
        )
