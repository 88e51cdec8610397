"""Who can act."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PrincipalKind(models.TextChoices):
    """What somebody who acts is to the register."""

    STAFF = "staff", _("工作人员")
    RESIDENT = "resident", _("居民")
    PARTNER = "partner", _("合作单位人员")
    SERVICE = "service", _("程序")


# They do not work here: no area is theirs, and of the register they see what is their own or was granted.
OUTSIDE = (PrincipalKind.RESIDENT, PrincipalKind.PARTNER)
