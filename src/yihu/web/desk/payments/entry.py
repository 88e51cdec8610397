"""The room of payments."""

from django.utils.translation import gettext_lazy as _

from yihu.access.capabilities import Capability
from yihu.payments import queries
from yihu.web.desk.entry import Entry

PAYMENTS = Entry(
    label=_("发放"),
    page="desk:runs",
    capability=Capability.SEE_RUNS,
    modules=(
        "yihu.web.desk.payments.runs",
        "yihu.web.desk.payments.run",
        "yihu.web.desk.payments.run_steps",
        "yihu.web.desk.payments.accounts",
    ),
    apps=("payments",),
    open_work=queries.open_work,
    count_open_work=queries.count_open_work,
    events_of=queries.events_of,
)
