"""Ways in which a file comes out damaged, or merely odd: what is read is what stood there, or the file is refused."""

import io
import zipfile
from collections.abc import Callable

import pytest

from policy_files.cells.tables import grids_in, only_one
from policy_files.errors import FileFault
from tests.policy_files.damage import MAIN, Raw, Sheet, workbook

HEADINGS = ["户号", "姓名", "金额", "日期"]
ROWS = [["甲1", "甄一", 800, "2026-03-01"], ["甲2", "甄二", 0, "2026-03-02"], ["甲3", "甄三", 12.5, "2026-03-03"]]
TEXTS = [
    ["甲1", "甄一", "800", "2026-03-01"],
    ["甲2", "甄二", "0", "2026-03-02"],
    ["甲3", "甄三", "12.5", "2026-03-03"],
]
LINES: list[list[object]] = [[*HEADINGS], *([*row] for row in ROWS)]
CSV = "户号,姓名,金额,日期\n甲1,甄一,800,2026-03-01\n甲2,甄二,0,2026-03-02\n甲3,甄三,12.5,2026-03-03\n"
BOOK = workbook({"名单": LINES})


def read(content: bytes, name: str) -> list[list[str]]:
    table = only_one(grids_in(content, name=name), lambda headings: {*HEADINGS} <= {*headings}, name=name)
    if table is None:
        raise FileFault("没有表头")
    at = [table.headings.index(heading) for heading in HEADINGS]
    return [[cells[place] for place in at] for _number, cells in table.texts() if any(cells)]


def part(change: Callable[[bytes], bytes], name: str = "xl/worksheets/sheet1.xml", book: bytes = BOOK) -> bytes:
    """The workbook with one of its parts changed."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(output, "w") as new:
        for each in old.namelist():
            new.writestr(each, change(old.read(each)) if each == name else old.read(each))
    return output.getvalue()


def swap(old: str, new: str, count: int = 1) -> bytes:
    def change(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), count)

    return part(change)


def cell(value: object, row: int = 2, column: int = 2) -> bytes:
    lines = [[*line] for line in LINES]
    lines[row][column] = value
    return workbook({"名单": lines})


def sheet(**options: object) -> bytes:
    return workbook({"名单": Sheet(LINES, **options)})  # type: ignore[arg-type]


def utf_16(content: bytes) -> bytes:
    return content.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


def shared(content: bytes) -> bytes:
    """Every second text as runs of rich text with a reading above."""
    runs = '<is><r><t>甄</t></r><r><t>二</t></r><rPh sb="0" eb="1"><t>ZHEN</t></rPh></is>'
    return content.replace("<is><t>甄二</t></is>".encode(), runs.encode())


def rows_reversed(content: bytes) -> bytes:
    head, _open, rest = content.partition(b"<row ")
    body, end = rest.rsplit(b"</row>", 1)
    return head + b"</row>".join(reversed((b"<row " + body).split(b"</row>"))) + b"</row>" + end


def cells_reversed(content: bytes) -> bytes:
    head, mark, rest = content.partition(b'<row r="3">')
    cells, end = rest.split(b"</row>", 1)
    return head + mark + b"</c>".join(reversed(cells.split(b"</c>")[:-1])) + b"</c></row>" + end


SECOND = '<c r="C3"><v>0</v></c>'
BOOKS: dict[str, bytes] = {
    "an error": cell(Raw('t="e"', "<v>#N/A</v>")),
    "an error without its text": cell(Raw('t="e"', "")),
    "an error that nobody knows": cell(Raw('t="e"', "<v>#BLOCKED!</v>")),
    "an error in single quotes": cell(Raw("t = 'e'", "<v>#REF!</v>")),
    "an error as text": cell("#VALUE!"),
    "a formula without a value": cell(Raw("", "<f>1</f>")),
    "a formula with an empty value": cell(Raw("", "<f>1</f><v/>")),
    "a shared formula without a value": cell(Raw("", '<f t="shared" si="0"/>')),
    "an array formula without a value": cell(Raw("", '<f t="array" ref="C3">1</f><v></v>')),
    "a text formula without a value": cell(Raw('t="str"', "<f>A1</f>")),
    "a formula with its value": cell(Raw("", "<f>1-1</f><v>0</v>")),
    "a number as text": cell("0"),
    "a number with blanks around": cell(Raw("", "<v> 0 </v>")),
    "a number with an exponent": cell(Raw("", "<v>0E0</v>")),
    "a negative zero": cell(Raw("", "<v>-0</v>")),
    "no number": cell(Raw("", "<v>abc</v>")),
    "a shared text that there is not": cell(Raw('t="s"', "<v>7</v>")),
    "merged down": sheet(extra='<mergeCells><mergeCell ref="B2:B3"/></mergeCells>'),
    "merged across": sheet(extra='<mergeCells><mergeCell ref="C3:D3"/></mergeCells>'),
    "merged over the headings": sheet(extra='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'),
    "merged in single quotes": sheet(extra="<mergeCells><mergeCell ref='B2:B4'/></mergeCells>"),
    "a hidden row": sheet(hidden_rows=(3,)),
    "a hidden sheet": sheet(state="hidden"),
    "a very hidden sheet": sheet(state="veryHidden"),
    "two sheets": workbook({"名单": LINES, "名单 (2)": LINES}),
    "two sheets, one hidden": workbook({"旧": Sheet(LINES, state="hidden"), "名单": LINES}),
    "another sheet with errors": workbook({"名单": LINES, "算": [[Raw('t="e"', "<v>#N/A</v>")]]}),
    "a prefix": workbook({"名单": LINES}, prefix="x"),
    "a long prefix": workbook({"名单": LINES}, prefix="spreadsheetml"),
    "a prefix and an error": workbook({"名单": [*LINES[:2], ["甲2", Raw('t="e"', "<v>#N/A</v>"), 0, "x"]]}, prefix="x"),
    "no places": workbook({"名单": LINES}, says_places=False),
    "no places and a formula": workbook(
        {"名单": [*LINES[:2], ["甲2", "甄二", Raw("", "<f>1</f>"), "x"]]}, says_places=False
    ),
    "titles above": workbook({"名单": [["一街道"], ["二〇二六年"], [], *LINES]}),
    "too many titles above": workbook({"名单": [*([f"{n}"] for n in range(12)), *LINES]}),
    "columns before": workbook({"名单": [["", "", *line] for line in LINES]}),
    "a column without a heading": workbook({"名单": [[*line, "多"] if at else line for at, line in enumerate(LINES)]}),
    "columns in another order": workbook({"名单": [line[::-1] for line in LINES]}),
    "a blank row between": workbook({"名单": [*LINES[:2], [], *LINES[2:]]}),
    "rows in another order": part(rows_reversed),
    "a cell that stands twice": swap(SECOND, '<c r="C3"><v>5</v></c><c r="C3"><v>0</v></c>'),
    "cells in another order": part(cells_reversed),
    "a row that stands twice": part(lambda content: content.replace(b'<row r="4">', b'<row r="3">')),
    "UTF-16 within": part(utf_16),
    "runs of rich text": part(shared),
    "a reference to a character": swap("甄二", "&#x7504;&#20108;"),
    "a text in CDATA": swap("<t>甄二</t>", "<t><![CDATA[甄二]]></t>"),
    "an entity of its own": part(
        lambda content: content.replace(b"?>", b'?><!DOCTYPE worksheet [<!ENTITY a "9">]>', 1).replace(
            b"<v>0</v>", b"<v>&a;</v>"
        )
    ),
    "a comment within a cell": swap("<v>0</v>", "<!-- 0 --><v>0</v>"),
    "cut off in the sheet": part(lambda content: content[: len(content) // 2]),
    "an empty sheet": part(lambda content: b""),
    "cut off": BOOK[: len(BOOK) // 2],
    "another namespace": part(lambda content: content.replace(MAIN.encode(), b"urn:other")),
    "the strict edition": part(
        lambda content: content.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")
    ),
}
TABLES: dict[str, bytes] = {
    "a mark before": CSV.encode("utf-8-sig"),
    "GB18030": CSV.encode("gb18030"),
    "UTF-16": CSV.encode("utf-16"),
    "UTF-16 the other way round": b"\xfe\xff" + CSV.encode("utf-16-be"),
    "UTF-16 without a mark": CSV.encode("utf-16-le"),
    "Latin letters for Chinese": CSV.encode().decode("latin-1").encode(),
    "tabs": CSV.replace(",", "\t").encode(),
    "semicolons": CSV.replace(",", ";").encode(),
    "two kinds of delimiters": CSV.replace("甲2,甄二", "甲2;甄二").encode(),
    "CR LF": CSV.replace("\n", "\r\n").encode(),
    "CR alone": CSV.replace("\n", "\r").encode(),
    "everything in quotes": "\n".join(
        ",".join(f'"{text}"' for text in line.split(",")) for line in CSV.splitlines()
    ).encode(),
    "a quotation mark that never ends": CSV.replace("甄二", '"甄二').encode(),
    "a line too long": CSV.replace("2026-03-02", "2026-03-02,5").encode(),
    "a line moved by a comma": CSV.replace("甄二", "甄,二").encode(),
    "a line too short": CSV.replace(",2026-03-02", "").encode(),
    "commas behind every line": CSV.replace("\n", ",,\n").encode(),
    "blank lines": CSV.replace("\n", "\n\n").encode(),
    "an error": CSV.replace(",0,", ",#N/A,").encode(),
    "an error in small letters": CSV.replace(",0,", ", #div/0! ,").encode(),
    "cut off in a character": CSV.encode()[: CSV.encode().index("三".encode()) + 1],
    "a web page": f"<html><body><table><tr><td>{CSV}</td></tr></table></body></html>".encode(),
    "the old format": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + CSV.encode(),
    "Parquet": b"PAR1" + CSV.encode() + b"PAR1",
}
# What is no number is handed on as it stands, for whoever asked for the table to refuse.
AS_IT_STANDS = {"no number": [TEXTS[0], ["甲2", "甄二", "abc", "2026-03-02"], TEXTS[2]]}


# What is odd and clear; whatever else there is must be refused.
CLEAR = {
    "a formula with its value", "a number as text", "a number with blanks around", "a number with an exponent",
    "a negative zero", "no number", "a hidden row", "another sheet with errors", "a prefix", "a long prefix",
    "no places", "titles above", "columns before", "columns in another order", "a blank row between",
    "rows in another order", "a cell that stands twice", "cells in another order", "a row that stands twice",
    "runs of rich text", "a reference to a character", "a text in CDATA", "a comment within a cell",
    "another namespace", "the strict edition", "a mark before", "GB18030", "UTF-16", "UTF-16 the other way round",
    "tabs", "semicolons", "CR LF", "CR alone", "everything in quotes", "commas behind every line", "blank lines",
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "name"), [*((what, "名单.xlsx") for what in BOOKS), *((what, "名单.csv") for what in TABLES)]
)
def test_no_damage_says_anything_else(what: str, name: str) -> None:
    content = BOOKS[what] if name.endswith("xlsx") else TABLES[what]
    if what in CLEAR:
        assert read(content, name) == AS_IT_STANDS.get(what, TEXTS)
    else:
        with pytest.raises(FileFault):
            read(content, name)
