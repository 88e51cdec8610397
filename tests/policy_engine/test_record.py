"""A stored determination works out the same years later, or says what has changed."""

from __future__ import annotations

import json
from datetime import date

from policy_engine import Pack, assess, record_of, replay
from tests.policy_engine.conftest import PackFolder

DAY = date(2020, 8, 1)


def test_under_the_same_policy_it_agrees_to_the_fen(county: Pack, three) -> None:
    record = json.loads(json.dumps(record_of(assess(county.plan(DAY), three()))))

    again = replay(record, county)

    assert again.agrees
    assert again.changed == ()
    assert record["results"][0]["amount"] == 161600


def test_a_changed_rule_is_named_with_what_it_changes(folder: PackFolder, county: Pack, three) -> None:
    record = record_of(assess(county.plan(DAY), three()))
    folder.change("rules/aid.py", "max(0, standard * size - total)", "max(0, standard * size - total - 100)")

    again = replay(record, folder.load())

    assert again.changed == ("gap",)
    assert again.differences == (
        "补助：当时符合 1,616.00 元（标准凭记忆，待核对），现在符合 1,615.00 元（标准凭记忆，待核对）",
    )
    assert not again.agrees


def test_a_changed_figure_is_named(folder: PackFolder, county: Pack, three) -> None:
    record = record_of(assess(county.plan(DAY), three()))
    folder.change("parameters/aid/standard.yaml", "value: 117000", "value: 117001")

    assert replay(record, folder.load()).changed == ("standard",)


def test_prose_is_not_policy(folder: PackFolder, county: Pack, three) -> None:
    record = record_of(assess(county.plan(DAY), three()))
    folder.change("rules/aid.py", '"""家庭收入 {total}"""', '"""全家收入 {total}"""')
    folder.change("parameters/aid/standard.yaml", "title: 标准", "title: 补助标准")

    again = replay(record, folder.load())

    assert again.changed == ()
    assert again.agrees


def test_a_change_for_another_date_is_no_change(folder: PackFolder, county: Pack, three) -> None:
    record = record_of(assess(county.plan(DAY), three()))
    folder.change("parameters/aid/standard.yaml", "value: 58000", "value: 59000")

    assert replay(record, folder.load()).changed == ()


def test_an_override_is_part_of_the_record(county: Pack, three) -> None:
    record = record_of(assess(county.plan(DAY, {"standard": 100000}), three()))

    assert record["results"][0]["amount"] == 300000 - 189400
    assert replay(record, county).agrees


def test_a_record_that_was_tampered_with_is_not_intact(county: Pack, three) -> None:
    record = record_of(assess(county.plan(DAY), three()))
    record["results"][0]["amount"] = 999900

    again = replay(record, county)

    assert not again.intact
    assert not again.agrees
