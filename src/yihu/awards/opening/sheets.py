"""Reads the rows of a workbook or a CSV file, and gives out the empty workbook that is to be filled in."""

import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from policy_files.cells.tables import MOST_LINES_ABOVE
from yihu.awards.opening.columns import COLUMNS, REQUIRED, Column
from yihu.common.refusals import Refused
from yihu.documents.tables import tables_in
from yihu.policy.labels import every_programme


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: the sheet, the number that Excel shows, and the cells by column; an empty cell is ''."""

    sheet: str
    number: int
    cells: dict[Column, Any]


@dataclass(frozen=True, slots=True)
class Filled:
    """The rows of a list, and what whoever gave it is to be told of them: which of them its sheets hide."""

    rows: list[SheetRow]
    said: tuple[str, ...]


def read_list(content: bytes, *, name: str) -> Filled:
    """The rows of every sheet that has the headings; empty rows are passed over. Raises Refused."""
    found: list[SheetRow] = []
    tables = tables_in(content, name=name, is_heading=_is_heading)
    for table in tables:
        columns = _columns(table.sheet, table.headings)
        found += [
            SheetRow(table.sheet or name, number, {column: line[place] for column, place in columns.items()})
            for number, line in table.rows
        ]
    if not tables:
        raise Refused(
            _("“{name}”里没有找到表头。前 {lines} 行里要有一行写着：{columns}。可以下载模板来填。").format(
                name=name, lines=MOST_LINES_ABOVE, columns="、".join(column.value for column in REQUIRED)
            ),
            field="file",
        )
    if not found:
        raise Refused(_("“{name}”的表头下面没有内容。").format(name=name), field="file")
    return Filled(found, tuple(table.said for table in tables if table.said))


def template() -> bytes:
    """An empty workbook with the headings, and a sheet that says what each column is for."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as workbook:
        bold, text = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "@"})
        sheet = workbook.add_worksheet(_("在册名单"))
        for at, column in enumerate(COLUMNS):
            # As text: as numbers, Excel would cut identity numbers off after fifteen digits.
            sheet.set_column(at, at, 20, text if column is not Column.AMOUNT else None)
            sheet.write(0, at, column.value, bold)
        sheet.freeze_panes(1, 0)
        explained = workbook.add_worksheet(_("填写说明"))
        explained.set_column(0, 0, 18)
        explained.set_column(1, 1, 90)
        monthly = "、".join(programme.title for programme in every_programme() if programme.is_paid_monthly)
        lines = [(column.value, str(what)) for column, what in COLUMNS.items()]
        lines.append((_("可填的项目"), monthly))
        for at, line in enumerate(lines):
            explained.write_row(at, 0, line)
        workbook.set_properties({"created": date(2000, 1, 1)})
    return output.getvalue()


def bad_rows_book(faults: Sequence[tuple[SheetRow, str]]) -> bytes:
    """The rows that have to be mended, as they were filled in, each behind its place and what is wrong with it."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"constant_memory": True}) as workbook:
        bold, day = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet = workbook.add_worksheet(_("要改的行"))
        sheet.freeze_panes(1, 0)
        headings = (_("工作表"), _("行"), _("哪里不对，怎么改"), *(column.value for column in COLUMNS))
        sheet.set_column(0, len(headings), 16)
        sheet.set_column(2, 2, 60)
        for at, heading in enumerate(headings):
            sheet.write_string(0, at, heading, bold)
        for line, (row, what) in enumerate(faults, 1):
            sheet.write_string(line, 0, row.sheet)
            sheet.write_number(line, 1, row.number)
            sheet.write_string(line, 2, what)
            for at, column in enumerate(COLUMNS, 3):
                value = row.cells.get(column, "")
                if isinstance(value, date):
                    sheet.write_datetime(line, at, value, day)
                else:
                    # As text: nothing of it becomes a formula or a rounded number.
                    sheet.write_string(line, at, str(value))
    return output.getvalue()


def _is_heading(line: Sequence[str]) -> bool:
    written = {_plain(cell) for cell in line}
    return written.issuperset(column.value for column in REQUIRED)


def _columns(sheet: str, line: Sequence[str]) -> dict[Column, int]:
    known = {column.value: column for column in COLUMNS}
    found: dict[Column, int] = {}
    for place, cell in enumerate(line):
        heading = _plain(cell)
        if not heading:
            continue
        if heading not in known:
            raise Refused(
                _("工作表“{sheet}”的列“{heading}”不认识。可用的列：{columns}。请改名或删去这一列。").format(
                    sheet=sheet, heading=heading, columns="、".join(known)
                ),
                field="file",
            )
        if known[heading] in found:
            raise Refused(
                _("工作表“{sheet}”里有两列“{heading}”。请删去一列。").format(sheet=sheet, heading=heading), field="file"
            )
        found[known[heading]] = place
    return found


def _plain(cell: str) -> str:
    """A heading without spaces and without what stands in brackets behind it, such as the unit."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", cell))
    return re.sub(r"\(.*\)$", "", text)
