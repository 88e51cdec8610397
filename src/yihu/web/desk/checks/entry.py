"""The room of what other departments are asked."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from yihu.access.capabilities import Capability
from yihu.common.history import Column
from yihu.records_checks import queries
from yihu.records_checks.models import RefusedFile, SourceRequest
from yihu.records_checks.sources import label_of
from yihu.web.desk.entry import Entry, TrailWords


def _subject(model: type[Model], row: Mapping[str, Any]) -> str | None:
    return label_of(row["source"]) if model is SourceRequest else None


def _value(column: Column, value: Any, row: Mapping[str, Any]) -> str | None:
    return label_of(value) if column.model in (SourceRequest, RefusedFile) and column.name == "source" else None


CHECKS = Entry(
    label=_("核对"),
    page="desk:checks",
    capability=Capability.READ_CHECKS,
    modules=("yihu.web.desk.checks.checks", "yihu.web.desk.checks.refused_files"),
    apps=("records_checks",),
    rail_count=queries.count_open_work,
    open_work=queries.open_work,
    count_open_work=queries.count_open_work,
    events_of=queries.events_of,
    trail=TrailWords(
        subject=_subject,
        value=_value,
        unsaid=frozenset((RefusedFile, name) for name in ("requests", "households", "sha256", "faults_count")),
    ),
)
