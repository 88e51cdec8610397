"""Accounts, monthly runs and the files that the bank gets."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yihu.access.models import Principal
from yihu.awards.models import Award, AwardTerm
from yihu.documents.models import Document
from yihu.households.models import Household, Person
from yihu.organisations.models import Division
from yihu.payments.enums import LineChange, RunPurpose, RunState

# What stands under the seal of a run that is approved now; `yihu.payments.seal` says what that is.
LATEST_SEAL = 1


class Account(models.Model):
    """Where a family's money goes, from when to when. The number is encrypted; ``tail`` is its last four digits."""

    household = models.ForeignKey(Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="accounts")
    holder = models.ForeignKey(Person, verbose_name=_("户名"), on_delete=models.PROTECT, related_name="+")
    bank = models.CharField(_("开户银行"), max_length=60)
    number = models.BinaryField(_("账号（加密）"))
    number_digest = models.BinaryField(_("账号摘要"), max_length=32, db_index=True)
    tail = models.CharField(_("账号后四位"), max_length=4)
    period = DateRangeField(_("期间"))
    shared_because = models.CharField(_("几户共用的原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("账户")
        ordering = ("id",)
        constraints = (
            ExclusionConstraint(
                name="account_one_of_a_household_at_a_time",
                expressions=(("household", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)),
                violation_error_message=_("这一户在这段时间已经有账户。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.household} *{self.tail}"


class PaymentRunQuerySet(models.QuerySet["PaymentRun"]):
    """Which runs count."""

    def standing(self) -> "PaymentRunQuerySet":
        """Those that were not given up."""
        return self.exclude(state=RunState.CANCELLED)


class PaymentRun(models.Model):
    """What one month pays of some programmes: made by one, checked by another, frozen and hashed when approved.

    ``month`` is the month that is paid for (its first day), ``pay_on`` the day the money is to arrive. ``purpose``
    tells the month's usual run from one that cannot wait for it; ``programmes`` are in the order of their names.
    """

    number = models.CharField(_("批次号"), max_length=40, unique=True)
    purpose = models.CharField(_("用途"), max_length=10, choices=RunPurpose, default=RunPurpose.MONTHLY)
    programmes = ArrayField(models.CharField(max_length=60), verbose_name=_("项目"))
    division = models.ForeignKey(Division, verbose_name=_("区划"), on_delete=models.PROTECT, related_name="+")
    month = models.DateField(_("所属月份"))
    pay_on = models.DateField(_("应到账日期"))
    state = models.CharField(_("状态"), max_length=10, choices=RunState, default=RunState.DRAFT)
    made_on = models.DateField(_("制单日期"))
    maker = models.ForeignKey(Principal, verbose_name=_("制单"), on_delete=models.PROTECT, related_name="+")
    checker = models.ForeignKey(
        Principal, verbose_name=_("复核"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_on = models.DateField(_("复核日期"), null=True, blank=True)
    returned_because = models.TextField(_("退回或作废的原因"), blank=True)
    households_count = models.PositiveIntegerField(_("户数"), default=0)
    people_count = models.PositiveIntegerField(_("人数"), default=0)
    total = models.BigIntegerField(_("金额（分）"), default=0)
    hash = models.CharField(_("校验码"), max_length=64, blank=True)
    seal_version = models.PositiveSmallIntegerField(_("封存版本"), default=LATEST_SEAL)

    objects = PaymentRunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("发放批次")
        ordering = ("-month", "programmes", "-id")
        constraints = (
            models.CheckConstraint(name="run_month_is_a_first", condition=Q(month__day=1)),
            models.CheckConstraint(name="run_pays_some_programme", condition=Q(programmes__len__gt=0)),
            models.CheckConstraint(
                name="run_maker_is_not_checker", condition=Q(checker__isnull=True) | ~Q(checker=F("maker"))
            ),
            models.CheckConstraint(
                name="run_approved_with_checker_and_hash",
                condition=~Q(state=RunState.APPROVED)
                | (Q(checker__isnull=False, approved_on__isnull=False) & ~Q(hash="")),
            ),
        )
        indexes = (models.Index(name="run_of_division", fields=("division", "month")),)

    def __str__(self) -> str:
        return self.number


class PaymentLine(models.Model):
    """What a run pays of one award for one pay period: what is due of it less what live lines pay already.

    ``period`` is the first day of the pay period: of a month, or of the season, the year or the occasion; ``term`` says
    what is due. ``before``: what the run before paid for its own month. Name, area, account and the name on it are as
    they were when the line was made. ``cancelled``: it is not paid, since its run was given up or, for
    ``left_out_because``, it was left out of it; what it stands for stays owed. ``written_off_because``: it cannot be
    paid to anybody, and once its run is approved it is owed no longer.
    """

    run = models.ForeignKey(PaymentRun, verbose_name=_("批次"), on_delete=models.PROTECT, related_name="lines")
    award = models.ForeignKey(Award, verbose_name=_("待遇"), on_delete=models.PROTECT, related_name="lines")
    term = models.ForeignKey(AwardTerm, verbose_name=_("依据"), on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, verbose_name=_("社区"), on_delete=models.PROTECT, related_name="+")
    period = models.DateField(_("所属期"))
    name = models.CharField(_("领取人"), max_length=60)
    members = models.PositiveSmallIntegerField(_("人数"))
    amount = models.BigIntegerField(_("金额（分）"))
    before = models.BigIntegerField(_("上次金额（分）"), null=True, blank=True)
    change = models.CharField(_("变化"), max_length=10, choices=LineChange)
    account = models.ForeignKey(
        Account, verbose_name=_("账户"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    holder = models.CharField(_("户名"), max_length=60, blank=True)
    cancelled = models.BooleanField(_("已作废"), default=False)
    left_out_because = models.CharField(_("暂缓的原因"), max_length=200, blank=True, default="", db_default="")
    written_off_because = models.CharField(_("不再补发的原因"), max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name = verbose_name_plural = _("发放明细")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                name="line_once_a_run_and_period",
                fields=("run", "award", "period"),
                violation_error_message=_("这笔待遇的这一期已经在这个批次里。"),
            ),
            models.CheckConstraint(name="line_pays_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="line_left_out_is_not_paid", condition=Q(left_out_because="") | Q(cancelled=True)
            ),
            models.CheckConstraint(
                name="line_written_off_is_not_paid",
                condition=Q(written_off_because="") | Q(cancelled=True, left_out_because=""),
            ),
        )
        indexes = (
            models.Index(name="line_of_household", fields=("household", "period")),
            models.Index(name="line_of_award", fields=("award", "period")),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.household}"


class Settlement(models.Model):
    """From when on there is something to look at of an award: what lies before was paid and not touched since.

    Of no pay period that begins before ``owed_from`` is anything owed, of none that begins before ``overpaid_from`` was
    too much paid, by the terms up to ``known_term`` (an id); later ones may reach back, which `payments_open_from`
    heeds. The database works it out anew whenever a run with the award is approved, and nobody else writes it.
    """

    award = models.OneToOneField(
        Award, verbose_name=_("待遇"), on_delete=models.PROTECT, primary_key=True, related_name="settlement"
    )
    owed_from = models.DateField(_("从哪天起可能有应发未发"))
    overpaid_from = models.DateField(_("从哪天起可能有多发"))
    known_term = models.BigIntegerField(_("算到哪一段"))

    class Meta:
        verbose_name = verbose_name_plural = _("结清")

    def __str__(self) -> str:
        return f"{self.award} {self.owed_from}"


class BankFile(models.Model):
    """The file of an approved run under one profile: made again it is the same, byte for byte.

    One of a run stands. A former one of another format is kept, withdrawn for its reason: both sent would pay twice.
    """

    run = models.ForeignKey(PaymentRun, verbose_name=_("批次"), on_delete=models.PROTECT, related_name="bank_files")
    profile = models.CharField(_("格式"), max_length=40)
    document = models.OneToOneField(Document, verbose_name=_("文件"), on_delete=models.PROTECT, related_name="+")
    lines_count = models.PositiveIntegerField(_("笔数"))
    total = models.BigIntegerField(_("金额（分）"))
    made_on = models.DateField(_("生成日期"))
    made_by = models.ForeignKey(Principal, verbose_name=_("经办人"), on_delete=models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(_("撤回日期"), null=True, blank=True)
    withdrawn_because = models.CharField(_("撤回的原因"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = _("银行文件")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                name="bank_file_one_of_a_run_stands",
                fields=("run",),
                condition=Q(withdrawn_on__isnull=True),
                violation_error_message=_("这个批次已有一份银行文件。"),
            ),
            models.CheckConstraint(
                name="bank_file_withdrawn_for_a_reason",
                condition=Q(withdrawn_on__isnull=True, withdrawn_because="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_because="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.profile}"

    @property
    def is_late(self) -> bool:
        """Whether it was made when the money should have arrived."""
        return self.made_on > self.run.pay_on
