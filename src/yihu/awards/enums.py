"""Why an award stops, and how far lists, help and proposals are."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EndReason(models.TextChoices):
    """Why an award stops."""

    NOT_ELIGIBLE = "not_eligible", _("不再符合条件")
    DIED = "died", _("去世")
    LEFT = "left", _("迁出")
    RENOUNCED = "renounced", _("本人放弃")


class ListState(models.TextChoices):
    """How far a list of the opening balance is on its way in."""

    TO_CHECK = "to_check", _("核对中")
    BAD = "bad", _("要改")
    READY = "ready", _("可以载入")
    TO_LOAD = "to_load", _("载入中")
    LOADED = "loaded", _("已载入")
    FAILED = "failed", _("没有做成")
    DROPPED = "dropped", _("已放弃")


class ProposalKind(models.TextChoices):
    """What the calendar would change; or what differs and needs a look, because it cannot be proposed by itself."""

    CHANGE = "change", _("调整金额")
    BEGIN = "begin", _("开始")
    CONTINUE = "continue", _("到期续办")
    END = "end", _("不再符合")
    LOOK = "look", _("需核实")


class ProposalState(models.TextChoices):
    """How far a proposal is."""

    WAITING = "waiting", _("待办理")
    ACCEPTED = "accepted", _("已采纳")
    DECLINED = "declined", _("不采纳")
    CLOSED = "closed", _("已核实")
    WITHDRAWN = "withdrawn", _("已撤回")


SET_ASIDE = (ProposalState.DECLINED, ProposalState.CLOSED)
"""What somebody decided against, and may take up again."""
