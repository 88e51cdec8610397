"""How files spell things: encodings, Excel's numbers, types of Parquet."""

import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from policy_files.errors import FileFault
from policy_files.folders import as_text, read_csv
from tests.policy_files.conftest import Yihu
from tests.policy_files.damage import Sheet, workbook
from tests.policy_files.files import several, three_adults, write_csv, write_xlsx


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_that_offices_write(tmp_path: Path, yihu: Yihu, encoding: str) -> None:
    source = write_csv(tmp_path / "in", *three_adults("西城〇一号"), encoding)
    said = yihu("assess", source, "--on", "2020-06-01")

    assert said.code == 0
    assert '"household": "西城〇一号"' in said.out
    assert '"1406.00"' in said.out


def test_csv_in_no_known_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xff\xff\xff,\xff\n")

    with pytest.raises(FileFault, match="既不是 UTF-8 也不是 GB18030"):
        read_csv(path)


def test_csv_with_line_ends_in_a_cell_counts_rows_as_a_spreadsheet_does(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n"1\n1",2\n3,4\n', "utf-8")
    sheet = read_csv(path)

    assert sheet.rows == 2
    assert [sheet.cells(column).to_pylist() for column in (0, 1)] == [["1\n1", "3"], ["2", "4"]]


def test_both_ways_of_reading_csv_agree(tmp_path: Path) -> None:
    text = 'a,b,c\r\n1,"x,""y""",\r\n\r\n2,NA,null\r\n'
    even, uneven = tmp_path / "even.csv", tmp_path / "uneven.csv"
    even.write_text(text, "utf-8", newline="")
    uneven.write_text(text + "1,2\r\n", "utf-8", newline="")
    careful, quick = read_csv(uneven), read_csv(even)

    assert dict(careful.faults) == {3: "这一行有 2 格，表头有 3 格"}
    assert careful.rows == quick.rows + 1
    for column in range(3):
        assert careful.cells(column).to_pylist()[:-1] == quick.cells(column).to_pylist()


def test_csv_with_a_quotation_mark_that_never_closes(tmp_path: Path, yihu: Yihu) -> None:
    source = write_csv(tmp_path / "in", *several(three_adults("A"), three_adults("B")))
    path = source / "members.csv"
    lines = path.read_text("utf-8").splitlines()
    for column in ("A2", lines[2].rpartition(",")[2]):
        broken = [*lines[:2], f'"{column}'.join(lines[2].rsplit(column, 1)), *lines[3:]]
        path.write_text("\n".join(broken), "utf-8")
        assert yihu("assess", source, "--on", "2020-06-01").code == 2


COLUMNS = [
    (pa.array([Decimal("1894.10"), None]), ["1894.10", ""]),
    (pa.array([Decimal("1894.1000"), Decimal("1894.1001")]), ["1894.10", "1894.1001"]),
    (pa.array([1894.1, 1894.0, 0.1 + 0.2, float("nan")]), ["1894.1", "1894", "0.30000000000000004", "nan"]),
    (pa.array([7, None], pa.uint8()), ["7", ""]),
    (pa.array([True, False]), ["true", "false"]),
    (pa.array([date(1980, 5, 31)]), ["1980-05-31"]),
    (pa.array([datetime(1980, 5, 31), datetime(1980, 5, 31, 1)]), ["1980-05-31", "1980-05-31"]),
    (pa.array(["a", None, "a"]).dictionary_encode(), ["a", "", "a"]),
    (pa.nulls(2), ["", ""]),
    (pa.array(["a"], pa.large_string()), ["a"]),
]


@pytest.mark.parametrize(("column", "texts"), COLUMNS, ids=lambda value: str(getattr(value, "type", "")))
def test_a_column_of_parquet_as_a_person_would_write_it(column: pa.Array, texts: list[str]) -> None:
    text = as_text(column, "f", "h")

    assert text.type == pa.string()
    assert text.to_pylist() == texts


def test_hidden_rows_are_read_and_said(tmp_path: Path, yihu: Yihu) -> None:
    households, members = three_adults()
    path = tmp_path / "in.xlsx"
    lines = [[list(rows[0]), *(list(row.values()) for row in rows)] for rows in (households, members)]
    path.write_bytes(workbook({"家庭": lines[0], "成员": Sheet([["一街道"], *lines[1]], hidden_rows=(4,))}))
    said = yihu("assess", path, "--on", "2020-06-01")

    assert said.code == 0
    assert "工作表“成员”第 4 行是隐藏的，也读了。" in said.err
    assert "1406.00" in said.out


def test_a_bad_row_below_a_title_is_told_by_the_number_that_excel_shows(tmp_path: Path, yihu: Yihu) -> None:
    households, members = three_adults(wage="很多")
    path = tmp_path / "in.xlsx"
    lines = [[list(rows[0]), *(list(row.values()) for row in rows)] for rows in (households, members)]
    path.write_bytes(workbook({"家庭": lines[0], "成员": [["一街道"], [], *lines[1]]}))

    assert "成员 第 4 行 「wage」 “很多”不是数" in yihu("assess", path, "--on", "2020-06-01").err


def test_errors_that_excel_stores_are_found(tmp_path: Path, yihu: Yihu) -> None:
    households, members = three_adults()
    good = write_xlsx(tmp_path / "good.xlsx", households, [{**row, "employed": "="} for row in members])
    bad = tmp_path / "bad.xlsx"
    column = "abcdefghijklmnopqrstuvwxyz"[len(members[0])].upper()
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet2.xml":
                cells = content.split(b"<c ")
                place = next(n for n, cell in enumerate(cells) if cell.startswith(f'r="{column}3"'.encode()))
                rest = cells[place].partition(b"</c>")[2]
                cells[place] = f'r="{column}3" t="e"><f>VLOOKUP(1,A:B,2)</f><v>#N/A</v></c>'.encode() + rest
                content = b"<c ".join(cells)
            new.writestr(name, content)

    said = yihu("assess", bad, "--on", "2020-06-01")
    assert said.code == 2
    assert f"工作表“成员”{column}3 是“#N/A”" in said.err
