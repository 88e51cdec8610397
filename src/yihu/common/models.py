"""What every room stands on: the history of all changes, the calendar of working days, running numbers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """One change of one row, written by the database itself; nobody can write, alter or remove one."""

    at = models.DateTimeField(_("时间"))
    # Which changes came about together.
    transaction = models.BigIntegerField(_("事务"))
    # Looked up once for a statement by `app_actor`, and never removed: a reference would be asked for each row.
    actor = models.ForeignKey(
        "access.Principal",
        verbose_name=_("经办人"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    reason = models.TextField(_("原因"))
    origin = models.CharField(_("来处"), max_length=120)
    table = models.CharField(_("表"), max_length=63)
    row_id = models.BigIntegerField(_("行"))
    operation = models.CharField(_("动作"), max_length=6)
    before = models.JSONField(_("之前"), null=True)
    # SHA-256 of the row as it was written; of a row that was removed, none.
    written = models.BinaryField(_("写入内容摘要"), max_length=32, null=True)
    household = models.BigIntegerField(_("家庭"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("变更")
        ordering = ("id",)
        indexes = (
            models.Index(name="change_of_household", fields=("household", "id"), condition=models.Q(household__gt=0)),
            models.Index(name="change_of_row", fields=("table", "row_id", "id")),
        )

    def __str__(self) -> str:
        return f"{self.table} {self.row_id} {self.operation}"


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a public holiday, or a weekend day that is worked."""

    day = models.DateField(_("日期"), primary_key=True)
    is_working = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=40)
    source = models.CharField(_("来源"), max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = _("节假日和调休")
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class NumberSeries(models.Model):
    """The last number given out of one series, such as the cases of one street in one year."""

    name = models.CharField(_("序列"), max_length=60, primary_key=True)
    last = models.PositiveBigIntegerField(_("最后一个号"))

    class Meta:
        verbose_name = verbose_name_plural = _("编号序列")

    def __str__(self) -> str:
        return f"{self.name} {self.last}"
