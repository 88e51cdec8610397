"""The sources fill what the policies read, and read what departments write."""

from datetime import date

import pytest

import policy_packs
from policy_engine import InputType, Scope
from yihu.common.refusals import Refused
from yihu.records_checks.sources import SOURCES, Column, Kind
from yihu.records_checks.sources.columns import parse_day

COLUMNS = [(source, column) for source in SOURCES for column in source.columns]
FACTS = [pytest.param(column, id=f"{source.name}-{column.key}") for source, column in COLUMNS if column.fact]
TYPES = {
    Kind.MONEY: InputType.MONEY,
    Kind.AREA: InputType.AREA,
    Kind.FLAG: InputType.FLAG,
    Kind.DIVISION: InputType.DIVISION,
}


@pytest.mark.parametrize("column", FACTS)
def test_each_fact_is_an_input_of_the_policies_with_the_same_unit_and_within_its_range(column: Column) -> None:
    spec = policy_packs.load("xicheng").inputs[column.fact]

    assert column.engine_name in spec.names
    assert (spec.of is Scope.HOUSEHOLD) == column.of_household
    assert column.kind is Kind.COUNT or TYPES[column.kind] is spec.type
    if column.kind in (Kind.MONEY, Kind.AREA, Kind.COUNT):
        assert spec.low <= 0 <= column.most <= spec.high


def test_names_are_told_apart() -> None:
    assert len({source.name for source in SOURCES}) == len({source.label for source in SOURCES}) == len(SOURCES)
    for source in SOURCES:
        assert len({column.title for column in source.columns}) == len(source.columns)
        assert len({column.key for column in source.columns}) == len(source.columns)


def test_no_fact_is_filled_by_two_sources() -> None:
    facts = [column.fact for source in SOURCES for column in {c.fact: c for c in source.columns if c.fact}.values()]

    assert len(facts) == len(set(facts))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.MONEY, "1,894.1", 189410),
        (Kind.MONEY, "１８９４元", 189400),
        (Kind.AREA, "58.5", 5850),
        (Kind.COUNT, " ３ ", 3),
        (Kind.FLAG, "是", 1),
        (Kind.FLAG, "否", 0),
        (Kind.DATE, "2026年3月1日", 20260301),
        (Kind.DATE, "20260301", 20260301),
        (Kind.DIVISION, "110102", 110102),
    ],
)
def test_a_cell_is_read_as_people_write(kind: Kind, text: str, value: int) -> None:
    assert Column("x", "x", kind, most=10**9).parse(text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.MONEY, "十元"), (Kind.MONEY, "1.001"), (Kind.MONEY, "-1"), (Kind.MONEY, "1e3"), (Kind.AREA, "NaN"),
        (Kind.AREA, "1.001"), (Kind.AREA, "Infinity"), (Kind.AREA, "-3"), (Kind.COUNT, "2.0.0"), (Kind.COUNT, "-1"),
        (Kind.COUNT, "二"), (Kind.FLAG, "有"), (Kind.DATE, "2026-13-01"), (Kind.DATE, "2026/3-1"),
        (Kind.DIVISION, "1101020"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_never_guessed(kind: Kind, text: str) -> None:
    with pytest.raises(Refused, match=r"“"):
        Column("x", "x", kind, most=10**6).parse(text)


def test_values_are_shown_as_people_write_them() -> None:
    shown = {Kind.MONEY: "1,234.50 元", Kind.AREA: "1234.5 平方米", Kind.COUNT: "123450"}

    assert {kind: Column("x", "x", kind).text(123450) for kind in shown} == shown
    assert Column("x", "x", Kind.DATE).text(20260301) == "2026-03-01"
    assert parse_day("2026/3/1") == date(2026, 3, 1)
