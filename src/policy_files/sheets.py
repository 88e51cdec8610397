"""The two tables of a file, whatever it is stored as, and which heading is which fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from policy_engine import Contents, InputSpec, Scope
from policy_engine.language import _
from policy_files.bad_rows import FIRST_ROW
from policy_files.cells.written import folded
from policy_files.errors import FileFault, nearest

HOUSEHOLD = "household"
PERSON = "person"
ID_LABELS = {HOUSEHOLD: _("户号"), PERSON: _("成员编号")}
SHEET_TITLES = {Scope.HOUSEHOLD: _("家庭"), Scope.MEMBER: _("成员")}
FILE_NAMES = {Scope.HOUSEHOLD: "households", Scope.MEMBER: "members"}
IDENTIFIERS = {Scope.HOUSEHOLD: (HOUSEHOLD,), Scope.MEMBER: (HOUSEHOLD, PERSON)}


class Sheet(Protocol):
    """One table as text. ``faults`` says what is wrong with whole rows, by their position from 0; ``first_row`` is the
    number that a person sees beside the first of them, ``said`` what he is to be told of the whole.
    """

    title: str
    headings: Sequence[str]
    rows: int
    faults: Mapping[int, str]
    first_row: int
    said: str

    def cells(self, position: int) -> pa.Array:
        """A column's cells as written, without nulls: a blank is an empty string."""

    def drop(self, position: int) -> None:
        """Forget a column that has been read."""


@dataclass
class TextSheet:
    """A table held in memory as text."""

    title: str
    headings: Sequence[str]
    columns: list[pa.Array | None]
    rows: int
    faults: Mapping[int, str] = field(default_factory=dict)
    first_row: int = FIRST_ROW
    said: str = ""

    def cells(self, position: int) -> pa.Array:
        """See ``Sheet``."""
        column = self.columns[position]
        assert column is not None
        return column

    def drop(self, position: int) -> None:
        """See ``Sheet``."""
        self.columns[position] = None


@dataclass(frozen=True)
class Source:
    """A file's households and members."""

    households: Sheet
    members: Sheet


def one_array(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as one array."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def specs_of(pack: Contents, scope: Scope) -> list[InputSpec]:
    """The facts of households or of members, in the pack's order."""
    return [spec for spec in pack.inputs.values() if spec.of is scope]


def match_headings(sheet: Sheet, pack: Contents, scope: Scope) -> dict[str, int]:
    """The position of every identifier and fact that a sheet has a column for.

    Raises FileFault naming every heading that is unknown, doubled or missing: a misspelt heading
    must not vanish.
    """
    known: dict[str, str] = {}
    for name in IDENTIFIERS[scope]:
        known |= {folded(name): name, folded(ID_LABELS[name]): name}
    for spec in specs_of(pack, scope):
        known |= {folded(spec.name): spec.name, folded(spec.label): spec.name}
    found: dict[str, int] = {}
    faults = []
    for position, heading in enumerate(sheet.headings):
        if not heading.strip():
            if not _is_blank(sheet, position):
                faults.append(_("第 {n} 列有内容但没有表头").format(n=position + 1))
            continue
        name = known.get(folded(heading), "")
        if not name:
            faults.append(_unknown(heading, pack, scope))
        elif name in found:
            faults.append(_("表头“{one}”和“{other}”是同一项").format(one=sheet.headings[found[name]], other=heading))
        else:
            found[name] = position
    needed = [*IDENTIFIERS[scope], *(spec.name for spec in specs_of(pack, scope) if spec.required)]
    labels = {spec.name: spec.label for spec in specs_of(pack, scope)} | ID_LABELS
    faults += [
        _("缺少必填的列“{label}”（{name}）").format(label=labels[name], name=name)
        for name in needed
        if name not in found
    ]
    if faults:
        raise FileFault("\n".join(f"{sheet.title}：{fault}" for fault in faults))
    return found


def _unknown(heading: str, pack: Contents, scope: Scope) -> str:
    other = Scope.MEMBER if scope is Scope.HOUSEHOLD else Scope.HOUSEHOLD
    for spec in specs_of(pack, other):
        if folded(heading) in (folded(spec.name), folded(spec.label)):
            return _("“{heading}”是{sheet}表的列").format(heading=heading, sheet=SHEET_TITLES[other])
    words = [ID_LABELS[name] for name in IDENTIFIERS[scope]] + list(IDENTIFIERS[scope])
    for spec in specs_of(pack, scope):
        words += [spec.label, spec.name]
    return _("不认识的表头“{heading}”{near}").format(heading=heading, near=nearest(heading.strip(), words))


def _is_blank(sheet: Sheet, position: int) -> bool:
    return all(not text.strip() for text in sheet.cells(position).unique().to_pylist())
