"""The room of the rules."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.capabilities import Capability
from yihu.common.history import Column
from yihu.policy.labels import programme_title
from yihu.policy.models import Determination
from yihu.web.desk.entry import Entry, TrailWords
from yihu.web.desk.policy.outcomes import OUTCOMES


def _value(column: Column, value: Any, row: Mapping[str, Any]) -> str | None:
    return str(OUTCOMES[value][0]) if column.model is Determination and column.name == "outcome" else None


def _target(target: Model) -> str | None:
    if isinstance(target, Determination):
        return _("{on} 的{title}认定").format(on=target.on, title=programme_title(target.programme))
    return None


POLICY = Entry(
    label=gettext_lazy("政策"),
    page="desk:check",
    capability=Capability.TRY_POLICY,
    modules=("yihu.web.desk.policy.check",),
    apps=("policy",),
    trail=TrailWords(value=_value, target=_target),
)
