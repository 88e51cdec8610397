"""信息核对: other departments are asked about everybody, and answer or are given up."""

from collections.abc import Collection
from datetime import date

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.actor import Actor
from yihu.cases.case import Case, CaseStep
from yihu.cases.kinds import KindOfStep
from yihu.cases.permissions import require_running, require_step
from yihu.cases.procedures import Standing
from yihu.cases.progress import begin, finish, locked
from yihu.common.refusals import Refused
from yihu.households import queries as households
from yihu.policy.procedures import StepKind
from yihu.records_checks import actions as records_checks
from yihu.records_checks.enums import CheckState
from yihu.records_checks.models import RecordsCheck


class CaseCheck(models.Model):
    """A records check made for a case: the first, and others when the family brought evidence."""

    case = models.ForeignKey(Case, verbose_name=gettext_lazy("案件"), on_delete=models.PROTECT, related_name="checks")
    records_check = models.OneToOneField(
        RecordsCheck, verbose_name=gettext_lazy("核对"), on_delete=models.PROTECT, related_name="case_check"
    )
    step = models.ForeignKey(
        CaseStep, verbose_name=gettext_lazy("步骤"), on_delete=models.PROTECT, related_name="checks"
    )

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("案件核对")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.case} {self.records_check}"


class RecordsCheckStep(KindOfStep):
    """信息核对. What was answered is told by the room of records checks."""

    kind = StepKind.RECORDS_CHECK
    asks_departments = True
    is_repeatable = True


@transaction.atomic
def ask_records(
    *, case: Case, step: str, sources: Collection[str] = (), note: str = "", by: Actor, on: date
) -> RecordsCheck:
    """Ask other departments, for the first time or again after the family brought evidence (第十八条).

    ``sources`` empty asks all. Raises Refused while an earlier round still waits for answers.
    """
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.RECORDS_CHECK, by, on=on)
    if standing.case.checks.filter(records_check__state=CheckState.OPEN).exists():
        raise Refused(_("上一次核对还没有全部答复；请等答复，或者先注明哪些来源不能答复。"))
    members = households.members_on(standing.case.household, on)
    check = records_checks.ask(
        household=standing.case.household,
        people=[member.person for member in members],
        subject=standing.case.number,
        sources=sources,
        note=note,
        by=by,
        on=on,
    )
    CaseCheck.objects.create(case=standing.case, records_check=check, step=row)
    begin(standing, row, on=on)
    return check


@transaction.atomic
def end_check(*, case: Case, step: str, note: str = "", by: Actor, on: date) -> Standing:
    """The records check is done: every source has answered or was given up with its reason."""
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.RECORDS_CHECK, by, on=on)
    rounds = [link.records_check for link in row.checks.select_related("records_check").order_by("id")]
    if not rounds:
        raise Refused(_("还没有提请核对。请先提请。"))
    if any(check.state == CheckState.OPEN for check in rounds):
        raise Refused(_("还有来源没有答复；请等答复，或者先注明哪些来源不能答复。"))
    if rounds[-1].state == CheckState.CANCELLED:
        raise Refused(_("有成员撤回了授权，核对没有问完。请补签授权书后再次提请。"))
    return finish(row, by=by, on=on, note=note)
