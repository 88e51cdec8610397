"""The room of letters: it has no page of its own in the rail."""

from django.utils.translation import gettext_lazy as _

from yihu.letters import queries
from yihu.web.desk.entry import Entry

LETTERS = Entry(
    label=_("文书"),
    modules=("yihu.web.desk.letters.letter",),
    apps=("letters",),
    open_work=queries.open_work,
    count_open_work=queries.count_open_work,
    events_of=queries.events_of,
)
