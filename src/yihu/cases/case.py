"""What happened or was asked for, the case that comes of it, its steps, and the doubts about it.

The steps come from the procedure files. What a kind of step writes down stands with the kind, in ``yihu.cases.steps``.
"""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yihu.access.models import Principal
from yihu.awards.models import Award
from yihu.cases.enums import CaseState, Channel, ObjectionSource, OccasionKind, StepState
from yihu.households.models import Household, Person
from yihu.organisations.models import Division
from yihu.policy.procedures import CaseKind

KINDS = [(kind.value, kind.label) for kind in CaseKind]


class Application(models.Model):
    """What a family asked for, when and through whom. Who was asked first answers for it until it is taken on."""

    household = models.ForeignKey(
        Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="applications"
    )
    programme = models.CharField(_("项目"), max_length=60)
    applicant = models.ForeignKey(Person, verbose_name=_("申请人"), on_delete=models.PROTECT, related_name="+")
    proxy = models.CharField(_("代办人"), max_length=60, blank=True)
    channel = models.CharField(_("渠道"), max_length=20, choices=Channel)
    applied_on = models.DateField(_("申请日期"))
    taken_by = models.ForeignKey(Principal, verbose_name=_("首问"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("申请")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.household} {self.programme} {self.applied_on}"


class Occasion(models.Model):
    """What happened to a family: several cases may come of it, one for each programme that it concerns.

    ``on`` is the day on which it happened, ``told_on`` the one on which it became known here.
    """

    kind = models.CharField(_("类别"), max_length=20, choices=OccasionKind)
    household = models.ForeignKey(Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="occasions")
    on = models.DateField(_("发生日期"))
    told_on = models.DateField(_("得知日期"))
    what = models.CharField(_("情况"), max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = _("事由")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="occasion_kind_is_known", condition=Q(kind__in=OccasionKind.values)),
            models.CheckConstraint(name="occasion_says_what", condition=~Q(what="")),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}：{self.what}"

    @property
    def key(self) -> str:
        """What tells a claim that comes of it from others."""
        return f"occasion-{self.pk}"


class Case(models.Model):
    """The handling of one matter of one claim, under the procedure that held on the day it was opened, to its end.

    ``kind`` is what it is about; only an application has an ``application``. The claim is that of the family to a
    programme, or of ``person`` in it. ``occasion`` is what happened, where several cases come of it.

    ``division`` is the community where the family lives while it runs, and after that the last; its street keeps the
    case when the family moves away, and calls it by ``household_number`` and ``applicant_name``. ``procedure`` is the
    key of the procedure. ``circumstances`` are those of its words that are true of the case whatever is done in it,
    such as a complaint; what a step brought about stands in the step.
    """

    number = models.CharField(_("案号"), max_length=20, unique=True)
    kind = models.CharField(_("类别"), max_length=20, choices=KINDS, default=CaseKind.APPLICATION.value)
    application = models.OneToOneField(
        Application, verbose_name=_("申请"), on_delete=models.PROTECT, null=True, blank=True, related_name="case"
    )
    occasion = models.ForeignKey(
        Occasion, verbose_name=_("事由"), on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    household = models.ForeignKey(Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="cases")
    person = models.ForeignKey(
        Person, verbose_name=_("个人"), on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    household_number = models.CharField(_("户号"), max_length=20)
    applicant_name = models.CharField(_("申请人"), max_length=60)
    person_name = models.CharField(_("个人姓名"), max_length=60, blank=True)
    programme = models.CharField(_("项目"), max_length=60)
    division = models.ForeignKey(Division, verbose_name=_("社区"), on_delete=models.PROTECT, related_name="+")
    procedure = models.CharField(_("程序"), max_length=120)
    state = models.CharField(_("状态"), max_length=12, choices=CaseState, default=CaseState.APPLIED)
    opened_on = models.DateField(_("立案日期"))
    admitted_on = models.DateField(_("受理日期"), null=True, blank=True)
    due_on = models.DateField(_("全程期限"), null=True, blank=True)
    due_is_provisional = models.BooleanField(_("期限暂定"), default=False)
    extended_on = models.DateField(_("延长日期"), null=True, blank=True)
    extended_because = models.TextField(_("延长原因"), blank=True)
    circumstances = ArrayField(models.CharField(max_length=40), verbose_name=_("情形"), default=list, blank=True)
    awards = models.ManyToManyField(Award, through="CaseAward", verbose_name=_("待遇"), related_name="cases")
    closed_on = models.DateField(_("结案日期"), null=True, blank=True)
    closed_because = models.TextField(_("结案原因"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("案件")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                name="case_one_running_of_a_family",
                fields=("kind", "household", "programme", "occasion"),
                condition=Q(state__in=(CaseState.APPLIED, CaseState.OPEN), person__isnull=True),
                nulls_distinct=False,
                violation_error_message=_("这一户的这个项目已有一件正在办理。"),
            ),
            models.UniqueConstraint(
                name="case_one_running_of_a_person",
                fields=("kind", "person", "programme", "occasion"),
                condition=Q(state__in=(CaseState.APPLIED, CaseState.OPEN), person__isnull=False),
                nulls_distinct=False,
                violation_error_message=_("此人的这个项目已有一件正在办理。"),
            ),
            models.CheckConstraint(name="case_kind_is_known", condition=Q(kind__in=[value for value, _label in KINDS])),
            models.CheckConstraint(
                name="case_of_an_application_has_one",
                condition=Q(kind=CaseKind.APPLICATION.value, application__isnull=False)
                | (~Q(kind=CaseKind.APPLICATION.value) & Q(application__isnull=True)),
            ),
            models.CheckConstraint(
                name="case_open_or_closed",
                condition=Q(state__in=(CaseState.APPLIED, CaseState.OPEN), closed_on__isnull=True)
                | (~Q(state__in=(CaseState.APPLIED, CaseState.OPEN)) & Q(closed_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="case_admitted_before_decided",
                condition=Q(admitted_on__isnull=False) | ~Q(state__in=(CaseState.OPEN, CaseState.GRANTED)),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def asked_on(self) -> date:
        """The day on which it was asked for, or opened where nobody asked."""
        return self.application.applied_on if self.application else self.opened_on


class CaseAward(models.Model):
    """An award that a case began, changed or ended."""

    case = models.ForeignKey(Case, verbose_name=_("案件"), on_delete=models.PROTECT, related_name="+")
    award = models.ForeignKey(Award, verbose_name=_("待遇"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("案件涉及的待遇")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(name="case_touches_an_award_once", fields=("case", "award")),)

    def __str__(self) -> str:
        return f"{self.case} {self.award}"


class CaseStep(models.Model):
    """One step of a case: who may do it, until when, and who did it.

    ``name``, ``kind``, ``label``, ``posts`` and the days come from the procedure. ``raises`` are the circumstances that
    doing it brought about, ``took_part`` the staff besides ``done_by`` who did it with him. Until the end of
    ``runs_until`` nobody has anything to do, and what follows counts from there. A step that was sent back is done
    again in another round.
    """

    case = models.ForeignKey(Case, verbose_name=_("案件"), on_delete=models.PROTECT, related_name="steps")
    name = models.CharField(_("步骤"), max_length=40)
    kind = models.CharField(_("类别"), max_length=40)
    label = models.CharField(_("名称"), max_length=40)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    posts = ArrayField(models.CharField(max_length=30), verbose_name=_("岗位"))
    state = models.CharField(_("状态"), max_length=10, choices=StepState, default=StepState.OPEN)
    opened_on = models.DateField(_("到手日期"))
    begun_on = models.DateField(_("启动日期"), null=True, blank=True)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    due_is_provisional = models.BooleanField(_("期限暂定"), default=False)
    done_on = models.DateField(_("办结日期"), null=True, blank=True)
    done_by = models.ForeignKey(
        Principal, verbose_name=_("经办人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    took_part = ArrayField(models.BigIntegerField(), verbose_name=_("同去的人"), default=list, blank=True)
    runs_until = models.DateField(_("自行到期日"), null=True, blank=True)
    raises = ArrayField(models.CharField(max_length=40), verbose_name=_("带来的情形"), default=list, blank=True)
    note = models.TextField(_("说明"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("步骤")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(name="step_once_a_round", fields=("case", "name", "round")),
            models.CheckConstraint(
                name="step_done_by_someone_on_a_day",
                condition=Q(state=StepState.OPEN, done_on__isnull=True, done_by__isnull=True)
                | (~Q(state=StepState.OPEN) & Q(done_on__isnull=False)),
            ),
        )
        indexes = (models.Index(name="step_open_work", fields=("due_on", "id"), condition=Q(state=StepState.OPEN)),)

    def __str__(self) -> str:
        return f"{self.case} {self.name}"


class Objection(models.Model):
    """A doubt, from the public or from the family; it is answered before the case goes on."""

    case = models.ForeignKey(Case, verbose_name=_("案件"), on_delete=models.PROTECT, related_name="objections")
    step = models.ForeignKey(
        CaseStep, verbose_name=_("公示"), on_delete=models.PROTECT, null=True, blank=True, related_name="objections"
    )
    source = models.CharField(_("来源"), max_length=10, choices=ObjectionSource)
    raised_on = models.DateField(_("提出日期"))
    raised_by = models.CharField(_("提出人"), max_length=60, blank=True)
    content = models.TextField(_("内容"))
    taken_by = models.ForeignKey(Principal, verbose_name=_("登记人"), on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answer = models.TextField(_("处理结果"), blank=True)
    upheld = models.BooleanField(_("成立"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("异议")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="objection_answer_is_whole",
                condition=Q(answered_on__isnull=True, answer="", upheld__isnull=True)
                | (Q(answered_on__isnull=False, upheld__isnull=False) & ~Q(answer="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} {self.raised_on}"
