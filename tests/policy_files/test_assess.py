"""What ``yihu assess`` answers about families, in every format it reads and writes."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from python_calamine import CalamineWorkbook

from tests.policy_files.conftest import Yihu
from tests.policy_files.files import (
    Row,
    household,
    member,
    read_results,
    several,
    three_adults,
    write_csv,
    write_parquet,
    write_xlsx,
)

COLUMNS = ["household", "person", "programme", "outcome", "amount", "kind", "form", "confidence", "reason"]


def of(rows: list[dict[str, str]], number: str, programme: str) -> dict[str, str]:
    """The one result of a household for a programme."""
    return next(row for row in rows if (row["household"], row["programme"]) == (number, programme))


@pytest.mark.parametrize(("on", "amount"), [("2020-06-01", "1406.00"), ("2020-08-01", "1616.00")])
def test_three_adults_with_1894_yuan_get_the_difference(tmp_path: Path, yihu: Yihu, on: str, amount: str) -> None:
    said = yihu("assess", write_csv(tmp_path / "in", *three_adults()), "--on", on, "--out", tmp_path / "out.csv")

    assert said.code == 0
    row = of(read_results(tmp_path / "out.csv"), "A", "subsistence_allowance")
    assert list(row) == COLUMNS
    assert row == {
        "household": "A", "person": "", "programme": "subsistence_allowance", "outcome": "eligible",
        "amount": amount, "kind": "month", "form": "money", "confidence": "seen", "reason": "",
    }  # fmt: skip


def test_one_fen_too_much_is_refused_with_the_condition_and_the_fen(tmp_path: Path, yihu: Yihu) -> None:
    families = several(three_adults("A", monetary_assets="160311.00"), three_adults("B", monetary_assets="160311.01"))
    yihu("assess", write_csv(tmp_path / "in", *families), "--on", "2020-08-01", "--out", tmp_path / "out.csv")

    rows = read_results(tmp_path / "out.csv")
    assert of(rows, "A", "subsistence_allowance")["outcome"] == "eligible"
    refused = of(rows, "B", "subsistence_allowance")
    assert (refused["outcome"], refused["amount"], refused["kind"]) == ("not_eligible", "0.00", "month")
    assert "货币财产" in refused["reason"]
    assert "0.01" in refused["reason"]


def test_a_status_has_neither_amount_nor_form_and_a_person_stands_only_at_members(tmp_path: Path, yihu: Yihu) -> None:
    yihu("assess", write_csv(tmp_path / "in", *three_adults()), "--on", "2020-06-01", "--out", tmp_path / "out.csv")

    rows = read_results(tmp_path / "out.csv")
    status = of(rows, "A", "low_income")
    assert (status["amount"], status["kind"], status["form"], status["person"]) == ("", "status", "", "")
    assert [row["person"] for row in rows if row["programme"] == "old_age_allowance"] == ["A1", "A2", "A3"]


def test_an_unknown_outcome_leaves_amount_and_confidence_empty(tmp_path: Path, yihu: Yihu) -> None:
    families = ([household("A", emergency_need="500")], [member("A", "A1")])
    yihu("assess", write_csv(tmp_path / "in", *families), "--on", "2020-06-01", "--out", tmp_path / "out.csv")

    row = of(read_results(tmp_path / "out.csv"), "A", "temporary_assistance")
    assert (row["outcome"], row["amount"], row["kind"], row["confidence"]) == ("unknown", "", "once", "")
    assert "急难情形已核实" in row["reason"]


def typed(rows: list[Row], numbers: tuple[str, ...], days: tuple[str, ...] = ()) -> list[Row]:
    """The rows with numbers and dates in the place of texts."""
    return [
        {
            key: Decimal(str(value)) if key in numbers else date.fromisoformat(str(value)) if key in days else value
            for key, value in row.items()
        }
        for row in rows
    ]


def test_every_format_read_gives_the_same_results(tmp_path: Path, yihu: Yihu) -> None:
    households, members = several(three_adults("A", "1894.1"), three_adults("007", "3300.01"))
    money = ("wage", "business_income", "property_income", "pension", "transfer_income", "medical_self_paid", "tuition")
    typed_households = typed(households, ("monetary_assets", "homes", "cars", "emergency_need"))
    typed_members = typed(members, money, ("birth_date",))
    sources = [
        write_csv(tmp_path / "csv", households, members),
        write_xlsx(tmp_path / "text.xlsx", households, members),
        write_xlsx(tmp_path / "typed.xlsx", typed_households, typed_members),
        write_parquet(tmp_path / "text", households, members),
        write_parquet(tmp_path / "typed", typed_households, typed_members),
    ]
    answers = {yihu("assess", source, "--on", "2020-06-01").out for source in sources}

    assert len(answers) == 1
    assert "1405.90" in answers.pop()


def test_every_format_written_holds_the_same_results(tmp_path: Path, yihu: Yihu) -> None:
    source = write_csv(tmp_path / "in", *several(three_adults("A"), three_adults("B", "3300")))
    for suffix in ("csv", "parquet", "xlsx"):
        assert yihu("assess", source, "--on", "2020-06-01", "--out", tmp_path / f"out.{suffix}").code == 0
    lines = [json.loads(line) for line in yihu("assess", source, "--on", "2020-06-01", "--out", "-").out.splitlines()]

    rows = read_results(tmp_path / "out.csv")
    assert [{key: value or "" for key, value in line.items()} for line in lines] == rows
    stored = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert [{key: "" if value is None else str(value) for key, value in row.items()} for row in stored] == rows
    sheet = CalamineWorkbook.from_path(tmp_path / "out.xlsx").get_sheet_by_name("结果").to_python()
    assert sheet[0] == COLUMNS
    assert [f"{row[4]:.2f}" if row[4] != "" else "" for row in sheet[1:]] == [row["amount"] for row in rows]
    assert [row[:4] + row[5:] for row in sheet[1:]] == [
        [value for key, value in row.items() if key != "amount"] for row in rows
    ]


def test_standard_output_is_json_lines_and_the_default(tmp_path: Path, yihu: Yihu) -> None:
    source = write_csv(tmp_path / "in", *three_adults())
    said = yihu("assess", source, "--on", "2020-06-01")

    first = json.loads(said.out.splitlines()[0])
    assert list(first) == COLUMNS
    assert (first["amount"], first["person"]) == ("1406.00", None)
    assert said.out == yihu("assess", source, "--on", "2020-06-01", "--out", "-").out


def test_members_may_stand_in_any_order_and_results_keep_that_of_the_file(tmp_path: Path, yihu: Yihu) -> None:
    households, members = several(three_adults("B"), three_adults("A"))
    mixed = [members[5], members[0], members[4], members[2], members[3], members[1]]
    yihu("assess", write_csv(tmp_path / "in", households, mixed), "--on", "2020-06-01", "--out", tmp_path / "out.csv")

    rows = read_results(tmp_path / "out.csv")
    assert list(dict.fromkeys(row["household"] for row in rows)) == ["B", "A"]
    persons = [row["person"] for row in rows if row["programme"] == "old_age_allowance"]
    assert persons == ["B1", "B3", "B2", "A3", "A2", "A1"]
    assert [of(rows, number, "subsistence_allowance")["amount"] for number in "BA"] == ["1406.00", "1406.00"]


def test_columns_may_stand_in_any_order_with_labels_and_without_optional_ones(tmp_path: Path, yihu: Yihu) -> None:
    (row,), members = three_adults()
    labelled = {
        "机动车辆": row["cars"],
        "非居住用房套数": row["non_residential"],
        "急难必需支出": "0",
        " 货币 财产 ": "0",
        "户号": "A",
        "homes": "1",
        "冬季取暖": "0",
    }
    said = yihu("assess", write_csv(tmp_path / "in", [labelled], members), "--on", "2020-06-01")

    assert said.code == 0
    assert '"1406.00"' in said.out


def test_more_families_than_are_assessed_at_once(tmp_path: Path, yihu: Yihu, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_csv(tmp_path / "in", *several(*(three_adults(f"H{n}", f"{n * 700}") for n in range(7))))
    whole = yihu("assess", source, "--on", "2020-06-01").out
    monkeypatch.setattr("policy_files.assess.HOUSEHOLDS_AT_ONCE", 2)

    assert yihu("assess", source, "--on", "2020-06-01").out == whole


def test_another_number_is_tried_and_named_where_it_was_used(tmp_path: Path, yihu: Yihu) -> None:
    source = write_csv(tmp_path / "in", *three_adults())
    tried = ("--on", "2020-06-01", "--set", "subsistence_standard=1200.5")
    first, *_others, last = map(json.loads, yihu("assess", source, *tried).out.splitlines())
    assert first["amount"] == "1707.50"
    assert first["reason"] == "试算：最低生活保障标准 设为 1,200.50 元/人/月"
    assert "试算" in last["reason"]

    said = yihu("assess", source, *tried, "--explain", "A").out
    assert "试算值" in said
    assert "1,200.50 元" in said
    assert "1,100.00 元" in said


def test_an_explanation_unfolds_with_numbers_and_clauses(tmp_path: Path, yihu: Yihu) -> None:
    families = several(three_adults("A", monetary_assets="160311.01"), three_adults("B"))
    said = yihu("assess", write_csv(tmp_path / "in", *families), "--on", "2020-08-01", "--explain", "A")

    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == "户 A，北京市西城区，按 2020-08-01 的政策"
    assert any(line.startswith("✗ 最低生活保障：不符合") and "0.01 元" in line for line in lines)
    assert any(line.startswith("  ✗ ") and "160,311.00 元" in line and "（" in line for line in lines)
    assert "A1：" in said.out
    assert "B1" not in said.out


def test_explanation_and_results_may_both_be_asked_for(tmp_path: Path, yihu: Yihu) -> None:
    source = write_csv(tmp_path / "in", *three_adults())
    said = yihu("assess", source, "--on", "2020-06-01", "--explain", "A", "--out", tmp_path / "out.csv")

    assert said.out.startswith("户 A")
    assert read_results(tmp_path / "out.csv")


def test_without_a_date_today_is_taken_and_said(tmp_path: Path, yihu: Yihu) -> None:
    said = yihu("assess", write_csv(tmp_path / "in", *three_adults()))

    assert said.code == 0
    assert f"按 {date.today()} 的政策" in said.err
