"""Letters as they were sent: their words never change."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yihu.access.models import Principal
from yihu.households.models import Household
from yihu.letters.enums import Delivery, LetterKind


class Letter(models.Model):
    """One letter to one family. ``content`` holds its blocks as they were printed; ``subject`` is what it is about.

    ``office`` signs it, ``entrusted_by`` is on whose behalf it decided, both as they were called then. ``due_on`` is
    the last day on which the family must have it, None where the law sets none.
    """

    number = models.CharField(_("文号"), max_length=40, unique=True)
    kind = models.CharField(_("类别"), max_length=20, choices=LetterKind)
    household = models.ForeignKey(Household, verbose_name=_("家庭"), on_delete=models.PROTECT, related_name="letters")
    subject = models.CharField(_("所属"), max_length=60, db_index=True)
    addressee = models.CharField(_("收信人"), max_length=60)
    content = models.JSONField(_("内容"))
    office = models.CharField(_("发文机关"), max_length=60)
    entrusted_by = models.CharField(_("委托机关"), max_length=60, blank=True)
    issued_on = models.DateField(_("发出日期"))
    issued_by = models.ForeignKey(Principal, verbose_name=_("经办人"), on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("送达期限"), null=True, blank=True)
    delivered_on = models.DateField(_("送达日期"), null=True, blank=True)
    delivery = models.CharField(_("送达方式"), max_length=20, choices=Delivery, blank=True)
    received_by = models.CharField(_("签收人"), max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("通知书")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="letter_delivery_is_whole",
                condition=models.Q(delivered_on__isnull=True, delivery="")
                | (models.Q(delivered_on__isnull=False) & ~models.Q(delivery="")),
            ),
            models.CheckConstraint(
                name="letter_delivered_after_issue",
                condition=models.Q(delivered_on__isnull=True) | models.Q(delivered_on__gte=models.F("issued_on")),
            ),
        )
        indexes = (
            models.Index(
                name="letter_undelivered", fields=("household",), condition=models.Q(delivered_on__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.number
