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

# What the service is at, as a page says it; it acts under these names.
WORK_OF_THE_SERVICE = {
    "calendar": _("每夜查看到期变动"),
    "demo": _("示范数据"),
    "exchange": _("与部门交换核对"),
    "install": _("安装"),
    "load_organisations": _("载入机构"),
    "login": _("登录"),
    "opening lists": _("在册名单"),
    "replay": _("复算"),
}
