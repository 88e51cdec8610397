"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    """Divisions, offices and the people who work in them."""

    name = "yihu.organisations"
    label = "organisations"
    verbose_name = _("区划与机构")
