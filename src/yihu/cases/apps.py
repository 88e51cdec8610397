"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """The lawful way of an application."""

    name = "yihu.cases"
    label = "cases"
    verbose_name = _("办理")
