"""民主评议: neighbours and representatives judge whether what was found is true."""

from collections.abc import Sequence
from datetime import date

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.actor import Actor
from yihu.cases.case import Case, CaseStep
from yihu.cases.kinds import KindOfStep, Record
from yihu.cases.permissions import require_running, require_step
from yihu.cases.procedures import Standing
from yihu.cases.progress import finish, locked
from yihu.common.refusals import Refused
from yihu.policy.procedures import Circumstance, StepKind


class CommunityAppraisal(models.Model):
    """Neighbours and representatives judge whether the findings are true (民发〔2012〕220号 第二十一条至第二十四条)."""

    step = models.OneToOneField(
        CaseStep, verbose_name=gettext_lazy("步骤"), on_delete=models.PROTECT, related_name="appraisal"
    )
    held_on = models.DateField(gettext_lazy("评议日期"))
    participants = models.PositiveSmallIntegerField(gettext_lazy("参加人数"))
    residents = models.PositiveSmallIntegerField(gettext_lazy("其中居民代表"))
    found_true = models.BooleanField(gettext_lazy("结果真实有效"))
    disputed = models.BooleanField(gettext_lazy("争议较大"), default=False)
    minutes = models.TextField(gettext_lazy("评议记录"))

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("民主评议")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="appraisal_residents_take_part",
                condition=Q(residents__lte=models.F("participants"), participants__gt=0),
            ),
        )

    def __str__(self) -> str:
        return f"{self.step} {self.held_on}"


class CommunityAppraisalStep(KindOfStep):
    """民主评议."""

    kind = StepKind.COMMUNITY_APPRAISAL
    heading = gettext_lazy("民主评议")
    table = CommunityAppraisal
    is_repeatable = True

    def records(self, rows: Sequence[CaseStep]) -> list[Record]:
        """What they found, how many took part, and the minutes."""
        return [
            Record(
                row,
                held.held_on,
                said="，".join(
                    filter(
                        None,
                        (
                            _("真实有效") if held.found_true else _("不真实"),
                            _("争议较大") if held.disputed else "",
                        ),
                    )
                ),
                who=(row.done_by.name,) if row.done_by else (),
                texts=(
                    (
                        _("参加"),
                        _("{all} 人，其中居民代表 {residents} 人").format(
                            all=held.participants, residents=held.residents
                        ),
                    ),
                    (_("评议记录"), held.minutes),
                ),
            )
            for row, held in self._of(rows)
        ]


@transaction.atomic
def record_appraisal(
    *,
    case: Case,
    step: str,
    held_on: date,
    participants: int,
    residents: int,
    found_true: bool,
    disputed: bool,
    minutes: str,
    by: Actor,
    on: date,
) -> Standing:
    """Neighbours and representatives judged whether the findings are true (民发〔2012〕220号 第二十二条)."""
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.COMMUNITY_APPRAISAL, by, on=on)
    if participants <= 0 or not 0 <= residents <= participants:
        raise Refused(_("请填写参加评议的总人数和其中的居民代表人数。"), field="participants")
    share = standing.procedure.steps[step].least_residents
    if share is not None and residents < share * participants:
        raise Refused(
            _("居民代表不得少于参加评议总人数的 {share}，现在是 {residents}/{participants}。").format(
                share=share, residents=residents, participants=participants
            ),
            field="residents",
        )
    if not row.opened_on <= held_on <= on:
        raise Refused(_("评议日期须在 {first} 到 {last} 之间。").format(first=row.opened_on, last=on), field="held_on")
    if not minutes.strip():
        raise Refused(_("请填写评议记录。"), field="minutes")
    CommunityAppraisal.objects.create(
        step=row,
        held_on=held_on,
        participants=participants,
        residents=residents,
        found_true=found_true,
        disputed=disputed,
        minutes=minutes.strip(),
    )
    raises = {Circumstance.DISPUTED_APPRAISAL} if disputed or not found_true else set()
    return finish(row, by=by, on=on, raises=raises)
