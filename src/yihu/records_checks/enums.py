"""How far a check is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckState(models.TextChoices):
    """A check is open until every source has answered or was given up with a reason."""

    OPEN = "open", _("核对中")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已撤回")


class RequestState(models.TextChoices):
    """One question to one source."""

    SENT = "sent", _("已发出")
    ANSWERED = "answered", _("已答复")
    FAILED = "failed", _("未能答复")
