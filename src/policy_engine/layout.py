"""What a plan needs to be run over columns, worked out once for a plan, whoever comes.

Which kernels run in which order, which columns they read and write, and where each column lies: all
of it depends on the plan alone. What is left for a batch is to lay its columns down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from policy_engine.kernels import (
    MEMBERS,
    OWNER,
    RESULT_COLUMNS,
    Part,
    Slot,
    Source,
    bounds_of,
    is_spread,
    results_of,
    source_of,
    spread_of,
)
from policy_engine.nodes import Node, NodeKind
from policy_engine.plan import Plan
from policy_engine.population import dtype_for
from policy_engine.values import Scope

_AXES = {Scope.HOUSEHOLD: 0, Scope.MEMBER: 1, Scope.PLAN: 2}


@dataclass(frozen=True, slots=True)
class Rows:
    """How many households and members a piece of memory has room for."""

    households: int
    members: int

    def of(self, scope: Scope) -> int:
        """The rows of a column of that scope; a plan's has one."""
        if scope is Scope.HOUSEHOLD:
            return self.households
        return self.members if scope is Scope.MEMBER else 1


@dataclass(frozen=True, slots=True)
class Place:
    """A column of a buffer, and the slots that lead to it: several where they take turns."""

    slots: tuple[Slot, ...]
    of: Scope
    dtype: np.dtype[Any]


class Buffer:
    """Columns of several types in one piece of memory, for any number of households and members.

    The widest come first, so that each begins where its type may begin.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = sorted(places, key=lambda place: -place.dtype.itemsize)
        self.numbers = {slot: number for number, place in enumerate(self.places) for slot in place.slots}
        self.steps = np.zeros((len(self.places), 3), np.int64)
        """Bytes from one row of a column to the next, by household, by member, or for the plan."""
        for number, place in enumerate(self.places):
            self.steps[number, _AXES[place.of]] = place.dtype.itemsize
        self._ends = self.steps.cumsum(axis=0)

    def lay(self, rows: Rows) -> Laid:
        """The buffer for so many rows, its contents undetermined."""
        room = np.array([rows.households, rows.members, 1])
        ends = self._ends @ room
        memory = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
        return Laid(self, rows, memory, (ends - self.steps @ room).tolist())


@dataclass(frozen=True, slots=True)
class Laid:
    """A buffer for a certain number of rows, and the byte at which each of its columns begins."""

    buffer: Buffer
    rows: Rows
    memory: NDArray[np.uint8]
    begins: list[int]

    def column(self, slot: Slot) -> NDArray[Any]:
        """The column of a slot."""
        number = self.buffer.numbers[slot]
        place = self.buffer.places[number]
        return np.ndarray(self.rows.of(place.of), place.dtype, self.memory, self.begins[number])

    def addresses(self) -> NDArray[np.int64]:
        """Where each column begins in the machine's memory: good as long as this is held."""
        return np.array(self.begins, np.int64) + self.memory.ctypes.data


class Layout:
    """The kernels of a plan and their columns; ``keep``: every value is kept, else results alone.

    Columns are numbered: those of ``scratch``, of ``results``, then the values of ``facts``, which
    of these are known, and the plan's ``constants``. ``slots`` has the numbers of the columns of all
    kernels, those of a kernel from its place in ``first_slot`` on.
    """

    def __init__(self, plan: Plan, *, keep: bool) -> None:
        self._plan = plan
        wanted = [index for found in plan.programmes for index in (found.outcome, found.amount) if index is not None]
        order = range(len(plan.nodes)) if keep else plan.cone(wanted)
        varying = [plan.nodes[index] for index in order if plan.nodes[index].of is not Scope.PLAN]
        self.facts = [(node, dtype_for(node.low, node.high)) for node in varying if node.kind is NodeKind.INPUT]
        """The facts with the types in which kernels read them."""
        self.fact_types = {node.name: dtype for node, dtype in self.facts}
        self.steps = [node for node in varying if node.kind is not NodeKind.INPUT]
        spread = self._spread(varying)
        self.sources = [
            *(source for node in varying for source in self._sources_of(node, spread)),
            *(results_of(plan, planned) for planned in plan.programmes),
        ]
        self.results = Buffer([*self._result_columns(), *(self._kept_columns() if keep else ())])
        self.scratch = Buffer(
            [
                Place((OWNER,), Scope.MEMBER, np.dtype(np.int32)),
                Place((MEMBERS,), Scope.PLAN, np.dtype(np.int64)),
                *(place for node in spread for place in _each_members(node)),
                *(() if keep else self._working_columns(wanted)),
            ]
        )
        self._number()
        self.kernels: NDArray[np.uint64] | None = None
        """The addresses of the kernels once they are loaded."""
        self.interpreted = 0
        """How many households were interpreted while they were not."""

    def _spread(self, varying: Sequence[Node]) -> list[Node]:
        """The nodes of households that nodes and programmes of members read."""
        nodes = self._plan.nodes
        read = [(arg, node.of) for node in varying for arg in node.args]
        read += [(found.amount, found.programme.of) for found in self._plan.programmes if found.amount is not None]
        return [nodes[index] for index in sorted({arg for arg, of in read if is_spread(nodes[arg], of)})]

    def _sources_of(self, node: Node, spread: Sequence[Node]) -> list[Source]:
        """The kernels that make a node ready for those that read it."""
        first = bounds_of(node) if node.kind is NodeKind.INPUT else source_of(self._plan, node)
        return [first, spread_of(node)] if node in spread else [first]

    def _result_columns(self) -> list[Place]:
        return [
            Place(((planned.outcome, part),), planned.programme.of, np.dtype(kind))
            for planned in self._plan.programmes
            for part, kind in RESULT_COLUMNS.items()
        ]

    def _kept_columns(self) -> list[Place]:
        return [
            place
            for node in self.steps
            for place in _values_and_quality([node.index], node.of, dtype_for(node.low, node.high))
        ]

    def _working_columns(self, wanted: Sequence[int]) -> list[Place]:
        """Room for what lives for one block only, shared by those that never meet.

        The fewer bytes a block touches, the more of it stays in cache.
        """
        last_use = {arg: node.index for node in self.steps for arg in node.args}
        # A result's kernel comes after all steps, so what it reads is never given back.
        last_use |= dict.fromkeys(wanted, -1)
        free: dict[tuple[Scope, np.dtype[Any]], list[list[int]]] = {}
        rooms: list[tuple[list[int], Scope, np.dtype[Any]]] = []
        given: dict[int, list[int]] = {}
        for node in self.steps:
            kind = node.of, dtype_for(node.low, node.high)
            spare = free.setdefault(kind, [])
            if not spare:
                rooms.append(([], *kind))
                spare.append(rooms[-1][0])
            given[node.index] = spare.pop()
            given[node.index].append(node.index)
            for arg in {arg for arg in node.args if arg in given and last_use[arg] == node.index}:
                other = self._plan.nodes[arg]
                free.setdefault((other.of, dtype_for(other.low, other.high)), []).append(given[arg])
        return [place for room in rooms for place in _values_and_quality(*room)]

    def _number(self) -> None:
        """Number all columns and give each slot its column's number."""
        facts = [node.index for node, _dtype in self.facts]
        constants = {
            (index, part): number
            for index, answer in self._plan.constants.items()
            for part, number in zip((Part.VALUES, Part.QUALITY), answer, strict=True)
        }
        for node, _dtype in self.facts:
            constants |= {(node.index, Part.LOW): node.low, (node.index, Part.HIGH): node.high}
        self.first_fact = len(self.scratch.places) + len(self.results.places)
        numbers = {
            **self.scratch.numbers,
            **{slot: len(self.scratch.places) + number for slot, number in self.results.numbers.items()},
        }
        last = [*((index, Part.VALUES) for index in facts), *((index, Part.QUALITY) for index in facts), *constants]
        numbers |= {slot: self.first_fact + place for place, slot in enumerate(last)}
        self.constants = np.array(list(constants.values()), np.int64)
        self.constant_addresses = self.constants.ctypes.data + 8 * np.arange(len(constants))
        counts = [len(source.slots) for source in self.sources]
        self.slots = np.array([numbers[slot] for source in self.sources for slot in source.slots], np.int32)
        self.first_slot = np.array([sum(counts[:number]) for number in range(len(counts))], np.int64)
        self.of_member = np.array([source.of_member for source in self.sources], np.uint8)
        self.moves = np.zeros((self.first_fact + len(last), 2), np.int64)
        """Bytes by which a column is moved along for each household and each member that lies behind."""
        self.moves[len(self.scratch.places) : self.first_fact] = self.results.steps[:, :2]
        for place, (node, dtype) in enumerate(self.facts):
            self.moves[self.first_fact + place, _AXES[node.of]] = dtype.itemsize
            self.moves[self.first_fact + len(facts) + place, _AXES[node.of]] = 1


def _each_members(node: Node) -> list[Place]:
    """The columns of a household's node written out for each member."""
    dtype = dtype_for(node.low, node.high)
    return [
        Place(((node.index, Part.EACH_MEMBERS_VALUES),), Scope.MEMBER, dtype),
        Place(((node.index, Part.EACH_MEMBERS_QUALITY),), Scope.MEMBER, np.dtype(np.uint8)),
    ]


def _values_and_quality(indices: Sequence[int], of: Scope, dtype: np.dtype[Any]) -> list[Place]:
    """The columns of nodes that share them."""
    return [
        Place(tuple((index, Part.VALUES) for index in indices), of, dtype),
        Place(tuple((index, Part.QUALITY) for index in indices), of, np.dtype(np.uint8)),
    ]


def layout_of(plan: Plan, *, keep: bool) -> Layout:
    """The layout of a plan, worked out when it is first asked for."""
    name = "layout of everything" if keep else "layout of results"
    if name not in plan.memo:
        plan.memo[name] = Layout(plan, keep=keep)
    return cast("Layout", plan.memo[name])
