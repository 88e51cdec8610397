"""The workbook with which a source is asked, to be filled in and sent back as it is."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import xlsxwriter

from yihu.records_checks.sources import Kind, Source
from yihu.records_checks.sources.columns import NO, YES

SHEET = "核对"
NUMBER, NAME, IDENTITY, FOUND, AS_OF = "请求号", "姓名", "身份证号", "是否查到", "数据截止日期"
# The name is only there to be compared: who answers without it is understood.
NEEDED = (NUMBER, IDENTITY, FOUND, AS_OF)
_HOW = "每人一行，全部填写后放入 answers 文件夹；文件可以改名，也可以把几份请求合在一张表里。表头不能改。"
_FIXED = {
    NUMBER: "原样保留",
    NAME: "原样保留",
    IDENTITY: "原样保留，按文本保存",
    FOUND: "“是”或“否”；没有查到的只填“否”和数据截止日期",
    AS_OF: "所查数据截至哪一天，写成 2026-03-01",
}


class Asked(NamedTuple):
    """Somebody who is asked about."""

    name: str
    identity_number: str


def workbook(source: Source, number: str, people: Sequence[Asked], *, on: date) -> bytes:
    """The question of one request; the same question gives the same bytes."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": f"{source.label} {number}", "created": datetime(on.year, on.month, on.day)})
        heading = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"})
        text = book.add_format({"num_format": "@"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet, explained = book.add_worksheet(SHEET), book.add_worksheet("填写说明")
        sheet.freeze_panes(1, 3)
        titles = [*_FIXED, *(column.title for column in source.columns)]
        for place, title in enumerate(titles):
            sheet.write_string(0, place, title, heading)
            sheet.set_column(place, place, max(14, 2 * len(title)), text)
        sheet.set_column(titles.index(IDENTITY), titles.index(IDENTITY), 22, text)
        for row, person in enumerate(people, 1):
            for place, value in enumerate((number, person.name, person.identity_number)):
                sheet.write_string(row, place, value, text)
        flags = [titles.index(FOUND), *(titles.index(each.title) for each in source.columns if each.kind is Kind.FLAG)]
        for place in flags:
            sheet.data_validation(1, place, len(people), place, {"validate": "list", "source": [YES, NO]})
        _explain(explained, source, heading, wrapped)
    return content.getvalue()


def _explain(sheet: xlsxwriter.worksheet.Worksheet, source: Source, heading: object, wrapped: object) -> None:
    sheet.set_column(0, 0, 32, wrapped)
    sheet.set_column(1, 1, 80, wrapped)
    rows = [
        ("怎样填写", _HOW),
        ("查询依据", f"{source.basis}；只用于社会救助家庭经济状况核对，被核对的成年人已书面授权。"),
        ("没有查到是指", str(source.not_found)),
        *_FIXED.items(),
        *((column.title, column.allowed()) for column in source.columns),
    ]
    for row, (title, said) in enumerate(rows):
        sheet.write_string(row, 0, title, heading)
        sheet.write_string(row, 1, said, wrapped)
