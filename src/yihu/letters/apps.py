"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    """What families are told in writing."""

    name = "yihu.letters"
    label = "letters"
    verbose_name = _("通知书")
