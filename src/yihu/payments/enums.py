"""How far a run is, and why a line is not what it was last month."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """A run is made, handed over, approved and sent; or sent back and given up."""

    DRAFT = "draft", _("制单中")
    SUBMITTED = "submitted", _("待复核")
    APPROVED = "approved", _("已复核")
    CANCELLED = "cancelled", _("已作废")


class LineChange(models.TextChoices):
    """Why a line differs from last month's."""

    SAME = "same", _("不变")
    NEW = "new", _("新增")
    RAISED = "raised", _("调增")
    LOWERED = "lowered", _("调减")
    ARREARS = "arrears", _("补发")
    ENDED = "ended", _("退出")
