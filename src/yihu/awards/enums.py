"""Why an award ends, and what it is on a day."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EndReason(models.TextChoices):
    """What ended an award or put another in its place."""

    CHANGED = "changed", _("重新认定，金额变化")
    NOT_ELIGIBLE = "not_eligible", _("不再符合条件")
    DIED = "died", _("去世")
    LEFT = "left", _("迁出")
    RENOUNCED = "renounced", _("本人放弃")


class AwardState(models.TextChoices):
    """What an award is on a day."""

    RUNNING = "running", _("在发")
    COMING = "coming", _("待发")
    ENDED = "ended", _("已停")
