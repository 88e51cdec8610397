"""The blank template: what is in it, and that it is read as it is once filled in."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

import policy_packs
from policy_engine import Scope
from policy_files.sheets import SHEET_TITLES, specs_of
from tests.policy_files.conftest import Yihu
from tests.policy_files.files import three_adults, write_xlsx

PACK = policy_packs.load("xicheng")


@pytest.fixture
def template(tmp_path: Path, yihu: Yihu) -> Path:
    """A blank template."""
    path = tmp_path / "blank.xlsx"
    assert yihu("assess", "--template", path).code == 0
    return path


def test_row_one_is_the_headings_and_there_is_nothing_below(template: Path) -> None:
    book = CalamineWorkbook.from_path(template)

    assert book.sheet_names == ["家庭", "成员", "填表说明", "代码"]
    for scope, first in ((Scope.HOUSEHOLD, ["户号"]), (Scope.MEMBER, ["户号", "成员编号"])):
        rows = book.get_sheet_by_name(SHEET_TITLES[scope]).to_python(skip_empty_area=False)
        assert rows == [first + [spec.label for spec in specs_of(PACK, scope)]]


def test_every_column_and_every_code_is_explained(template: Path) -> None:
    book = CalamineWorkbook.from_path(template)
    help_rows = book.get_sheet_by_name("填表说明").to_python()
    names = {row[2]: row for row in help_rows}
    codes = [cell for row in book.get_sheet_by_name("代码").to_python() for cell in row]

    for spec in PACK.inputs.values():
        assert names[spec.name][5] == spec.allowed()
        assert names[spec.name][3] == ("是" if spec.required else "否")
        assert spec.codes is None or all(code.label in codes for code in spec.codes)


def test_the_examples_in_it_can_be_read(template: Path) -> None:
    rows = CalamineWorkbook.from_path(template).get_sheet_by_name("填表说明").to_python()

    for row in rows:
        if row[2] in PACK.inputs:
            assert PACK.inputs[row[2]].parse(str(row[7])) is not None


def test_a_blank_template_has_no_households(template: Path, yihu: Yihu) -> None:
    said = yihu("assess", template, "--on", "2020-06-01")

    assert said.code == 2
    assert "没有家庭" in said.err


def test_a_template_that_is_filled_in_is_read_as_it_is(tmp_path: Path, template: Path, yihu: Yihu) -> None:
    book = CalamineWorkbook.from_path(template)
    households, members = three_adults()
    names = {spec.label: spec.name for spec in PACK.inputs.values()} | {"户号": "household", "成员编号": "person"}
    filled = [
        [{label: row.get(names[label], "") for label in book.get_sheet_by_name(sheet).to_python()[0]} for row in rows]
        for sheet, rows in (("家庭", households), ("成员", members))
    ]
    said = yihu("assess", write_xlsx(tmp_path / "filled.xlsx", *filled), "--on", "2020-06-01")

    assert said.code == 0
    assert '"1406.00"' in said.out


def test_a_template_is_a_workbook_and_nothing_else(tmp_path: Path, yihu: Yihu) -> None:
    assert yihu("assess", "--template", tmp_path / "blank.csv").code == 2
    assert yihu("assess", "--template", tmp_path / "no" / "blank.xlsx").code == 2
    assert list(tmp_path.iterdir()) == []
