"""Sources of facts, and why someone looks into a file."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yihu.common.identity_numbers import Sex as Sex

# The head of household in GB/T 4761, by which relations are coded; the other codes matter only to the policies.
HEAD = 2


class FactSource(models.TextChoices):
    """Who says so. Verified facts outrank received ones, and these outrank declared ones."""

    DECLARED = "declared", _("申报")
    RECEIVED = "received", _("部门")
    VERIFIED = "verified", _("核实")


class ReadPurpose(models.TextChoices):
    """Why someone looks into a family's file (社会救助法 第十一条、第七十条)."""

    CASE = "case", _("办理申请")
    VISITOR = "visitor", _("接待来访来电")
    CHANGE = "change", _("登记变化")
    REVIEW = "review", _("复核")
    PAYMENT = "payment", _("发放待遇")
    SUPERVISION = "supervision", _("监督检查")
    AUDIT = "audit", _("审计")


class DisclosurePurpose(models.TextChoices):
    """For what a partner may see something of a family."""

    CARE = "care", _("上门照料")
    CHARITY = "charity", _("慈善帮扶")
    SERVICE = "service", _("办理本部门的服务")


class DisclosedField(models.TextChoices):
    """What of a family a grant can name; nothing else is disclosed."""

    NUMBER = "number", _("户号")
    HEAD = "head", _("户主姓名")
    SIZE = "size", _("人数")
    COMMUNITY = "community", _("社区")
    ADDRESS = "address", _("住址")


class ReadKind(models.TextChoices):
    """What was looked at."""

    FILE = "file", _("家庭档案")
    CASE = "case", _("案卷")
    IDENTITY_NUMBER = "identity_number", _("身份证号")
    TELEPHONE = "telephone", _("电话")
    ACCOUNT = "account", _("银行账号")
    DOCUMENT = "document", _("文件")
    HISTORY = "history", _("全部变更")
    EXPORT = "export", _("导出")
    COMPARISON = "comparison", _("登记时比对")
    DISCLOSURE = "disclosure", _("按授权提供给合作单位")
