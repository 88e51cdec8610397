"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    """Runs, accounts and bank files."""

    name = "yihu.payments"
    label = "payments"
    verbose_name = _("发放")
