"""What was asked of which department about a family, and what it answered."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from yihu.access.models import Principal
from yihu.documents.models import Document
from yihu.households.models import Household, Person
from yihu.organisations.models import Division
from yihu.records_checks.enums import WAITING, CheckState, RequestState, SetAside


class RecordsCheck(models.Model):
    """One round of questions about one family. ``subject`` is what it is for, such as the number of a case."""

    household = models.ForeignKey(
        Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="records_checks"
    )
    subject = models.CharField(_("所属"), max_length=60, db_index=True)
    people = ArrayField(models.BigIntegerField(), verbose_name=_("被核对人"))
    asked_on = models.DateField(_("提请日期"))
    asked_by = models.ForeignKey(Principal, verbose_name=_("提请人"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=CheckState, default=CheckState.OPEN)
    closed_on = models.DateField(_("完成日期"), null=True, blank=True)
    note = models.TextField(_("说明"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("核对")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="check_closes_with_a_day",
                condition=models.Q(state=CheckState.OPEN, closed_on__isnull=True)
                | (~models.Q(state=CheckState.OPEN) & models.Q(closed_on__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.asked_on}"


class SourceRequest(models.Model):
    """The question to one source, and its answer once it came. ``sent_on`` is the day on which it was laid out."""

    check_round = models.ForeignKey(
        RecordsCheck, verbose_name=_("核对"), on_delete=models.PROTECT, related_name="requests"
    )
    source = models.CharField(_("来源"), max_length=40)
    state = models.CharField(_("状态"), max_length=10, choices=RequestState, default=RequestState.QUEUED)
    sent_on = models.DateField(_("发出日期"), null=True, blank=True)
    asked_in = models.ForeignKey(
        Document, verbose_name=_("提请文件"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answered_in = models.ForeignKey(
        Document, verbose_name=_("答复文件"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    data_as_of = models.DateField(_("数据截止日期"), null=True, blank=True)
    failure = models.TextField(_("未能答复的原因"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("核对请求")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(name="source_asked_once_a_round", fields=("check_round", "source")),
            models.CheckConstraint(
                name="answer_is_whole",
                condition=~models.Q(state=RequestState.ANSWERED)
                | models.Q(answered_on__isnull=False, answered_in__isnull=False, data_as_of__isnull=False),
            ),
            models.CheckConstraint(
                name="giving_up_has_a_reason",
                condition=~models.Q(state=RequestState.FAILED) | ~models.Q(failure=""),
            ),
            models.CheckConstraint(
                name="question_is_queued_until_sent",
                condition=models.Q(state__in=(RequestState.SENT, RequestState.ANSWERED), sent_on__isnull=False)
                | models.Q(state=RequestState.QUEUED, sent_on__isnull=True)
                | models.Q(state__in=(RequestState.FAILED, RequestState.CANCELLED)),
            ),
        )
        indexes = (
            models.Index(name="request_waiting", fields=("source", "id"), condition=models.Q(state__in=WAITING)),
        )

    def __str__(self) -> str:
        return f"{self.check_round} {self.source}"

    @property
    def number(self) -> str:
        """How the question is called in the files that are exchanged."""
        return f"HD{self.pk:08d}"


class SourceAnswer(models.Model):
    """What a source said of one person: found or not, and what of it, by the keys of the source's columns.

    ``set_aside``: the answer came too late to be lawful, and what it said is not kept.
    """

    request = models.ForeignKey(SourceRequest, verbose_name=_("请求"), on_delete=models.PROTECT, related_name="answers")
    person = models.ForeignKey(Person, verbose_name=_("个人"), on_delete=models.PROTECT, related_name="+")
    found = models.BooleanField(_("查到"))
    said = models.JSONField(_("内容"))
    data_as_of = models.DateField(_("数据截止日期"))
    set_aside = models.CharField(_("不采用的原因"), max_length=12, choices=SetAside, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("核对答复")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(name="person_answered_once", fields=("request", "person")),)

    def __str__(self) -> str:
        return f"{self.request} {self.person}"


class RefusedFile(models.Model):
    """A file of a source that was not taken, until somebody has seen to it. What is wrong with it never changes.

    ``division`` is the smallest that holds the families whose requests it names, else the whole district. These
    families stand here by id: whoever they are kept from does not see their requests. Of its ``faults`` the first are
    kept, with long numbers masked; ``faults_count`` is how many there were.
    """

    source = models.CharField(_("来源"), max_length=40)
    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    division = models.ForeignKey(Division, verbose_name=_("范围"), on_delete=models.PROTECT, related_name="+")
    requests = ArrayField(models.BigIntegerField(), verbose_name=_("所涉请求"), default=list, blank=True)
    households = ArrayField(models.BigIntegerField(), verbose_name=_("所涉家庭"), default=list, blank=True)
    faults = ArrayField(models.TextField(), verbose_name=_("没有采用的原因"))
    faults_count = models.PositiveIntegerField(_("原因数"))
    refused_on = models.DateField(_("收到日期"))
    at = models.DateTimeField(_("时间"), auto_now_add=True)
    settled_on = models.DateField(_("处理日期"), null=True, blank=True)
    settled_by = models.ForeignKey(
        Principal, verbose_name=_("处理人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_note = models.TextField(_("处理结果"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("没有采用的答复文件")
        ordering = ("id",)
        constraints = (
            # Dropped again before anybody saw to it, it is the same work; after that it is new.
            models.UniqueConstraint(
                name="file_refused_once",
                fields=("division", "source", "sha256"),
                condition=models.Q(settled_on__isnull=True),
            ),
            models.CheckConstraint(
                name="settling_a_file_is_whole",
                condition=models.Q(settled_on__isnull=True, settled_by__isnull=True, settled_note="")
                | (
                    models.Q(settled_on__isnull=False) & models.Q(settled_by__isnull=False) & ~models.Q(settled_note="")
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.name}"
