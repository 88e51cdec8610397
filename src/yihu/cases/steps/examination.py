"""审核: the opinion, which rests on what the rules say of the facts on file and cannot be typed."""

from collections.abc import Sequence
from datetime import date

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.actor import Actor
from yihu.access.models import Principal
from yihu.cases.case import Case, CaseStep
from yihu.cases.enums import Opinion
from yihu.cases.judging import amount_given, determine, reason_for_less, require_agreement, require_checked
from yihu.cases.kinds import KindOfStep, Record
from yihu.cases.permissions import require_running, require_step
from yihu.cases.procedures import Standing
from yihu.cases.progress import finish, locked
from yihu.common.refusals import Refused
from yihu.households import queries as households
from yihu.policy.models import Determination
from yihu.policy.procedures import Circumstance, StepKind


class Examination(models.Model):
    """The street's opinion, with the determination that it rests on.

    ``amount`` in fen is what is proposed: what the rules say, or no more than that where they only say the most. None
    for a refusal, and for help without an amount.
    """

    step = models.OneToOneField(
        CaseStep, verbose_name=gettext_lazy("步骤"), on_delete=models.PROTECT, related_name="examination"
    )
    opinion = models.CharField(gettext_lazy("意见"), max_length=10, choices=Opinion)
    determination = models.ForeignKey(
        Determination, verbose_name=gettext_lazy("认定"), on_delete=models.PROTECT, related_name="+"
    )
    amount = models.BigIntegerField(gettext_lazy("金额（分）"), null=True, blank=True)
    why_less = models.TextField(gettext_lazy("为什么不给到限额"), blank=True)
    reason = models.TextField(gettext_lazy("理由"))
    examined_on = models.DateField(gettext_lazy("审核日期"))
    examined_by = models.ForeignKey(
        Principal, verbose_name=gettext_lazy("审核人"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("审核")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.step} {self.opinion}"


class ExaminationStep(KindOfStep):
    """审核."""

    kind = StepKind.EXAMINATION
    heading = gettext_lazy("审核意见")
    table = Examination
    judges = True
    is_repeatable = True

    def records(self, rows: Sequence[CaseStep]) -> list[Record]:
        """The opinions with their reasons."""
        return [
            Record(
                row,
                given.examined_on,
                said=given.get_opinion_display(),
                who=(given.examined_by.name,),
                texts=(("", given.reason), (_("为什么不给到限额"), given.why_less)),
                amount=given.amount,
                mark=given.determination.mark,
            )
            for row, given in self._of(rows, "examined_by", "determination")
        ]


@transaction.atomic
def examine(
    *,
    case: Case,
    step: str,
    opinion: Opinion,
    reason: str,
    amount: int | None = None,
    why_less: str = "",
    by: Actor,
    on: date,
) -> Standing:
    """Give the street's (or the district's) opinion. A grant is what the rules say; a refusal may be proposed against
    them, and ``amount``, in fen, below what they say is the most; ``why_less`` says why.

    Raises Refused while somebody was not checked or a difference between declared and found facts is not settled, when
    the rules do not know yet (naming what is missing), and when the opinion is not theirs.
    """
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.EXAMINATION, by, on=on)
    require_checked(standing, on=on)
    differences = households.discrepancies(standing.case.household, on=on)
    if differences:
        raise Refused(_("还有 {n} 处申报与查实不一致没有采信，请先逐项采信并写明理由。").format(n=len(differences)))
    if not reason.strip():
        raise Refused(_("请写明理由。"), field="reason")
    determination = determine(standing, by=by, on=on)
    require_agreement(opinion, determination, may_refuse=True)
    given = amount_given(opinion, determination, amount)
    Examination.objects.create(
        step=row,
        opinion=opinion,
        determination=determination,
        amount=given,
        why_less=reason_for_less(determination, given, why_less),
        reason=reason.strip(),
        examined_on=on,
        examined_by_id=by.person,
    )
    _take_back(standing)
    return finish(row, by=by, on=on, raises={Circumstance.PROPOSED_REFUSAL} if opinion is Opinion.REFUSE else set())


def last_opinion(standing: Standing) -> Examination | None:
    """The opinion that counts: the last one that was not sent back; None where the procedure asks for none."""
    rows = [row for row in standing.done.values() if row.kind == StepKind.EXAMINATION]
    return max(rows, key=lambda row: row.pk).examination if rows else None


def _take_back(standing: Standing) -> None:
    """A later opinion takes the place of an earlier one, which brings about nothing any more."""
    for earlier in standing.done.values():
        if earlier.kind == StepKind.EXAMINATION and Circumstance.PROPOSED_REFUSAL in earlier.raises:
            earlier.raises = [word for word in earlier.raises if word != Circumstance.PROPOSED_REFUSAL]
            earlier.save()
