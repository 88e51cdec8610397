"""Runs the kernels of a plan over blocks of households, without coming back to Python in between.

A call from Python to a kernel costs more than the kernel's work on one block, and two threads
would spend their time handing each other the interpreter. So one compiled loop steps through all
kernels of all blocks: it is given the addresses of the kernels and a table of the addresses of their
columns, which it moves along from block to block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy_engine import kernel_store
from policy_engine.kernels import MEMBERS, OWNER, Slot, Source
from policy_engine.values import Scope

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
    "int64(int64, int64, int64, int64[::1], uint64[::1], uint8[::1], int64[::1], uint64[::1], uint64[::1], uint8[::1], "
    "uint64[::1], uint64, int32[::1], int64[::1])",
    nogil=True,
    cache=True,
)
def drive(begin, end, block, offsets, kernels, of_member, first_slot, base, width, moves, table, at, owner, members):
    """Run every kernel over households begin to end; the first household of a block that failed, or -1."""
    for start in range(begin, end, block):
        stop = min(start + block, end)
        first = offsets[start]
        count = offsets[stop] - first
        members[0] = count
        for i in range(stop - start):
            for j in range(offsets[start + i] - first, offsets[start + i + 1] - first):
                owner[j] = i
        for s in range(len(base)):
            shift = start if moves[s] == 1 else (first if moves[s] == 2 else 0)
            table[s] = base[s] + np.uint64(shift) * width[s]
        for k in range(len(kernels)):
            rows = count if of_member[k] else stop - start
            if call(kernels[k], rows, at + np.uint64(8 * first_slot[k])) >= 0:
                return start
    return -1
'''

_STAYS, _BY_HOUSEHOLD, _BY_MEMBER = 0, 1, 2
_MOVES = {Scope.HOUSEHOLD: _BY_HOUSEHOLD, Scope.MEMBER: _BY_MEMBER}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a slot's column lies; ``of`` is given when the column is of all households or members."""

    column: NDArray[Any]
    of: Scope | None


def is_compiled(sources: Sequence[Source]) -> bool:
    """Whether the loop and all kernels lie compiled on disk."""
    return kernel_store.is_compiled(DRIVE) and all(kernel_store.is_compiled(source.text) for source in sources)


class Driver:
    """The kernels of a plan bound to the columns of one population and to working columns of its own.

    One driver serves one thread. ``find`` gives the place of a slot of the source at a position;
    ``widest`` is the largest number of members of a block.
    """

    def __init__(self, sources: Sequence[Source], find: Callable[[int, Slot], Place], widest: int) -> None:
        self._owner = np.zeros(max(widest, 1), np.int32)
        self._members = np.zeros(1, np.int64)
        # A column is read by many kernels; asking NumPy for its address is the slow part. The
        # addresses stay good only as long as the columns do, so they are held on to.
        self._found: dict[object, tuple[Place, int]] = {}
        places = [self._place(number, slot, find) for number, source in enumerate(sources) for slot in source.slots]
        counts = [len(source.slots) for source in sources]
        self._kernels = np.array([kernel_store.load(source.text).entry.address for source in sources], np.uint64)
        self._of_member = np.array([source.of_member for source in sources], np.uint8)
        self._first_slot = np.array([sum(counts[:number]) for number in range(len(counts))], np.int64)
        self._base = np.array([address for _place, address in places], np.uint64)
        self._width = np.array([place.column.itemsize for place, _address in places], np.uint64)
        self._moves = np.array([_MOVES[place.of] if place.of else _STAYS for place, _address in places], np.uint8)
        self._table = np.zeros(max(len(places), 1), np.uint64)

    def _place(self, number: int, slot: Slot, find: Callable[[int, Slot], Place]) -> tuple[Place, int]:
        key = (number, slot) if isinstance(slot, str) and slot not in (OWNER, MEMBERS) else slot
        if key not in self._found:
            if slot == OWNER:
                place = Place(self._owner, None)
            elif slot == MEMBERS:
                place = Place(self._members, None)
            else:
                place = find(number, slot)
            self._found[key] = place, place.column.ctypes.data
        return self._found[key]

    def run(self, offsets: NDArray[np.int64], begin: int, end: int, block: int) -> int:
        """Run all kernels over households ``begin`` to ``end``; the start of a block that failed, or -1."""
        failed = kernel_store.load(DRIVE).drive(
            begin,
            end,
            block,
            offsets,
            self._kernels,
            self._of_member,
            self._first_slot,
            self._base,
            self._width,
            self._moves,
            self._table,
            self._table.ctypes.data,
            self._owner,
            self._members,
        )
        return int(failed)
