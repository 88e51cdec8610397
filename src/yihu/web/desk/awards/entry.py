"""The room of awards."""

import re
from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.capabilities import Capability
from yihu.awards import queries
from yihu.awards.models import Award, AwardTerm, Proposal
from yihu.awards.models.proposals import ABSENT, FAILED
from yihu.awards.periods import RUNNING
from yihu.common.history import Column
from yihu.policy.labels import form_label, kind_label, programme_title
from yihu.web.desk.entry import Entry, TrailWords
from yihu.web.desk.policy.outcomes import OUTCOMES

# What is said of a proposal of which the rules found nothing.
NO_OUTCOME = {FAILED[0]: gettext_lazy("规则出错"), ABSENT[0]: gettext_lazy("规则没有结果")}


def _value(column: Column, value: Any, row: Mapping[str, Any]) -> str | None:
    if column.model is Award and column.name == "kind":
        return kind_label(value)
    if column.model is Award and column.name == "form":
        return form_label(value)
    if column.model is Proposal and column.name == "outcome":
        return str(OUTCOMES[value][0]) if value in OUTCOMES else str(NO_OUTCOME[value])
    if column.model in (Award, Proposal) and column.name == "key":
        return _key_text(value)
    return None


def _key_text(key: str) -> str:
    """Which of several: a season or a year by its name, a number as it is; what goes on has no others beside it."""
    if key == RUNNING:
        return _("持续")
    return _("按事由") if re.search("[A-Za-z]", key) else key


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
    trail=TrailWords(value=_value, target=_target),
)
