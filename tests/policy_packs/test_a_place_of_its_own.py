"""A place brings facts, codes, topics and programmes with its pack alone, and everything asks for them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

import policy_packs
from bench.families import odd_families
from policy_engine import Family, InputError, Outcome, Pack, assess, explain, render_text
from policy_engine import batch as batches
from policy_engine.batch import assess_many
from policy_files import policy_check
from policy_files.template import write_template
from tests.policy_engine.test_agreement import assert_agrees
from tests.policy_packs.invented import load_valley
from yihu.policy import Answers, HouseholdForm

DAY = date(2021, 1, 1)


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The invented county."""
    return load_valley(tmp_path_factory.mktemp("packs"))


def family(pack: Pack, *, members: int = 2, **written: str) -> Family:
    """A family of which only the facts of the county are known."""
    facts: dict[str, int | None] = {}
    people: list[dict[str, int | None]] = [{"counted_member": 1} for _member in range(members)]
    for name, text in written.items():
        spec = pack.inputs[name]
        (facts if spec.of == "household" else people[0]).update(spec.parse(text) or {})
    return Family(facts, people)


@pytest.mark.parametrize(
    ("written", "upland", "fuel", "amount"),
    [
        ({"altitude": "1499", "fuel": "煤", "current_awards": "低保"}, Outcome.NOT_ELIGIBLE, Outcome.NOT_ELIGIBLE, 0),
        ({"altitude": "1500", "fuel": "煤"}, Outcome.ELIGIBLE, Outcome.ELIGIBLE, 20000 * 2),
        ({"altitude": "1501", "fuel": "木柴"}, Outcome.ELIGIBLE, Outcome.ELIGIBLE, 12000 * 2),
        (
            {"altitude": "0", "fuel": "煤", "current_awards": "高山户"},
            Outcome.NOT_ELIGIBLE,
            Outcome.ELIGIBLE,
            20000 * 2,
        ),
        ({"altitude": "1500"}, Outcome.ELIGIBLE, Outcome.ELIGIBLE, None),
        ({"fuel": "煤"}, Outcome.UNKNOWN, Outcome.UNKNOWN, None),
    ],
)
def test_a_family_is_assessed(
    valley: Pack, written: dict[str, str], upland: Outcome, fuel: Outcome, amount: int | None
) -> None:
    found = assess(valley.plan(DAY), family(valley, **written))

    assert found.result("upland_family").outcome is upland
    assert (found.result("winter_fuel").outcome, found.result("winter_fuel").amount) == (fuel, amount)


def test_a_value_more_of_a_national_code_decides(valley: Pack) -> None:
    found = assess(valley.plan(DAY), family(valley, school_stage="高山寄宿班"))

    assert [found.result("mountain_school", member).outcome for member in (0, 1)] == [Outcome.ELIGIBLE, Outcome.UNKNOWN]
    assert "高山寄宿班" in render_text(explain(found.result("mountain_school", 0)))
    with pytest.raises(InputError, match="不在代码表里"):
        policy_packs.load("cn").inputs["school_stage"].parse("高山寄宿班")


@pytest.mark.parametrize("size", [20, batches.SMALL + 1], ids=["interpreted", "compiled"])
def test_everyone_is_assessed_alike(valley: Pack, size: int) -> None:
    plan = valley.plan(DAY)
    population = odd_families(valley, size, np.random.default_rng(1), unknown=0.1)

    assert_agrees(plan, population, assess_many(plan, population))


def test_the_template_asks_for_it(valley: Pack, tmp_path: Path) -> None:
    write_template(valley, tmp_path / "blank.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "blank.xlsx")

    assert {"海拔（米）", "取暖燃料"} <= set(book.get_sheet_by_name("家庭").to_python(skip_empty_area=False)[0])
    codes = {cell for row in book.get_sheet_by_name("代码").to_python() for cell in row}
    assert {"木柴", "高山寄宿班", "专科或本科"} <= codes


def test_the_questionnaire_asks_for_it_under_its_own_heading(valley: Pack) -> None:
    form = HouseholdForm(valley)
    answers = Answers()

    assert "altitude" in form.still_to_ask(answers, DAY)
    answers.household["altitude"] = "1800"
    asked = form.still_to_ask(answers, DAY)
    assert "fuel" in asked
    assert "altitude" not in asked
    assert {form.questions[name].heading for name in ("altitude", "fuel")} == {"山居"}
    assert [choice.label for choice in form.questions["fuel"].choices] == ["不取暖", "木柴", "煤"]
    assert "高山户" in [choice.label for choice in form.questions["current_awards"].choices]
    assert [place.label for place in form.questions["hukou"].choices][:3] == ["山谷县", "河口县", "北京"]
    answers.household["fuel"] = "2"
    assert {"燃料补助", "高山户"} <= {card.short for card in form.answer(answers, DAY).eligible}


def test_it_is_checked_alone(valley: Pack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    packs = {member.name: member for member in valley.chain()}
    monkeypatch.setattr(policy_packs, "names", lambda: list(packs))
    monkeypatch.setattr(policy_packs, "load", packs.__getitem__)

    assert policy_check.run("valley", today=DAY) == 0
    assert "valley（山谷县）：项目 5，规则 47，参数 9，事实 24，例子 1" in capsys.readouterr().out


@pytest.mark.parametrize("name", policy_packs.names())
def test_every_pack_stands_alone(name: str) -> None:
    """One family and everyone agree under each pack by itself, on its first day and on a late one."""
    pack = policy_packs.load(name)
    for day in (pack.covers[0], date(2026, 11, 28)):
        plan = pack.plan(day)
        population = odd_families(pack, 40, np.random.default_rng(7), unknown=0.1)
        assert_agrees(plan, population, assess_many(plan, population))
