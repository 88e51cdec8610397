"""受理: the papers are there, or all that is missing is named once; then the clocks begin."""

from collections.abc import Collection
from datetime import date

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.actor import Actor
from yihu.access.models import Principal
from yihu.cases import letters
from yihu.cases.case import Case, CaseStep
from yihu.cases.enums import CaseState
from yihu.cases.kinds import KindOfStep
from yihu.cases.papers import papers_of
from yihu.cases.permissions import require_running, require_step
from yihu.cases.procedures import Standing
from yihu.cases.progress import finish, locked
from yihu.common.refusals import Refused
from yihu.policy.procedures import StepKind


class CorrectionRequest(models.Model):
    """All that is missing, named once and at once (民发〔2021〕57号 第十条), by the keys of the procedure's papers."""

    case = models.OneToOneField(
        Case, verbose_name=gettext_lazy("案件"), on_delete=models.PROTECT, related_name="correction"
    )
    missing = models.JSONField(gettext_lazy("缺少的材料"))
    asked_on = models.DateField(gettext_lazy("告知日期"))
    asked_by = models.ForeignKey(
        Principal, verbose_name=gettext_lazy("经办人"), on_delete=models.PROTECT, related_name="+"
    )
    met_on = models.DateField(gettext_lazy("补齐日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("补正")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.case} {self.asked_on}"


class Admission(KindOfStep):
    """受理."""

    kind = StepKind.ADMISSION
    fetched = ("case__correction",)

    def beside(self, row: CaseStep) -> str:
        """The family was told what is missing."""
        return _("等待补正") if hasattr(row.case, "correction") else ""


@transaction.atomic
def ask_correction(
    *, case: Case, step: str, missing: Collection[str], note: str = "", by: Actor, on: date
) -> CorrectionRequest:
    """Name everything that is missing, once and in writing (民发〔2021〕57号 第十条).

    ``missing`` are keys of the procedure's papers. Raises Refused if it was done before, if nothing is missing, or for
    a paper that may not be asked for.
    """
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.ADMISSION, by, on=on)
    if hasattr(standing.case, "correction"):
        raise Refused(_("补正已经一次性告知过，不能再次要求补充材料；材料仍不齐的，请联系申请人或者按现有材料办理。"))
    asked = {paper.key: paper for paper in standing.procedure.asked_papers(standing.circumstances)}
    strange = [key for key in missing if key not in asked]
    if strange:
        raise Refused(_("这些材料不得要求申请人提供：{papers}。").format(papers="、".join(strange)), field="missing")
    if not missing:
        raise Refused(_("没有选缺少的材料；材料齐全的请直接受理。"), field="missing")
    request = CorrectionRequest.objects.create(
        case=standing.case, missing=sorted(missing), asked_on=on, asked_by_id=by.person
    )
    row.note = note
    row.save()
    letters.missing_papers(standing, step, [asked[key].label for key in sorted(missing)], note=note, by=by, on=on)
    return request


@transaction.atomic
def admit(*, case: Case, step: str, by: Actor, on: date) -> Standing:
    """Admit an application whose papers are there, but for those that may follow; the clocks begin.

    Raises Refused naming what is missing.
    """
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.ADMISSION, by, on=on)
    lacking = [paper.label for paper in papers_of(standing, on=on) if not paper.present and not paper.may_follow]
    if lacking:
        raise Refused(_("还缺：{papers}。请补齐后受理，或者一次性告知申请人补正。").format(papers="、".join(lacking)))
    admitted = standing.case
    admitted.state, admitted.admitted_on = CaseState.OPEN, on
    admitted.save()
    CorrectionRequest.objects.filter(case=admitted, met_on__isnull=True).update(met_on=on)
    row.case = admitted
    after = finish(row, by=by, on=on, note=row.note)
    letters.acceptance(after, step, by=by, on=on)
    return after
