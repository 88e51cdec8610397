"""The kinds of papers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    """What a paper is to us."""

    APPLICATION = "application", _("申请书")
    CONSENT = "consent", _("核对授权书")
    PROXY = "proxy", _("委托手续")
    PROOF = "proof", _("证明材料")
    VISIT = "visit", _("入户调查表和照片")
    EXCHANGE = "exchange", _("部门交换文件")
    OPENING = "opening", _("在册名单")
    BANK_FILE = "bank_file", _("银行发放文件")
