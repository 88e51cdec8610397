"""公示: the opinion hangs in the community, and the neighbours may object."""

from collections.abc import Sequence
from datetime import date

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.actor import Actor
from yihu.cases.case import Case, CaseStep
from yihu.cases.enums import NoticeKind, Opinion
from yihu.cases.kinds import KindOfStep, Record, kind_of
from yihu.cases.objections import contested, surveys_for
from yihu.cases.permissions import require_running, require_step
from yihu.cases.procedures import Standing
from yihu.cases.progress import begin, do_again, finish, locked
from yihu.cases.steps.examination import last_opinion
from yihu.common.calendar import working_days
from yihu.common.refusals import Refused
from yihu.organisations.models import Division
from yihu.policy.models import Determination
from yihu.policy.procedures import Shown, Step, StepKind


class PublicNotice(models.Model):
    """What hangs in the community: what the procedure shows, nothing else (民发〔2021〕57号 第二十四条).

    ``name`` is whom the help is for: the applicant, or the one member. ``members`` are those who count as the family,
    ``visited`` and ``appraised`` what the visit and the appraisal came to (民发〔2012〕220号 第二十五条).
    """

    step = models.OneToOneField(
        CaseStep, verbose_name=gettext_lazy("步骤"), on_delete=models.PROTECT, related_name="notice"
    )
    kind = models.CharField(gettext_lazy("类别"), max_length=10, choices=NoticeKind)
    place = models.ForeignKey(Division, verbose_name=gettext_lazy("社区"), on_delete=models.PROTECT, related_name="+")
    posted_on = models.DateField(gettext_lazy("张贴日期"))
    ends_on = models.DateField(gettext_lazy("公示最后一天"), null=True, blank=True)
    name = models.CharField(gettext_lazy("申请人"), max_length=60)
    members = models.PositiveSmallIntegerField(gettext_lazy("成员数"), null=True, blank=True)
    visited = models.CharField(gettext_lazy("入户调查"), max_length=200, blank=True)
    appraised = models.CharField(gettext_lazy("民主评议"), max_length=200, blank=True)
    opinion = models.CharField(gettext_lazy("意见"), max_length=10, choices=Opinion, blank=True)
    amount = models.BigIntegerField(gettext_lazy("金额（分）"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("公示")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="notice_of_an_opinion_ends",
                condition=Q(kind=NoticeKind.GRANT) | Q(ends_on__gt=models.F("posted_on")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.step} {self.posted_on}"

    def hangs(self, on: date) -> bool:
        """Whether it is up on a day, the last day included; what was granted stays up."""
        return self.posted_on <= on and (self.ends_on is None or on <= self.ends_on)


class NoticeStep(KindOfStep):
    """公示."""

    kind = StepKind.NOTICE
    heading = gettext_lazy("公示")
    table = PublicNotice

    def beside(self, row: CaseStep) -> str:
        """It hung for its days."""
        return _("公示期满") if row.runs_until is not None else ""

    def ahead(self, step: Step) -> str:
        """For how many days it will hang; what was granted stays up."""
        return "" if step.notice_days is None else _("{n} 天").format(n=step.notice_days)

    def records(self, rows: Sequence[CaseStep]) -> list[Record]:
        """From when to when it hung."""
        return [
            Record(row, sheet.posted_on, until=sheet.ends_on, said=sheet.get_kind_display(), sheet=sheet.pk)
            for row, sheet in self._of(rows)
        ]


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
    notice = notice_of(standing, step, NoticeKind.OPINION, on=on, ends_on=last.date)
    notice.step = row
    notice.save()
    begin(standing, row, on=on)
    # It can be ended from the day after its last on, and waits for nobody before.
    due = working_days().add(last.date, 1)
    row.due_on, row.due_is_provisional, row.runs_until = due.date, due.provisional, last.date
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
    if not contested(standing, objection):
        return finish(row, by=by, on=on, note=note)
    before = standing.procedure.before(step)
    for survey in surveys_for(standing, objection):
        if survey.name in before:
            said = _("公示有异议，重办“{step}”。{note}").format(step=survey.label, note=note)
            return do_again(standing, survey.name, note=said, by=by, on=on)
    return finish(row, by=by, on=on, note=note, raises={objection})


def notice_of(standing: Standing, step: str, kind: NoticeKind, *, on: date, ends_on: date | None) -> PublicNotice:
    """The sheet of a notice or a publication: what the procedure shows, and nothing else."""
    case = standing.case
    opinion, amount, determination = _judged(standing)
    shows = standing.procedure.steps[step].shows
    return PublicNotice(
        kind=kind,
        place_id=case.division_id,
        posted_on=on,
        ends_on=ends_on,
        name=case.person_name or case.applicant_name,
        members=determination.counted if determination and Shown.MEMBER_COUNT in shows else None,
        visited=_outcome_of(standing, StepKind.HOME_VISIT) if Shown.VISIT_RESULT in shows else "",
        appraised=_outcome_of(standing, StepKind.COMMUNITY_APPRAISAL) if Shown.APPRAISAL_RESULT in shows else "",
        opinion=opinion if Shown.OPINION in shows else "",
        amount=amount if Shown.AMOUNT in shows else None,
    )


def _judged(standing: Standing) -> tuple[str, int | None, Determination | None]:
    """What was decided, or before that the opinion, with its amount in fen and what it rests on."""
    if standing.decision is not None:
        decided = standing.decision.confirmation
        return decided.decision, decided.amount, decided.determination
    examined = last_opinion(standing)
    return (examined.opinion, examined.amount, examined.determination) if examined else ("", None, None)


def _outcome_of(standing: Standing, kind: StepKind) -> str:
    """On which day the last step of a kind was done, and what came of it in a word; what was seen stays in the file."""
    rows = [row for row in standing.done.values() if row.kind == kind]
    record = next(iter(kind_of(kind).records(rows)), None)
    return "" if record is None else "，".join(filter(None, (f"{record.on}", record.said or _("已办"))))
