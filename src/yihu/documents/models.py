"""Papers: what they are, where they belong and how they are found again; their content lies outside the database."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yihu.documents.enums import DocumentKind
from yihu.organisations.models import Division


class Document(models.Model):
    """One paper as it came in or went out. It never changes; the content is stored once, by its hash."""

    kind = models.CharField(_("类别"), max_length=20, choices=DocumentKind)
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(_("内容类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("字节数"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    division = models.ForeignKey(Division, verbose_name=_("区划"), on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField(_("收到日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("文件")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="document_kind_is_known", condition=models.Q(kind__in=DocumentKind.values)),
            models.CheckConstraint(name="document_has_hash", condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$")),
        )

    def __str__(self) -> str:
        return self.name
