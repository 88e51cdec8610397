"""An application, the case it becomes, and what was done in each step. The steps come from the procedure files."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yihu.awards.models import Award
from yihu.cases.enums import CaseState, Channel, NoticeKind, ObjectionSource, Opinion, StepState, VisitBy
from yihu.documents.models import Document
from yihu.households.models import Household, Person
from yihu.organisations.models import Division, StaffMember
from yihu.policy.models import Determination
from yihu.records_checks.models import RecordsCheck


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
    taken_by = models.ForeignKey(StaffMember, verbose_name=_("首问"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("申请")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.household} {self.programme} {self.applied_on}"


class Case(models.Model):
    """The handling of an application, under the procedure that held on the day it was opened, to its end.

    ``division`` is the community where the family lives while it runs, and after that the last; its street keeps the
    case when the family moves away, and calls it by ``household_number`` and ``applicant_name``. ``procedure`` is the
    key of the procedure. ``circumstances`` are those of its words that are true of the case whatever is done in it,
    such as a complaint; what a step brought about stands in the step.
    """

    number = models.CharField(_("案号"), max_length=20, unique=True)
    application = models.OneToOneField(
        Application, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="case"
    )
    household = models.ForeignKey(Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="cases")
    household_number = models.CharField(_("户号"), max_length=20)
    applicant_name = models.CharField(_("申请人"), max_length=60)
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
    award = models.OneToOneField(
        Award, verbose_name=_("待遇"), on_delete=models.PROTECT, null=True, blank=True, related_name="case"
    )
    closed_on = models.DateField(_("结案日期"), null=True, blank=True)
    closed_because = models.TextField(_("结案原因"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("案件")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                name="case_one_running_of_a_programme",
                fields=("household", "programme"),
                condition=Q(state__in=(CaseState.APPLIED, CaseState.OPEN)),
                violation_error_message=_("这一户的这个项目已有一件正在办理。"),
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


class CaseStep(models.Model):
    """One step of a case: who may do it, until when, and who did it.

    ``name``, ``kind``, ``label``, ``posts`` and the days come from the procedure. ``raises`` are the circumstances that
    doing it brought about. A step that was sent back is done again in another round.
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
        StaffMember, verbose_name=_("经办人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
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


class CorrectionRequest(models.Model):
    """All that is missing, named once and at once (民发〔2021〕57号 第十条), by the keys of the procedure's papers."""

    case = models.OneToOneField(Case, verbose_name=_("案件"), on_delete=models.PROTECT, related_name="correction")
    missing = models.JSONField(_("缺少的材料"))
    asked_on = models.DateField(_("告知日期"))
    asked_by = models.ForeignKey(StaffMember, verbose_name=_("经办人"), on_delete=models.PROTECT, related_name="+")
    met_on = models.DateField(_("补齐日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("补正")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.case} {self.asked_on}"


class CaseCheck(models.Model):
    """A records check made for a case: the first, and others when the family brought evidence."""

    case = models.ForeignKey(Case, verbose_name=_("案件"), on_delete=models.PROTECT, related_name="checks")
    records_check = models.OneToOneField(
        RecordsCheck, verbose_name=_("核对"), on_delete=models.PROTECT, related_name="case_check"
    )
    step = models.ForeignKey(CaseStep, verbose_name=_("步骤"), on_delete=models.PROTECT, related_name="checks")

    class Meta:
        verbose_name = verbose_name_plural = _("案件核对")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.case} {self.records_check}"


class HomeVisit(models.Model):
    """Two people at the family's home, what they saw, and the member who signed (民发〔2021〕57号 第十六条)."""

    step = models.OneToOneField(CaseStep, verbose_name=_("步骤"), on_delete=models.PROTECT, related_name="visit")
    by = models.CharField(_("谁去"), max_length=10, choices=VisitBy)
    visited_on = models.DateField(_("入户日期"))
    visitors = ArrayField(models.BigIntegerField(), verbose_name=_("调查人"))
    visitor_names = ArrayField(models.CharField(max_length=60), verbose_name=_("调查人姓名"))
    findings = models.TextField(_("所见"))
    neighbours = models.TextField(_("邻里访问"), blank=True)
    signed_by = models.CharField(_("在场签字的成员"), max_length=60)
    contactless = models.CharField(_("非接触方式及原因"), max_length=200, blank=True)
    document = models.ForeignKey(
        Document, verbose_name=_("调查表"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("入户调查")
        ordering = ("id",)
        constraints = (models.CheckConstraint(name="visit_by_two_people", condition=Q(visitors__len__gte=2)),)

    def __str__(self) -> str:
        return f"{self.step} {self.visited_on}"


class CommunityAppraisal(models.Model):
    """Neighbours and representatives judge whether the findings are true (民发〔2012〕220号 第二十一条至第二十四条)."""

    step = models.OneToOneField(CaseStep, verbose_name=_("步骤"), on_delete=models.PROTECT, related_name="appraisal")
    held_on = models.DateField(_("评议日期"))
    participants = models.PositiveSmallIntegerField(_("参加人数"))
    residents = models.PositiveSmallIntegerField(_("其中居民代表"))
    found_true = models.BooleanField(_("结果真实有效"))
    disputed = models.BooleanField(_("争议较大"), default=False)
    minutes = models.TextField(_("评议记录"))

    class Meta:
        verbose_name = verbose_name_plural = _("民主评议")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="appraisal_residents_take_part",
                condition=Q(residents__lte=models.F("participants"), participants__gt=0),
            ),
        )

    def __str__(self) -> str:
        return f"{self.step} {self.held_on}"


class Examination(models.Model):
    """The street's opinion, with the determination that it rests on."""

    step = models.OneToOneField(CaseStep, verbose_name=_("步骤"), on_delete=models.PROTECT, related_name="examination")
    opinion = models.CharField(_("意见"), max_length=10, choices=Opinion)
    determination = models.ForeignKey(Determination, verbose_name=_("认定"), on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("理由"))
    examined_on = models.DateField(_("审核日期"))
    examined_by = models.ForeignKey(StaffMember, verbose_name=_("审核人"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("审核")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.step} {self.opinion}"


class PublicNotice(models.Model):
    """What hangs in the community: name, number of members and amount, nothing else (民发〔2021〕57号 第二十四条)."""

    step = models.OneToOneField(CaseStep, verbose_name=_("步骤"), on_delete=models.PROTECT, related_name="notice")
    kind = models.CharField(_("类别"), max_length=10, choices=NoticeKind)
    place = models.ForeignKey(Division, verbose_name=_("社区"), on_delete=models.PROTECT, related_name="+")
    posted_on = models.DateField(_("张贴日期"))
    ends_on = models.DateField(_("公示最后一天"), null=True, blank=True)
    name = models.CharField(_("申请人"), max_length=60)
    members = models.PositiveSmallIntegerField(_("成员数"))
    opinion = models.CharField(_("意见"), max_length=10, choices=Opinion, blank=True)
    amount = models.BigIntegerField(_("金额（分）"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("公示")
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
    taken_by = models.ForeignKey(StaffMember, verbose_name=_("登记人"), on_delete=models.PROTECT, related_name="+")
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


class Confirmation(models.Model):
    """The decision. A grant begins an award; a refusal is told in writing with its reasons."""

    step = models.OneToOneField(CaseStep, verbose_name=_("步骤"), on_delete=models.PROTECT, related_name="confirmation")
    decision = models.CharField(_("决定"), max_length=10, choices=Opinion)
    determination = models.ForeignKey(Determination, verbose_name=_("认定"), on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("理由"))
    decided_on = models.DateField(_("决定日期"))
    decided_by = models.ForeignKey(StaffMember, verbose_name=_("决定人"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("确认")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.step} {self.decision}"
