"""The room of those who work here."""

from django.utils.translation import gettext_lazy as _

from yihu.access.capabilities import Capability
from yihu.web.desk.entry import Entry

STAFF = Entry(
    label=_("人员"),
    page="desk:staff",
    capability=Capability.SEE_STAFF,
    modules=("yihu.web.desk.staff.staff_list", "yihu.web.desk.staff.member", "yihu.web.desk.staff.relatives"),
    apps=("organisations",),
)
