"""Households and members as two sheets of a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa

from policy_engine import Scope
from policy_engine.language import _
from policy_files.cells.tables import Grid, Table, grids_in, only_one
from policy_files.cells.written import folded
from policy_files.errors import FileFault
from policy_files.sheets import FILE_NAMES, HOUSEHOLD, ID_LABELS, SHEET_TITLES, Source, TextSheet

SUFFIXES = (".xlsx", ".xlsm")
_ROWS_AT_ONCE = 20_000
_MARKS = {folded(HOUSEHOLD), folded(ID_LABELS[HOUSEHOLD])}


def read_workbook(path: Path) -> Source:
    """The sheets 家庭 and 成员 of a workbook. Raises FileFault when one is missing, doubled or damaged."""
    grids = grids_in(path, name=path.name)
    if not any(grid.sheet for grid in grids):
        raise FileFault(_("“{file}”不是能读的工作簿，里面是文字").format(file=path.name))
    return Source(_read(grids, path, Scope.HOUSEHOLD), _read(grids, path, Scope.MEMBER))


def _read(grids: Sequence[Grid], path: Path, scope: Scope) -> TextSheet:
    titles = {folded(SHEET_TITLES[scope]), folded(FILE_NAMES[scope])}
    named = [grid for grid in grids if folded(grid.sheet) in titles]
    if not named:
        raise FileFault(
            _("{file} 里没有工作表“{sheet}”，只有{sheets}").format(
                file=path.name, sheet=SHEET_TITLES[scope], sheets="、".join(f"“{grid.sheet}”" for grid in grids)
            )
        )
    table = only_one(named, lambda headings: not _MARKS.isdisjoint(map(folded, headings)), name=path.name)
    if table is None:
        raise FileFault(
            _("工作表“{sheet}”前几行里没有表头：要有一行写着“{number}”").format(
                sheet=SHEET_TITLES[scope], number=ID_LABELS[HOUSEHOLD]
            )
        )
    return _text_sheet(table, SHEET_TITLES[scope])


def _text_sheet(table: Table, title: str) -> TextSheet:
    rows = table.texts()
    pieces: list[Sequence[pa.Array]] = []
    count = 0
    while part := [cells for _number, cells in islice(rows, _ROWS_AT_ONCE)]:
        pieces.append([pa.array(column, pa.string()) for column in zip(*part, strict=True)])
        count += len(part)
    columns: list[pa.Array | None] = [
        pa.concat_arrays([piece[position] for piece in pieces]) if pieces else pa.array([], pa.string())
        for position in range(len(table.headings))
    ]
    return TextSheet(title, table.headings, columns, count, first_row=table.heading_row + 1, said=table.said())
