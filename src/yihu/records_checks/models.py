"""What was asked of which department about a family, and what it answered."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from yihu.documents.models import Document
from yihu.households.models import Household, Person
from yihu.records_checks.enums import CheckState, RequestState


class RecordsCheck(models.Model):
    """One round of questions about one family. ``subject`` is what it is for, such as the number of a case."""

    household = models.ForeignKey(
        Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="records_checks"
    )
    subject = models.CharField(_("所属"), max_length=60, db_index=True)
    people = ArrayField(models.BigIntegerField(), verbose_name=_("被核对人"))
    asked_on = models.DateField(_("提请日期"))
    asked_by = models.CharField(_("提请人"), max_length=60)
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
    """The question to one source, and its answer once it came."""

    check_round = models.ForeignKey(
        RecordsCheck, verbose_name=_("核对"), on_delete=models.PROTECT, related_name="requests"
    )
    source = models.CharField(_("来源"), max_length=40)
    state = models.CharField(_("状态"), max_length=10, choices=RequestState, default=RequestState.SENT)
    sent_on = models.DateField(_("发出日期"))
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
        )

    def __str__(self) -> str:
        return f"{self.check_round} {self.source}"


class SourceAnswer(models.Model):
    """What a source said of one person: found with these facts, or not found. Each fact then stands in the file."""

    request = models.ForeignKey(SourceRequest, verbose_name=_("请求"), on_delete=models.PROTECT, related_name="answers")
    person = models.ForeignKey(Person, verbose_name=_("个人"), on_delete=models.PROTECT, related_name="+")
    found = models.BooleanField(_("查到"))
    said = models.JSONField(_("内容"))

    class Meta:
        verbose_name = verbose_name_plural = _("核对答复")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(name="person_answered_once", fields=("request", "person")),)

    def __str__(self) -> str:
        return f"{self.request} {self.person}"
