"""Everyone: each rule compiled as one loop, run in order over blocks small enough to stay in cache."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from policy_engine.errors import RuleFailure
from policy_engine.nodes import NodeKind
from policy_engine.plan import Plan, PlannedProgramme
from policy_engine.population import Column, Population, as_stored, check, dtype_for
from policy_engine.programmes import Programme
from policy_engine.single import Determination, assess
from policy_engine.values import Scope

if TYPE_CHECKING:
    from policy_engine.kernels import Kernel

Stored = tuple[NDArray[np.integer], NDArray[np.uint8]]

BLOCK = 4096
"""Households a block: some sixty columns of this length fit a second-level cache."""

SMALL = 512
"""Up to so many households are interpreted unless the kernels lie compiled on disk."""

SHARD = 64
"""A block in which a rule failed is run again in shards of so many; only failing shards are interpreted."""

FAILED = 255
"""Stands in the outcome column where a rule failed; such a row is not a result."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that could not be carried out; its household has no results."""

    household: int
    member: int | None
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class ProgrammeColumns:
    """What one programme says of everybody: a row a household, or a member where it is of members.

    ``outcome``: 0 unknown, 1 not eligible, 2 eligible, FAILED. ``amount`` and ``at_least`` in fen,
    meaningful where their flag is set; ``confidence`` is a Quality, 0 where the outcome is unknown.
    """

    planned: PlannedProgramme
    outcome: NDArray[np.uint8]
    amount: NDArray[np.int64]
    amount_known: NDArray[np.bool_]
    at_least: NDArray[np.int64]
    at_least_known: NDArray[np.bool_]
    confidence: NDArray[np.uint8]

    @property
    def programme(self) -> Programme:
        """The programme that the columns are of."""
        return self.planned.programme


@dataclass
class Batch:
    """The results of a population. ``kept`` holds value and quality of every node that was asked for."""

    plan: Plan
    population: Population
    kept: dict[int, Stored]
    failures: list[Failure]
    programmes: list[ProgrammeColumns] = field(default_factory=list)

    def column(self, name: str) -> Column:
        """The values behind a name that was kept. Raises KeyError for one that was not."""
        values, quality = self.kept[self.plan.index[name]]
        return Column(values, quality > 0)


def assess_many(plan: Plan, population: Population) -> Batch:
    """Work out everything for everybody and keep it: meant for parts of some ten thousand households.

    Gives for each household what ``assess`` gives for it alone. Raises FactError for facts that do
    not fit the plan; a rule that fails is listed in ``failures`` and spares the other households.
    """
    return _run(plan, population, [node.index for node in plan.nodes])


def amounts(plan: Plan, population: Population, *, threads: int | None = None) -> Batch:
    """Only outcomes and amounts, for as many households as memory holds the facts of.

    Columns in between live for one block only. ``threads`` defaults to the processors at hand.
    """
    keep = [planned.outcome for planned in plan.programmes]
    keep += [planned.amount for planned in plan.programmes if planned.amount is not None]
    return _run(plan, population, keep, threads=threads)


def _run(plan: Plan, population: Population, keep: Sequence[int], *, threads: int | None = None) -> Batch:
    check(plan, population)
    runner = _Runner(plan, population, keep)
    failures = runner.run(threads or len(os.sched_getaffinity(0)))
    batch = Batch(plan, population, runner.kept, sorted(failures, key=lambda failure: failure.household))
    batch.programmes = [_columns(batch, planned) for planned in plan.programmes]
    return batch


class _Runner:
    def __init__(self, plan: Plan, population: Population, keep: Sequence[int]) -> None:
        self.plan = plan
        self.population = population
        self.order = plan.cone(keep)
        counts = {Scope.HOUSEHOLD: len(population), Scope.MEMBER: population.member_count}
        self.kept: dict[int, Stored] = {}
        for index in self.order:
            node = plan.nodes[index]
            if node.of is Scope.PLAN:
                continue
            if node.kind is NodeKind.INPUT:
                column = population.columns(node.of).get(node.name)
                self.kept[index] = as_stored(node, column, counts[node.of])
            elif index in keep:
                count = counts[node.of]
                self.kept[index] = (
                    np.zeros(count, dtype_for(node.low, node.high)),
                    np.zeros(count, np.uint8),
                )
        self.steps = [
            index
            for index in self.order
            if plan.nodes[index].of is not Scope.PLAN and plan.nodes[index].kind is not NodeKind.INPUT
        ]

    def run(self, threads: int) -> list[Failure]:
        from policy_engine import kernels

        texts = {index: kernels.kernel_text(self.plan, self.plan.nodes[index]) for index in self.steps}
        size = len(self.population)
        if size <= SMALL and not all(kernels.is_cached(text) for text in texts.values()):
            return self._interpret(0, size)
        loops = {index: kernels.load(text) for index, text in texts.items()}
        starts = range(0, size, BLOCK)
        if threads == 1 or len(starts) < 4:
            return self._blocks(loops, starts)
        with ThreadPoolExecutor(threads) as pool:
            shares = [starts[share::threads] for share in range(threads)]
            return [
                failure for found in pool.map(lambda share: self._blocks(loops, share), shares) for failure in found
            ]

    def _blocks(self, loops: dict[int, Kernel], starts: Iterable[int]) -> list[Failure]:
        buffers = self._buffers()
        failures = []
        for start in starts:
            stop = min(start + BLOCK, len(self.population))
            if self._fails(loops, buffers, start, stop):
                for first in range(start, stop, SHARD):
                    last = min(first + SHARD, stop)
                    if self._fails(loops, buffers, first, last):
                        failures += self._interpret(first, last)
        return failures

    def _fails(self, loops: dict[int, Kernel], buffers: dict[int, Stored], start: int, stop: int) -> bool:
        try:
            return self._block(loops, buffers, start, stop)
        except ZeroDivisionError:
            return True

    def _buffers(self) -> dict[int, Stored]:
        """Room for the columns that live for one block only, shared by those that never meet.

        The fewer bytes a block touches, the more of it stays in cache.
        """
        offsets = self.population.offsets
        bounds = [*range(0, len(self.population), BLOCK), len(self.population)]
        widest = max((int(offsets[b] - offsets[a]) for a, b in itertools.pairwise(bounds)), default=0)
        room = {Scope.HOUSEHOLD: min(BLOCK, len(self.population)), Scope.MEMBER: widest}
        last_use = {arg: step for step in self.steps for arg in self.plan.nodes[step].args}
        free: dict[tuple[Scope, np.dtype[np.signedinteger]], list[Stored]] = {}
        given: dict[int, Stored] = {}
        for step in self.steps:
            node = self.plan.nodes[step]
            if step not in self.kept:
                kind = (node.of, dtype_for(node.low, node.high))
                spare = free.setdefault(kind, [])
                given[step] = (
                    spare.pop() if spare else (np.empty(room[node.of], kind[1]), np.empty(room[node.of], np.uint8))
                )
            for arg in set(node.args):
                if arg in given and last_use[arg] == step:
                    used = self.plan.nodes[arg]
                    free.setdefault((used.of, dtype_for(used.low, used.high)), []).append(given[arg])
        return given

    def _block(self, loops: dict[int, Kernel], buffers: dict[int, Stored], start: int, stop: int) -> bool:
        """Run every loop over one block; True when one of them failed at some row."""
        offsets = self.population.offsets
        first, last = int(offsets[start]), int(offsets[stop])
        local = offsets[start : stop + 1] - first
        owner = np.repeat(np.arange(stop - start, dtype=np.int32), np.diff(local))
        rows = {Scope.HOUSEHOLD: slice(start, stop), Scope.MEMBER: slice(first, last)}
        counts = {Scope.HOUSEHOLD: stop - start, Scope.MEMBER: last - first}
        nodes, constants = self.plan.nodes, self.plan.constants
        columns: dict[int, Stored] = dict(buffers)
        for index, (values, quality) in self.kept.items():
            part = rows[nodes[index].of]
            columns[index] = (values[part], quality[part])
        for index in self.steps:
            node = nodes[index]
            if node.kind is NodeKind.GATHER:
                arguments: list[object] = [local, *columns[node.args[0]]]
            else:
                arguments = []
                for arg in node.args:
                    if nodes[arg].of is Scope.PLAN:
                        arguments += constants[arg]
                    else:
                        arguments += columns[arg]
                        if node.of is Scope.MEMBER and nodes[arg].of is Scope.HOUSEHOLD:
                            arguments = arguments if arguments[0] is owner else [owner, *arguments]
            if loops[index](counts[node.of], *arguments, *columns[index]) >= 0:
                return True
        return False

    def _interpret(self, start: int, stop: int) -> list[Failure]:
        """One family after the other, which names the household and the rule that fail."""
        failures = []
        offsets = self.population.offsets
        for household in range(start, stop):
            first, last = int(offsets[household]), int(offsets[household + 1])
            try:
                found = assess(self.plan, self.population.family(household))
            except RuleFailure as failure:
                failures.append(Failure(household, failure.member, failure.rule, failure.message))
                self._mark_failed(household, first, last)
                continue
            self._keep(found, household, first)
        return failures

    def _keep(self, found: Determination, household: int, first: int) -> None:
        for index, (values, quality) in self.kept.items():
            answer = found.answers[index]
            if isinstance(answer, list):
                for member, (value, known) in enumerate(answer):
                    values[first + member], quality[first + member] = value, known
            else:
                values[household], quality[household] = answer

    def _mark_failed(self, household: int, first: int, last: int) -> None:
        for index, (_values, quality) in self.kept.items():
            node = self.plan.nodes[index]
            if node.kind is NodeKind.OUTCOME:
                part = slice(first, last) if node.of is Scope.MEMBER else slice(household, household + 1)
                quality[part] = FAILED


def _columns(batch: Batch, planned: PlannedProgramme) -> ProgrammeColumns:
    value, quality = batch.kept[planned.outcome]
    failed = quality == FAILED
    eligible = (value == 1) & (quality > 0) & ~failed
    refused = (value == 0) & (quality > 0) & ~failed
    outcome = np.where(failed, np.uint8(FAILED), refused + np.uint8(2) * eligible).astype(np.uint8)
    amount, sure = _money(batch, planned, planned.amount, len(value))
    known = refused | (eligible & (sure > 0))
    known &= planned.amount is not None
    at_least, sure_at_least = _money(batch, planned, planned.at_least, len(value))
    confidence = np.where(failed, np.uint8(0), quality)
    if planned.amount is not None:
        confidence = np.where(eligible & (sure > 0), np.minimum(confidence, sure), confidence)
    return ProgrammeColumns(
        planned=planned,
        outcome=outcome,
        amount=np.where(known & eligible, amount, 0),
        amount_known=known,
        at_least=at_least,
        at_least_known=eligible & ~known & (sure_at_least > 0),
        confidence=confidence.astype(np.uint8),
    )


def _money(
    batch: Batch, planned: PlannedProgramme, index: int | None, count: int
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """A money node as a column of the programme's own rows, wherever the node lives."""
    if index is None:
        return np.zeros(count, np.int64), np.zeros(count, np.uint8)
    node = batch.plan.nodes[index]
    if node.of is Scope.PLAN:
        value, quality = batch.plan.constants[index]
        return np.full(count, value, np.int64), np.full(count, quality, np.uint8)
    if index not in batch.kept:
        return np.zeros(count, np.int64), np.zeros(count, np.uint8)
    values, qualities = batch.kept[index]
    if planned.programme.of is Scope.MEMBER and node.of is Scope.HOUSEHOLD:
        sizes = np.diff(batch.population.offsets)
        values, qualities = np.repeat(values, sizes), np.repeat(qualities, sizes)
    return values.astype(np.int64), qualities


__all__ = [
    "FAILED", "Batch", "Column", "Failure", "Population", "ProgrammeColumns", "amounts", "assess_many",
]  # fmt: skip
