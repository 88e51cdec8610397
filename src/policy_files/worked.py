"""Runs a pack's worked cases both ways and says where something else comes out than they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from policy_engine import Confidence, Family, Pack, Plan, PolicyError, Scope, assess, reason_of, wording
from policy_engine.batch import FAILED, Batch, ProgrammeColumns, assess_many
from policy_engine.batch_reasons import reasons_of
from policy_engine.language import _
from policy_engine.population import Column, Population
from policy_engine.values import OUTCOMES
from policy_files.examples import Example, Key, read_examples


@dataclass(frozen=True, slots=True)
class Found:
    """What came out for one programme and member: money in fen, None where not known."""

    outcome: str
    amount: int | None
    at_least: int | None
    confidence: str | None
    reason: str


def differences(example: Example, found: Mapping[Key, Found]) -> list[str]:
    """How what came out differs from what the case says, a sentence each."""
    faults = []
    for (programme, member), expected in example.expect.items():
        who = programme if member is None else _("{programme} 成员{n}").format(programme=programme, n=member)
        result = found.get((programme, member))
        if result is None:
            faults.append(_("{who}：没有结果，那一天没有这个项目或没有这名成员").format(who=who))
        else:
            faults += [f"{who}：{fault}" for fault in _differ(expected, result)]
    return faults


def _differ(expected: Mapping[str, Any], found: Found) -> Iterator[str]:
    for key in ("outcome", "confidence"):
        got = getattr(found, key)
        if key in expected and expected[key] != got:
            yield _("{key} 应为 {want}，得出 {got}（{reason}）").format(
                key=key, want=expected[key], got=got, reason=found.reason
            )
    for key in ("amount", "at_least"):
        if key in expected:
            want, got = expected[key], getattr(found, key)
            if want != got:
                yield _("{key} 应为 {want}，得出 {got}").format(key=key, want=_yuan(want), got=_yuan(got))
    wanted = expected.get("reason_has", [])
    for part in [wanted] if isinstance(wanted, str) else wanted:
        if part not in found.reason:
            yield _("理由里应有“{part}”，得出“{reason}”").format(part=part, reason=found.reason)


def _yuan(fen: int | None) -> str:
    return _("不知道") if fen is None else wording.money(fen)


def run_singly(pack: Pack, example: Example) -> dict[Key, Found]:
    """What comes out for one family, every rule run as written. Raises PolicyError."""
    determination = assess(pack.plan(example.day, example.figures), example.family)
    return {
        (result.programme.name, None if result.member is None else result.member + 1): Found(
            result.outcome, result.amount, result.at_least, result.confidence, reason_of(result)
        )
        for result in determination.results
    }


def run_together(pack: Pack, examples: Iterable[Example]) -> dict[int, dict[Key, Found]]:
    """What comes out of the way that serves a million: by position of the example. Raises PolicyError."""
    examples = list(examples)
    found: dict[int, dict[Key, Found]] = {}
    of_plan: dict[tuple[date, tuple[tuple[str, int], ...]], list[int]] = {}
    for number, example in enumerate(examples):
        of_plan.setdefault((example.day, tuple(example.figures.items())), []).append(number)
    for (day, figures), positions in of_plan.items():
        plan = pack.plan(day, dict(figures))
        population = population_of(plan, [examples[number].family for number in positions])
        batch = assess_many(plan, population)
        found |= {number: {} for number in positions}
        for columns in batch.programmes:
            _spread(batch, columns, positions, found)
    return found


def _spread(
    batch: Batch, columns: ProgrammeColumns, positions: Sequence[int], found: dict[int, dict[Key, Found]]
) -> None:
    offsets = batch.population.offsets
    is_member = columns.programme.of is Scope.MEMBER
    reasons, least = reasons_of(batch, columns), batch.at_least(columns)
    for household, number in enumerate(positions):
        rows = range(offsets[household], offsets[household + 1]) if is_member else (household,)
        for member, row in enumerate(rows, 1):
            if columns.outcome[row] != FAILED:
                found[number][columns.programme.name, member if is_member else None] = Found(
                    OUTCOMES[columns.outcome[row]],
                    int(columns.amount[row]) if columns.amount_known[row] else None,
                    int(least.values[row]) if least.known is not None and least.known[row] else None,
                    Confidence.of(int(columns.confidence[row])),
                    reasons[row],
                )


def population_of(plan: Plan, families: Sequence[Family]) -> Population:
    """Families as columns of the facts that a plan reads."""
    offsets = np.concatenate([[0], np.cumsum([len(family.members) for family in families])]).astype(np.int64)
    columns: dict[Scope, dict[str, Column]] = {Scope.HOUSEHOLD: {}, Scope.MEMBER: {}}
    for node in plan.input_nodes:
        cells = (
            [family.household.get(node.name) for family in families]
            if node.of is Scope.HOUSEHOLD
            else [member.get(node.name) for family in families for member in family.members]
        )
        values = np.array([cell or 0 for cell in cells], np.int64)
        columns[node.of][node.name] = Column(values, np.array([cell is not None for cell in cells]))
    return Population(offsets, columns[Scope.HOUSEHOLD], columns[Scope.MEMBER])


def check_examples(pack: Pack) -> tuple[int, list[str]]:
    """Run a pack's own cases both ways; gives how many there are and every fault with file and line."""
    examples, unread = read_examples(pack)
    faults = [str(fault) for fault in unread]
    runnable = []
    for example in examples:
        try:
            found = run_singly(pack, example)
        except PolicyError as error:
            faults.append(f"{example.place}: {error}")
            continue
        runnable.append((example, found))
        faults += [f"{example.place}: {fault}" for fault in differences(example, found)]
    together = run_together(pack, (example for example, _found in runnable))
    for number, (example, found) in enumerate(runnable):
        if together[number] != found:
            faults.append(_("{place}: 逐户与批量算出的不一样").format(place=example.place))
    return len(examples) + len(unread), faults
