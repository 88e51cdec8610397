"""The room of cases."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.capabilities import Capability
from yihu.access.posts import labels_of
from yihu.cases import queries
from yihu.cases.models import Application, Case, CaseStep
from yihu.common.history import Column
from yihu.policy.labels import programme_title
from yihu.policy.procedures import Circumstance
from yihu.web.desk.entry import Entry, TrailWords


def _value(column: Column, value: Any, row: Mapping[str, Any]) -> str | None:
    if column.model is CaseStep and column.name == "posts":
        return labels_of(value)
    if column.model is Case and column.name == "circumstances":
        return "、".join(Circumstance(each).label for each in value) or None
    return None


def _target(target: Model) -> str | None:
    if isinstance(target, Application):
        return _("{on} 的{title}申请").format(on=target.applied_on, title=programme_title(target.programme))
    return target.label if isinstance(target, CaseStep) else None


CASES = Entry(
    label=gettext_lazy("受理"),
    page="desk:cases",
    capability=Capability.READ_CASES,
    modules=("yihu.web.desk.cases.case", "yihu.web.desk.cases.applying"),
    apps=("cases",),
    rail_count=queries.count_running,
    open_work=queries.open_work,
    count_open_work=queries.count_open_work,
    events_of=queries.events_of,
    trail=TrailWords(
        value=_value,
        target=_target,
        unsaid=frozenset({(CaseStep, "name"), (CaseStep, "kind"), (CaseStep, "raises"), (Case, "procedure")}),
    ),
)
