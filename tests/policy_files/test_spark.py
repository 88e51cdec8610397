"""Batches of households go in, batches of results come out, the same as from a file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from policy_files.errors import FileFault
from policy_files.spark import RESULT_TYPES, assess_in_arrow

DAY = date(2020, 8, 1)


def member(person: str, wage: str = "0", **facts: Any) -> dict[str, Any]:
    usual = {
        "person": person, "birth_date": date(1974, 3, 2), "relation": "其他", "hukou": "110102", "counted_member": True,
        "disabilities": "无", "wage": Decimal(wage),
        "business_income": 0, "property_income": 0, "pension": 0, "transfer_income": 0, "serious_illness": False,
        "school_stage": 0, "tuition": 0, "medical_self_paid": 0,
    }  # fmt: skip
    return usual | facts


def household(number: str, *members: dict[str, Any], **facts: Any) -> dict[str, Any]:
    usual = {
        "household": number, "monetary_assets": Decimal("0.00"), "homes": 1, "non_residential": 0, "cars": 0,
        "has_heating": True, "emergency_need": 0, "members": list(members),
    }  # fmt: skip
    return usual | facts


def three(number: str, **facts: Any) -> dict[str, Any]:
    return household(number, member(f"{number}1", "1894.00"), member(f"{number}2"), member(f"{number}3"), **facts)


def results(*batches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    assess = assess_in_arrow("xicheng", DAY)
    given = (pa.RecordBatch.from_pylist(rows) for rows in batches)
    return [row for batch in assess(given) for row in batch.to_pylist()]


def of(rows: list[dict[str, Any]], number: str) -> dict[str, Any]:
    return next(row for row in rows if row["household"] == number and row["programme"] == "subsistence_allowance")


def test_households_of_several_batches_get_what_they_get_from_a_file() -> None:
    rich = three("C", monetary_assets=Decimal("160311.01"))

    rows = results([three("A"), three("B", monetary_assets=Decimal("160311.00"))], [rich])

    assert [(of(rows, n)["outcome"], of(rows, n)["amount"]) for n in "ABC"] == [
        ("eligible", Decimal("1616.00")),
        ("eligible", Decimal("1616.00")),
        ("not_eligible", Decimal("0.00")),
    ]
    assert "高出 0.01 元" in of(rows, "C")["reason"]
    assert {row["person"] for row in rows if row["programme"] == "old_age_allowance"} == {
        f"{number}{n}" for number in "ABC" for n in (1, 2, 3)
    }


def test_the_types_of_results_are_those_that_are_announced() -> None:
    (batch,) = assess_in_arrow("xicheng", DAY)(iter([pa.RecordBatch.from_pylist([three("A")])]))

    told = {str(pa.string()): "string", str(pa.decimal128(18, 2)): "decimal(18,2)"}
    assert ", ".join(f"{field.name} {told[str(field.type)]}" for field in batch.schema) == RESULT_TYPES


def test_a_bad_household_fails_the_task_by_name() -> None:
    with pytest.raises(FileFault, match=r"户 B：家庭 .*「cars」 “-1”超出范围"):
        results([three("A"), three("B", cars=-1)])


def test_a_household_without_members_fails_the_task() -> None:
    with pytest.raises(FileFault, match="户 B："):
        results([three("A"), {**household("B"), "members": []}])


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(FileFault, match="members"):
        results([{"household": "A"}])
