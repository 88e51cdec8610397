"""The blank workbook: two sheets to fill in, how to fill them in, and the code tables.

Row 1 of a data sheet is the headings and nothing else, so that a filled-in template is read as it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from policy_engine import InputSpec, InputType, Pack, Scope
from policy_engine.language import _
from policy_files.errors import FileFault
from policy_files.sheets import HOUSEHOLD, ID_LABELS, IDENTIFIERS, PERSON, SHEET_TITLES, specs_of
from policy_files.writers import replacing

_LAST_ROW = 1_048_575
_CODES = _("代码")
_TEXT_TYPES = (InputType.DIVISION, InputType.GRADES, InputType.SET, InputType.DATE)
_MEANINGS = {
    HOUSEHOLD: _("每户一个编号，两张表里写法相同"),
    PERSON: _("每人一个编号，整份文件里不重复"),
}
_EXAMPLE_IDS = {HOUSEHOLD: "A001", PERSON: "A001-1"}
_EXAMPLES = {
    InputType.MONEY: "1894.10",
    InputType.COUNT: "1",
    InputType.AREA: "58.50",
    InputType.FLAG: _("否"),
    InputType.DATE: "1980-05-31",
    InputType.DIVISION: "110102",
}


def write_template(pack: Pack, path: Path) -> None:
    """Write a blank template for a pack's facts. Raises FileFault when the file cannot be written."""
    if path.suffix.lower() != ".xlsx":
        raise FileFault(_("模板须写成 .xlsx 文件，不能是“{name}”").format(name=path.name))
    with replacing(path) as temporary, xlsxwriter.Workbook(str(temporary)) as book:
        _Template(book, pack).write()


class _Template:
    def __init__(self, book: xlsxwriter.Workbook, pack: Pack) -> None:
        self.pack = pack
        self.sheets = {scope: book.add_worksheet(title) for scope, title in SHEET_TITLES.items()}
        self.help = book.add_worksheet(_("填表说明"))
        self.codes = book.add_worksheet(_CODES)
        common = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
        self.required = book.add_format({**common, "bg_color": "#C0392B", "font_color": "#FFFFFF"})
        self.optional = book.add_format({**common, "bg_color": "#D6E4F0"})
        self.text = book.add_format({"num_format": "@"})
        self.money = book.add_format({"num_format": "0.00"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.code_ranges: dict[str, str] = {}

    def write(self) -> None:
        self._write_codes()
        for scope, sheet in self.sheets.items():
            self._write_sheet(scope, sheet)
        self._write_help()

    def _write_codes(self) -> None:
        """Every code table that a fact uses, number and name side by side."""
        used = {spec.codes for spec in self.pack.inputs.values() if spec.codes is not None}
        self.codes.freeze_panes(1, 0)
        for number, table in enumerate(sorted(used, key=lambda table: table.__name__)):
            column = 3 * number
            labels = [spec.label for spec in self.pack.inputs.values() if spec.codes is table]
            self.codes.write_string(0, column, _("代码"), self.optional)
            self.codes.write_string(0, column + 1, "、".join(labels), self.optional)
            self.codes.set_column(column + 1, column + 1, 28)
            for row, code in enumerate(table, 1):
                self.codes.write_number(row, column, code.value)
                self.codes.write_string(row, column + 1, code.label)
            letter = xlsxwriter.utility.xl_col_to_name(column + 1)
            self.code_ranges[table.__name__] = f"='{_CODES}'!${letter}$2:${letter}${len(table) + 1}"

    def _write_sheet(self, scope: Scope, sheet: Worksheet) -> None:
        sheet.freeze_panes(1, len(IDENTIFIERS[scope]))
        sheet.set_row(0, 36)
        for column, name in enumerate(IDENTIFIERS[scope]):
            sheet.write_string(0, column, ID_LABELS[name], self.required)
            sheet.set_column(column, column, 20, self.text)
        for column, spec in enumerate(specs_of(self.pack, scope), len(IDENTIFIERS[scope])):
            sheet.write_string(0, column, spec.label, self.required if spec.required else self.optional)
            sheet.set_column(column, column, max(12, 2 * len(spec.label) + 2), self._cell_format(spec))
            validation = self._validation(spec)
            if validation:
                sheet.data_validation(1, column, _LAST_ROW, column, validation)

    def _cell_format(self, spec: InputSpec) -> Format | None:
        if spec.type in _TEXT_TYPES:
            return self.text
        return self.money if spec.type is InputType.MONEY else None

    def _validation(self, spec: InputSpec) -> dict[str, Any]:
        # Excel takes at most 32 and 255 characters in the two notes.
        note = {"input_title": spec.label[:32], "input_message": spec.allowed()[:255]}
        if spec.type is InputType.FLAG:
            return {"validate": "list", "source": [_("是"), _("否")], **note}
        if spec.codes is not None:
            # A number from the code table is as good as its name, so Excel may doubt but not refuse it.
            source = self.code_ranges[spec.codes.__name__]
            return {"validate": "list", "source": source, "error_type": "warning", **note}
        if spec.type is InputType.COUNT:
            return {"validate": "integer", "criteria": "between", "minimum": spec.low, "maximum": spec.high, **note}
        if spec.type in (InputType.MONEY, InputType.AREA):
            bounds = {"minimum": spec.low / 100, "maximum": spec.high / 100}
            return {"validate": "decimal", "criteria": "between", **bounds, **note}
        return {"validate": "any", **note}

    def _write_help(self) -> None:
        headings = (_("工作表"), _("列"), _("英文名"), _("必填"), _("不填时"), _("可以填什么"), _("含义"), _("例"))
        for column, (heading, width) in enumerate(zip(headings, (8, 24, 24, 6, 10, 48, 80, 14), strict=True)):
            self.help.write_string(0, column, heading, self.optional)
            self.help.set_column(column, column, width, self.wrapped)
        self.help.freeze_panes(1, 0)
        row = 1
        for scope, title in SHEET_TITLES.items():
            lines: list[tuple[str, ...]] = [
                (title, ID_LABELS[name], name, _("是"), "", _("文字"), _MEANINGS[name], _EXAMPLE_IDS[name])
                for name in IDENTIFIERS[scope]
            ]
            lines += [(title, *_help_line(spec)) for spec in specs_of(self.pack, scope)]
            for line in lines:
                self.help.write_row(row, 0, line, self.wrapped)
                row += 1
        for text in (
            _("表头底色为红的列必填。表头可以用中文列名，也可以用英文名；列的先后不限，非必填的列可以不要。"),
            _("钱以元计，最多两位小数。一户一行写在“家庭”，一人一行写在“成员”，用户号连起来。每户的户主只能有一位。"),
        ):
            row += 1
            self.help.write_string(row, 0, text)


def _help_line(spec: InputSpec) -> tuple[str, ...]:
    required = _("是") if spec.required else _("否")
    if spec.required:
        blank = ""
    elif spec.default is None:
        blank = _("不知道")
    else:
        blank = spec.describe(spec.default)
    return spec.label, spec.name, required, blank, spec.allowed(), spec.meaning, _example(spec)


def _example(spec: InputSpec) -> str:
    if spec.codes is not None:
        return next(iter(spec.codes)).label
    if spec.type is InputType.GRADES:
        return f"{next(iter(spec.into))}:{spec.high}"
    if spec.type is InputType.SET:
        first = next(iter(spec.into))
        return spec.labels.get(first, first)
    return _EXAMPLES[spec.type]
