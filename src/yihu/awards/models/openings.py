"""The opening balance: what was running before this register began."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yihu.access.models import Principal
from yihu.awards.enums import ListState
from yihu.documents.models import Document
from yihu.organisations.models import Division


class OpeningImport(models.Model):
    """A workbook of awards that were running before this register began: an opening balance, no case behind it.

    ``pays_from`` is the first of the first month that is paid here; whoever paid before paid the months before it.
    """

    document = models.ForeignKey(Document, verbose_name=_("名单"), on_delete=models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, verbose_name=_("区划"), on_delete=models.PROTECT, related_name="+")
    imported_on = models.DateField(_("载入日期"))
    imported_by = models.ForeignKey(Principal, verbose_name=_("经办人"), on_delete=models.PROTECT, related_name="+")
    awards_count = models.PositiveIntegerField(_("笔数"))
    total = models.BigIntegerField(_("月金额合计（分）"))
    pays_from = models.DateField(_("起发月份"))

    class Meta:
        verbose_name = verbose_name_plural = _("在册期初")
        ordering = ("id",)
        constraints = (models.CheckConstraint(name="opening_pays_from_a_first", condition=Q(pays_from__day=1)),)

    def __str__(self) -> str:
        return f"{self.imported_on} {self.document}"


class OpeningList(models.Model):
    """A list on its way in: checked row by row in the background, and taken over when somebody says so.

    Its content lies with the papers under ``sha256``. ``staff`` is who asked last, in whose name the work is done.
    ``done`` of ``total`` rows are checked; ``tries`` counts how often the work in hand was begun, ``found`` is what
    came of the check, ``bad_rows`` the content of the workbook of bad rows, ``problem`` why it came to nothing.
    ``pays_from`` is from which month on its awards are to be paid here; it is asked when the list is taken over.
    """

    name = models.CharField(_("名单"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    division = models.ForeignKey(Division, verbose_name=_("区划"), on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Principal, verbose_name=_("经办人"), on_delete=models.PROTECT, related_name="+")
    handed_in_on = models.DateField(_("交来日期"))
    state = models.CharField(_("状态"), max_length=10, choices=ListState, default=ListState.TO_CHECK)
    tries = models.PositiveSmallIntegerField(_("办过几次"), default=0)
    total = models.PositiveIntegerField(_("行数"), default=0)
    done = models.PositiveIntegerField(_("已核对行数"), default=0)
    found = models.JSONField(_("核对结果"), default=dict)
    bad_rows = models.CharField(_("要改的行"), max_length=64, blank=True)
    problem = models.TextField(_("没有做成的原因"), blank=True)
    pays_from = models.DateField(_("起发月份"), null=True, blank=True)
    opening = models.ForeignKey(
        OpeningImport, verbose_name=_("期初"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("待载入的名单")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                name="opening_list_on_its_way_once",
                fields=("division", "sha256"),
                condition=~Q(state__in=(ListState.LOADED, ListState.DROPPED)),
                violation_error_message=_("这份名单已经在办。"),
            ),
            models.CheckConstraint(name="opening_list_state_is_known", condition=Q(state__in=ListState.values)),
        )

    def __str__(self) -> str:
        return self.name
