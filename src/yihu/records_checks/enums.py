"""How far a check is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckState(models.TextChoices):
    """A check is open until every source has answered or was given up with a reason."""

    OPEN = "open", _("核对中")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已撤回")


class RequestState(models.TextChoices):
    """One question to one source. It is queued until the file with it lies where the source takes it from."""

    QUEUED = "queued", _("待发出")
    SENT = "sent", _("已发出")
    ANSWERED = "answered", _("已答复")
    FAILED = "failed", _("未能答复")
    CANCELLED = "cancelled", _("已撤回")


WAITING = (RequestState.QUEUED, RequestState.SENT)
# What was given up may be answered all the same.
UNANSWERED = (*WAITING, RequestState.FAILED)


class SetAside(models.TextChoices):
    """Why an answer about somebody is neither kept nor used."""

    LEFT = "left", _("已不是这一户的成员")
    NO_CONSENT = "no_consent", _("授权已撤回")
    TAKEN_BACK = "taken_back", _("核对已撤回")
