"""Everyone: each rule compiled as one loop, run in order over blocks small enough to stay in cache."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy_engine.driver import Bound, Driver, is_compiled
from policy_engine.errors import RuleFailure
from policy_engine.kernels import Part
from policy_engine.layout import Rows, layout_of
from policy_engine.nodes import Node
from policy_engine.plan import Plan, PlannedProgramme
from policy_engine.population import Column, Population, check_shape, check_values, fits
from policy_engine.programmes import Programme
from policy_engine.single import Determination, Result, assess
from policy_engine.values import OUTCOMES, Quality, Scope

Stored = tuple[NDArray[np.integer], NDArray[np.uint8]]

BLOCK = 2048
"""Households a block: what a block works on fits a second-level cache."""

SHARD = 64
"""A block in which a rule failed is run again in shards of so many; only failing shards are interpreted."""

SMALL = 512
"""Up to so many households are interpreted at a time, and in all where the kernels lie compiled on disk."""

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

    ``outcome``: 0 unknown, 1 not eligible, 2 eligible, FAILED. ``amount`` in fen, meaningful where
    ``amount_known``; ``confidence`` is a Quality, 0 where the outcome is unknown.
    """

    planned: PlannedProgramme
    outcome: NDArray[np.uint8]
    amount: NDArray[np.int64]
    amount_known: NDArray[np.bool_]
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
    programmes: list[ProgrammeColumns]
    failures: list[Failure]

    def column(self, name: str) -> Column:
        """The values behind a name that was kept. Raises KeyError for one that was not."""
        values, quality = self.kept[self.plan.index[name]]
        return Column(values, quality > 0)

    def stored(self, index: int, of: Scope) -> Stored:
        """A kept node as a column with a row for each household or member, wherever the node lives."""
        node = self.plan.nodes[index]
        sizes = np.diff(self.population.offsets)
        if node.of is Scope.PLAN:
            value, quality = self.plan.constants[index]
            count = len(sizes) if of is Scope.HOUSEHOLD else self.population.member_count
            return np.full(count, value, np.int64), np.full(count, quality, np.uint8)
        values, qualities = self.kept[index]
        if of is Scope.MEMBER and node.of is Scope.HOUSEHOLD:
            return np.repeat(values, sizes), np.repeat(qualities, sizes)
        return values, qualities

    def at_least(self, columns: ProgrammeColumns) -> Column:
        """Fen that those are sure of who are eligible for an amount that is not known; needs every node kept."""
        index = columns.planned.at_least
        if index is None:
            count = len(columns.outcome)
            return Column(np.zeros(count, np.int64), np.zeros(count, np.bool_))
        values, quality = self.stored(index, columns.programme.of)
        return Column(values, (columns.outcome == 2) & ~columns.amount_known & (quality > 0))


def assess_many(plan: Plan, population: Population) -> Batch:
    """Work out everything for everybody and keep it: meant for parts of some ten thousand households.

    Gives for each household what ``assess`` gives for it alone. Raises FactError for facts that do
    not fit the plan; a rule that fails is listed in ``failures`` and spares the other households.
    """
    return _Run(plan, population, keep=True).batch(1)


def amounts(plan: Plan, population: Population, *, threads: int | None = None) -> Batch:
    """Only outcomes and amounts, for as many households as memory holds the facts of.

    Columns in between live for one block only. ``threads`` defaults to the processors at hand.
    """
    return _Run(plan, population, keep=False).batch(threads)


class _Run:
    """One population on its way through one plan."""

    def __init__(self, plan: Plan, population: Population, *, keep: bool) -> None:
        check_shape(plan, population)
        self.plan = plan
        self.population = population
        self.layout = layout_of(plan, keep=keep)
        self.laid = self.layout.results.lay(Rows(len(population), population.member_count))
        self.results = [self._columns_of(planned) for planned in plan.programmes]
        self.kept: dict[int, Stored] = {}
        if keep:
            for node in self.layout.steps:
                slots = (node.index, Part.VALUES), (node.index, Part.QUALITY)
                self.kept[node.index] = self.laid.column(slots[0]), self.laid.column(slots[1])
        self.keep = keep
        self.values_fit = False

    def _columns_of(self, planned: PlannedProgramme) -> ProgrammeColumns:
        at = planned.outcome
        return ProgrammeColumns(
            planned,
            outcome=self.laid.column((at, Part.OUTCOME)),
            amount=self.laid.column((at, Part.AMOUNT)),
            amount_known=self.laid.column((at, Part.AMOUNT_KNOWN)),
            confidence=self.laid.column((at, Part.CONFIDENCE)),
        )

    def batch(self, threads: int | None) -> Batch:
        """Run, on so many threads, and hand over; None: on all processors at hand."""
        if self._pays_to_load():
            failures = self._compiled(threads)
        else:
            self._check_values()
            failures = self._interpret(0, len(self.population))
        return Batch(self.plan, self.population, self._all_kept(), self.results, failures)

    def _pays_to_load(self) -> bool:
        """Whether the kernels are loaded, or should be.

        Reading them from disk takes as long as interpreting some thousand households, compiling them
        as long as interpreting a town.
        """
        layout, size = self.layout, len(self.population)
        if layout.kernels is not None or size > SMALL:
            return True
        layout.interpreted += size
        return layout.interpreted > SMALL and is_compiled(layout)

    def _all_kept(self) -> dict[int, Stored]:
        """What was worked out, with the facts beside it where everything is kept."""
        if not self.keep:
            return {}
        facts = {node.index: self._fact(node, dtype) for node, dtype in self.layout.facts}
        return {**facts, **self.kept}

    def _fact(self, node: Node, dtype: np.dtype[Any]) -> Stored:
        """A fact as a stored column: values in the node's own width, and their quality."""
        column = self.population.columns(node.of).get(node.name)
        if column is None:
            count = self.laid.rows.of(node.of)
            return np.zeros(count, dtype), np.zeros(count, np.uint8)
        values = np.ascontiguousarray(column.values, dtype)
        if column.known is None:
            return values, np.full(len(values), Quality.SEEN, np.uint8)
        return values, column.known * np.uint8(Quality.SEEN)

    def _compiled(self, threads: int | None) -> list[Failure]:
        self._check_what_no_kernel_checks()
        size = len(self.population)
        blocks = -(-size // BLOCK)
        threads = max(1, min(threads or len(os.sched_getaffinity(0)), blocks // 8)) if blocks >= 16 else 1
        # Threads part at the ends of blocks, for the working columns hold no more than one block.
        cuts = [min(blocks * share // threads * BLOCK, size) for share in range(threads + 1)]
        bound = Bound(self.layout, self.population, self.laid, BLOCK)
        if threads == 1:
            return self._share(bound, 0, size)
        with ThreadPoolExecutor(threads) as pool:
            shares = pool.map(lambda share: self._share(bound, cuts[share], cuts[share + 1]), range(threads))
            return [failure for share in shares for failure in share]

    def _check_what_no_kernel_checks(self) -> None:
        """Look over facts that no kernel reads, and those that would not survive being narrowed for it."""
        read = self.layout.fact_types
        for scope in (Scope.HOUSEHOLD, Scope.MEMBER):
            for name, column in self.population.columns(scope).items():
                dtype = read.get(name)
                if dtype is None or (column.values.dtype != dtype and not np.can_cast(column.values.dtype, dtype)):
                    spec = self.plan.pack.engine_inputs[name]
                    if not fits(column, spec.low, spec.high):
                        self._check_values()

    def _check_values(self) -> None:
        """Refuse the population for the first value out of range; looks at everything, but only once."""
        if not self.values_fit:
            check_values(self.plan, self.population)
            self.values_fit = True

    def _share(self, bound: Bound, begin: int, end: int) -> list[Failure]:
        driver = Driver(bound)
        failures: list[Failure] = []
        while begin < end:
            block = driver.run(begin, end, BLOCK)
            if block < 0:
                break
            # A value out of its range refuses the whole population; else it was a rule that failed.
            self._check_values()
            begin = min(block + BLOCK, end)
            shard = block
            while (shard := driver.run(shard, begin, SHARD)) >= 0:
                failures += self._interpret(shard, min(shard + SHARD, begin))
                shard += SHARD
        return failures

    def _interpret(self, start: int, stop: int) -> list[Failure]:
        """One family after the other, which names the household and the rule that fail."""
        failures = []
        offsets = self.population.offsets
        for household in range(start, stop):
            first, last = int(offsets[household]), int(offsets[household + 1])
            rows = {Scope.HOUSEHOLD: slice(household, household + 1), Scope.MEMBER: slice(first, last)}
            try:
                found = assess(self.plan, self.population.family(household))
            except RuleFailure as failure:
                failures.append(Failure(household, failure.member, failure.rule, failure.message))
                self._blank(rows)
                continue
            self._keep_answers(found, household, first)
            for result in found.results:
                self._keep_result(result, household if result.member is None else first + result.member)
        return failures

    def _keep_answers(self, found: Determination, household: int, first: int) -> None:
        for index, (values, quality) in self.kept.items():
            answer = found.answers[index]
            if isinstance(answer, list):
                for member, (value, known) in enumerate(answer):
                    values[first + member], quality[first + member] = value, known
            else:
                values[household], quality[household] = answer

    def _keep_result(self, result: Result, row: int) -> None:
        columns = next(columns for columns in self.results if columns.planned is result.planned)
        columns.outcome[row] = OUTCOMES.index(result.outcome)
        columns.amount[row] = result.amount or 0
        columns.amount_known[row] = result.amount is not None
        columns.confidence[row] = Quality.UNKNOWN if result.confidence is None else result.confidence.quality

    def _blank(self, rows: dict[Scope, slice]) -> None:
        """Leave nothing of a household that failed but the mark of it."""
        for index, (values, quality) in self.kept.items():
            part = rows[self.plan.nodes[index].of]
            values[part], quality[part] = 0, 0
        for columns in self.results:
            part = rows[columns.programme.of]
            columns.outcome[part] = FAILED
            columns.amount[part], columns.amount_known[part], columns.confidence[part] = 0, False, 0
