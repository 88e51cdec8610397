"""What a run is for, how far it is, and why a line is not what it was last month."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """A run is made, handed over, approved and sent; or sent back and given up."""

    DRAFT = "draft", _("制单中")
    SUBMITTED = "submitted", _("待复核")
    APPROVED = "approved", _("已复核")
    CANCELLED = "cancelled", _("已作废")


class RunPurpose(models.TextChoices):
    """What a run is for: the month's usual one, or what cannot wait for it."""

    MONTHLY = "monthly", _("按月统发")
    URGENT = "urgent", _("即时发放")


class LineChange(models.TextChoices):
    """Why what a family is paid differs from what it was before. The last five have no line."""

    SAME = "same", _("不变")
    NEW = "new", _("新增")
    RAISED = "raised", _("调增")
    LOWERED = "lowered", _("调减")
    ARREARS = "arrears", _("补发")
    ONCE = "once", _("不按月的")
    ENDED = "ended", _("退出")
    HELD = "held", _("暂缓")
    WRITTEN_OFF = "dropped", _("不再补发")
    FORMER_ARREARS = "former", _("上次补发")
    FORMER_ONCE = "former1", _("上次不按月的")


class ProblemKind(models.TextChoices):
    """What stands in the way of paying a line."""

    NO_ACCOUNT = "no_account", _("没有收款账户")
    NO_ACCOUNT_WHERE_HE_LIVES = "no_account_where_he_lives", _("领取人已迁出，现住户没有收款账户")
    ACCOUNT_CHANGED = "account_changed", _("账户或户名已经更换")
    ACCOUNT_SHARED = "account_shared", _("账户被几户共用")
    HOLDER_DEAD = "holder_dead", _("账户户主已去世")
    HOLDER_NOT_MEMBER = "holder_not_member", _("户名不是家庭成员")
    RECIPIENT_DEAD = "recipient_dead", _("领取人已去世")
    MEMBER_DIED = "member_died", _("成员去世后没有重新认定")
    MEMBER_LEFT = "member_left", _("成员离开后没有重新认定")
    COUNTED_TWICE = "counted_twice", _("同一个人在两处领取")
    NO_MEMBER = "no_member", _("户内已没有成员")
    NOT_IN_FORCE = "not_in_force", _("待遇已经终止或变更")
    UNWRITABLE = "unwritable", _("写不进银行文件")
