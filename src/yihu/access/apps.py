"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Who may do what, and where."""

    name = "yihu.access"
    label = "access"
    verbose_name = _("权限")
