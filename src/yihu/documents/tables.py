"""Reads a table that somebody else made, Excel or CSV, as text: what a cell means is judged by whoever asked for it."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from yihu.common.refusals import Refused
from yihu.documents.content import TABLES, ContentType, type_of

ENCODINGS = ("utf-8-sig", "gb18030")
MOST_ROWS = 200_000
# Excel keeps fifteen digits; a longer number has lost its end.
EXACT = 10**15


@dataclass(frozen=True, slots=True)
class Table:
    """The first sheet, or the one asked for. Rows carry the number that Excel shows beside them; blank ones are left
    out, and every row has as many cells as there are headings.
    """

    sheet: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(content: bytes, *, name: str, sheet: str = "") -> Table:
    """The table in a file; of a workbook the sheet of that name, if it has one. Raises Refused."""
    if type_of(content, taken=TABLES, name=name) is ContentType.XLSX:
        title, lines = _sheet(content, name, sheet)
    else:
        title, lines = "", _lines(content, name)
    numbered = [(number, [cell.strip() for cell in cells]) for number, cells in lines]
    filled = [(number, cells) for number, cells in numbered if any(cells)]
    if not filled:
        raise Refused(_("“{name}”是一张空表。第 1 行须是表头，下面是内容。").format(name=name), field="file")
    headings = _headings(filled[0][1], name)
    if len(filled) - 1 > MOST_ROWS:
        raise Refused(_("“{name}”超过 {most} 行。请分成几个文件。").format(name=name, most=MOST_ROWS), field="file")
    return Table(
        title, headings, tuple((number, _fitted(number, cells, len(headings), name)) for number, cells in filled[1:])
    )


def cell_text(value: object) -> str:
    """A cell as a person would have written it; a number that Excel no longer holds exactly shows its exponent."""
    match value:
        case None:
            return ""
        case bool():
            return _("是") if value else _("否")
        case int() | float():
            if abs(value) >= EXACT:
                return f"{value:.14E}"
            return str(int(value)) if value == int(value) else f"{value:.15g}"
        case datetime():
            return value.date().isoformat() if value.time() == datetime.min.time() else str(value)
        case date():
            return value.isoformat()
    return str(value)


def text_in(content: bytes) -> str:
    """The text of a file that `type_of` took for one."""
    for encoding in ENCODINGS[:-1]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode(ENCODINGS[-1])


def _sheet(content: bytes, name: str, wanted: str) -> tuple[str, Iterable[tuple[int, list[str]]]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        title = next((each for each in book.sheet_names if each.strip() == wanted), book.sheet_names[0])
        rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
    except (CalamineError, IndexError):
        raise Refused(_("“{name}”的工作表读不了。请在 Excel 里另存为 .xlsx 再来。").format(name=name)) from None
    return title, [(number, [cell_text(value) for value in row]) for number, row in enumerate(rows, 1)]


def _lines(content: bytes, name: str) -> list[tuple[int, list[str]]]:
    text = text_in(content)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ",", strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader]
    except csv.Error:
        raise Refused(
            _("“{name}”第 {number} 行的引号不成对，读不下去。请在 Excel 里另存为 .xlsx 再来。").format(
                name=name, number=reader.line_num
            ),
            field="file",
        ) from None


def _headings(cells: list[str], name: str) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    blank = next((place for place, heading in enumerate(cells, 1) if not heading), None)
    if blank:
        raise Refused(_("“{name}”的表头第 {place} 列没有名称。请补上，或删去这一列。").format(name=name, place=blank))
    twice = next((heading for heading in cells if cells.count(heading) > 1), None)
    if twice:
        raise Refused(_("“{name}”的表头“{heading}”出现了两次。请只留一列。").format(name=name, heading=twice))
    return tuple(cells)


def _fitted(number: int, cells: list[str], width: int, name: str) -> tuple[str, ...]:
    if any(cells[width:]):
        raise Refused(
            _("“{name}”第 {number} 行的内容超出了表头的列数。请检查这一行是不是多了逗号或错了列。").format(
                name=name, number=number
            )
        )
    return (*cells[:width], *[""] * (width - len(cells)))
