"""The sentence beside every result of a batch: the same text as for one family, made column by column."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from policy_engine import wording
from policy_engine.batch import Batch, ProgrammeColumns, Stored
from policy_engine.nodes import Node, NodeKind
from policy_engine.reasons import (
    amount_sentence,
    children_in_order,
    exclusion,
    failure_phrase,
    margin_unit,
    missing,
    missing_sentence,
    shortfall,
)
from policy_engine.values import Scope

Rows = NDArray[np.intp]


def reasons_of(batch: Batch, columns: ProgrammeColumns) -> list[str]:
    """One sentence a row, empty for the plainly eligible and for failed rows."""
    return _Reasons(batch, columns).run()


class _Reasons:
    def __init__(self, batch: Batch, columns: ProgrammeColumns) -> None:
        self.batch = batch
        self.plan = batch.plan
        self.columns = columns
        self.of = columns.programme.of
        self.texts = np.full(len(columns.outcome), "", dtype=object)

    def run(self) -> list[str]:
        outcome = self.columns.outcome
        self._refuse(np.flatnonzero(outcome == 1))
        unknown = np.flatnonzero(outcome == 0)
        self._want(unknown, self.columns.planned.outcome)
        amount = self.columns.planned.amount
        if amount is not None:
            self._want(np.flatnonzero((outcome == 2) & ~self.columns.amount_known), amount)
        return list(self.texts)

    def _stored(self, index: int) -> Stored:
        return self.batch.stored(index, self.of)

    def _refuse(self, rows: Rows) -> None:
        planned = self.columns.planned
        for index in planned.conditions:
            values, quality = self._stored(index)
            failed = rows[(values[rows] == 0) & (quality[rows] > 0)]
            node = self.plan.nodes[index]
            margins = np.full(len(failed), "", dtype=object)
            self._margins(node, failed, margins, np.arange(len(failed)))
            plain = failure_phrase(node.label, "")
            self._append(failed, [failure_phrase(node.label, margin) if margin else plain for margin in margins])
        for index in planned.exclusions:
            values, quality = self._stored(index)
            barred = rows[(values[rows] == 1) & (quality[rows] > 0)]
            self._append(barred, [exclusion(self.plan.nodes[index])] * len(barred))

    def _append(self, rows: Rows, phrases: Sequence[str]) -> None:
        if not len(rows):
            return
        so_far = self.texts[rows]
        added = np.array(phrases, dtype=object)
        self.texts[rows] = np.where(so_far == "", added, so_far + "；" + added)

    def _margins(self, node: Node, rows: Rows, into: NDArray[np.object_], places: Rows) -> None:
        """Fill the margin of the first comparison, in reading order, that made ``node`` fail."""
        if not len(rows):
            return
        if node.kind is NodeKind.COMPARISON:
            self._compare(node, rows, into, places)
        elif node.kind is NodeKind.COMBINATION:
            open_rows, open_places = rows, places
            for child in children_in_order(node, self.plan):
                if child.of is Scope.MEMBER and node.of is not Scope.MEMBER:
                    continue
                values, quality = self._stored(child.index)
                here = (values[open_rows] == 0) & (quality[open_rows] > 0)
                self._margins(child, open_rows[here], into, open_places[here])
                open_rows, open_places = open_rows[~here], open_places[~here]

    def _compare(self, node: Node, rows: Rows, into: NDArray[np.object_], places: Rows) -> None:
        unit = margin_unit(node, self.plan)
        if not wording.has_margin(unit):
            return
        arguments = [self._stored(arg)[0][rows].astype(np.int64) for arg in node.args]
        left, right = node.comparison.sides(*arguments)
        margins = np.broadcast_to(np.asarray(left - right, dtype=np.int64), rows.shape)
        # Most margins recur (cars, homes, years) or stand in their thousands: write each once.
        distinct, back = np.unique(margins, return_inverse=True)
        phrases = np.array(
            [shortfall(node, margin, unit) for margin in distinct.tolist()],
            dtype=object,
        )
        into[places] = phrases[back]

    def _want(self, rows: Rows, start: int) -> None:
        """What is missing, worked out once for every pattern of unknown values that occurs."""
        if not len(rows):
            return
        cone = [index for index in self.plan.cone([start]) if self.plan.nodes[index].of is not Scope.PLAN]
        own = {index: self._stored(index)[1] == 0 for index in cone if self._is_own(index)}
        whole = {index: self._any_unknown(index) for index in cone if self._is_member(index)}
        bits = np.column_stack([column[rows] for column in (*own.values(), *whole.values())])
        packed = np.packbits(bits, axis=1)
        keys = np.ascontiguousarray(packed).view([("", packed.dtype)] * packed.shape[1]).ravel()
        _distinct, firsts, back = np.unique(keys, return_index=True, return_inverse=True)
        labels = [missing(self.plan, [start], _Pattern(self, own, whole, int(rows[first]))) for first in firsts]
        if start == self.columns.planned.outcome:
            sentences = np.array([missing_sentence(found) for found in labels], dtype=object)
            self.texts[rows] = sentences[back]
            return
        at_least = self.batch.at_least(self.columns)
        assert at_least.known is not None
        for row, pattern in zip(rows.tolist(), back.tolist(), strict=True):
            sure = int(at_least.values[row]) if at_least.known[row] else None
            self.texts[row] = amount_sentence(labels[pattern], sure)

    def _is_member(self, index: int) -> bool:
        return self.plan.nodes[index].of is Scope.MEMBER

    def _is_own(self, index: int) -> bool:
        return self.of is Scope.MEMBER or not self._is_member(index)

    def _any_unknown(self, index: int) -> NDArray[np.bool_]:
        """Of every household, or of every member's household, whether any member's value is unknown."""
        offsets = self.batch.population.offsets
        quality = self.batch.kept[index][1]
        found = np.minimum.reduceat(quality, offsets[:-1]) == 0
        return np.repeat(found, np.diff(offsets)) if self.of is Scope.MEMBER else found


class _Pattern:
    """One row's pattern of unknown values, as ``missing`` wants to see it."""

    def __init__(
        self,
        reasons: _Reasons,
        own: dict[int, NDArray[np.bool_]],
        whole: dict[int, NDArray[np.bool_]],
        row: int,
    ) -> None:
        self.reasons = reasons
        self.own = own
        self.whole = whole
        self.row = row

    def value(self, index: int) -> int:
        """The value at the row; ``missing`` does not ask for it."""
        return int(self.reasons._stored(index)[0][self.row])

    def known(self, index: int, *, of_any: bool) -> bool:
        """Whether the node is known at the row, or of all members of its household."""
        if self.reasons.plan.nodes[index].of is Scope.PLAN:
            return bool(self.reasons.plan.constants[index][1])
        unknown = self.whole if index in self.whole and (of_any or index not in self.own) else self.own
        return not unknown[index][self.row]
