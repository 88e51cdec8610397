"""What a sheet says of its cells besides their values, read from the sheet itself: the fast reader shows an error, and
a formula whose result was not stored, as blank.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree

from policy_engine.language import _
from policy_files.cells.written import position
from policy_files.errors import FileFault

# A sheet in which none of this stands needs no closer look. Names may have any prefix.
SUSPECT = re.compile(
    rb"""<(?:[^\s<>:]{1,99}:)?f[\s/>]|\bt\s*=\s*["']e["']|\bhidden\s*=|<(?:[^\s<>:]{1,99}:)?mergeCell\b"""
)
_PIECE = 1 << 20
_DECLARATION = b"<!DOCTYPE"
_SHARED = frozenset({"xl/sharedStrings.xml"})
_OVERLAP = 256
# Most columns a sheet can have.
_WIDEST = 16_384


@dataclass
class Marks:
    """All by row and column from 0. ``faults``: what stands where no value is; ``merged``: first and last cell."""

    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


def read_marks(archive: zipfile.ZipFile, title: str) -> Marks:
    """The marks of the sheet of a title. Raises FileFault where the sheet cannot be read."""
    name = _part(archive, title)
    # What stands for something else is nothing to the fast reader.
    for each in (name, *_SHARED.intersection(archive.namelist())):
        with archive.open(each) as part:
            if _DECLARATION in part.read(_PIECE):
                raise _unreadable(title)
    with archive.open(name) as part:
        if not _is_suspect(part):
            return Marks()
    with archive.open(name) as part:
        try:
            return _marks_in(part)
        except ElementTree.ParseError:
            raise _unreadable(title) from None


def _is_suspect(part: IO[bytes]) -> bool:
    rest = part.read(4)
    # In another encoding than that of the pattern nothing would be found.
    if not rest.startswith((b"<", b"\xef\xbb\xbf<")) or b"\0" in rest:
        return True
    while piece := part.read(_PIECE):
        piece = rest + piece
        if SUSPECT.search(piece):
            return True
        rest = piece[-_OVERLAP:]
    return False


def _marks_in(part: IO[bytes]) -> Marks:
    marks = Marks()
    row, column = -1, -1
    for event, element in ElementTree.iterparse(part, events=("start", "end")):
        tag = element.tag.rpartition("}")[2]
        if event == "start":
            if tag == "row":
                row, column = int(element.get("r") or row + 2) - 1, -1
                if _is_set(element.get("hidden")):
                    marks.hidden_rows.append(row)
            continue
        match tag:
            case "c":
                # A cell that does not say where it stands follows the one before it.
                at = position(element.get("r", "")) if element.get("r") else (row, column + 1)
                row, column = at
                if fault := _fault_of(element):
                    marks.faults[at] = fault
            case "row":
                element.clear()
            case "col" if _is_set(element.get("hidden")):
                first, last = int(element.get("min") or 1), int(element.get("max") or 1)
                marks.hidden_columns += range(first - 1, min(last, _WIDEST))
            case "mergeCell":
                first_cell, _colon, last_cell = element.get("ref", "").partition(":")
                if last_cell and first_cell != last_cell:
                    marks.merged.append((position(first_cell), position(last_cell)))
    return marks


def _fault_of(cell: ElementTree.Element) -> str:
    """What is wrong with a cell; empty where nothing is."""
    parts = {child.tag.rpartition("}")[2]: child for child in cell}
    value = parts.get("v")
    text = "" if value is None else value.text or ""
    if cell.get("t") == "e":
        return _("是“{error}”：Excel 没有算出这一格。请改正公式，或直接填上内容").format(error=text or "#N/A")
    if "f" not in parts or text:
        return ""
    # A formula that came to an empty text has stored just that.
    if cell.get("t") == "str" and value is not None:
        return ""
    return _("是公式，文件里没有存下算出的值。请用 Excel 或 WPS 打开、保存一次再来")


def _is_set(written: str | None) -> bool:
    return written in ("1", "true")


def _part(archive: zipfile.ZipFile, title: str) -> str:
    """Where in a workbook the sheet of that title lies, whichever edition of the format it is in."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        raise _unreadable(title) from None
    targets = {each.get("Id"): each.get("Target", "") for each in links}
    for sheet in book.iterfind(".//{*}sheet"):
        if sheet.get("name") == title:
            link = next((value for key, value in sheet.items() if key.endswith("}id")), None)
            target = targets.get(link, "")
            name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if name in archive.namelist():
                return name
    raise _unreadable(title)


def _unreadable(title: str) -> FileFault:
    return FileFault(_("工作簿里找不到工作表“{sheet}”的内容；请在 Excel 里另存为 .xlsx 再来").format(sheet=title))
