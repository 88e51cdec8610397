"""Random families of any pack: every fact over its whole range, some unknown, many at round or shared values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from policy_engine import InputSpec, InputType, Pack, Scope
from policy_engine.population import Column, Population


def random_population(pack: Pack, size: int, rng: np.random.Generator, *, unknown: float = 0.05) -> Population:
    """Households of one to six members; each fact of each is unknown with the given chance."""
    sizes = rng.integers(1, 7, size)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    counts = {Scope.HOUSEHOLD: size, Scope.MEMBER: int(offsets[-1])}
    columns: dict[Scope, dict[str, Column]] = {Scope.HOUSEHOLD: {}, Scope.MEMBER: {}}
    for spec in pack.inputs.values():
        for name in spec.names:
            values = _values(spec, counts[spec.of], rng)
            known = rng.random(counts[spec.of]) >= unknown
            columns[spec.of][name] = Column(values, known)
    population = Population(offsets, columns[Scope.HOUSEHOLD], columns[Scope.MEMBER])
    _count_somebody(pack, population)
    return population


def _values(spec: InputSpec, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    match spec.type:
        case InputType.DATE:
            return _days(spec, count, rng)
        case InputType.DIVISION:
            return rng.choice(np.array([110102, 110108, 610102]), count, p=[0.8, 0.1, 0.1])
        case InputType.MONEY | InputType.AREA:
            # Small sums are where the limits lie; zeros are what most people have of most incomes.
            scale = 10 ** rng.uniform(2, 7, count)
            values = np.clip((rng.random(count) * scale).astype(np.int64), max(spec.low, -10_000), spec.high)
            return np.where(rng.random(count) < 0.5, max(spec.low, 0), values)
        case InputType.CODE:
            assert spec.codes is not None
            return rng.choice(np.array([code.value for code in spec.codes]), count)
        case InputType.GRADES:
            return np.where(rng.random(count) < 0.9, 0, rng.integers(spec.low, spec.high + 1, count))
    return rng.integers(spec.low, min(spec.high, 3) + 1, count)


def _days(spec: InputSpec, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    first, last = max(spec.low // 10_000, 1915), min(spec.high // 10_000, 2019)
    years = rng.integers(first, last + 1, count)
    return years * 10_000 + rng.integers(1, 13, count) * 100 + rng.integers(1, 29, count)


def _count_somebody(pack: Pack, population: Population) -> None:
    """Let the first member of each household count: one without anybody fails by division by zero."""
    for name in ("counted", "counted_member"):
        column = population.member.get(name)
        if column is not None:
            assert column.known is not None
            column.values[population.offsets[:-1]] = 1
            column.known[population.offsets[:-1]] = True
