"""What happened, how a case came in, how far it is, and what was said in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OccasionKind(models.TextChoices):
    """What happened to a family, as far as an application is made for it."""

    EMERGENCY = "emergency", _("突发急难")
    OTHER = "other", _("其他")


class Channel(models.TextChoices):
    """How an application came in."""

    WINDOW = "window", _("窗口")
    COMMUNITY = "community", _("社区代办")
    ONLINE = "online", _("网上")
    HOTLINE = "hotline", _("热线")
    DEPARTMENT = "department", _("部门转来")
    DISCOVERY = "discovery", _("主动发现")


class CaseState(models.TextChoices):
    """What became of a case."""

    APPLIED = "applied", _("待受理")
    OPEN = "open", _("办理中")
    GRANTED = "granted", _("已确认")
    REFUSED = "refused", _("不予确认")
    WITHDRAWN = "withdrawn", _("已撤回")
    TERMINATED = "terminated", _("已终止")


class StepState(models.TextChoices):
    """How far one step is."""

    OPEN = "open", _("办理中")
    DONE = "done", _("已办")
    REPEATED = "repeated", _("已退回重办")
    CANCELLED = "cancelled", _("不再办理")


class Opinion(models.TextChoices):
    """What an examiner proposes and a decider decides."""

    GRANT = "grant", _("同意")
    REFUSE = "refuse", _("不同意")


class NoticeKind(models.TextChoices):
    """What is put up in the community: the opinion before the decision, or the grant after it."""

    OPINION = "opinion", _("公示")
    GRANT = "grant", _("公布")


class ObjectionSource(models.TextChoices):
    """Who objects, and when."""

    NOTICE = "notice", _("公示期内异议")
    COMPLAINT = "complaint", _("投诉举报")
    FAMILY = "family", _("申请人对核对结果有异议")


class VisitBy(models.TextChoices):
    """Who visited."""

    STREET = "street", _("街道")
    DISTRICT = "district", _("区级")
