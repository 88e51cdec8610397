"""Everyone: failures are named and spare the others, columns that do not fit are refused, kernels are kept."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bench.families import odd_families
from policy_engine import FactError, Pack, assess
from policy_engine.batch import BLOCK, FAILED, SMALL, amounts, assess_many
from policy_engine.batch_reasons import reasons_of
from policy_engine.kernels import source_of
from policy_engine.population import Column, Population, dtype_for
from tests.policy_engine.conftest import PackFolder

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
    population = odd_families(county, BLOCK + 900, np.random.default_rng(1), unknown=0.0)
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
    population = odd_families(county, 20, np.random.default_rng(2), unknown=0.0)

    batch = assess_many(county.plan(DAY), with_nobody_counted(population, [7]))

    assert [failure.household for failure in batch.failures] == [7]
    assert np.flatnonzero(batch.programmes[0].outcome == FAILED).tolist() == [7]


def test_outcomes_and_amounts_alone_are_the_same(county: Pack) -> None:
    plan = county.plan(DAY)
    population = odd_families(county, 3 * BLOCK, np.random.default_rng(3))

    all_kept, few_kept = assess_many(plan, population), amounts(plan, population, threads=2)

    for one, other in zip(all_kept.programmes, few_kept.programmes, strict=True):
        np.testing.assert_array_equal(one.outcome, other.outcome)
        np.testing.assert_array_equal(one.amount, other.amount)


def in_own_widths(population: Population, pack: Pack) -> Population:
    """The same columns in the widths in which kernels read them; what does not fit is cut off."""
    parts = [
        {
            name: Column(column.values.astype(dtype_for(spec.low, spec.high)), column.known)
            for name, column in part.items()
            for spec in (pack.engine_inputs[name],)
        }
        for part in (population.household, population.member)
    ]
    return Population(population.offsets, *parts)


@pytest.mark.parametrize("size", [10, SMALL + 1, BLOCK + 10], ids=["interpreted", "compiled", "in the second block"])
@pytest.mark.parametrize("widths", ["of files", "of kernels"])
@pytest.mark.parametrize(
    ("of", "name", "value"),
    [("household", "assets", -1), ("member", "wage", 10_000_001), ("household", "area", 2**40)],
    ids=["too low", "too high", "no rule reads it"],
)
def test_a_value_out_of_range_is_refused_with_its_household(
    county: Pack, size: int, widths: str, of: str, name: str, value: int
) -> None:
    population = odd_families(county, size, np.random.default_rng(4), unknown=0.0)
    if widths == "of kernels" and value < 2**31:
        population = in_own_widths(population, county)
    household = size - 3
    columns = population.household if of == "household" else population.member
    row = household if of == "household" else int(population.offsets[household])
    columns[name].values[row] = value

    with pytest.raises(FactError, match=str(value)) as caught:
        assess_many(county.plan(DAY), population)

    assert (caught.value.name, caught.value.household) == (name, household)
    assert caught.value.member == (None if of == "household" else 0)


@pytest.mark.parametrize("size", [10, SMALL + 1], ids=["interpreted", "compiled"])
@pytest.mark.parametrize("widths", ["of files", "of kernels"])
def test_what_stands_in_an_unknown_cell_does_not_matter(folder: PackFolder, size: int, widths: str) -> None:
    # Whether any is true of a fact itself is the one gathering that takes its values for bits.
    folder.change("rules/aid.py", "severe: Any", "counted: Any")
    folder.change("rules/aid.py", "or severe", "or counted")
    county = folder.load()
    plan = county.plan(DAY)
    population = odd_families(county, size, np.random.default_rng(5), unknown=0.3)
    blank, odd = (
        Population(population.offsets, *({n: _filled(c, x) for n, c in part.items()} for part in both))
        for x in (0, -(2**60) + 85)
        for both in ((population.household, population.member),)
    )
    if widths == "of kernels":
        blank, odd = in_own_widths(blank, county), in_own_widths(odd, county)

    one, other = assess_many(plan, blank), assess_many(plan, odd)

    assert not other.failures
    for index, (values, quality) in one.kept.items():
        np.testing.assert_array_equal(quality, other.kept[index][1], plan.nodes[index].name)
        np.testing.assert_array_equal(values[quality > 0], other.kept[index][0][quality > 0], plan.nodes[index].name)
    for mine, theirs in zip(one.programmes, other.programmes, strict=True):
        np.testing.assert_array_equal(mine.amount, theirs.amount)


def _filled(column: Column, value: int) -> Column:
    assert column.known is not None
    return Column(np.where(column.known, column.values, value), column.known)


@pytest.mark.parametrize("columns", ["short", "known of too few", "unknown name"])
def test_columns_that_do_not_fit_are_refused(county: Pack, columns: str) -> None:
    population = odd_families(county, 10, np.random.default_rng(6))
    if columns == "short":
        population.household["assets"] = Column(np.zeros(9, np.int64))
    elif columns == "known of too few":
        population.household["assets"] = Column(np.zeros(10, np.int64), np.ones(9, np.bool_))
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
from bench.families import odd_families
pack = load_pack("county", Path(sys.argv[1]))
plan, population = pack.plan(date(2020, 8, 1)), odd_families(pack, int(sys.argv[2]), np.random.default_rng(7))
for _ in range(int(sys.argv[3])):
    print(int(amounts(plan, population).programmes[0].amount.sum()), "numba" in sys.modules)
"""


def probe(cache: Path, size: int, *, times: int = 1) -> list[list[str]]:
    """Run batches in a process of its own; what each paid in all, and whether Numba was needed by then."""
    from tests.policy_engine.conftest import PACKS

    environment = os.environ | {"YIHU_KERNEL_CACHE": str(cache), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(PACKS), str(size), str(times)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.split() for line in done.stdout.splitlines()]


def test_small_batches_wait_for_no_compiler_and_agree_with_what_was_compiled(tmp_path: Path) -> None:
    interpreted = probe(tmp_path, SMALL, times=2)
    probe(tmp_path, SMALL + 1)
    from_disk = probe(tmp_path, SMALL, times=2)

    assert [numba for _paid, numba in interpreted] == ["False", "False"]
    assert [numba for _paid, numba in from_disk] == ["False", "True"], "kernels on disk are read once it pays"
    assert len({paid for paid, _numba in (*interpreted, *from_disk)}) == 1
