"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsChecksConfig(AppConfig):
    """What other departments know of a family."""

    name = "yihu.records_checks"
    label = "records_checks"
    verbose_name = _("核对")
