"""Writes workbooks cell by cell as other programmes write them, sound or damaged."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@dataclass(frozen=True)
class Raw:
    """A cell as it stands in the sheet: its attributes but the place, and what is within."""

    attributes: str = ""
    content: str = ""


NA = Raw('t="e"', "<v>#N/A</v>")
NOT_WORKED_OUT = Raw("", "<f>IF(1&gt;2,1,2)</f>")
WORKED_OUT = Raw("", "<f>1+1</f><v>2</v>")
EMPTY_TEXT = Raw('t="str"', '<f>IF(1&gt;2,1,"")</f><v></v>')

Lines = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Sheet:
    """One sheet; ``hidden_rows`` by their numbers, ``extra`` follows the rows."""

    lines: Lines
    state: str = ""
    hidden_rows: Sequence[int] = ()
    before: str = ""
    extra: str = ""


def workbook(sheets: Mapping[str, Sheet | Lines], *, prefix: str = "", says_places: bool = True) -> bytes:
    """A workbook whose XML names have a prefix, or whose cells do not say where they stand."""
    all_sheets = {title: each if isinstance(each, Sheet) else Sheet(each) for title, each in sheets.items()}
    colon, space = (f"{prefix}:", f":{prefix}") if prefix else ("", "")
    states = [f'state="{each.state}" ' if each.state else "" for each in all_sheets.values()]
    listed = "".join(
        f'<sheet name="{escape(title)}" sheetId="{at}" {state}r:id="rId{at}"/>'
        for at, (title, state) in enumerate(zip(all_sheets, states, strict=True), 1)
    )
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as book:
        overrides = "".join(
            f'<Override PartName="/xl/worksheets/sheet{at}.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for at in range(1, len(all_sheets) + 1)
        )
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            f"{overrides}</Types>",
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>'
        )
        links = "".join(
            f'<Relationship Id="rId{at}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
            for at in range(1, len(all_sheets) + 1)
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
        )
        for at, each in enumerate(all_sheets.values(), 1):
            rows = "".join(
                _row(number, line, colon, says_places, number in each.hidden_rows)
                for number, line in enumerate(each.lines, 1)
            )
            book.writestr(
                f"xl/worksheets/sheet{at}.xml",
                f'<?xml version="1.0" encoding="UTF-8"?><{colon}worksheet xmlns{space}="{MAIN}">{each.before}'
                f"<{colon}sheetData>{rows}</{colon}sheetData>{each.extra}</{colon}worksheet>",
            )
    return output.getvalue()


def _row(number: int, line: Sequence[object], colon: str, says_places: bool, is_hidden: bool) -> str:
    cells = "".join(_cell(number, column, value, colon, says_places) for column, value in enumerate(line))
    place = f' r="{number}"' if says_places else ""
    hidden = ' hidden="1"' if is_hidden else ""
    return f"<{colon}row{place}{hidden}>{cells}</{colon}row>"


def _cell(number: int, column: int, value: object, colon: str, says_places: bool) -> str:
    place = f' r="{chr(65 + column)}{number}"' if says_places else ""
    match value:
        case Raw():
            content = value.content
            for tag in ("f", "v"):
                content = content.replace(f"<{tag}>", f"<{colon}{tag}>").replace(f"</{tag}>", f"</{colon}{tag}>")
            return f"<{colon}c{place} {value.attributes}>{content}</{colon}c>"
        case int() | float():
            return f"<{colon}c{place}><{colon}v>{value!r}</{colon}v></{colon}c>"
    text = f"<{colon}is><{colon}t>{escape(str(value))}</{colon}t></{colon}is>"
    return f'<{colon}c{place} t="inlineStr">{text}</{colon}c>'
