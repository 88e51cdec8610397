"""入户调查: people of the street at the family's home, as many as the procedure asks for.

The visit of the district is written down in the same way.
"""

from collections.abc import Sequence
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.posts import holding, labels_of
from yihu.cases.case import Case, CaseStep
from yihu.cases.enums import VisitBy
from yihu.cases.kinds import KindOfStep, Record
from yihu.cases.permissions import relatives_in, require_running, require_step
from yihu.cases.procedures import Standing
from yihu.cases.progress import finish, locked
from yihu.common.refusals import Refused
from yihu.documents.models import Document
from yihu.organisations.models import StaffMember
from yihu.organisations.queries import colleagues
from yihu.policy.procedures import StepKind

VISITS = (StepKind.HOME_VISIT, StepKind.DISTRICT_VISIT)


class HomeVisit(models.Model):
    """Who was at the family's home, what they saw, and the member who signed (民发〔2021〕57号 第十六条)."""

    step = models.OneToOneField(
        CaseStep, verbose_name=gettext_lazy("步骤"), on_delete=models.PROTECT, related_name="visit"
    )
    by = models.CharField(gettext_lazy("谁去"), max_length=10, choices=VisitBy)
    visited_on = models.DateField(gettext_lazy("入户日期"))
    visitors = ArrayField(models.BigIntegerField(), verbose_name=gettext_lazy("调查人"))
    visitor_names = ArrayField(models.CharField(max_length=60), verbose_name=gettext_lazy("调查人姓名"))
    findings = models.TextField(gettext_lazy("所见"))
    neighbours = models.TextField(gettext_lazy("邻里访问"), blank=True)
    signed_by = models.CharField(gettext_lazy("在场签字的成员"), max_length=60)
    contactless = models.CharField(gettext_lazy("非接触方式及原因"), max_length=200, blank=True)
    document = models.ForeignKey(
        Document, verbose_name=gettext_lazy("调查表"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("入户调查")
        ordering = ("id",)
        constraints = (models.CheckConstraint(name="visit_by_somebody", condition=Q(visitors__len__gte=1)),)

    def __str__(self) -> str:
        return f"{self.step} {self.visited_on}"


class HomeVisitStep(KindOfStep):
    """入户调查."""

    kind = StepKind.HOME_VISIT
    heading = gettext_lazy("入户调查")
    table = HomeVisit
    is_repeatable = True

    def records(self, rows: Sequence[CaseStep]) -> list[Record]:
        """What was seen, by whom, and who signed."""
        return [
            Record(
                row,
                visit.visited_on,
                who=tuple(visit.visitor_names),
                texts=(
                    ("", visit.findings),
                    (_("邻里"), visit.neighbours),
                    (_("在场签字"), visit.signed_by),
                    (_("非接触方式"), visit.contactless),
                ),
                papers=papers_subject(row),
            )
            for row, visit in self._of(rows)
        ]


def papers_subject(row: CaseStep) -> str:
    """How what a visit brought back is marked in the family's file."""
    return f"{row.case.number}/{row.name}-{row.round}"


@transaction.atomic
def record_visit(
    *,
    case: Case,
    step: str,
    visited_on: date,
    visitors: Sequence[StaffMember],
    findings: str,
    signed_by: str,
    neighbours: str = "",
    contactless: str = "",
    document: Document | None = None,
    by: Actor,
    on: date,
) -> Standing:
    """As many as the procedure asks for were at the family's home; a member who was there signed (第十六条).

    Raises Refused for fewer, for whoever does not go along or is a relative or barred from the step, for a day
    before the case or after today, and without findings or signature. Asked for again, it is made after that.
    """
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, VISITS, by, on=on)
    people = {person.pk: person for person in visitors}
    asked = standing.procedure.steps[step]
    if len(people) < asked.people:
        raise Refused(
            _("“{step}”不得少于 {least} 人，请再选一位（{clause}）。").format(
                step=asked.label, least=asked.people, clause=asked.clause
            ),
            field="visitors",
        )
    if by.staff not in people:
        raise Refused(_("登记人须是入户调查人员之一。"), field="visitors")
    barred = standing.who_did(asked.not_by)
    may_go = {held.staff_id for held in colleagues(standing.case.division_id, may=Capability.GO_ALONG_ON_VISITS, on=on)}
    conflicted = {relative.staff_id for relative in relatives_in(standing.case.household, on=on)}
    for person in people.values():
        if person.pk not in may_go:
            raise Refused(
                _("{name}的岗位不参加这里的入户，请选{posts}。").format(
                    name=person.name, posts=labels_of(holding(Capability.GO_ALONG_ON_VISITS))
                ),
                field="visitors",
            )
        if person.pk in barred:
            raise Refused(_("{name}办过前面的步骤，不能参加这次入户。").format(name=person.name), field="visitors")
        if person.pk in conflicted:
            raise Refused(_("{name}与这一户有近亲属关系，应当回避。").format(name=person.name), field="visitors")
    first = standing.case.admitted_on or standing.case.opened_on
    if any(each.kind in VISITS and each.pk != row.pk for each in standing.rows):
        first = row.opened_on
    if not first <= visited_on <= on:
        raise Refused(_("入户日期须在 {first} 到 {last} 之间。").format(first=first, last=on), field="visited_on")
    if not findings.strip():
        raise Refused(_("请填写入户所见：吃、穿、住、用和收入、财产情况。"), field="findings")
    if not signed_by.strip():
        raise Refused(_("请填写在场并签字的家庭成员。"), field="signed_by")
    went = sorted(people)
    HomeVisit.objects.create(
        step=row,
        by=VisitBy.DISTRICT if row.kind == StepKind.DISTRICT_VISIT else VisitBy.STREET,
        visited_on=visited_on,
        visitors=went,
        visitor_names=[people[number].name for number in went],
        findings=findings.strip(),
        neighbours=neighbours.strip(),
        signed_by=signed_by.strip(),
        contactless=contactless.strip(),
        document=document,
    )
    row.begun_on = row.begun_on or visited_on
    return finish(row, by=by, on=on, took_part=went)
