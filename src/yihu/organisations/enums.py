"""The kinds of divisions, offices and posts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DivisionLevel(models.TextChoices):
    """How high a division stands; its code is as long as its level says."""

    DISTRICT = "district", _("区")
    STREET = "street", _("街道")
    COMMUNITY = "community", _("社区")


class OfficeKind(models.TextChoices):
    """What people turn to an office for."""

    STREET_ASSISTANCE_WINDOW = "street_assistance_window", _("街道救助窗口")


class PostKind(models.TextChoices):
    """What someone at a post does; procedures and permissions name these."""

    COMMUNITY_WORKER = "community_worker", _("社区社工")
    WINDOW_CLERK = "window_clerk", _("窗口经办")
    STREET_EXAMINER = "street_examiner", _("街道审核")
    STREET_DIRECTOR = "street_director", _("街道主任")
    DISTRICT_OFFICER = "district_officer", _("区级监督")
    FINANCE_MAKER = "finance_maker", _("发放制单")
    FINANCE_CHECKER = "finance_checker", _("发放复核")
    AUDITOR = "auditor", _("审计")

    @property
    def level(self) -> DivisionLevel:
        """The kind of division that such a post is in."""
        if self is PostKind.COMMUNITY_WORKER:
            return DivisionLevel.COMMUNITY
        if self in (PostKind.WINDOW_CLERK, PostKind.STREET_EXAMINER, PostKind.STREET_DIRECTOR):
            return DivisionLevel.STREET
        return DivisionLevel.DISTRICT


class Kinship(models.TextChoices):
    """The close relatives by whom an officer is conflicted (民发〔2012〕220号 第十四条)."""

    SPOUSE = "spouse", _("配偶")
    PARENT = "parent", _("父母")
    CHILD = "child", _("子女")
    SIBLING = "sibling", _("兄弟姐妹")
    GRANDPARENT = "grandparent", _("祖父母、外祖父母")
    GRANDCHILD = "grandchild", _("孙子女、外孙子女")
