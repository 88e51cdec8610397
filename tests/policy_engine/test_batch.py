"""Everyone: failures are named and spare the others, columns that do not fit are refused, kernels are kept."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from policy_engine import FactError, Pack, assess
from policy_engine.batch import BLOCK, FAILED, SMALL, amounts, assess_many
from policy_engine.batch_reasons import reasons_of
from policy_engine.kernels import source_of
from policy_engine.population import Column, Population
from tests.policy_engine.conftest import PackFolder
from tests.policy_engine.random_families import random_population

DAY = date(2020, 8, 1)


def with_nobody_counted(population: Population, households: list[int]) -> Population:
    """The same families, but in some nobody counts, so that a rule divides by zero."""
    counted = population.member["counted"]
    values = counted.values.copy()
    known = np.ones(len(values), bool)
    for household in households:
        values[population.offsets[household] : population.offsets[household + 1]] = 0
    return Population(population.offsets, population.household, {**population.member, "counted": Column(values, known)})


def test_a_failure_is_named_and_spares_the_others(county: Pack) -> None:
    plan = county.plan(DAY)
    population = random_population(county, BLOCK + 900, np.random.default_rng(1), unknown=0.0)
    broken = [5, BLOCK - 1, BLOCK + 100]
    population = with_nobody_counted(population, broken)

    batch = assess_many(plan, population)

    assert [(failure.household, failure.rule) for failure in batch.failures] == [(h, "per_head") for h in broken]
    aid = batch.programmes[0]
    assert np.flatnonzero(aid.outcome == FAILED).tolist() == broken
    assert not aid.amount_known[broken].any()
    assert [reasons_of(batch, aid)[household] for household in broken] == ["", "", ""]
    for household in (4, 6, BLOCK - 2, BLOCK, BLOCK + 101):
        alone = assess(plan, population.family(household)).result("aid")
        assert aid.amount[household] == (alone.amount or 0)


def test_a_failure_in_a_small_batch_is_named_too(county: Pack) -> None:
    population = random_population(county, 20, np.random.default_rng(2), unknown=0.0)

    batch = assess_many(county.plan(DAY), with_nobody_counted(population, [7]))

    assert [failure.household for failure in batch.failures] == [7]
    assert np.flatnonzero(batch.programmes[0].outcome == FAILED).tolist() == [7]


def test_outcomes_and_amounts_alone_are_the_same(county: Pack) -> None:
    plan = county.plan(DAY)
    population = random_population(county, 3 * BLOCK, np.random.default_rng(3))

    all_kept, few_kept = assess_many(plan, population), amounts(plan, population, threads=2)

    for one, other in zip(all_kept.programmes, few_kept.programmes, strict=True):
        np.testing.assert_array_equal(one.outcome, other.outcome)
        np.testing.assert_array_equal(one.amount, other.amount)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda p: p.household["assets"].values.__setitem__(3, -1), "assets"),
        (lambda p: p.member["wage"].values.__setitem__(int(p.offsets[3]), 10_000_001), "wage"),
    ],
)
def test_a_value_out_of_range_is_refused_with_its_household(county: Pack, change, says: str) -> None:
    population = random_population(county, 10, np.random.default_rng(4), unknown=0.0)
    change(population)

    with pytest.raises(FactError) as caught:
        assess_many(county.plan(DAY), population)

    assert (caught.value.name, caught.value.household) == (says, 3)


def test_what_stands_in_an_unknown_cell_does_not_matter(county: Pack) -> None:
    population = random_population(county, 10, np.random.default_rng(5), unknown=0.0)
    assets = population.household["assets"]
    assert assets.known is not None
    assets.values[3], assets.known[3] = -(2**60), False

    batch = assess_many(county.plan(DAY), population)

    assert not batch.failures


@pytest.mark.parametrize("columns", ["short", "unknown name"])
def test_columns_that_do_not_fit_are_refused(county: Pack, columns: str) -> None:
    population = random_population(county, 10, np.random.default_rng(6))
    if columns == "short":
        population.household["assets"] = Column(np.zeros(9, np.int64))
    else:
        population.household["wage"] = Column(np.zeros(10, np.int64))

    with pytest.raises(FactError):
        assess_many(county.plan(DAY), population)


def test_a_household_without_members_is_refused(county: Pack) -> None:
    population = Population(np.array([0, 1, 1], np.int64), {}, {"wage": Column(np.array([1]))})

    with pytest.raises(FactError, match="1 到 20") as caught:
        assess_many(county.plan(DAY), population)
    assert caught.value.household == 1


def test_nobody_is_nobody(county: Pack) -> None:
    batch = assess_many(county.plan(DAY), Population(np.array([0], np.int64), {}, {}))

    assert [len(columns.outcome) for columns in batch.programmes] == [0, 0]


def test_the_same_rule_gives_the_same_kernel_and_a_changed_one_another(folder: PackFolder, county: Pack) -> None:
    folder.change("rules/aid.py", "standard * size - total", "standard * size - total - 1")
    plan, changed = county.plan(DAY), folder.load().plan(DAY)

    texts = {name: source_of(plan, plan.node(name)).text for name in ("gap", "total")}
    others = {name: source_of(changed, changed.node(name)).text for name in ("gap", "total")}

    assert texts["total"] == others["total"]
    assert texts["gap"] != others["gap"]
    assert source_of(plan, plan.node("gap")).text == texts["gap"]


PROBE = """
import sys
from datetime import date
from pathlib import Path
import numpy as np
from policy_engine import load_pack
from policy_engine.batch import amounts
from tests.policy_engine.random_families import random_population
pack = load_pack("county", Path(sys.argv[1]))
batch = amounts(pack.plan(date(2020, 8, 1)), random_population(pack, int(sys.argv[2]), np.random.default_rng(7)))
print(int(batch.programmes[0].amount.sum()), "numba" in sys.modules)
"""


def probe(cache: Path, size: int) -> tuple[str, str]:
    """Run a batch in a process of its own; what it paid in all, and whether Numba was needed."""
    from tests.policy_engine.conftest import PACKS

    environment = os.environ | {"YIHU_KERNEL_CACHE": str(cache), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(PACKS), str(size)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    paid, numba = done.stdout.split()
    return paid, numba


def test_a_small_batch_waits_for_no_compiler_and_agrees_with_one_that_was_compiled(tmp_path: Path) -> None:
    interpreted = probe(tmp_path, SMALL)
    probe(tmp_path, SMALL + 1)
    from_disk = probe(tmp_path, SMALL)

    assert interpreted[1] == "False"
    assert from_disk[1] == "True", "once compiled, the kernels on disk are used"
    assert interpreted[0] == from_disk[0]
