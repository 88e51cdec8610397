"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HouseholdsConfig(AppConfig):
    """Families, their members and what is known of them."""

    name = "yihu.households"
    label = "households"
    verbose_name = _("家庭")
