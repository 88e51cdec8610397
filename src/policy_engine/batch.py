"""Everyone: each rule compiled as one loop, run in order over blocks small enough to stay in cache."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from policy_engine.errors import RuleFailure
from policy_engine.nodes import NodeKind
from policy_engine.plan import Plan, PlannedProgramme
from policy_engine.population import Column, Population, as_stored, check, dtype_for
from policy_engine.programmes import Programme
from policy_engine.single import Determination, Result, assess
from policy_engine.values import OUTCOMES, Quality, Scope

if TYPE_CHECKING:
    from policy_engine.driver import Driver, Place
    from policy_engine.kernels import Slot, Source

Stored = tuple[NDArray[np.integer], NDArray[np.uint8]]

BLOCK = 4096
"""Households a block: what a block works on fits a second-level cache."""

SHARD = 64
"""A block in which a rule failed is run again in shards of so many; only failing shards are interpreted."""

SMALL = 512
"""Up to so many households are interpreted unless the kernels lie compiled on disk."""

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
    return _Run(plan, population, keep=False).batch(threads or len(os.sched_getaffinity(0)))


class _Run:
    """One population on its way through one plan."""

    def __init__(self, plan: Plan, population: Population, *, keep: bool) -> None:
        check(plan, population)
        self.plan = plan
        self.population = population
        self.counts = {Scope.HOUSEHOLD: len(population), Scope.MEMBER: population.member_count}
        wanted = [
            index for planned in plan.programmes for index in (planned.outcome, planned.amount) if index is not None
        ]
        order = range(len(plan.nodes)) if keep else plan.cone(wanted)
        self.read_by_results = wanted
        varying = [index for index in order if plan.nodes[index].of is not Scope.PLAN]
        self.steps = [index for index in varying if plan.nodes[index].kind is not NodeKind.INPUT]
        # A fact that is known of everybody has no quality of its own: all read the same few bytes.
        self.facts = {
            index: as_stored(
                plan.nodes[index],
                population.columns(plan.nodes[index].of).get(plan.nodes[index].name),
                self.counts[plan.nodes[index].of],
            )
            for index in varying
            if plan.nodes[index].kind is NodeKind.INPUT
        }
        self.kept = {index: self._room(index, self.counts[plan.nodes[index].of]) for index in self.steps if keep}
        self.results = [self._result_columns(planned) for planned in plan.programmes]
        self.keep = keep

    def _room(self, index: int, count: int) -> Stored:
        node = self.plan.nodes[index]
        return np.empty(count, dtype_for(node.low, node.high)), np.empty(count, np.uint8)

    def _result_columns(self, planned: PlannedProgramme) -> ProgrammeColumns:
        count = self.counts[planned.programme.of]
        return ProgrammeColumns(
            planned,
            outcome=np.empty(count, np.uint8),
            amount=np.empty(count, np.int64),
            amount_known=np.empty(count, np.bool_),
            confidence=np.empty(count, np.uint8),
        )

    def batch(self, threads: int) -> Batch:
        """Run, on so many threads, and hand over."""
        from policy_engine.driver import is_compiled

        size = len(self.population)
        sources = self._sources()
        if size <= SMALL and not is_compiled(sources):
            failures = self._interpret(0, size)
        else:
            failures = self._compiled(sources, threads)
        return Batch(self.plan, self.population, self._all_kept(), self.results, failures)

    def _all_kept(self) -> dict[int, Stored]:
        """What was worked out, with the facts beside it where everything is kept."""
        if not self.keep:
            return {}
        facts = {
            index: (values, np.full(len(values), Quality.SEEN, np.uint8) if quality is None else quality)
            for index, (values, quality) in self.facts.items()
        }
        return {**facts, **self.kept}

    def _sources(self) -> list[Source]:
        """The kernels of all steps, then those of all results; written once for a plan."""
        from policy_engine.kernels import results_of, source_of

        name = "kernels of everything" if self.keep else "kernels of results"
        if name not in self.plan.memo:
            self.plan.memo[name] = [
                *(source_of(self.plan, self.plan.nodes[index]) for index in self.steps),
                *(results_of(self.plan, planned) for planned in self.plan.programmes),
            ]
        return cast("list[Source]", self.plan.memo[name])

    def _compiled(self, sources: Sequence[Source], threads: int) -> list[Failure]:
        size = len(self.population)
        blocks = -(-size // BLOCK)
        threads = max(1, min(threads, blocks // 4))
        # Threads part at the ends of blocks, for the working columns hold no more than one block.
        cuts = [min(blocks * share // threads * BLOCK, size) for share in range(threads + 1)]
        if threads == 1:
            return self._share(sources, 0, size)
        with ThreadPoolExecutor(threads) as pool:
            shares = pool.map(lambda share: self._share(sources, cuts[share], cuts[share + 1]), range(threads))
            return [failure for share in shares for failure in share]

    def _share(self, sources: Sequence[Source], begin: int, end: int) -> list[Failure]:
        driver = self._driver(sources)
        offsets = self.population.offsets
        failures: list[Failure] = []
        while begin < end:
            block = driver.run(offsets, begin, end, BLOCK)
            if block < 0:
                break
            begin = min(block + BLOCK, end)
            shard = block
            while (shard := driver.run(offsets, shard, begin, SHARD)) >= 0:
                failures += self._interpret(shard, min(shard + SHARD, begin))
                shard += SHARD
        return failures

    def _driver(self, sources: Sequence[Source]) -> Driver:
        from policy_engine.driver import Driver, Place
        from policy_engine.kernels import Part

        working = self._working_columns()
        all_known = np.full(max(BLOCK, self._widest()), Quality.SEEN, np.uint8)
        constants = {
            index: (np.array([value], np.int64), np.array([quality], np.int64))
            for index, (value, quality) in self.plan.constants.items()
        }

        def find(number: int, slot: Slot) -> Place:
            if isinstance(slot, str):
                columns = self.results[number - len(self.steps)]
                return Place(getattr(columns, slot), columns.programme.of)
            index, part = slot
            if index in constants:
                return Place(constants[index][part.value], None)
            of = self.plan.nodes[index].of
            if index in self.facts:
                fact = self.facts[index][part.value]
                return Place(all_known, None) if fact is None else Place(fact, of)
            if index in self.kept:
                return Place(self.kept[index][part.value], of)
            return Place(working[index][part.value], None)

        assert Part.VALUES.value == 0
        return Driver(sources, find, self._widest())

    def _widest(self) -> int:
        """The largest number of members of a block."""
        ends = self.population.offsets[[*range(0, len(self.population), BLOCK), len(self.population)]]
        return int(np.diff(ends).max(initial=0))

    def _working_columns(self) -> dict[int, Stored]:
        """Room for the columns that live for one block only, shared by those that never meet.

        The fewer bytes a block touches, the more of it stays in cache.
        """
        room = {Scope.HOUSEHOLD: min(BLOCK, len(self.population)), Scope.MEMBER: self._widest()}
        last_use = {arg: step for step in self.steps for arg in self.plan.nodes[step].args}
        # A result's kernel comes after all steps, so what it reads is never given back.
        last_use |= dict.fromkeys(self.read_by_results, -1)
        free: dict[tuple[Scope, np.dtype[Any]], list[Stored]] = {}
        given: dict[int, Stored] = {}
        for step in self.steps:
            node = self.plan.nodes[step]
            if step not in self.kept:
                spare = free.setdefault((node.of, dtype_for(node.low, node.high)), [])
                given[step] = spare.pop() if spare else self._room(step, room[node.of])
            for arg in set(node.args):
                if arg in given and last_use[arg] == step:
                    free.setdefault((self.plan.nodes[arg].of, given[arg][0].dtype), []).append(given[arg])
        return given

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
