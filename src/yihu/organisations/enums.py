"""The kinds of divisions and offices."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DivisionLevel(models.TextChoices):
    """How high a division stands; its code is as long as its level says."""

    DISTRICT = "district", _("区")
    STREET = "street", _("街道")


class OfficeKind(models.TextChoices):
    """What people turn to an office for."""

    STREET_ASSISTANCE_WINDOW = "street_assistance_window", _("街道救助窗口")
