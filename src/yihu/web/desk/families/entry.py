"""The room of families and their files."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from yihu.access.capabilities import Capability
from yihu.common.history import Column
from yihu.households import queries
from yihu.households.models import Fact, Member, Paper
from yihu.policy.labels import fact_label, fact_text, relation_label
from yihu.web.desk.entry import Entry, TrailWords


def _subject(model: type[Model], row: Mapping[str, Any]) -> str | None:
    return fact_label(row["name"]) if model is Fact else None


def _value(column: Column, value: Any, row: Mapping[str, Any]) -> str | None:
    if column.model is Fact and column.name == "name":
        return fact_label(value)
    if column.model is Fact and column.name == "value":
        return fact_text(row["name"], value)
    return relation_label(value) if column.model is Member and column.name == "relation" else None


def _target(target: Model) -> str | None:
    return f"{fact_label(target.name)} {fact_text(target.name, target.value)}" if isinstance(target, Fact) else None


FAMILIES = Entry(
    label=_("家庭"),
    page="desk:families",
    capability=Capability.FIND_FAMILIES,
    modules=(
        # The ways of one name before those of a family's number.
        "yihu.web.desk.families.registering",
        "yihu.web.desk.families.families",
        "yihu.web.desk.families.purpose",
        "yihu.web.desk.families.facts",
        "yihu.web.desk.families.papers",
        "yihu.web.desk.families.search",
    ),
    apps=("households", "documents"),
    events_of=queries.events_of,
    trail=TrailWords(subject=_subject, value=_value, target=_target, unsaid=frozenset({(Paper, "subject")})),
)
