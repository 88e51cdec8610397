"""What taking a list over would do, as it is kept with the list and shown before anybody says yes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from yihu.awards.opening.checks import Check
from yihu.awards.opening.rows import BadRow
from yihu.awards.opening.sheets import SheetRow, bad_rows_book

# More than this nobody mends by reading; the workbook holds them all.
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a check. ``bad`` are the first things to be mended, of ``bad_count`` in ``bad_rows`` rows.

    ``sums``: programme, awards, fen a month; ``marked``: so many of them say something of their amount; ``opened``:
    families new on file; ``already``: awards that are there and stay as they are; ``said``: what of the file is hidden.
    """

    bad: tuple[BadRow, ...]
    bad_count: int
    bad_rows: int
    sums: tuple[tuple[str, int, int], ...]
    marked: int
    already: int
    opened: int
    said: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many awards would come in."""
        return sum(count for _title, count, _fen in self.sums)

    @property
    def total(self) -> int:
        """Of how many fen a month."""
        return sum(fen for _title, _count, fen in self.sums)

    def written(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def read(cls, written: dict[str, Any]) -> "Trial":
        """What was written."""
        bad = tuple(BadRow(**each) for each in written["bad"])
        return cls(
            **{**written, "bad": bad, "sums": tuple(map(tuple, written["sums"])), "said": tuple(written["said"])}
        )


def trial_of(check: Check, *, said: Sequence[str]) -> Trial:
    """What a check of all rows has come to."""
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for award in check.awards:
        counts[award.programme.title] += 1
        sums[award.programme.title] += award.amount
    return Trial(
        bad=tuple(check.bad[:MOST_SHOWN]),
        bad_count=len(check.bad),
        bad_rows=len({(row.sheet, row.row) for row in check.bad}),
        sums=tuple((title, count, sums[title]) for title, count in counts.most_common()),
        marked=sum(bool(award.mark) for award in check.awards),
        already=check.already,
        opened=len({award.opens.identity_number for award in check.awards if award.opens}),
        said=tuple(said),
    )


def book_of(bad: Sequence[BadRow], rows: Sequence[SheetRow]) -> bytes:
    """The workbook of the bad rows among the rows of a list."""
    filled = {(row.sheet, row.number): row for row in rows}
    by_row = groupby(bad, key=lambda each: (each.sheet, each.row))
    return bad_rows_book(
        [(filled[place], "；".join(f"{each.column}：{each.message}" for each in same)) for place, same in by_row]
    )
