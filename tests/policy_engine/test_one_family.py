"""One family: the result, its reason and its explanation; facts that do not fit; rules that fail."""

from __future__ import annotations

from datetime import date

import pytest

from policy_engine import (
    FactError,
    Family,
    HelpForm,
    Outcome,
    Pack,
    ProgrammeKind,
    RuleFailure,
    Verdict,
    assess,
    explain,
    reason_of,
    render_text,
)
from tests.policy_engine.conftest import PackFolder

DAY = date(2020, 8, 1)


@pytest.mark.parametrize(
    ("assets", "outcome", "reason"),
    [
        (12911399, Outcome.ELIGIBLE, ""),
        (12911400, Outcome.ELIGIBLE, ""),
        (12911401, Outcome.NOT_ELIGIBLE, "财产或残疾：不符合，高出 0.01 元"),
    ],
)
def test_below_at_and_above_a_limit(county: Pack, three, assets: int, outcome: Outcome, reason: str) -> None:
    result = assess(county.plan(DAY), three(assets=assets)).result("aid")

    assert (result.outcome, reason_of(result)) == (outcome, reason)
    assert result.amount == (117000 * 3 - 189400 if outcome is Outcome.ELIGIBLE else 0)


def test_sum_first_and_round_once(county: Pack, three) -> None:
    """632 × 3 − 1,894 is 2 and not 3: the amount is the gap of the sums, never a head's share times heads."""
    result = assess(county.plan(DAY, {"standard": 63200}), three()).result("aid")

    assert result.amount == 200


def test_every_failed_condition_is_named(county: Pack, three, person) -> None:
    family = Family({"assets": 99_999_900}, [person(wage=351000 + 2), person(), person()])

    reason = reason_of(assess(county.plan(DAY), family).result("aid"))

    assert reason == "收入：不符合，正好相等，须更低；财产或残疾：不符合，高出 870,885.00 元"


def test_one_known_no_settles_it_beside_an_unknown(county: Pack, person) -> None:
    result = assess(county.plan(DAY), Family({}, [person(wage=999_999)])).result("aid")

    assert (result.outcome, reason_of(result)) == (Outcome.NOT_ELIGIBLE, "收入：不符合，高出 8,829.99 元/人/月")


def test_one_known_yes_settles_an_or_beside_an_unknown(county: Pack, person) -> None:
    result = assess(county.plan(DAY), Family({}, [person(limb_grade=2), person(limb_grade=None)])).result("aid")

    assert result.outcome is Outcome.ELIGIBLE


def test_what_is_missing_is_named_by_its_root(county: Pack, person) -> None:
    result = assess(county.plan(DAY), Family({"assets": None}, [person(wage=None)])).result("aid")

    assert reason_of(result) == "缺：工资、货币财产"


def test_an_explanation_unfolds_level_by_level(county: Pack, three) -> None:
    line = explain(assess(county.plan(DAY), three()).result("aid"))

    assert line.text == "补助：符合，每月 1,616.00 元"
    assert line.verdict is Verdict.YES
    income, assets, gap = line.children
    assert income.text == "人均 631.33 元 须低于 1,170.00 元：符合"
    assert income.source == "办法 第二条"
    assert [child.text for child in income.children] == [
        "人均 631.33 元 = 1,894.00 元 ÷ 3 人",
        "标准 1,170.00 元/人/月，自 2020-07-01 起，凭记忆，待核对原文",
    ]
    assert [child.kind for child in assets.children] == ["condition"], "only what settled an or is shown"
    assert gap.text == "差额 1,616.00 元 = 1,170.00 元 × 3 人 − 1,894.00 元"


def test_an_explanation_calls_members_by_their_names(county: Pack, person) -> None:
    family = Family({"assets": 0}, [person(birth_date=19300101)], names=["甲"])

    text = render_text(explain(assess(county.plan(DAY, {"standard": 1}), family).result("old", 0)))

    assert "甲：1930-01-01 出生，到 2020-08-01 满 90 岁" in text
    assert "须不是补助：不符合" in text


@pytest.mark.parametrize(
    ("household", "member", "name"),
    [
        ({"assets": -1}, {}, "assets"),
        ({"assets": 100_000_001}, {}, "assets"),
        ({"asets": 1}, {}, "asets"),
        ({"wage": 1}, {}, "wage"),
        ({}, {"wage": 10_000_001}, "wage"),
        ({}, {"wages": 1}, "wages"),
    ],
)
def test_facts_that_do_not_fit_are_refused(county: Pack, person, household, member, name: str) -> None:
    with pytest.raises(FactError) as caught:
        assess(county.plan(DAY), Family(household, [person() | member]))

    assert caught.value.name == name
    assert caught.value.member == (0 if member else None)


@pytest.mark.parametrize("count", [0, 21])
def test_a_household_has_members_and_not_too_many(county: Pack, person, count: int) -> None:
    with pytest.raises(FactError, match="成员"):
        assess(county.plan(DAY), Family({}, [person()] * count))


def test_a_rule_that_fails_is_named_and_is_no_outcome(county: Pack, person) -> None:
    with pytest.raises(RuleFailure, match="人均收入：除数是零") as caught:
        assess(county.plan(DAY), Family({"assets": 0}, [person(counted=0)]))

    assert caught.value.rule == "per_head"


def test_a_table_without_a_row_fails_for_the_member(folder: PackFolder, person) -> None:
    folder.change("parameters/aid/age_amount.yaml", ", otherwise: 0", "")
    family = Family({"assets": 0}, [person(birth_date=19300101), person()])

    with pytest.raises(RuleFailure, match="年龄津贴里没有 46 这一行") as caught:
        assess(folder.load().plan(DAY), family)

    assert (caught.value.rule, caught.value.member) == ("age_amount", 1)


def test_a_caveat_is_told_from_its_day_on(folder: PackFolder, three) -> None:
    folder.add("county/programmes/aid.yaml", "caveats: [{text: 新规定, document: 法, clause: 一, since: 2020-08-01}]\n")
    pack = folder.load()

    told = [
        "新规定（法 一）" in render_text(explain(assess(pack.plan(day), three()).result("aid")))
        for day in (date(2020, 7, 31), DAY)
    ]

    assert told == [False, True]


def test_a_refusal_shows_what_refused_and_not_what_stands_nested_beside_it(folder: PackFolder, three) -> None:
    folder.change("rules/aid.py", "income_below(per_head: int", "income_low(per_head: int")
    folder.add(
        "county/rules/aid.py",
        '\n\n@condition(label="收入或残疾", clause="一", since="2013-01-01")\n'
        "def income_below(income_low: bool, severe: Any, assets_low: bool) -> bool:\n"
        '    """收入须低，且有残疾人或财产少"""\n    return income_low and (severe or assets_low)\n',
    )
    found = assess(folder.load().plan(DAY, {"standard": 100}), three(assets=99_999_900)).result("aid")

    condition = explain(found).children[0]

    assert [child.text for child in condition.children] == [
        "人均 631.33 元 须低于 1.00 元：不符合，高出 630.33 元/人/月"
    ]


def test_a_code_that_a_rule_gives_is_told_by_its_label(folder: PackFolder, three) -> None:
    folder.add(
        "county/rules/aid.py",
        '\n\n@rule(label="类别", unit="code:Stage", clause="一", since="2013-01-01")\n'
        'def kind(total: int) -> int:\n    """类别 {kind}"""\n    return 5 if total > 0 else 0\n',
    )
    folder.add("county/programmes/aid.yaml", "shows: [kind]\n")

    assert "类别 大学" in render_text(explain(assess(folder.load().plan(DAY), three()).result("aid")))


@pytest.mark.parametrize(
    ("kind", "form", "amount", "said"),
    [
        ("month", "waiver", "amount: age_amount\n", "每月费用减免 100.00 元"),
        ("season", "goods", "season: {label: 夏, first_month: 1, note: 试}\n", "每夏实物"),
        ("once", "place", "", "一次名额"),
        ("year", "voucher", "amount: age_amount\namount_is: ceiling\n", "每年消费券 最多 100.00 元"),
        ("month", "service", "", "每月服务"),
        ("status", "", "", ""),
    ],
)
def test_help_that_is_no_money_says_what_it_is(
    folder: PackFolder, person, kind: str, form: str, amount: str, said: str
) -> None:
    folder.change("programmes/old.yaml", "kind: month\n", f"kind: {kind}\n" + (f"form: {form}\n" if form else ""))
    folder.change("programmes/old.yaml", "amount: age_amount\n", amount)
    pack = folder.load()

    # Too well off for the first programme, which excludes the second.
    family = Family({"assets": 0, "area": 5000}, [person(birth_date=19370101, wage=999_999)])
    result = assess(pack.plan(DAY), family).result("old", 0)

    programme = pack.programmes["old"]
    assert (programme.kind, programme.form) == (ProgrammeKind(kind), HelpForm(form) if form else None)
    assert explain(result).text == "，".join(["成员1 高龄：符合", *([said] if said else [])])
