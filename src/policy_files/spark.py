"""The same assessment past one machine: a function for Spark's ``DataFrame.mapInArrow``.

Spark hands each worker batches of rows and takes back batches of rows; a household must not be
torn apart between two of them, so here one row is one household with its members in a list. This
file needs no Spark: it knows only Arrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc

import policy_packs
from policy_engine import Plan, Scope
from policy_engine.language import _
from policy_files.assess import plan_on
from policy_files.bad_rows import BadRow
from policy_files.errors import FileFault
from policy_files.families import read_families
from policy_files.folders import as_text
from policy_files.results import SCHEMA, assess_part
from policy_files.sheets import HOUSEHOLD, SHEET_TITLES, Source, TextSheet, one_array

MEMBERS = "members"
"""The column that holds a household's members: a list of structs with ``person`` and the members' facts."""

RESULT_TYPES = (
    "household string, person string, programme string, outcome string, amount decimal(18,2), kind string, "
    "form string, confidence string, reason string"
)
"""The columns of the results, as Spark wants to be told them."""

_PLAIN = pa.schema(
    [(field.name, pa.string() if pa.types.is_dictionary(field.type) else field.type) for field in SCHEMA]
)
_SHOWN = 20

Batches = Iterator[pa.RecordBatch]


def assess_in_arrow(pack: str, day: date, overrides: Mapping[str, int] | None = None) -> Callable[[Batches], Batches]:
    """The function that turns batches of households into batches of results.

    Columns are named as in files and written in the same notation (money in yuan); ``members`` is a
    list of structs. Overrides are engine integers. The function raises FileFault naming every bad
    household of a batch, and every rule that failed: a task then fails as a whole, and nothing is
    skipped in silence.
    """
    numbers = dict(overrides or {})

    def assess(batches: Batches) -> Batches:
        plan = plan_on(policy_packs.load(pack), day, numbers)
        for batch in batches:
            if batch.num_rows:
                yield from _assess(plan, day, batch)

    return assess


def _assess(plan: Plan, day: date, batch: pa.RecordBatch) -> Batches:
    source = _source(batch)
    families, findings = read_families(
        source, plan.pack, day, wanted=set(plan.index), progress=lambda items, _what: items
    )
    if findings:
        shown = [_named(bad, source) for bad in islice(findings, _SHOWN)]
        raise FileFault("\n".join([*shown, _("有 {n} 处不能用").format(n=len(findings))]))
    table, failures = assess_part(plan, families, 0, len(families))
    if failures:
        ids = families.household_ids
        raise FileFault(
            "\n".join(
                _("户 {id} 算不出来：{why}").format(id=ids[failure.household].as_py(), why=failure.message)
                for failure in failures[:_SHOWN]
            )
        )
    yield from table.cast(_PLAIN).to_batches()


def _named(bad: BadRow, source: Source) -> str:
    """A bad cell by its household: in a batch the number of a row says nothing."""
    sheet = source.households if bad.sheet == source.households.title else source.members
    household = sheet.cells(sheet.headings.index(HOUSEHOLD))[bad.row - sheet.first_row].as_py()
    return _("户 {id}：{bad}").format(id=household, bad=bad)


def _source(batch: pa.RecordBatch) -> Source:
    """The two tables that a batch of households with their members stands for."""
    for name in (HOUSEHOLD, MEMBERS):
        if name not in batch.schema.names:
            raise FileFault(_("缺少列“{name}”").format(name=name))
    lists = one_array(batch.column(MEMBERS))
    if not (pa.types.is_list(lists.type) or pa.types.is_large_list(lists.type)):
        raise FileFault(_("列“{name}”须是成员的列表").format(name=MEMBERS))
    own = {name: batch.column(name) for name in batch.schema.names if name != MEMBERS}
    owners = own[HOUSEHOLD].take(pc.list_parent_indices(lists))
    members = {HOUSEHOLD: owners}
    flat = lists.flatten()
    members |= {field.name: pc.struct_field(flat, field.name) for field in flat.type}
    return Source(_sheet(Scope.HOUSEHOLD, own), _sheet(Scope.MEMBER, members))


def _sheet(scope: Scope, columns: Mapping[str, pa.Array]) -> TextSheet:
    title = SHEET_TITLES[scope]
    texts: list[pa.Array | None] = [as_text(one_array(column), title, name) for name, column in columns.items()]
    return TextSheet(title, list(columns), texts, len(next(iter(columns.values()))))
