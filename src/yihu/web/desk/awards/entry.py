"""The room of awards."""

from django.db.models import Model
from django.utils.translation import gettext_lazy

from yihu.access.capabilities import Capability
from yihu.awards import queries
from yihu.awards.models import Award, AwardTerm
from yihu.policy.labels import programme_title
from yihu.web.desk.entry import Entry, TrailWords


def _target(target: Model) -> str | None:
    if isinstance(target, Award):
        return programme_title(target.programme)
    if not isinstance(target, AwardTerm):
        return None
    said = f"{programme_title(target.award.programme)} {queries.amount_text(target)}".strip()
    return f"{said}，{target.mark}" if target.mark else said


AWARDS = Entry(
    label=gettext_lazy("待遇"),
    page="desk:awards",
    capability=Capability.SEE_AWARDS,
    modules=(
        "yihu.web.desk.awards.award_list",
        "yihu.web.desk.awards.proposals",
        "yihu.web.desk.awards.deliveries",
        "yihu.web.desk.awards.ending",
        "yihu.web.desk.awards.determinations",
        "yihu.web.desk.awards.opening",
    ),
    apps=("awards",),
    open_work=queries.open_work,
    count_open_work=queries.count_open_work,
    events_of=queries.events_of,
    trail=TrailWords(target=_target),
)
