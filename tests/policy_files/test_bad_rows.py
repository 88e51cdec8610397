"""Each kind of row that cannot be used is listed with its row, column and what is allowed; nothing is written."""

from pathlib import Path

import pytest

from tests.policy_files.conftest import Said, Yihu
from tests.policy_files.files import (
    Row,
    household,
    member,
    read_results,
    several,
    three_adults,
    write_csv,
    write_xlsx,
)


def assess(yihu: Yihu, folder: Path, families: tuple[list[Row], list[Row]], *options: object) -> Said:
    """Families through a CSV folder to a CSV of results."""
    source = write_csv(folder / "in", *families)
    return yihu("assess", source, "--on", "2020-06-01", "--out", folder / "out.csv", *options)


def first_line(said: Said) -> str:
    """The first bad row listed."""
    return said.err.splitlines()[0]


HOUSEHOLD_CELLS = [
    ("monetary_assets", "-0.01", "超出范围"),
    ("monetary_assets", "100000000.01", "超出范围"),
    ("monetary_assets", "1.001", "小数位太多"),
    ("monetary_assets", "一千", "不是数"),
    ("monetary_assets", "1e5", "不是数"),
    ("monetary_assets", "18446744073709551616", "超出范围"),
    ("monetary_assets", "", "没有填"),
    ("homes", "1.5", "不是整数"),
    ("homes", "51", "超出范围"),
    ("has_heating", "也许", "不是是或否"),
    ("emergency_need", "nan", "不是数"),
]
MEMBER_CELLS = [
    ("birth_date", "1980-02-30", "没有这一天"),
    ("birth_date", "1899-12-31", "超出范围"),
    ("birth_date", "2020-06-02", "晚于认定日 2020-06-01"),
    ("relation", "邻居", "不在代码表里"),
    ("school_stage", "9", "不在代码表里"),
    ("hukou", "西城", "不是六位代码"),
    ("wage", "1000000.01", "超出范围"),
    ("wage", "12,34", "不是数"),
]


@pytest.mark.parametrize(("name", "value", "why"), HOUSEHOLD_CELLS)
def test_a_bad_cell_of_a_household(tmp_path: Path, yihu: Yihu, name: str, value: str, why: str) -> None:
    said = assess(yihu, tmp_path, several(three_adults("A"), three_adults("B", **{name: value})))

    assert said.code == 2
    assert first_line(said).startswith(f"households.csv 第 3 行 「{name}」 ")
    assert why in first_line(said)
    assert "须为" in first_line(said)
    assert value in first_line(said)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(("name", "value", "why"), MEMBER_CELLS)
def test_a_bad_cell_of_a_member(tmp_path: Path, yihu: Yihu, name: str, value: str, why: str) -> None:
    households, members = three_adults()
    families = households, [*members[:2], {**members[2], name: value}]
    said = assess(yihu, tmp_path, families)

    assert said.code == 2
    assert first_line(said).startswith("members.csv 第 4 行 「")
    assert why in first_line(said)
    assert value in first_line(said)
    assert list(tmp_path.iterdir()) == [tmp_path / "in"]


def test_all_bad_cells_are_listed_in_the_order_of_the_file(tmp_path: Path, yihu: Yihu) -> None:
    families = several(*(three_adults(f"H{n}", "x", homes="-1", cars="?") for n in range(60)))
    said = assess(yihu, tmp_path, families)

    lines = said.err.splitlines()
    assert len(lines) == 60 * 3 + 1
    assert lines[0].startswith("households.csv 第 2 行 「homes」")
    assert lines[1].startswith("households.csv 第 2 行 「cars」")
    assert lines[120].startswith("members.csv 第 2 行 「wage」")
    assert "180 处" in lines[-1]


def test_all_bad_cells_can_be_written_to_a_file_instead(tmp_path: Path, yihu: Yihu) -> None:
    families = several(*(three_adults(f"H{n}", "x") for n in range(60)))
    said = assess(yihu, tmp_path, families, "--bad", tmp_path / "bad.csv")

    rows = read_results(tmp_path / "bad.csv")
    assert len(rows) == 60
    assert rows[59]["sheet"] == "members.csv"
    assert (rows[59]["row"], rows[59]["column"], rows[59]["value"]) == ("179", "wage", "x")
    assert len(said.err.splitlines()) == 52


def test_a_member_without_household(tmp_path: Path, yihu: Yihu) -> None:
    households, members = three_adults()
    said = assess(yihu, tmp_path, (households, [*members, member("Z", "Z1")]))

    assert said.code == 2
    assert first_line(said) == "members.csv 第 5 行 「户号」 家庭表里没有户号“Z”"


def test_a_household_without_members(tmp_path: Path, yihu: Yihu) -> None:
    households, members = three_adults()
    said = assess(yihu, tmp_path, ([*households, household("B")], members))

    assert said.code == 2
    assert first_line(said) == "households.csv 第 3 行 「户号」 “B”这一户没有成员"


def test_a_person_twice_even_in_two_households(tmp_path: Path, yihu: Yihu) -> None:
    families = [household("A"), household("B")], [member("A", "P"), member("B", "Q"), member("B", "P", relation="子")]
    said = assess(yihu, tmp_path, families)

    assert said.code == 2
    assert said.err.splitlines()[:2] == [
        "members.csv 第 2 行 「成员编号」 “P”出现了 2 次：第 2、4 行",
        "members.csv 第 4 行 「成员编号」 “P”出现了 2 次：第 2、4 行",
    ]


def test_a_household_twice(tmp_path: Path, yihu: Yihu) -> None:
    households, members = three_adults()
    said = assess(yihu, tmp_path, (households * 2, members))

    assert [line.partition("「")[0] for line in said.err.splitlines()[:-1]] == [
        "households.csv 第 2 行 ",
        "households.csv 第 3 行 ",
    ]
    assert "出现了 2 次" in said.err


def test_two_heads(tmp_path: Path, yihu: Yihu) -> None:
    families = [household("A")], [member("A", "1"), member("A", "2", relation="2"), member("A", "3", relation="子")]
    said = assess(yihu, tmp_path, families)

    assert said.code == 2
    assert said.err.splitlines()[:2] == [
        "members.csv 第 2 行 「与户主关系」 一户只能有一位户主，这一户有 2 位：第 2、3 行",
        "members.csv 第 3 行 「与户主关系」 一户只能有一位户主，这一户有 2 位：第 2、3 行",
    ]


def test_nobody_who_counts(tmp_path: Path, yihu: Yihu) -> None:
    families = (
        [household("A")],
        [member("A", "1", counted_member="否"), member("A", "2", counted_member="0", relation="子")],
    )
    said = assess(yihu, tmp_path, families)

    assert said.code == 2
    assert first_line(said).startswith("households.csv 第 2 行 「户号」 ")
    assert "至少须有一名" in first_line(said)


@pytest.mark.parametrize("name", ["household", "person"])
def test_an_identifier_that_is_not_filled_in(tmp_path: Path, yihu: Yihu, name: str) -> None:
    households, members = three_adults()
    said = assess(yihu, tmp_path, (households, [*members[:2], {**members[2], name: "  "}]))

    assert said.code == 2
    assert first_line(said).startswith("members.csv 第 4 行 ")
    assert "没有填" in first_line(said)


def test_an_identity_number_that_excel_has_ruined(tmp_path: Path, yihu: Yihu) -> None:
    families = [household("A")], [member("A", 990102198006151234)]
    source = write_xlsx(tmp_path / "in.xlsx", *families)
    said = yihu("assess", source, "--on", "2020-06-01")

    assert said.code == 2
    assert first_line(said).startswith("成员 第 2 行 「成员编号」 “9.90102198006151E+17”")
    assert "设成文本" in first_line(said)


def test_an_error_in_a_cell_of_excel_is_not_a_blank(tmp_path: Path, yihu: Yihu) -> None:
    households, members = three_adults()
    wrong = [{**members[0], "hukou": "=1/0"}, *members[1:]]
    said = yihu("assess", write_xlsx(tmp_path / "in.xlsx", households, wrong), "--on", "2020-06-01")
    # xlsxwriter stores 0 as the value of a formula; what Excel itself stores is tried in test_reading.
    assert said.code == 2
    assert first_line(said).startswith("成员 第 2 行 「hukou」")


def test_a_row_with_a_cell_too_many_is_named(tmp_path: Path, yihu: Yihu) -> None:
    source = write_csv(tmp_path / "in", *several(three_adults("A"), three_adults("B")))
    path = source / "members.csv"
    lines = path.read_text("utf-8").splitlines()
    lines[2] = lines[2].replace(",0,", ",1,894.00,", 1)
    path.write_text("\n".join(lines), "utf-8")
    said = yihu("assess", source, "--on", "2020-06-01", "--skip-bad", "--out", tmp_path / "out.csv")

    assert said.code == 0
    assert "members.csv 第 3 行 这一行有 17 格，表头有 16 格" in said.err
    assert {row["household"] for row in read_results(tmp_path / "out.csv")} == {"B"}


def test_skipping_bad_rows_leaves_out_the_whole_family_and_lists_them(tmp_path: Path, yihu: Yihu) -> None:
    households, members = several(three_adults("A"), three_adults("B"), three_adults("C", homes="x"))
    members[4] = {**members[4], "wage": "x"}
    said = assess(yihu, tmp_path, (households, members), "--skip-bad")

    assert said.code == 0
    assert {row["household"] for row in read_results(tmp_path / "out.csv")} == {"A"}
    assert "households.csv 第 4 行 「homes」" in said.err
    assert "members.csv 第 6 行 「wage」" in said.err


def test_skipping_everything_writes_nothing(tmp_path: Path, yihu: Yihu) -> None:
    said = assess(yihu, tmp_path, three_adults(homes="x"), "--skip-bad")

    assert said.code == 2
    assert "没有一户可以认定" in said.err
    assert not (tmp_path / "out.csv").exists()


def test_blank_rows_are_passed_over_and_keep_the_numbers_of_the_others(tmp_path: Path, yihu: Yihu) -> None:
    source = write_csv(tmp_path / "in", *several(three_adults("A"), three_adults("B", homes="x")))
    path = source / "households.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[0], "", lines[1], ", ,,,,,,", lines[2], "", ""]), "utf-8")
    said = yihu("assess", source, "--on", "2020-06-01")

    assert first_line(said).startswith("households.csv 第 5 行 「homes」")
    assert "有 1 处不能用" in said.err


def test_a_rule_that_fails_is_listed_like_a_bad_row(tmp_path: Path, yihu: Yihu, small_pack: str) -> None:
    households: list[Row] = [{"household": number, "assets": "1"} for number in "AB"]
    members: list[Row] = [
        {"household": "A", "person": "1", "wage": "1", "counted": "否"},
        {"household": "B", "person": "2", "wage": "1", "counted": "是"},
    ]
    said = assess(yihu, tmp_path, (households, members), "--pack", small_pack)
    assert said.code == 2
    assert first_line(said).startswith("households.csv 第 2 行 「人均收入」 “A”算不出来")
    assert not (tmp_path / "out.csv").exists()

    said = assess(yihu, tmp_path, (households, members), "--pack", small_pack, "--skip-bad")
    assert said.code == 0
    assert {row["household"] for row in read_results(tmp_path / "out.csv")} == {"B"}
    assert "households.csv 第 2 行 「人均收入」" in said.err


def test_more_members_than_a_household_may_have(tmp_path: Path, yihu: Yihu, small_pack: str) -> None:
    members: list[Row] = [{"household": "A", "person": str(n), "wage": "1"} for n in range(4)]
    said = assess(yihu, tmp_path, ([{"household": "A", "assets": "1"}], members), "--pack", small_pack)

    assert said.code == 2
    assert first_line(said) == "households.csv 第 2 行 「户号」 这一户有 4 名成员；最多 3 名"
