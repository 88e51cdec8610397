"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AwardsConfig(AppConfig):
    """What a family receives, from when to when."""

    name = "yihu.awards"
    label = "awards"
    verbose_name = _("待遇")
