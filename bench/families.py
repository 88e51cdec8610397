"""Families made up from a seed, as many as asked for, the same for the same seed and pack.

Those of a city (`families`) are fully known. They are one to six members (2.5 on average), a head, perhaps a spouse,
children and parents; most money columns are mostly zero, and one family in twenty stands exactly at a line of the plan
or one fen beside it. Those of nowhere (`odd_families`) are what rules and tables must yet bear: every fact by itself
over its whole range, some unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policy_engine import InputSpec, InputType, Pack, Plan, Scope
from policy_engine.population import Column, Population, dtype_for

Integers = NDArray[np.int64]

SEED = 20200801
_SIZES = (0.27, 0.28, 0.24, 0.13, 0.05, 0.03)
_HEAD, _SPOUSE, _SON, _DAUGHTER, _FATHER, _MOTHER = 2, 10, 20, 30, 51, 52
_AT_A_LINE = 0.05

_MONEY = {
    "wage": (0.0, 5_500),
    "business_income": (0.06, 3_000),
    "property_income": (0.10, 900),
    "pension": (0.0, 3_800),
    "resident_basic_pension": (0.05, 200),
    "transfer_income": (0.12, 700),
    "medical_self_paid": (0.35, 2_000),
    "tuition": (0.0, 5_500),
    "monetary_assets": (0.75, 60_000),
    "emergency_need": (0.03, 6_000),
}
"""How many have any, and the median yuan of those who do; 0 where age or school decide who has."""

_SHARES = {
    "counted_member": 0.96,
    "has_heating": 0.9,
    "emergency_confirmed": 0.5,
    "employed": 0.4,
    "serious_illness": 0.04,
    "new_student": 0.01,
}
_COUNTS = {"homes": (0.25, 0.6, 0.12, 0.03), "cars": (0.72, 0.25, 0.03), "non_residential": (0.96, 0.03, 0.01)}
_LOCAL_HUKOU, _OTHER_HUKOU = 0.8, (110101, 110105, 110108, 130102, 370102, 410102)


@dataclass
class _Shape:
    """Who belongs where, and how old."""

    day: int
    sizes: Integers
    owner: Integers
    place: Integers
    age: Integers
    relation: Integers
    stage: Integers


def families(plan: Plan, count: int, *, seed: int = SEED, every_fact: bool = False) -> Population:
    """A population for a plan, in the widths in which files are read.

    Only facts that the plan reads, or with ``every_fact`` all that the pack lists.
    """
    random = np.random.default_rng(seed)
    shape = _shape(random, count, plan.day.year * 10_000 + plan.day.month * 100 + plan.day.day)
    columns: dict[Scope, dict[str, Integers]] = {Scope.HOUSEHOLD: {}, Scope.MEMBER: {}}
    for name, spec in plan.pack.engine_inputs.items():
        rows = count if spec.of is Scope.HOUSEHOLD else len(shape.owner)
        columns[spec.of][name] = np.clip(_fact(random, name, spec, rows, shape), spec.low, spec.high)
    _put_at_lines(random, plan, shape, columns[Scope.HOUSEHOLD], columns[Scope.MEMBER])
    wanted = set(plan.pack.engine_inputs) if every_fact else {node.name for node in plan.input_nodes}
    stored = {
        scope: {
            name: Column(
                values.astype(dtype_for(plan.pack.engine_inputs[name].low, plan.pack.engine_inputs[name].high))
            )
            for name, values in part.items()
            if name in wanted
        }
        for scope, part in columns.items()
    }
    return Population(_offsets(shape.sizes), stored[Scope.HOUSEHOLD], stored[Scope.MEMBER])


def odd_families(pack: Pack, count: int, random: np.random.Generator, *, unknown: float = 0.05) -> Population:
    """Households of any pack of one to six members, in which the first always counts: without anybody there is nothing
    to divide by. ``unknown`` is the chance of each fact to be so.
    """
    sizes = random.integers(1, 7, count)
    offsets = _offsets(sizes)
    columns: dict[Scope, dict[str, Column]] = {Scope.HOUSEHOLD: {}, Scope.MEMBER: {}}
    for name, spec in pack.engine_inputs.items():
        rows = count if spec.of is Scope.HOUSEHOLD else int(offsets[-1])
        values, known = odd_values(random, spec, rows), random.random(rows) >= unknown
        if name in ("counted", "counted_member"):
            values[offsets[:-1]], known[offsets[:-1]] = 1, True
        columns[spec.of][name] = Column(values, known)
    return Population(offsets, columns[Scope.HOUSEHOLD], columns[Scope.MEMBER])


def odd_values(random: np.random.Generator, spec: InputSpec, rows: int) -> Integers:
    """A fact of so many, over its whole range, many at round or shared values."""
    match spec.type:
        case InputType.DATE:
            first, last = max(spec.low // 10_000, 1915), min(spec.high // 10_000, 2019)
            years = random.integers(first, last + 1, rows)
            return years * 10_000 + random.integers(1, 13, rows) * 100 + random.integers(1, 29, rows)
        case InputType.DIVISION:
            return random.choice(np.array([110102, 110108, 610102]), rows, p=[0.8, 0.1, 0.1])
        case InputType.MONEY | InputType.AREA:
            # Small sums are where the limits lie; zeros are what most people have of most incomes.
            scale = 10 ** random.uniform(2, 7, rows)
            values = np.clip((random.random(rows) * scale).astype(np.int64), max(spec.low, -10_000), spec.high)
            return np.where(random.random(rows) < 0.5, max(spec.low, 0), values)
        case InputType.CODE:
            assert spec.codes is not None
            return random.choice(np.array([code.value for code in spec.codes]), rows)
        case InputType.GRADES:
            return np.where(random.random(rows) < 0.9, 0, random.integers(spec.low, spec.high + 1, rows))
    return random.integers(spec.low, min(spec.high, 3) + 1, rows)


def _offsets(sizes: Integers) -> Integers:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _shape(random: np.random.Generator, count: int, day: int) -> _Shape:
    sizes = 1 + _pick(random, count, _SIZES)
    owner = np.repeat(np.arange(count), sizes)
    offsets = _offsets(sizes)
    place = np.arange(len(owner)) - offsets[owner]
    head = np.where(random.random(count) < 0.2, random.integers(70, 96, count), random.integers(24, 70, count))[owner]
    is_parent = (place >= 3) & (random.random(len(owner)) < 0.5) & (head < 70)
    is_spouse = (place == 1) & (random.random(len(owner)) < 0.75)
    age = np.where(
        place == 0,
        head,
        np.where(is_spouse, head + random.integers(-6, 7, len(owner)), head - random.integers(20, 40, len(owner))),
    )
    age = np.clip(np.where(is_parent, head + random.integers(22, 34, len(owner)), age), 0, 103)
    is_male = random.random(len(owner)) < 0.5
    child = np.where(is_male, _SON, _DAUGHTER)
    relation = np.where(place == 0, _HEAD, np.where(is_spouse, _SPOUSE, child))
    relation = np.where(is_parent, np.where(is_male, _FATHER, _MOTHER), relation)
    stage = np.select([age < 3, age < 6, age < 12, age < 15, age < 18, age < 23], [0, 1, 2, 3, 4, 5], 0)
    stage = np.where(random.random(len(owner)) < 0.85, stage, 0)
    return _Shape(day, sizes, owner, place, age, relation, stage)


def _fact(random: np.random.Generator, name: str, spec: InputSpec, rows: int, shape: _Shape) -> Integers:
    if name == "birth_date":
        birthday = random.integers(1, 13, rows) * 100 + random.integers(1, 29, rows)
        year = shape.day // 10_000 - shape.age - (birthday > shape.day % 10_000)
        return year * 10_000 + birthday
    if name == "relation":
        return shape.relation
    if name == "school_stage":
        return shape.stage
    if name == "hukou":
        local = random.random(rows) < _LOCAL_HUKOU
        return np.where(local, 110102, random.choice(_OTHER_HUKOU, rows))
    if name == "counted_member":
        return ((shape.place == 0) | (random.random(rows) < _SHARES[name])).astype(np.int64)
    if name in _COUNTS:
        return _pick(random, rows, _COUNTS[name])
    match spec.type:
        case InputType.MONEY:
            return _money(random, name, rows, shape)
        case InputType.AREA:
            return random.integers(1_000, 18_000, rows)
        case InputType.FLAG:
            return (random.random(rows) < _SHARES.get(name, 0.1)).astype(np.int64)
        case InputType.SET:
            return (random.random(rows) < 0.03).astype(np.int64)
        case InputType.GRADES:
            return np.where(random.random(rows) < 0.012, random.integers(1, spec.high + 1, rows), 0)
        case InputType.CODE:
            assert spec.codes is not None
            numbers = np.array([code.value for code in spec.codes])
            return np.where(random.random(rows) < 0.9, numbers[0], random.choice(numbers, rows))
    return random.integers(spec.low, min(spec.high, spec.low + 3) + 1, rows)


def _money(random: np.random.Generator, name: str, rows: int, shape: _Shape) -> Integers:
    """Fen; every tenth amount is not of whole yuan."""
    share, middle = _MONEY.get(name, (0.2, 1_000))
    yuan = np.exp(random.normal(np.log(middle), 0.7, rows))
    fen = (yuan * 100).astype(np.int64)
    fen = np.where(random.random(rows) < 0.9, fen // 100 * 100, fen)
    chance = random.random(rows)
    if name == "wage":
        return np.where((shape.age >= 19) & (shape.age < 62) & (shape.stage == 0) & (chance < 0.7), fen, 0)
    if name == "pension":
        return np.where((shape.age >= 58) & (chance < 0.85), fen, 0)
    if name == "tuition":
        return np.where(shape.stage >= 4, fen, 0)
    if name == "business_income":
        fen = np.where(random.random(rows) < 0.2, -fen, fen)
    return np.where(chance < share, fen, 0)


def _put_at_lines(
    random: np.random.Generator, plan: Plan, shape: _Shape, household: dict[str, Integers], member: dict[str, Integers]
) -> None:
    """Some families get exactly an income or savings that a figure of the plan speaks of, or a fen more or less."""
    incomes, savings = (
        [plan.constants[node.index][0] for node in plan.nodes if node.of is Scope.PLAN and node.unit == unit]
        for unit in ("fen/person/month", "fen/person")
    )
    count = len(shape.sizes)
    beside = random.integers(-1, 2, count)
    for lines, names in ((incomes, [n for n in _MONEY if n in member and n != "medical_self_paid"]), (savings, [])):
        chosen = random.random(count) < _AT_A_LINE
        if not lines or not chosen.any():
            continue
        fen = np.maximum(0, random.choice(lines, count) * shape.sizes + beside)
        if not names and "monetary_assets" in household:
            household["monetary_assets"] = np.where(chosen, fen, household["monetary_assets"])
            continue
        here = chosen[shape.owner]
        for name in names:
            member[name] = np.where(here, 0, member[name])
        if "wage" in member:
            member["wage"] = np.where(here & (shape.place == 0), fen[shape.owner], member["wage"])


def _pick(random: np.random.Generator, rows: int, shares: tuple[float, ...]) -> Integers:
    return random.choice(len(shares), rows, p=shares).astype(np.int64)


def save(population: Population, folder: Path) -> None:
    """Keep a population as one .npy a column, for other processes to load."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "offsets.npy", population.offsets)
    for scope in (Scope.HOUSEHOLD, Scope.MEMBER):
        for name, column in population.columns(scope).items():
            np.save(folder / f"{scope.value}.{name}.npy", column.values)


def load(folder: Path) -> Population:
    """A population that was kept with ``save``."""
    columns = {
        scope: {path.name.split(".")[1]: Column(np.load(path)) for path in folder.glob(f"{scope.value}.*.npy")}
        for scope in (Scope.HOUSEHOLD, Scope.MEMBER)
    }
    return Population(np.load(folder / "offsets.npy"), columns[Scope.HOUSEHOLD], columns[Scope.MEMBER])
