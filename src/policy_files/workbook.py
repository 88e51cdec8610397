"""Households and members as two sheets of a workbook.

Numbers come out of Excel as binary fractions; each is written as the shortest decimal that means
the same, so that 1894.1 is 1894.1 and nothing is rounded. A cell that holds an error such as
#N/A is looked up in the file itself, because the reader shows it as blank.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from policy_engine import Scope
from policy_engine.language import _
from policy_files.errors import FileFault
from policy_files.sheets import FILE_NAMES, SHEET_TITLES, Source, TextSheet

SUFFIXES = (".xlsx", ".xlsm")
_ROWS_AT_ONCE = 20_000
_PIECE = 1 << 20
_EXACT = 10**15
_YES_NO = (_("否"), _("是"))
_ERROR_CELL = re.compile(
    rb'<c (?=[^>]*\bt="e")[^>]*\br="([A-Z]+)([0-9]+)"[^>]*>(?:<f.*?(?:</f>|/>))?<v>([^<]*)</v>', re.DOTALL
)


def read_workbook(path: Path) -> Source:
    """The sheets 家庭 and 成员 of a workbook. Raises FileFault when one is missing or the file is damaged."""
    try:
        workbook = CalamineWorkbook.from_path(path)
    except (CalamineError, OSError) as error:
        raise FileFault(_("{file} 不是能读的工作簿：{error}").format(file=path.name, error=error)) from None
    return Source(_read(workbook, path, Scope.HOUSEHOLD), _read(workbook, path, Scope.MEMBER))


def _read(workbook: CalamineWorkbook, path: Path, scope: Scope) -> TextSheet:
    title = next(
        (name for name in workbook.sheet_names if name.strip() in (SHEET_TITLES[scope], FILE_NAMES[scope])), None
    )
    if title is None:
        raise FileFault(
            _("{file} 里没有工作表“{sheet}”，只有{sheets}").format(
                file=path.name,
                sheet=SHEET_TITLES[scope],
                sheets="、".join(f"“{name}”" for name in workbook.sheet_names),
            )
        )
    return _text_sheet(workbook.get_sheet_by_name(title), SHEET_TITLES[scope], error_cells(path, title))


def _text_sheet(sheet: CalamineSheet, title: str, errors: Mapping[tuple[int, int], str]) -> TextSheet:
    rows = sheet.iter_rows()
    headings = [cell_text(value).strip() for value in next(rows, [])]
    if not any(headings):
        raise FileFault(_("工作表“{sheet}”第 1 行须是表头").format(sheet=title))
    pieces: list[Sequence[pa.Array]] = []
    first = 1
    while part := list(islice(rows, _ROWS_AT_ONCE)):
        texts = [[cell_text(value) for value in row] for row in part]
        for (row, column), text in errors.items():
            if first <= row < first + len(part) and column < len(headings):
                texts[row - first][column] = text
        pieces.append([pa.array(column, pa.string()) for column in zip(*texts, strict=True)])
        first += len(part)
    columns: list[pa.Array | None] = [
        pa.concat_arrays([piece[position] for piece in pieces]) if pieces else pa.array([], pa.string())
        for position in range(len(headings))
    ]
    return TextSheet(title, headings, columns, first - 1)


def cell_text(value: object) -> str:
    """A cell as a person would have written it.

    A number that Excel can no longer hold exactly is written with its exponent, so that no fact
    and no identifier takes it for good.
    """
    match value:
        case str():
            return value
        case bool():
            return _YES_NO[value]
        case int() | float():
            if abs(value) >= _EXACT:
                return f"{value:.14E}"
            # A workbook keeps and shows fifteen digits; what lies behind them comes of its own binary sums.
            return str(int(value)) if value == int(value) else f"{value:.15g}"
        case datetime():
            return value.date().isoformat() if value.time() == datetime.min.time() else str(value)
        case date():
            return value.isoformat()
    return "" if value is None else str(value)


def error_cells(path: Path, title: str) -> dict[tuple[int, int], str]:
    """What stands in the cells of a sheet that hold an error, by row and column from 0."""
    found = {}
    with zipfile.ZipFile(path) as archive, archive.open(_sheet_part(archive, title)) as part:
        rest = b""
        while piece := part.read(_PIECE):
            content = rest + piece
            # The last cell may be cut in two: it is looked at with what follows.
            cut = max(content.rfind(b"<c "), 0)
            for letters, number, text in _ERROR_CELL.findall(content[:cut]):
                found[int(number) - 1, _column(letters)] = text.decode()
            rest = content[cut:]
        for letters, number, text in _ERROR_CELL.findall(rest):
            found[int(number) - 1, _column(letters)] = text.decode()
    return found


def _column(letters: bytes) -> int:
    """A column's letters as its position from 0."""
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def _sheet_part(archive: zipfile.ZipFile, title: str) -> str:
    """Where in a workbook the sheet of that title lies, whichever edition of the format it is in."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {each.get("Id"): each.get("Target", "") for each in links}
    for sheet in book.iterfind(".//{*}sheet"):
        if sheet.get("name") == title:
            link = next((value for key, value in sheet.items() if key.endswith("}id")), None)
            target = targets.get(link, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in archive.namelist():
                return part
    raise FileFault(_("工作簿里找不到工作表“{sheet}”的内容；请在 Excel 里另存为 .xlsx 再来").format(sheet=title))
