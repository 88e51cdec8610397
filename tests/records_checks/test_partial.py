"""An answer of which a part is blank: nobody's blank is nothing, and a family's sum is known only as a whole."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from itertools import chain, combinations
from pathlib import Path

import pytest

from tests.records_checks.conftest import (
    BALANCE,
    ON,
    Setting,
    collect,
    declare,
    drop,
    received,
    request_of,
    seen,
    workbook,
)
from yihu.households import actions as households
from yihu.households.actions import NewFact
from yihu.households.enums import FactSource
from yihu.households.queries import facts_on
from yihu.records_checks.answers import PersonAnswer, RequestAnswer
from yihu.records_checks.models import SourceRequest
from yihu.records_checks.settling import facts_from
from yihu.records_checks.sources import Column, source_of

LATER = date(2026, 4, 20)


def answer(family: Setting, folders: Path, source: str, *said: dict[str, object] | None, on: date = ON) -> None:
    check = family.ask(source, on=on)
    drop(folders, source, workbook(family.rows(request_of(check, source), *said, on=on)), f"{on}.xlsx")
    assert collect(on).refused == ()


def held(family: Setting, name: str, on: date) -> dict[str, int] | None:
    with seen():
        facts = facts_on([family.household.pk], on=on, known_on=on)
    return next((fact.value for fact in facts if fact.name == name), None)


def test_one_blank_balance_makes_no_smaller_family_fortune(family: Setting, folders: Path) -> None:
    declare(family, monetary_assets=100)
    answer(family, folders, "banks", {BALANCE: "36036.80"}, {BALANCE: 500}, {BALANCE: 500})
    assert held(family, "monetary_assets", ON) == {"monetary_assets": 37_036_80}

    answer(family, folders, "banks", {"账户数": 3}, {BALANCE: 500}, {BALANCE: 500}, on=LATER)

    assert held(family, "monetary_assets", LATER) == {}
    *_first, partial = received("monetary_assets")
    assert partial.note.startswith(f"答复不全：{family.people[0].name}的“{BALANCE}”没有填")

    answer(family, folders, "banks", {BALANCE: 1}, {BALANCE: 2}, {BALANCE: 3}, on=date(2026, 5, 20))
    assert held(family, "monetary_assets", date(2026, 5, 20)) == {"monetary_assets": 6_00}
    assert [fact.value for fact in received("monetary_assets")] == [
        {"monetary_assets": 37_036_80}, {}, {"monetary_assets": 6_00},
    ]  # fmt: skip


def test_a_vehicle_that_is_found_without_a_number_is_not_none(family: Setting, folders: Path) -> None:
    answer(family, folders, "vehicles", {"最近一次登记日期": "2024-05-01"}, None, None)

    assert held(family, "cars", ON) == {}
    assert "机动车辆数" in received("cars")[0].note


def test_nobody_found_is_still_none_where_the_register_knows_all(family: Setting, folders: Path) -> None:
    answer(family, folders, "vehicles", None, None, None)

    assert held(family, "cars", ON) == {"cars": 0}


def test_what_the_file_has_no_column_for_is_left_as_it_was(family: Setting, folders: Path) -> None:
    declare(family, homes=1)
    check = family.ask("real_estate")
    rows = family.rows(request_of(check, "real_estate"), {"自有住房（套）": 1, "承租直管公房（套）": 0}, None, None)
    for row in rows:
        del row["以上住房面积合计（平方米）"]
        del row["非居住用房（套）"]
    drop(folders, "real_estate", workbook(rows))
    collect()

    assert {fact.name for fact in received()} == {"homes"}


def test_a_blank_beside_homes_is_no_home_less(family: Setting, folders: Path) -> None:
    declare(family, homes=2, floor_area_m2=50_00)
    answer(family, folders, "real_estate", {"自有住房（套）": 1, "以上住房面积合计（平方米）": 60}, None, None)

    assert held(family, "homes", ON) == {}
    assert held(family, "floor_area_m2", ON) == {"floor_area_m2": 60_00}
    assert "“承租直管公房（套）”" in received("homes")[0].note


@pytest.mark.parametrize("name", ["banks", "vehicles", "real_estate"])
@pytest.mark.parametrize("declared", [None, 2, 99])
def test_no_answer_with_a_part_removed_gives_another_known_sum(
    family: Setting, name: str, declared: int | None
) -> None:
    """Of every answer of three people who have 1, 2 and 4 of everything, with any one, two or three cells taken out."""
    source = source_of(name)
    columns = [column for column in source.columns if column.of_household]
    check = family.ask(name)
    with seen():
        if declared is not None:
            facts = {column.fact: NewFact(column.fact, {column.fact: declared}, since=ON) for column in columns}
            households.record_facts(
                household=family.household, facts=list(facts.values()), source=FactSource.DECLARED,
                by=family.examiner, on=ON,
            )  # fmt: skip
        request = request_of(check, name)
        people = [PersonAnswer(2 + at, person, True, ON, {}) for at, person in enumerate(family.people)]
        whole = {
            fact.name: dict(fact.value) for fact in facts_from(source, _answer(request, people, columns, ()), {}, on=ON)
        }
        # A smaller sum than was declared is none, where the source sees only a part.
        assert bool(whole) == (declared == 2 or (declared is None and any(column.settles for column in columns)))
        cells = [(at, column.key) for at in range(3) for column in columns]
        for gone in chain.from_iterable(combinations(cells, n) for n in range(1, 4)):
            for fact in facts_from(source, _answer(request, people, columns, gone), {}, on=ON):
                assert dict(fact.value) in ({}, whole.get(fact.name)), (gone, fact)
                assert fact.value or fact.note


def _answer(
    request: SourceRequest, people: list[PersonAnswer], columns: list[Column], gone: Collection[tuple[int, str]]
) -> RequestAnswer:
    said = [
        replace(each, said={column.key: 2**at for column in columns if (at, column.key) not in gone})
        for at, each in enumerate(people)
    ]
    there = frozenset(column.key for column in columns if any(column.key in each.said for each in said))
    return RequestAnswer(request, tuple(said), there)
