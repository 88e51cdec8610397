"""Lists as workbooks: exactly the rows that are seen, with the same headings."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list. Money is given in fen and written in yuan."""

    title: str
    kind: Literal["text", "money", "number", "date"] = "text"
    width: int = 14


def workbook(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet. No text becomes a formula, whatever it begins with; None leaves a cell blank."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        formats = {
            "money": book.add_format({"num_format": "#,##0.00"}),
            "number": book.add_format({"num_format": "#,##0"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.title, bold)
        for line, row in enumerate(rows, 1):
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                if value is None:
                    continue
                if column.kind == "money":
                    sheet.write_number(line, place, value / 100, formats["money"])
                elif column.kind == "number":
                    sheet.write_number(line, place, value, formats["number"])
                elif isinstance(value, date):
                    sheet.write_datetime(line, place, value, formats["date"])
                else:
                    sheet.write_string(line, place, str(value))
    return buffer.getvalue()


def download(content: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    """A file to be saved under this name, never shown in the page's own place."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    response["X-Content-Type-Options"] = "nosniff"
    return response
