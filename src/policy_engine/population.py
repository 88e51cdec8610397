"""Many families as columns of integers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_engine.errors import FactError
from policy_engine.inputs import InputSpec
from policy_engine.language import _
from policy_engine.plan import Plan
from policy_engine.single import Family
from policy_engine.values import Scope


@dataclass(frozen=True, slots=True)
class Column:
    """One fact of everybody: integers, and which of them are known (None: all)."""

    values: NDArray[np.integer]
    known: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Population:
    """Households and their members, columns by engine name; an absent column is unknown for all.

    Members stand sorted by household: those of household ``h`` are rows ``offsets[h]`` to
    ``offsets[h + 1]`` of the member columns. Units are those of single families: fen, yyyymmdd, 0/1.
    """

    offsets: NDArray[np.int64]
    household: dict[str, Column]
    member: dict[str, Column]

    def __len__(self) -> int:
        """The number of households."""
        return len(self.offsets) - 1

    @property
    def member_count(self) -> int:
        """The number of members of all households."""
        return int(self.offsets[-1])

    def columns(self, scope: Scope) -> dict[str, Column]:
        """The columns of one scope."""
        return self.household if scope is Scope.HOUSEHOLD else self.member

    def part(self, start: int, stop: int) -> Population:
        """Households ``start`` to ``stop`` with their members, without copying."""
        first, last = int(self.offsets[start]), int(self.offsets[stop])
        return Population(
            self.offsets[start : stop + 1] - first,
            {name: _cut(column, start, stop) for name, column in self.household.items()},
            {name: _cut(column, first, last) for name, column in self.member.items()},
        )

    def take(self, households: NDArray[np.intp]) -> Population:
        """Some households, by their rows, with their members."""
        sizes = np.diff(self.offsets)[households]
        offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        members = self.rows_of_members(households)
        return Population(
            offsets,
            {name: _taken(column, households) for name, column in self.household.items()},
            {name: _taken(column, members) for name, column in self.member.items()},
        )

    def rows_of_members(self, households: NDArray[np.intp]) -> NDArray[np.intp]:
        """The rows of the members of some households."""
        sizes = np.diff(self.offsets)[households]
        before = np.cumsum(sizes) - sizes
        rows: NDArray[np.intp] = np.arange(sizes.sum()) + np.repeat(self.offsets[:-1][households] - before, sizes)
        return rows

    def family(self, household: int) -> Family:
        """One household as a single family."""
        first, last = int(self.offsets[household]), int(self.offsets[household + 1])
        return Family(
            {name: _cell(column, household) for name, column in self.household.items()},
            [{name: _cell(column, row) for name, column in self.member.items()} for row in range(first, last)],
        )


def _cut(column: Column, start: int, stop: int) -> Column:
    known = None if column.known is None else column.known[start:stop]
    return Column(column.values[start:stop], known)


def _taken(column: Column, rows: NDArray[np.intp]) -> Column:
    return Column(column.values[rows], None if column.known is None else column.known[rows])


def _cell(column: Column, row: int) -> int | None:
    if column.known is not None and not column.known[row]:
        return None
    return int(column.values[row])


def dtype_for(low: int, high: int) -> np.dtype[np.signedinteger]:
    """The narrowest integer that holds every value between the bounds: narrow columns stay in cache."""
    for bits in (8, 16, 32):
        if -(2 ** (bits - 1)) <= low and high < 2 ** (bits - 1):
            return np.dtype(f"int{bits}")
    return np.dtype(np.int64)


def check(plan: Plan, population: Population) -> None:
    """Refuse a population that does not fit the plan's facts.

    Raises FactError naming the fact and the first household concerned: a value out of its declared
    range, a column of the wrong length or name, a household without members or with too many.
    """
    check_shape(plan, population)
    check_values(plan, population)


def check_shape(plan: Plan, population: Population) -> None:
    """Refuse columns of the wrong length or name, and households of a size that cannot be."""
    sizes = np.diff(population.offsets)
    if len(sizes) and (sizes.min() < 1 or sizes.max() > plan.pack.most_members):
        wrong = np.flatnonzero((sizes < 1) | (sizes > plan.pack.most_members))
        raise FactError(
            "members",
            _("一户须有 1 到 {most} 名成员").format(most=plan.pack.most_members),
            household=int(wrong[0]),
        )
    names = plan.pack.names_of
    for scope, count in (
        (Scope.HOUSEHOLD, len(population)),
        (Scope.MEMBER, population.member_count),
    ):
        for name, column in population.columns(scope).items():
            if name not in names[scope]:
                raise FactError(name, _("没有叫这个名字的事实"))
            known = column.values if column.known is None else column.known
            for n in {len(column.values), len(known)} - {count}:
                raise FactError(name, _("这一列有 {n} 行，须有 {m} 行").format(n=n, m=count))


def check_values(plan: Plan, population: Population) -> None:
    """Refuse values out of their declared range, in columns that have the right shape."""
    for scope in (Scope.HOUSEHOLD, Scope.MEMBER):
        for name, column in population.columns(scope).items():
            spec = plan.pack.engine_inputs[name]
            outside = _outside(column, spec.low, spec.high)
            if outside.size:
                raise _refusal(name, int(outside[0]), spec, population)


def fits(column: Column, low: int, high: int) -> bool:
    """Whether every known value lies between the bounds."""
    return not _outside(column, low, high).size


def _outside(column: Column, low: int, high: int) -> NDArray[np.intp]:
    """The rows of known values that do not lie between the bounds."""
    values = column.values
    if not len(values) or (values.min() >= low and values.max() <= high):
        return np.empty(0, np.intp)
    outside = (values < low) | (values > high)
    return np.flatnonzero(outside if column.known is None else outside & column.known)


def _refusal(name: str, row: int, spec: InputSpec, population: Population) -> FactError:
    is_household = spec.of is Scope.HOUSEHOLD
    household = row if is_household else int(np.searchsorted(population.offsets, row, "right")) - 1
    value = int(population.columns(spec.of)[name].values[row])
    return FactError(
        name,
        _("{value} 不在 {low} 到 {high} 之间").format(value=value, low=spec.low, high=spec.high),
        member=None if is_household else row - int(population.offsets[household]),
        household=household,
    )
