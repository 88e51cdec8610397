"""Every row that cannot be used, with its place and what is allowed there.

Kept as columns, for a file whose columns are mixed up has a bad cell in each of its million rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from policy_engine.language import _

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

FIRST_ROW = 2
"""The number that a person sees beside the first row of a table whose headings are row 1."""

_LONGEST = 80


@dataclass(frozen=True, slots=True)
class BadRow:
    """One bad cell. ``row`` is the number that a person sees beside it."""

    sheet: str
    row: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        place = _("{sheet} 第 {row} 行").format(sheet=self.sheet, row=self.row)
        return f"{place} 「{self.column}」 {self.message}" if self.column else f"{place} {self.message}"


@dataclass(frozen=True, slots=True)
class BadCells:
    """Bad cells of one column: the rows' positions, and for each which of the values and messages it has."""

    column: str
    position: int
    rows: Rows
    picks: Rows
    values: Sequence[str]
    messages: Sequence[str]


@dataclass
class Findings:
    """The bad rows of both sheets. Sheets are numbered: 0 households, 1 members; ``first_rows`` are the numbers that a
    person sees beside the first row of each.
    """

    titles: tuple[str, str]
    first_rows: tuple[int, int] = (FIRST_ROW, FIRST_ROW)
    groups: list[tuple[int, BadCells]] = field(default_factory=list)

    def add(self, sheet: int, cells: BadCells | None) -> None:
        """Take note of bad cells."""
        if cells is not None and len(cells.rows):
            self.groups.append((sheet, cells))

    def note(
        self,
        sheet: int,
        column: str,
        position: int,
        rows: Rows,
        values: Sequence[str],
        messages: Sequence[str],
    ) -> None:
        """Take note of rows that have a value and a message each."""
        self.add(sheet, BadCells(column, position, rows, np.arange(len(rows)), values, messages))

    def mask(self, sheet: int, count: int) -> Mask:
        """Which of a sheet's ``count`` rows are bad."""
        found = np.zeros(count, np.bool_)
        for of, cells in self.groups:
            if of == sheet:
                found[cells.rows] = True
        return found

    def __len__(self) -> int:
        return sum(len(cells.rows) for _sheet, cells in self.groups)

    def __iter__(self) -> Iterator[BadRow]:
        """All of them by sheet, row and column."""
        if not self.groups:
            return
        sizes = [len(cells.rows) for _sheet, cells in self.groups]
        group = np.repeat(np.arange(len(sizes)), sizes)
        place = np.concatenate([np.arange(size) for size in sizes])
        sheet = np.repeat([each for each, _cells in self.groups], sizes)
        column = np.repeat([cells.position for _sheet, cells in self.groups], sizes)
        row = np.concatenate([cells.rows for _sheet, cells in self.groups])
        for index in np.lexsort((place, column, row, sheet)):
            of, cells = self.groups[group[index]]
            pick = cells.picks[place[index]]
            value, message = cells.values[pick], cells.messages[pick]
            yield BadRow(
                self.titles[of], int(row[index]) + self.first_rows[of], cells.column, value, _shortened(message, value)
            )


def _shortened(message: str, value: str) -> str:
    """The message with a value of many lines or pages cut short."""
    cut = value.strip()
    if len(cut) > _LONGEST:
        message = message.replace(cut, cut[:_LONGEST] + "…")
    return " ".join(message.split())
