"""Why not, as data: which condition, what was held against what, by how much."""

from datetime import date

import pytest

from policy_engine import Family, Pack, assess, failures_of, reason_of
from policy_engine.reasons import comparisons, sides_of

DAY = date(2020, 8, 1)


def test_a_failure_tells_both_sides_and_the_distance(county: Pack, three) -> None:
    plan = county.plan(DAY)
    result = assess(plan, three(assets=12911401)).result("aid")

    (failed,) = failures_of(result)
    assert (failed.name, failed.label, failed.is_exclusion) == ("assets_ok", "财产或残疾", False)
    assert failed.margin is not None
    assert (failed.margin.left, failed.margin.right) == (12911401, 12911400)
    assert failed.margin.unit == "fen"
    assert plan.nodes[failed.margin.node].name == "assets_low"
    assert failed.phrase == reason_of(result)


@pytest.mark.parametrize("assets", [12911400, None])
def test_nothing_failed_where_it_holds_or_is_not_known(county: Pack, three, assets: int | None) -> None:
    assert failures_of(assess(county.plan(DAY), three(assets=assets)).result("aid")) == ()


def test_a_programme_that_rules_another_out_is_named(county: Pack, person) -> None:
    family = Family({"assets": 0, "area": 5000}, [person(birth_date=19300101)])

    (failed,) = failures_of(assess(county.plan(DAY), family).result("old", 0))

    assert (failed.name, failed.is_exclusion, failed.margin, failed.phrase) == ("aid", True, None, "已符合补助")


def test_a_comparison_knows_the_two_values_it_holds_against_each_other(county: Pack) -> None:
    plan = county.plan(DAY)

    (income, _assets, *_rest) = comparisons(plan, plan.programme("aid"))

    assert [node.name if node else None for node in sides_of(income, plan)] == ["per_head", "standard"]
