"""The benchmarks' own parts: the families, the translation for OpenFisca, and what is written down.

Nothing here is timed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import policy_packs
from bench import __main__ as everything
from bench import checkouts, everyone, families, peer
from bench.report import Line, Options, Report
from bench.translate import translate
from policy_engine import Plan, Scope
from policy_engine.batch import Population, amounts
from policy_engine.population import check

COUNT = 2_000
INTERPRETED = 400
DAYS = [date(2013, 6, 1), date(2018, 3, 1), date(2020, 8, 1), date(2022, 1, 15), date(2026, 11, 21)]


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan of the day that benchmarks calculate."""
    return policy_packs.load("xicheng").plan(Options.day)


def test_families_fit_the_plan_and_are_fully_known(plan: Plan) -> None:
    population = families.families(plan, COUNT)
    check(plan, population)
    sizes = np.diff(population.offsets)
    assert (sizes.min(), sizes.max()) == (1, 6)
    assert 2.3 < sizes.mean() < 2.7
    for scope in (Scope.HOUSEHOLD, Scope.MEMBER):
        columns = population.columns(scope)
        assert columns.keys() == {node.name for node in plan.input_nodes if node.of is scope}
        assert all(column.known is None for column in columns.values())


def test_families_of_one_seed_are_the_same(plan: Plan) -> None:
    one, same, other = (families.families(plan, 50, seed=seed) for seed in (1, 1, 2))
    assert all(np.array_equal(one.member[name].values, same.member[name].values) for name in one.member)
    assert any(not np.array_equal(one.member[name].values, other.member[name].values) for name in one.member)


def test_families_stand_on_both_sides_of_every_answer(plan: Plan) -> None:
    """A benchmark in which everybody gets the same answer would compare nothing."""
    for columns in amounts(plan, families.families(plan, 20_000)).programmes:
        assert {1, 2} <= set(columns.outcome.tolist()), columns.programme.title


def test_families_survive_being_kept(plan: Plan, tmp_path: Any) -> None:
    population = families.families(plan, 50)
    families.save(population, tmp_path)
    again = families.load(tmp_path)
    assert np.array_equal(again.offsets, population.offsets)
    assert again.member.keys() == population.member.keys()
    assert all(np.array_equal(again.household[n].values, c.values) for n, c in population.household.items())


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("stand_in", [0, 1_000_003])
def test_the_translated_rules_give_the_same_answers(day: date, stand_in: int) -> None:
    """Wherever the engine knows an answer, the translation gives it, whatever stands for a missing figure."""
    plan = policy_packs.load("xicheng").plan(day)
    population = families.families(plan, COUNT)
    compared = 0
    for start in range(0, COUNT, INTERPRETED):
        part = population.part(start, start + INTERPRETED)
        batch = amounts(plan, part)
        assert not batch.failures
        for what, wrong, known in everyone.differences(batch, evaluated(translate(plan, stand_in=stand_in), part)):
            assert not wrong, what
            compared += known > 0.5
    assert compared


def test_openfisca_itself_gives_the_same_answers(plan: Plan) -> None:
    report = Report()
    with peer.openfisca(plan, Options(quick=True), report) as openfisca:
        if openfisca is None:
            pytest.skip("openfisca-core is not installed in var/bench/venv: run make bench once")
        everyone.compare(amounts(plan, families.families(plan, INTERPRETED)), openfisca, report)
    assert not report.inexact


def test_a_wrong_answer_is_noticed(plan: Plan) -> None:
    population = families.families(plan, INTERPRETED)
    batch = amounts(plan, population)
    output = evaluated(translate(plan), population)
    for columns in batch.programmes:
        columns.outcome[columns.outcome == 2] = 1
    assert any(wrong for _what, wrong, _known in everyone.differences(batch, output))


def test_lines_are_kept_with_value_ratio_and_bar(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    report.add("一户", 50.0, "微秒", "上限", 200.0)
    report.add("没有可比的", 3.0, "个")
    report.add("要快", 12.0, "户/秒", "对照", 3.0, at_least=6)
    report.add("要省", 12.0, "条", "上限", 10.0, at_most=1)
    report.write(tmp_path / "latest.json")
    assert_has_the_right_shape(json.loads((tmp_path / "latest.json").read_text(encoding="utf-8")))
    assert report.lines[0] == Line("一户", 50.0, "微秒", "上限 200", 0.25)
    assert report.lines[1].ratio is None
    assert [line.bar for line in report.lines] == ["", "", "≥ 6", "≤ 1"]
    said = capsys.readouterr().out.splitlines()
    assert ["没有达到" in line for line in said] == [False, False, True, True]


def test_todays_files_are_laid_out_beside_what_was_installed_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What git does not know (an environment, a database, a key) is neither taken along nor removed."""
    monkeypatch.setattr(checkouts, "FOLDER", tmp_path)
    for name in ("var/field-key", "src/removed_since.py"):
        (tmp_path / "today" / name).parent.mkdir(parents=True)
        (tmp_path / "today" / name).touch()

    folder = checkouts._of_today()

    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"Makefile", "src/policy_engine/batch.py", "var/field-key"} <= found
    assert "src/removed_since.py" not in found
    assert not any(name.startswith((".venv", "var/")) for name in found - {"var/field-key"})


@pytest.mark.slow
def test_the_quick_run_finishes_and_is_exact(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(everything, "LATEST", tmp_path / "latest.json")
    assert everything.main(["--quick"]) == 0
    assert_has_the_right_shape(json.loads((tmp_path / "latest.json").read_text(encoding="utf-8")))


def assert_has_the_right_shape(lines: list[dict[str, Any]]) -> None:
    """A list of lines as other programs read it."""
    assert lines
    for line in lines:
        assert list(line) == [found.name for found in fields(Line)]
        assert isinstance(line["value"], float)
        assert line["ratio"] is None or line["ratio"] > 0
        assert all(isinstance(line[key], str) for key in ("name", "unit", "against", "bar"))


# What OpenFisca does with the translated rules, in the few lines that they need of it.


def evaluated(text: str, population: Population) -> Callable[[str], np.ndarray]:
    """Carries out translated rules on a population; the function gives a Variable by its name."""
    names: dict[str, Any] = {
        "__name__": "rules",
        "np": np,
        "Variable": object,
        "MONTH": "month",
        "Person": "person",
        "Household": "household",
    }
    exec(compile(text, "rules", "exec"), names)
    owner = np.repeat(np.arange(len(population)), np.diff(population.offsets))
    facts = {name: column.values for name, column in (population.household | population.member).items()}
    values: dict[str, np.ndarray] = {}
    person, household = _People(owner), _Households(owner, len(population))

    def value(name: str) -> np.ndarray:
        if name not in values:
            variable = names[name]
            whose = person if variable.entity == "person" else household
            found = facts[name] if name in facts else variable.formula(whose, "2020-08")
            rows = len(owner) if variable.entity == "person" else len(population)
            values[name] = np.broadcast_to(np.asarray(found), (rows,)).astype(names["DTYPES"][name])
        return values[name]

    _People.value = _Households.value = staticmethod(value)
    return value


class _People:
    value: Callable[[str], np.ndarray]

    def __init__(self, owner: np.ndarray) -> None:
        self.owner = owner

    def __call__(self, name: str, period: str) -> np.ndarray:
        return self.value(name)

    def household(self, name: str, period: str) -> np.ndarray:
        return self.value(name)[self.owner]


class _Households:
    value: Callable[[str], np.ndarray]

    def __init__(self, owner: np.ndarray, count: int) -> None:
        self.owner = owner
        self.firsts = np.searchsorted(owner, np.arange(count))

    def __call__(self, name: str, period: str) -> np.ndarray:
        return self.value(name)

    def members(self, name: str, period: str) -> np.ndarray:
        return self.value(name)

    def sum(self, values: np.ndarray) -> np.ndarray:
        return np.add.reduceat(values.astype(np.int64), self.firsts)

    def any(self, values: np.ndarray) -> np.ndarray:
        return np.logical_or.reduceat(values, self.firsts)

    def all(self, values: np.ndarray) -> np.ndarray:
        return np.logical_and.reduceat(values, self.firsts)

    def min(self, values: np.ndarray) -> np.ndarray:
        return np.minimum.reduceat(values, self.firsts)

    def max(self, values: np.ndarray) -> np.ndarray:
        return np.maximum.reduceat(values, self.firsts)
