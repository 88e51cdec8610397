"""Help that is not money, on its way: given out, and what became of it. Payments never see it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yihu.access.models import Principal
from yihu.awards.models.claims import AwardTerm

MOST_AT_ONCE = 9999
"""More of anything is a slip of the fingers."""


class Delivery(models.Model):
    """So much of something that an award gives, delivered by somebody on a day; then received, or refused for a reason.

    What is fulfilled is what arrived: a delivery counts once it was received. ``period`` is what it is for: the first
    day of a month of help by the month, else the one pay period of the award; for each there is one that was not
    refused. ``what`` is the term's help as it was then. ``delivered_by`` is who acted, ``received_by`` the name of
    whoever took it, ``receipt`` the paper that he signed, as it is found again. ``recorded_by`` took down what
    became of it, from that paper or as it came back: never whoever gave it out, who would answer for himself.
    """

    term = models.ForeignKey(AwardTerm, verbose_name=_("待遇"), on_delete=models.PROTECT, related_name="deliveries")
    period = models.DateField(_("所属期"))
    what = models.CharField(_("内容"), max_length=200)
    quantity = models.PositiveIntegerField(_("数量"))
    delivered_on = models.DateField(_("送出日期"))
    delivered_by = models.ForeignKey(Principal, verbose_name=_("送出人"), on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField(_("收到日期"), null=True, blank=True)
    received_by = models.CharField(_("收件人"), max_length=60, blank=True, default="")
    receipt = models.CharField(_("签收凭据"), max_length=100, blank=True, default="")
    recorded_by = models.ForeignKey(
        Principal, verbose_name=_("登记结果的人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    refused_on = models.DateField(_("拒收日期"), null=True, blank=True)
    refused_because = models.CharField(_("拒收的原因"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = _("交付")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="delivery_is_of_something", condition=Q(quantity__gt=0) & ~Q(what="")),
            models.CheckConstraint(name="delivery_of_so_many", condition=Q(quantity__lte=MOST_AT_ONCE)),
            models.UniqueConstraint(
                name="delivery_once_for_a_period",
                fields=("term", "period"),
                condition=Q(refused_on__isnull=True),
                violation_error_message=_("这一期已经送出，或者已经收到。"),
            ),
            models.CheckConstraint(
                name="delivery_received_or_refused",
                condition=Q(
                    received_on__isnull=True, received_by="", receipt="", refused_on__isnull=True, refused_because=""
                )
                | (
                    Q(received_on__isnull=False, refused_on__isnull=True, refused_because="")
                    & ~Q(received_by="")
                    & ~Q(receipt="")
                )
                | (
                    Q(received_on__isnull=True, received_by="", receipt="", refused_on__isnull=False)
                    & ~Q(refused_because="")
                ),
            ),
            models.CheckConstraint(
                name="delivery_taken_down_by_another",
                condition=Q(received_on__isnull=True, refused_on__isnull=True, recorded_by__isnull=True)
                | (
                    (Q(received_on__isnull=False) | Q(refused_on__isnull=False))
                    & Q(recorded_by__isnull=False)
                    & ~Q(recorded_by=models.F("delivered_by"))
                ),
                violation_error_message=_("送出的人不能自己登记收到或者没有收。"),
            ),
            models.CheckConstraint(
                name="delivery_in_order",
                condition=(Q(received_on__isnull=True) | Q(received_on__gte=models.F("delivered_on")))
                & (Q(refused_on__isnull=True) | Q(refused_on__gte=models.F("delivered_on"))),
            ),
        )

    def __str__(self) -> str:
        return f"{self.term} {self.what}"
