"""Runs the kernels of a plan over blocks of households, without coming back to Python in between.

A call from Python to a kernel costs more than the kernel's work on one block, and two threads
would spend their time handing each other the interpreter. So one compiled loop steps through all
kernels of all blocks: it is given the addresses of the kernels and of their columns, which it moves
along from block to block.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from policy_engine import kernel_store
from policy_engine.kernels import MEMBERS, OWNER
from policy_engine.layout import Laid, Layout, Rows
from policy_engine.population import Population

DRIVE = '''
import numpy as np
from llvmlite import ir
from numba import int64, njit, types
from numba.extending import intrinsic


@intrinsic
def call(typing_context, address, rows, table):
    """Call the kernel at an address with a number of rows and a table of addresses."""

    def generate(context, builder, signature, arguments):
        word = ir.IntType(64)
        kind = ir.FunctionType(word, [word, word.as_pointer()])
        kernel = builder.inttoptr(arguments[0], kind.as_pointer())
        return builder.call(kernel, [arguments[1], builder.inttoptr(arguments[2], word.as_pointer())])

    return types.int64(types.uint64, types.int64, types.uint64), generate


@njit(
    "int64(int64, int64, int64, int64[::1], uint64[::1], uint8[::1], int64[::1], int32[::1], int64[::1], int64[:,::1], "
    "int64[::1], uint64[::1], uint64, int32[::1], int64[::1])",
    nogil=True,
    cache=True,
)
def drive(
    begin, end, block, offsets, kernels, of_member, first_slot, slots, base, moves, lies, table, at, owner, members
):
    """Run every kernel over households begin to end; the first household of a block that failed, or -1."""
    for start in range(begin, end, block):
        stop = min(start + block, end)
        first = offsets[start]
        count = offsets[stop] - first
        members[0] = count
        for i in range(stop - start):
            for j in range(offsets[start + i] - first, offsets[start + i + 1] - first):
                owner[j] = i
        for c in range(len(base)):
            lies[c] = base[c] + start * moves[c, 0] + first * moves[c, 1]
        for s in range(len(slots)):
            table[s] = lies[slots[s]]
        for k in range(len(kernels)):
            rows = count if of_member[k] else stop - start
            if call(kernels[k], rows, at + np.uint64(8 * first_slot[k])) >= 0:
                return start
    return -1
'''


def is_compiled(layout: Layout) -> bool:
    """Whether the loop and all kernels of a layout lie compiled on disk."""
    return kernel_store.is_compiled(DRIVE) and all(kernel_store.is_compiled(source.text) for source in layout.sources)


def load(layout: Layout) -> NDArray[np.uint64]:
    """The addresses of a layout's kernels, which are read from disk, or compiled, when first asked for."""
    if layout.kernels is None:
        found = [kernel_store.load(source.text).entry.address for source in layout.sources]
        layout.kernels = np.array(found, np.uint64)
    return layout.kernels


class Bound:
    """A layout's kernels bound to the columns of one population and of its results; threads share it.

    ``block`` is the largest number of households that is run at a time. Addresses stay good only as
    long as what they lead to, so all of it is held on to.
    """

    def __init__(self, layout: Layout, population: Population, results: Laid, block: int) -> None:
        self.layout = layout
        self.kernels = load(layout)
        self.offsets = population.offsets
        self.room = Rows(min(block, len(population)), _widest(population, block))
        # All facts that are known, or not known, of everybody read the same few bytes.
        everything, nothing = np.ones(self.room.members, np.bool_), np.zeros(self.room.members, np.int64)
        all_known, none_known = everything.ctypes.data, nothing.ctypes.data
        count = len(layout.facts)
        facts = [none_known] * (2 * count)
        still: list[int] = []
        self._held: list[object] = [results, everything, nothing]
        for place, (node, dtype) in enumerate(layout.facts):
            column = population.columns(node.of).get(node.name)
            if column is None:
                still += (place, count + place)
                continue
            values = column.values
            if values.dtype != dtype or not values.flags.c_contiguous:
                values = np.ascontiguousarray(values, dtype)
            facts[place] = values.ctypes.data
            if column.known is None:
                facts[count + place] = all_known
                still.append(count + place)
                known = None
            else:
                known = np.ascontiguousarray(column.known, np.bool_)
                facts[count + place] = known.ctypes.data
            self._held.append((values, known))
        self.addresses = np.concatenate([results.addresses(), facts, layout.constant_addresses])
        self.moves = layout.moves.copy()
        self.moves[np.array(still, np.intp) + layout.first_fact] = 0


class Driver:
    """Runs what was bound, on one thread: what lives for one block only is the driver's own."""

    def __init__(self, bound: Bound) -> None:
        layout = bound.layout
        self._bound = bound
        self._scratch = layout.scratch.lay(bound.room)
        self._base = np.concatenate([self._scratch.addresses(), bound.addresses])
        self._lies = np.empty_like(self._base)
        self._table = np.empty(len(layout.slots), np.uint64)
        self._owner = self._scratch.column(OWNER)
        self._members = self._scratch.column(MEMBERS)

    def run(self, begin: int, end: int, block: int) -> int:
        """Run all kernels over households ``begin`` to ``end``; the start of a block that failed, or -1."""
        bound, layout = self._bound, self._bound.layout
        failed = kernel_store.load(DRIVE).drive(
            begin,
            end,
            block,
            bound.offsets,
            bound.kernels,
            layout.of_member,
            layout.first_slot,
            layout.slots,
            self._base,
            bound.moves,
            self._lies,
            self._table,
            self._table.ctypes.data,
            self._owner,
            self._members,
        )
        return int(failed)


def _widest(population: Population, block: int) -> int:
    """The largest number of members of a block."""
    if len(population) <= block:
        return population.member_count
    ends = population.offsets[[*range(0, len(population), block), len(population)]]
    return int(np.diff(ends).max(initial=0))
