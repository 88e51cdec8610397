"""The story that the database writes of every row, told again: what was, what became of it, who did it and why.

A change holds its row as it was before. What it became stands in the next change of the same row, or in the row itself.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from django.apps import apps
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import connection, models
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from yihu.common.fen import yuan
from yihu.common.models import Change

Row = Mapping[str, Any]
Column: TypeAlias = "models.Field[Any, Any]"
Targets: TypeAlias = "Mapping[tuple[type[models.Model], Any], models.Model]"

# How a label says that its figure is in fen.
IN_FEN = "（分）"
LONGEST = 120
NOTHING: tuple[Any, ...] = (None, "", [], {})
# The names of ranges as PostgreSQL writes them: ``[2026-01-01,2026-02-01)``.
OPEN = {"", "infinity", "-infinity"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One column that a change set, as JSON holds it; None for nothing."""

    field: Column
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Happening:
    """One change with both of its sides. ``model`` is None for a table that is no more.

    ``before`` is None for a row that came about; ``after`` for one that was removed, or that now lies out of reach.
    """

    change: Change
    model: type[models.Model] | None
    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        """The row as the change left it, or as it was last seen."""
        return self.after or self.before or {}

    @property
    def is_out_of_reach(self) -> bool:
        """Whether what it became cannot be seen from here any more."""
        return self.after is None and self.change.operation != "delete"

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The columns that differ, in the order of the model; of a new row those that hold something."""
        if self.model is None or self.is_out_of_reach:
            return ()
        was, now = self.before or {}, self.after or {}
        found = []
        for field in self.model._meta.concrete_fields:
            column = str(field.column)
            before, after = was.get(column), now.get(column)
            # A digest stands beside what it is the digest of and changes with it.
            if field.primary_key or column.endswith("digest") or before == after:
                continue
            if before in NOTHING and after in NOTHING:
                continue
            found.append(Difference(field, before, after))
        return tuple(found)


def changes_of(household: int) -> QuerySet[Change]:
    """Everything that changed in one family's file, latest first, as far as it can be seen from here."""
    return Change.objects.filter(household=household).order_by("-id")


def tell(changes: Iterable[Change]) -> list[Happening]:
    """These changes with what became of their rows: one query, and one for each table."""
    told = list(changes)
    following = (
        Change.objects.filter(table=OuterRef("table"), row_id=OuterRef("row_id"), id__gt=OuterRef("id"))
        .order_by("id")
        .values("before")[:1]
    )
    later = dict(
        Change.objects.filter(pk__in=[each.pk for each in told])
        .annotate(after=Subquery(following))
        .order_by()
        .values_list("pk", "after")
    )
    tables = {model._meta.db_table: model for model in apps.get_models()}
    standing = _rows_now([each for each in told if later[each.pk] is None and each.operation != "delete"], tables)
    return [
        Happening(
            change=each,
            model=tables.get(each.table),
            before=each.before,
            after=later[each.pk] or standing.get((each.table, each.row_id)),
        )
        for each in told
    ]


def _rows_now(
    changes: Iterable[Change], tables: Mapping[str, type[models.Model]]
) -> dict[tuple[str, int], dict[str, Any]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for each in changes:
        if each.table in tables:
            wanted[each.table].add(each.row_id)
    found = {}
    with connection.cursor() as cursor:
        for table, ids in wanted.items():
            name, key = map(connection.ops.quote_name, (table, str(tables[table]._meta.pk.column)))
            cursor.execute(f"SELECT r.{key}, to_jsonb(r)::text FROM {name} r WHERE r.{key} = ANY(%s)", [list(ids)])
            found.update({(table, key): json.loads(row) for key, row in cursor.fetchall()})
    return found


# ---- in words


def label_of(field: Column) -> str:
    """What a column is called; the unit goes with the figure."""
    return str(field.verbose_name).removesuffix(IN_FEN)


def targets_of(happenings: Sequence[Happening]) -> Targets:
    """What the foreign keys in these changes point at: one query for each table, which follows what names it."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for happening in happenings:
        for each in happening.differences:
            if isinstance(each.field, models.ForeignKey):
                wanted[each.field.related_model].update({each.before, each.after} - {None})
    return {
        (model, key): target
        for model, keys in wanted.items()
        for key, target in model._base_manager.select_related().in_bulk(keys).items()
    }


def in_words(field: Column, value: Any, targets: Targets) -> str:
    """A column's value as people read it; what is encrypted stays so, and nothing is a dash."""
    if value in NOTHING:
        return "—"
    if isinstance(field, models.BinaryField):
        return _("已加密")
    if isinstance(field, models.ForeignKey):
        return str(targets.get((field.related_model, value), f"#{value}"))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return _("是") if value else _("否")
    if isinstance(field, models.DateTimeField):
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    if isinstance(field, DateRangeField):
        return _period(value)
    if isinstance(field, ArrayField):
        if isinstance(field.base_field, models.CharField):
            return _short("、".join(value))
        return _("{count} 项").format(count=len(value))
    if isinstance(field, models.JSONField):
        return _short(json.dumps(value, ensure_ascii=False))
    if str(field.verbose_name).endswith(IN_FEN):
        return _("{yuan} 元").format(yuan=yuan(value))
    return _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _period(written: str) -> str:
    """A range in days: its last day is told, where PostgreSQL names the one after it."""
    lower, upper = written.strip("[]()").split(",")
    first = "" if lower in OPEN else lower
    last = "" if upper in OPEN else (date.fromisoformat(upper) - timedelta(days=1)).isoformat()
    if first and last:
        return _("{first} 至 {last}").format(first=first, last=last)
    if first:
        return _("{first} 起").format(first=first)
    return _("至 {last}").format(last=last) if last else _("不限")
