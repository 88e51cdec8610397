"""What opens once something else is granted, for everybody at once: the same that ``opening`` tells one family."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from policy_engine.batch import Batch, assess_many
from policy_engine.batch_reasons import reasons_of
from policy_engine.opening import sentence_of
from policy_engine.population import Column, Population
from policy_engine.programmes import Programme
from policy_engine.values import OUTCOMES, Outcome, Scope

Flags = NDArray[np.bool_]


def sentences_of(batch: Batch) -> dict[str, list[str]]:
    """By programme a sentence for each of its rows, empty where nothing opens."""
    found: dict[str, list[str]] = {}
    is_sure: dict[str, Flags] = {}
    for granted, households, population in _assumed_of_many(batch):
        then = assess_many(batch.plan, population)
        for now, columns in zip(batch.programmes, then.programmes, strict=True):
            name, count = now.programme.name, len(now.outcome)
            rows = (
                households if columns.programme.of is Scope.HOUSEHOLD else batch.population.rows_of_members(households)
            )
            opens = (columns.outcome == 2) & (now.outcome[rows] < 2) | (columns.outcome == 0) & (now.outcome[rows] == 1)
            if not opens.any():
                continue
            told, sure = found.setdefault(name, [""] * count), is_sure.setdefault(name, np.zeros(count, bool))
            reasons = reasons_of(then, columns)
            for place in np.flatnonzero(opens).tolist():
                row, outcome = int(rows[place]), OUTCOMES[columns.outcome[place]]
                if told[row] and (sure[row] or outcome is not Outcome.ELIGIBLE):
                    continue
                amount = int(columns.amount[place]) if columns.amount_known[place] else None
                amount = None if columns.planned.amount is None else amount
                told[row] = sentence_of(granted, columns.programme, outcome, amount, reasons[place])
                sure[row] = outcome is Outcome.ELIGIBLE
    return found


def _assumed_of_many(batch: Batch) -> Iterator[tuple[Programme, NDArray[np.intp], Population]]:
    """For each such programme the households that can get it and have not, and how they stand once it is granted."""
    population, read = batch.population, batch.plan.pack.awards_read
    offsets = population.offsets
    homes = np.repeat(np.arange(len(population)), np.diff(offsets))
    for columns in batch.programmes:
        programme = columns.programme
        ours, own = (read[scope].get(programme.name) for scope in (Scope.HOUSEHOLD, Scope.MEMBER))
        can = columns.outcome == 2
        of_households, of_members = can, can
        if programme.of is Scope.MEMBER:
            of_households = np.zeros(len(population), bool)
            of_households[homes[can]] = True
        else:
            of_members = can[homes]
        households, members = dict(population.household), dict(population.member)
        changed = np.zeros(len(population), bool)
        if ours:
            new = of_households & ~_is_set(households.get(ours), len(population))
            households[ours] = _with(households.get(ours), new)
            changed |= new
        if own:
            new = of_members & ~_is_set(members.get(own), len(homes))
            members[own] = _with(members.get(own), new)
            changed[homes[new]] = True
        if changed.any():
            chosen = np.flatnonzero(changed)
            yield programme, chosen, Population(offsets, households, members).take(chosen)


def _is_set(column: Column | None, count: int) -> Flags:
    if column is None:
        return np.zeros(count, bool)
    is_set: Flags = column.values == 1
    return is_set if column.known is None else is_set & column.known


def _with(column: Column | None, rows: Flags) -> Column:
    """A column in which these rows are known to be so."""
    if column is None:
        return Column(rows.astype(np.int64), rows)
    known = None if column.known is None else column.known | rows
    return Column(np.where(rows, 1, column.values), known)
