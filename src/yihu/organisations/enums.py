"""The kinds of divisions, offices and relatives."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DivisionLevel(models.TextChoices):
    """How high a division stands."""

    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    DISTRICT = "district", _("区")
    STREET = "street", _("街道")
    COMMUNITY = "community", _("社区")


class OrganisationKind(models.TextChoices):
    """What a body is."""

    CIVIL_AFFAIRS = "civil_affairs", _("民政部门")
    STREET_OFFICE = "street_office", _("街道办事处、乡镇政府")
    RESIDENTS_COMMITTEE = "residents_committee", _("居民委员会、村民委员会")
    FINANCE = "finance", _("财政部门")
    DEPARTMENT = "department", _("其他部门")
    CHARITY = "charity", _("慈善组织")


# The body that each division has of its own, at whose office there the posts of its level stand.
OWN_BODIES = {
    DivisionLevel.DISTRICT: OrganisationKind.CIVIL_AFFAIRS,
    DivisionLevel.STREET: OrganisationKind.STREET_OFFICE,
    DivisionLevel.COMMUNITY: OrganisationKind.RESIDENTS_COMMITTEE,
}


class Kinship(models.TextChoices):
    """The close relatives by whom an officer is conflicted (民发〔2012〕220号 第十四条)."""

    SPOUSE = "spouse", _("配偶")
    PARENT = "parent", _("父母")
    CHILD = "child", _("子女")
    SIBLING = "sibling", _("兄弟姐妹")
    GRANDPARENT = "grandparent", _("祖父母、外祖父母")
    GRANDCHILD = "grandchild", _("孙子女、外孙子女")
