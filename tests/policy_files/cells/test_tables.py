"""What the reader of cells takes, and what it refuses by its place instead of passing it over."""

from collections.abc import Sequence
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_files.cells.tables import Table, grids_in, only_one
from policy_files.cells.written import ERRORS, cell_text, place, position
from policy_files.errors import FileFault
from tests.policy_files.damage import EMPTY_TEXT, NA, NOT_WORKED_OUT, WORKED_OUT, Raw, Sheet, workbook

HEADINGS = ["户号", "姓名", "金额"]
GOOD = ["甲1", "甄一", 800]


def is_heading(headings: Sequence[str]) -> bool:
    return "户号" in headings


def read(content: bytes, name: str = "名单.xlsx") -> Table:
    table = only_one(grids_in(content, name=name), is_heading, name=name)
    assert table is not None
    return table


def texts(content: bytes, name: str = "名单.xlsx") -> list[list[str]]:
    return [cells for _number, cells in read(content, name).texts()]


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize("says_places", [True, False])
@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (NA, "C3 是“#N/A”：Excel 没有算出这一格"),
        (Raw("t='e'", "<f>1/0</f><v>#DIV/0!</v>"), "C3 是“#DIV/0!”"),
        (NOT_WORKED_OUT, "C3 是公式，文件里没有存下算出的值"),
        (Raw("", "<f>1</f><v></v>"), "C3 是公式，文件里没有存下算出的值"),
        (Raw('t="str"', "<f>A1</f>"), "C3 是公式，文件里没有存下算出的值"),
        ("#REF!", "C3 是“#REF!”，不是内容"),
        ("#n/a", "C3 是“#n/a”，不是内容"),
    ],
)
def test_a_cell_without_a_value_is_refused_by_its_place(cell: object, why: str, prefix: str, says_places: bool) -> None:
    content = workbook({"名单": [HEADINGS, GOOD, ["甲2", "甄二", cell]]}, prefix=prefix, says_places=says_places)

    with pytest.raises(FileFault) as refused:
        texts(content)

    assert f"工作表“名单”{why}" in str(refused.value)


@pytest.mark.parametrize(("cell", "text"), [(WORKED_OUT, "2"), (EMPTY_TEXT, ""), (1170.1 * 3, "3510.3")])
def test_a_formula_with_its_value_is_taken(cell: object, text: str) -> None:
    assert texts(workbook({"名单": [HEADINGS, ["甲1", "甄一", cell]]})) == [["甲1", "甄一", text]]


def test_all_cells_without_a_value_are_named_at_once_and_none_that_nobody_reads() -> None:
    lines = [["某街道", NA, ""], HEADINGS, ["甲1", NA, 1], ["甲2", "甄二", NOT_WORKED_OUT, NA]]

    with pytest.raises(FileFault) as refused:
        texts(workbook({"名单": lines, "别的": [[NA]]}))

    said = str(refused.value)
    assert "B3" in said
    assert "C4" in said
    assert "B1" not in said
    assert "D4" not in said
    assert "别的" not in said


def test_merged_cells_below_the_headings_are_refused() -> None:
    merged = '<mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="C3:C4"/></mergeCells>'
    lines = [["某街道名单", "", ""], HEADINGS, GOOD, ["甲2", "甄二", ""]]

    with pytest.raises(FileFault, match="C3:C4 是合并的单元格") as refused:
        texts(workbook({"名单": Sheet(lines, extra=merged)}))

    assert "A1" not in str(refused.value)


@pytest.mark.parametrize("state", ["", "hidden", "veryHidden"])
def test_two_sheets_that_could_be_meant_are_refused(state: str) -> None:
    content = workbook({"上月": Sheet([HEADINGS, GOOD], state=state), "本月": [HEADINGS, GOOD]})

    with pytest.raises(FileFault, match="有 2 张工作表都像是要读的：“上月”"):
        read(content)


def test_the_one_sheet_is_refused_where_it_is_hidden() -> None:
    with pytest.raises(FileFault, match="工作表“名单”是隐藏的"):
        read(workbook({"名单": Sheet([HEADINGS, GOOD], state="hidden"), "说明": [["请填名单"]]}))


def test_hidden_rows_and_columns_are_read_and_said() -> None:
    columns = '<cols><col min="2" max="2" hidden="1"/></cols>'
    table = read(workbook({"名单": Sheet([HEADINGS, GOOD, GOOD, GOOD], hidden_rows=(1, 3), before=columns)}))

    assert len(list(table.texts())) == 3
    assert table.said() == "工作表“名单”第 3 行、B 列是隐藏的，也读了。"
    assert read(workbook({"名单": [HEADINGS, GOOD]})).said() == ""


def test_a_table_may_stand_anywhere_below_its_title() -> None:
    lines = [["西城区在册名单"], [], ["", *HEADINGS], ["", "甲1", "甄一", 800.5], [], ["", "甲2", "甄二", 7]]
    table = read(workbook({"名单": lines}))

    assert table.heading_row == 3
    assert [(number, cells[1:]) for number, cells in table.texts() if any(cells)] == [
        (4, ["甲1", "甄一", "800.5"]),
        (6, ["甲2", "甄二", "7"]),
    ]


def test_content_without_a_heading_is_refused_by_its_place() -> None:
    for lines in ([HEADINGS, [*GOOD, "多"]], [["户号", "", "金额"], GOOD]):
        with pytest.raises(FileFault, match=r"工作表“名单”[BD]2 有内容，但上面没有表头"):
            texts(workbook({"名单": lines}))


TEXT = "街道名单\n户号,姓名,金额\n甲1,甄一,800\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_in_every_encoding_and_with_every_delimiter(encoding: str, delimiter: str) -> None:
    content = TEXT.replace(",", delimiter).encode(encoding)

    assert texts(content, "名单.csv") == [["甲1", "甄一", "800"]]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧格式的表格（.xls 或 .et）"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "加了打开密码"),
        ("\ufeff <html><table><tr><td>户号</td></tr></table></html>".encode(), "其实是一个网页"),
        (b"\xff\xff\xff\xff", "既不是 UTF-8 也不是 GB18030"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(content: bytes, why: str) -> None:
    with pytest.raises(FileFault) as refused:
        grids_in(content, name="名单.xls")

    assert why in str(refused.value)
    assert "另存为" in str(refused.value)


CELLS = [
    ("文字", "文字"),
    (1894.1, "1894.1"),
    (1894.0, "1894"),
    (0.1 + 0.2, "0.3"),
    (0.00001, "0.00001"),
    (19800531.0, "19800531"),
    (990102199001011234.0, "9.90102199001011E+17"),
    (999999999999999.0, "999999999999999"),
    (True, "是"),
    (False, "否"),
    (date(1980, 5, 31), "1980-05-31"),
    (datetime(1980, 5, 31), "1980-05-31"),
    (datetime(1980, 5, 31, 1, 2), "1980-05-31"),
    (datetime(1980, 5, 31, 23, 59, 59, 999_900), "1980-06-01"),
    (datetime(1980, 5, 31, 23, 59, 59), "1980-05-31"),
    (time(12), "12:00:00"),
    (None, ""),
]


@pytest.mark.parametrize(("value", "text"), CELLS)
def test_a_cell_of_excel_as_a_person_would_write_it(value: object, text: str) -> None:
    assert cell_text(value) == text


@given(st.integers(0, 1_048_575), st.integers(0, 16_383))
def test_places_are_named_as_excel_names_them(row: int, column: int) -> None:
    assert position(place(row, column)) == (row, column)


def test_places_at_the_ends_of_the_alphabet() -> None:
    names = {
        (0, 0): "A1",
        (1, 25): "Z2",
        (2, 26): "AA3",
        (9, 701): "ZZ10",
        (0, 702): "AAA1",
        (1_048_575, 16_383): "XFD1048576",
    }
    assert {at: place(*at) for at in names} == names


@given(st.sampled_from(sorted(ERRORS)), st.integers(0, 2), st.integers(1, 5), st.sampled_from(["csv", "xlsx"]))
def test_no_error_ever_comes_through(error: str, column: int, row: int, suffix: str) -> None:
    lines: list[list[object]] = [HEADINGS, *([f"甲{number}", "甄", 1] for number in range(5))]
    lines[row] = [*lines[row]]
    lines[row][column] = error if suffix == "csv" else Raw('t="e"', f"<v>{error}</v>")
    content = (
        workbook({"名单": lines})
        if suffix == "xlsx"
        else "\n".join(",".join(map(str, line)) for line in lines).encode()
    )

    with pytest.raises(FileFault, match=place(row, column)):
        texts(content, f"名单.{suffix}")
