"""Reads a table that somebody else made, as it was kept: what a cell means is judged by whoever asked for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from policy_files.cells import tables as cells
from policy_files.cells.written import cell_text, folded
from policy_files.errors import FileFault
from yihu.common.refusals import Refused
from yihu.documents.content import TABLES, type_of

MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file; ``sheet`` is empty where the file is text. ``heading_row`` and the rows carry the number that
    Excel shows beside them; blank ones are left out, and every row has as many cells as there are headings, as they are
    stored. ``said`` is what whoever gave it is to be told: what of it is hidden.
    """

    sheet: str
    heading_row: int
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[object, ...]], ...]
    said: str

    def texts(self) -> list[tuple[int, dict[str, str]]]:
        """The rows by heading, each cell as a person would have written it."""
        return [
            (number, dict(zip(self.headings, (cell_text(value).strip() for value in line), strict=True)))
            for number, line in self.rows
        ]


def tables_in(content: bytes, *, name: str, is_heading: Callable[[Sequence[str]], bool]) -> list[Table]:
    """Every table of a file that begins with a line of headings. Raises Refused, also for a hidden sheet with one."""
    type_of(content, taken=TABLES, name=name)
    try:
        found = [(grid, table) for grid in cells.grids_in(content, name=name) if (table := grid.table(is_heading))]
        for grid, _table in found:
            cells.refuse_hidden(grid)
        return [_read(table, name) for _grid, table in found]
    except FileFault as fault:
        raise Refused(str(fault), field="file") from None


def only_table(content: bytes, *, name: str, known: Sequence[str], needed: Sequence[str]) -> Table:
    """The one table of a file, by the headings that it needs; those that are ``known`` come as they are known, however
    they are spaced. Raises Refused: for several tables, for none, for a doubled heading.
    """
    by_folded = {folded(heading): heading for heading in known}
    must = set(map(folded, needed))
    type_of(content, taken=TABLES, name=name)
    try:
        grids = cells.grids_in(content, name=name)
        table = cells.only_one(grids, lambda headings: must <= set(map(folded, headings)), name=name)
        if table is None:
            written = next((line for grid in grids if grid.is_shown and (line := grid.first_line())), [])
            there = set(map(folded, written))
            missing = "、".join(f"“{heading}”" for heading in needed if folded(heading) not in there)
            raise Refused(
                _("“{name}”前 {lines} 行里没有表头：缺少{missing}。请用提请文件里的表头。").format(
                    name=name, lines=cells.MOST_LINES_ABOVE, missing=missing
                )
                if written
                else _("“{name}”是一张空表。第 1 行须是表头，下面是内容。").format(name=name),
                field="file",
            )
        headings = tuple(by_folded.get(folded(heading), heading) for heading in table.headings)
        if twice := next((each for each in headings if each and headings.count(each) > 1), None):
            raise Refused(
                _("“{name}”的表头“{heading}”出现了两次。请只留一列。").format(name=name, heading=twice), field="file"
            )
        return replace(_read(table, name), headings=headings)
    except FileFault as fault:
        raise Refused(str(fault), field="file") from None


def column_in(content: bytes, *, name: str, heading: str) -> set[str]:
    """What stands below a heading, whatever else is wrong with the file; as far as it can be read."""
    found = set[str]()
    try:
        type_of(content, taken=TABLES, name=name)
        for grid in cells.grids_in(content, name=name):
            found |= _below(grid, folded(heading))
    except (Refused, FileFault):
        pass
    return found


def _below(grid: cells.Grid, heading: str) -> set[str]:
    found, at = set[str](), -1
    for line in grid.lines():
        texts = [cell_text(value).strip() for value in line]
        if at < 0:
            at = next((place for place, text in enumerate(texts) if folded(text) == heading), -1)
        elif at < len(texts):
            found.add(texts[at])
    return found


def _read(table: cells.Table, name: str) -> Table:
    rows = []
    for number, line in table.rows():
        if any(cell_text(value).strip() for value in line):
            rows.append((number, tuple(line)))
        if len(rows) > MOST_ROWS:
            raise Refused(_("“{name}”超过 {most} 行。请分成几个文件。").format(name=name, most=MOST_ROWS), field="file")
    return Table(table.sheet, table.heading_row, table.headings, tuple(rows), table.said())
