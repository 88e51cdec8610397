"""A figure holds from its date, is carried forward only where the pack says so, and is never made up."""

from __future__ import annotations

from datetime import date

import pytest

from policy_engine import Family, Outcome, Pack, PlanError, assess, explain, reason_of, render_text
from policy_engine.values import Confidence
from tests.policy_engine.conftest import PackFolder


@pytest.mark.parametrize(
    ("day", "value", "carried"),
    [
        (date(2020, 6, 30), 58000, False),
        (date(2020, 7, 1), 117000, False),
        (date(2021, 6, 30), 117000, False),
        (date(2021, 7, 1), 117000, True),
    ],
)
def test_the_figure_of_a_day(county: Pack, day: date, value: int, carried: bool) -> None:
    figure = county.parameters["standard"].on(day)

    assert (figure.value, figure.carried) == (value, carried)


def test_a_figure_that_is_not_carried_forward_ends(folder: PackFolder) -> None:
    folder.change("parameters/aid/standard.yaml", "carry_forward: true\n", "")
    pack = folder.load()

    pack.plan(date(2021, 6, 30))
    with pytest.raises(PlanError, match=r"标准（standard）只有到 2021-06-30"):
        pack.plan(date(2021, 7, 1))


def test_a_day_before_the_pack_is_refused(county: Pack) -> None:
    with pytest.raises(PlanError, match="2012-12-31"):
        county.plan(date(2012, 12, 31))


def test_a_carried_figure_says_so_wherever_it_was_used(folder: PackFolder, three) -> None:
    folder.change("parameters/aid/standard.yaml", "confidence: memory", "confidence: seen")
    pack = folder.load()

    before, after = (assess(pack.plan(date(2021, month, 1)), three()).result("aid") for month in (6, 7))

    assert (before.confidence, after.confidence) == (Confidence.SEEN, Confidence.CARRIED_FORWARD)
    assert "按最近所见标准" not in render_text(explain(before))
    assert "按最近所见标准 2020-07" in render_text(explain(after))


def test_memory_is_weaker_than_carried_forward(county: Pack, three) -> None:
    assert assess(county.plan(date(2021, 8, 1)), three()).result("aid").confidence is Confidence.MEMORY


def test_a_missing_figure_leaves_the_outcome_unknown_and_is_named(county: Pack, three) -> None:
    result = assess(
        county.plan(date(2014, 1, 1)), Family(three().household, [{**m, "wage": 0} for m in three().members])
    )
    result = result.result("aid")

    assert result.outcome is Outcome.UNKNOWN
    assert result.amount is None, "not known is never zero"
    assert result.confidence is None
    assert reason_of(result) == "缺：财产限额（没有见到文件）"


def test_what_does_not_need_the_missing_figure_is_still_worked_out(county: Pack, three) -> None:
    found = assess(county.plan(date(2014, 1, 1)), three())

    assert found.value("per_head") == 63133
    assert found.result("aid").outcome is Outcome.NOT_ELIGIBLE, "the income alone settles it"


def test_an_override_is_named_in_every_explanation_that_used_it(county: Pack, three) -> None:
    plan = county.plan(date(2020, 8, 1), {"standard": 60000})
    result = assess(plan, three()).result("aid")

    assert result.outcome is Outcome.NOT_ELIGIBLE
    assert "标准 600.00 元/人/月，试算值，原为 1,170.00 元" in render_text(explain(result))
    assert "试算值" not in render_text(explain(assess(plan, three()).result("old", 1)))


def test_an_override_does_not_stay(county: Pack, three) -> None:
    county.plan(date(2020, 8, 1), {"standard": 60000})

    assert assess(county.plan(date(2020, 8, 1)), three()).result("aid").amount == 117000 * 3 - 189400


@pytest.mark.parametrize(
    ("name", "says"),
    [("standrad", "没有叫 standrad 的参数"), ("age_amount", "是一张表")],
)
def test_an_override_that_does_not_fit_is_refused(county: Pack, name: str, says: str) -> None:
    with pytest.raises(PlanError, match=says):
        county.plan(date(2020, 8, 1), {name: 1})


@pytest.mark.parametrize(("age", "amount"), [(79, 0), (80, 10000), (89, 10000), (90, 50000), (120, 50000)])
def test_a_bracket_table_by_age(county: Pack, three, person, age: int, amount: int) -> None:
    family = Family({"assets": 100_000_000}, [person(birth_date=(2020 - age) * 10_000 + 801)])

    assert assess(county.plan(date(2020, 8, 1)), family).result("old", 0).amount == amount


def test_the_day_before_a_birthday(county: Pack, person) -> None:
    family = Family({"assets": 100_000_000}, [person(birth_date=19400802)])

    outcomes = [assess(county.plan(date(2020, 8, day)), family).result("old", 0).outcome for day in (1, 2)]

    assert outcomes == [Outcome.NOT_ELIGIBLE, Outcome.ELIGIBLE]
