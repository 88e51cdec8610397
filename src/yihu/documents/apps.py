"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Papers that come in and go out."""

    name = "yihu.documents"
    label = "documents"
    verbose_name = _("文件")
