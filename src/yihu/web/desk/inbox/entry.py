"""The room of what waits."""

from django.utils.translation import gettext_lazy as _

from yihu.access.capabilities import Capability
from yihu.web.desk.entry import Entry

INBOX = Entry(
    label=_("待办"),
    page="desk:inbox",
    capability=Capability.SEE_INBOX,
    modules=("yihu.web.desk.inbox.inbox",),
)
