"""The room of those who watch over the others."""

from django.utils.translation import gettext_lazy as _

from yihu.access.capabilities import Capability
from yihu.web.desk.entry import Entry

OVERSIGHT = Entry(
    label=_("监督"),
    page="desk:supervision",
    capability=Capability.READ_TRAILS,
    modules=("yihu.web.desk.oversight.trail",),
    # Who changed what is told by all rooms and belongs to none.
    apps=("common",),
)
