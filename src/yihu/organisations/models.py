"""Divisions and offices."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yihu.organisations.enums import DivisionLevel, OfficeKind

DISTRICT_CODE = r"^[1-9][0-9]{5}$"
STREET_CODE = r"^[1-9][0-9]{8}$"
# Fixed lines with their area code, as an office has; a mobile number would be a person's.
OFFICE_TELEPHONE = r"^0[1-9][0-9]{1,2}-[2-9][0-9]{6,7}$"


class Division(models.Model):
    """A district or a street, by its code in the statistical classification of divisions."""

    code = models.CharField(_("统计用区划代码"), max_length=9, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("层级"), max_length=20, choices=DivisionLevel)
    parent = models.ForeignKey(
        "self", verbose_name=_("上级区划"), on_delete=models.PROTECT, null=True, blank=True, related_name="divisions"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("区划")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                name="division_code_fits_level",
                condition=Q(level=DivisionLevel.DISTRICT, code__regex=DISTRICT_CODE)
                | Q(level=DivisionLevel.STREET, code__regex=STREET_CODE),
                violation_error_message=_("区的代码是 6 位数字，街道的代码是 9 位数字。"),
            ),
            models.CheckConstraint(
                name="division_street_lies_in_district",
                condition=Q(level=DivisionLevel.DISTRICT, parent__isnull=True)
                | Q(level=DivisionLevel.STREET, parent__isnull=False, code__startswith=F("parent_id")),
                violation_error_message=_("街道属于一个区，代码以区的代码开头；区没有上级。"),
            ),
            models.CheckConstraint(
                name="division_has_name", condition=~Q(name=""), violation_error_message=_("区划要有名称。")
            ),
        )

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    """Where people turn to. No field names a person: people come and go, and their names are not directory data."""

    division = models.ForeignKey(Division, verbose_name=_("区划"), on_delete=models.PROTECT, related_name="offices")
    kind = models.CharField(_("类别"), max_length=40, choices=OfficeKind)
    name = models.CharField(_("名称"), max_length=60)
    telephone = models.CharField(_("办公电话"), max_length=13)
    source_document = models.CharField(_("来源文件"), max_length=60)
    source_clause = models.CharField(_("来源条款"), max_length=60)
    source_date = models.DateField(_("来源日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("机构")
        ordering = ("division", "kind")
        constraints = (
            models.UniqueConstraint(
                name="office_once_per_division_and_kind",
                fields=("division", "kind"),
                violation_error_message=_("这个区划已有同类机构。"),
            ),
            models.CheckConstraint(
                name="office_kind_is_known",
                condition=Q(kind__in=OfficeKind.values),
                violation_error_message=_("机构类别不在表中。"),
            ),
            models.CheckConstraint(
                name="office_telephone_is_fixed_line",
                condition=Q(telephone__regex=OFFICE_TELEPHONE),
                violation_error_message=_("办公电话写成 010-12345678 这样的固定电话。"),
            ),
            models.CheckConstraint(
                name="office_has_name_and_source",
                condition=~Q(name="") & ~Q(source_document="") & ~Q(source_clause=""),
                violation_error_message=_("机构要有名称，并注明来自哪份文件的哪一条。"),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def source(self) -> str:
        """The source as a reader would cite it."""
        return f"{self.source_document} {self.source_clause}"
