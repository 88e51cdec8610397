"""What families are told in writing, and how it reaches them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterKind(models.TextChoices):
    """The letters of a case; the procedures name them."""

    MISSING_PAPERS = "missing_papers", _("一次性补正告知书")
    ACCEPTANCE = "acceptance", _("受理通知书")
    RECORDS_REFUSAL = "records_refusal", _("核对结果告知书")
    EXTENSION = "extension", _("延长办理期限告知书")
    GRANT = "grant", _("确认通知书")
    REFUSAL = "refusal", _("不予确认告知书")
    INCOMPLETE = "incomplete", _("材料未补齐终止办理告知书")
    TERMINATION = "termination", _("终止审核确认告知书")
    WITHDRAWAL = "withdrawal", _("撤回申请告知书")


class Delivery(models.TextChoices):
    """How a letter was handed over."""

    IN_PERSON = "in_person", _("当面送达")
    POST = "post", _("邮寄")
    COMMUNITY = "community", _("社区转交")
    ONLINE = "online", _("网上送达")
