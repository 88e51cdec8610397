"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    """What every room stands on."""

    name = "yihu.common"
    label = "common"
    verbose_name = _("公用")
