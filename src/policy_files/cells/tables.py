"""The tables of a file: a line of headings and the rows below it, with everything that must not be passed over."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from policy_engine.language import _
from policy_files.cells import kinds, texts
from policy_files.cells.marks import Marks, read_marks
from policy_files.cells.written import cell_text, is_error, place
from policy_files.errors import FileFault

# Offices write a title, a date, who made it above their tables.
MOST_LINES_ABOVE = 10
MOST_TOLD = 20

IsHeading = Callable[[Sequence[str]], bool]


@dataclass(frozen=True)
class Table:
    """A table below its headings.

    ``sheet`` is its sheet, empty in a text file; ``heading_row`` the number that Excel shows beside the headings.
    ``hidden`` are the rows below them, and the columns, that the sheet does not show: they are read like any other.
    """

    sheet: str
    heading_row: int
    headings: tuple[str, ...]
    hidden_rows: tuple[int, ...]
    hidden_columns: tuple[str, ...]
    _file: str
    _lines: Callable[[], Iterator[Sequence[object]]]

    def rows(self) -> Iterator[tuple[int, Sequence[object]]]:
        """Each row with the number that Excel shows, blank ones too, as wide as the headings; cells as they are stored.

        Raises FileFault at a cell that holds no content but an error, or that stands outside the headings.
        """
        width = len(self.headings)
        # A workbook leaves out cells that are blank, text does not: where one is missing, the others have moved.
        is_text = not self.sheet
        gaps = [column for column, heading in enumerate(self.headings) if not heading]
        for number, line in enumerate(islice(self._lines(), self.heading_row, None), self.heading_row + 1):
            for column in (*gaps, *range(width, len(line))):
                if column < len(line) and cell_text(line[column]).strip():
                    raise self._fault(number, column, _("有内容，但上面没有表头。请补上表头，或清空这一格"))
            for column, value in enumerate(line[:width]):
                if isinstance(value, str) and is_error(value):
                    raise self._fault(
                        number, column, _("是“{error}”，不是内容。请改正公式，或直接填上").format(error=value.strip())
                    )
            if is_text and len(line) < width and any(line):
                raise FileFault(
                    _("“{file}”第 {number} 行有 {n} 格，表头有 {m} 格。请补上缺的格，没有内容的也要留空格位。").format(
                        file=self._file, number=number, n=len(line), m=width
                    )
                )
            yield number, [*line[:width], *[""] * (width - len(line))]

    def texts(self) -> Iterator[tuple[int, list[str]]]:
        """The same, each cell as a person would have written it."""
        return ((number, [cell_text(value).strip() for value in cells]) for number, cells in self.rows())

    def said(self) -> str:
        """A sentence on what is hidden and was read all the same; empty where nothing is."""
        parts = []
        if self.hidden_rows:
            parts.append(_("第 {rows} 行").format(rows=_listed([str(row) for row in self.hidden_rows])))
        if self.hidden_columns:
            parts.append(_("{columns} 列").format(columns=_listed(list(self.hidden_columns))))
        return (
            _("{sheet}{hidden}是隐藏的，也读了。").format(sheet=_sheet(self.sheet), hidden="、".join(parts))
            if parts
            else ""
        )

    def _fault(self, number: int, column: int, why: str) -> FileFault:
        return FileFault(f"{_sheet(self.sheet) or f'“{self._file}”'}{place(number - 1, column)} {why}。")


@dataclass(frozen=True)
class Grid:
    """One sheet, or a whole text file, not yet looked at."""

    sheet: str
    is_shown: bool
    file: str
    lines: Callable[[], Iterator[Sequence[object]]]
    marks: Callable[[], Marks]

    def table(self, is_heading: IsHeading) -> Table | None:
        """The table below the first line that is one of headings, None where there is none.

        Raises FileFault, naming each, for cells that have no value: errors, formulas not worked out, merged ones.
        """
        for row, line in enumerate(islice(self.lines(), MOST_LINES_ABOVE)):
            headings = [cell_text(value).strip() for value in line]
            while headings and not headings[-1]:
                headings.pop()
            if headings and is_heading(headings):
                return self._below(row, headings)
        return None

    def first_line(self) -> list[str]:
        """The first line that is not blank: what it has for headings, where the right ones are missing."""
        lines = ([cell_text(value).strip() for value in line] for line in self.lines())
        return [heading for heading in next((line for line in lines if any(line)), []) if heading]

    def _below(self, row: int, headings: list[str]) -> Table:
        marks = self.marks()
        width = len(headings)
        faults = [
            f"{_sheet(self.sheet)}{place(*at)} {why}"
            for at, why in sorted(marks.faults.items())
            if at[0] >= row and at[1] < width
        ]
        faults += [
            _("{sheet}{first}:{last} 是合并的单元格，看不出内容属于哪一行、哪一列。请取消合并，每一格都填上").format(
                sheet=_sheet(self.sheet), first=place(*first), last=place(*last)
            )
            for first, last in marks.merged
            if last[0] >= row and first[1] < width
        ]
        _refuse_faults(faults)
        return Table(
            self.sheet,
            row + 1,
            tuple(headings),
            tuple(each + 1 for each in marks.hidden_rows if each > row),
            tuple(place(0, each)[:-1] for each in marks.hidden_columns if each < width),
            self.file,
            self.lines,
        )


def grids_in(content: bytes | Path, *, name: str) -> list[Grid]:
    """The sheets of a workbook in their order, or the one table of a text file. Raises FileFault."""
    start = content if isinstance(content, bytes) else content.read_bytes()
    if advice := kinds.help_with(start, name=name):
        raise FileFault(advice)
    if kinds.kind_of(start) is kinds.Kind.WORKBOOK:
        return _sheets(start, name)
    text = texts.decoded(start, name=name)
    return [Grid("", True, name, lambda: texts.lines_in(text, name=name), Marks)]


def only_one(grids: Sequence[Grid], is_heading: IsHeading, *, name: str) -> Table | None:
    """The one table that a file has, None where it has none. Raises FileFault for several, hidden or not."""
    tables = [(grid, table) for grid in grids if (table := grid.table(is_heading))]
    if len(tables) > 1:
        raise FileFault(
            _("“{name}”里有 {n} 张工作表都像是要读的：{sheets}。请只留一张。").format(
                name=name, n=len(tables), sheets="、".join(_title(grid) for grid, _table in tables)
            )
        )
    for grid, table in tables:
        refuse_hidden(grid)
        return table
    return None


def refuse_hidden(grid: Grid) -> None:
    """Refuse a sheet that nobody sees who opens the file. Raises FileFault."""
    if not grid.is_shown:
        raise FileFault(
            _("工作表“{sheet}”是隐藏的，里面却有要读的内容。请取消隐藏看一看，不要的就删去。").format(sheet=grid.sheet)
        )


def _sheets(content: bytes, name: str) -> list[Grid]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError:
        raise _unreadable(name) from None

    def grid(title: str, is_shown: bool) -> Grid:
        def lines() -> Iterator[Sequence[object]]:
            # It comes with the rows above the first filled one, without the columns before it.
            try:
                sheet = book.get_sheet_by_name(title)
            except CalamineError:
                # The library knows not every error that Excel writes.
                _refuse_faults(f"{_sheet(title)}{place(*at)} {why}" for at, why in sorted(marks().faults.items()))
                raise _unreadable(name) from None
            before = [""] * (sheet.start[1] if sheet.start else 0)
            return ([*before, *line] for line in sheet.iter_rows()) if before else sheet.iter_rows()

        def marks() -> Marks:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return read_marks(archive, title)

        return Grid(title, is_shown, name, lines, marks)

    return [
        grid(each.name, each.visible is SheetVisibleEnum.Visible)
        for each in book.sheets_metadata
        if each.typ is SheetTypeEnum.WorkSheet
    ]


def _refuse_faults(faults: Iterable[str]) -> None:
    told = [*faults]
    if len(told) > MOST_TOLD:
        told[MOST_TOLD:] = [_("还有 {n} 处").format(n=len(told) - MOST_TOLD)]
    if told:
        raise FileFault("。\n".join(told) + "。")


def _unreadable(name: str) -> FileFault:
    return FileFault(_("“{name}”的工作表读不了。请用 Excel 或 WPS 另存为 .xlsx 再来。").format(name=name))


def _title(grid: Grid) -> str:
    return f"“{grid.sheet}”" if grid.is_shown else _("“{sheet}”（隐藏）").format(sheet=grid.sheet)


def _sheet(title: str) -> str:
    return _("工作表“{sheet}”").format(sheet=title) if title else ""


def _listed(names: list[str]) -> str:
    return "、".join(names[:MOST_TOLD]) + (_(" 等 {n}").format(n=len(names)) if len(names) > MOST_TOLD else "")
