"""Worked cases of a pack, each a sentence with what must come out: read here, run both ways."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from policy_engine import (
    Confidence,
    Family,
    InputError,
    Pack,
    PackError,
    Plan,
    PlanError,
    PolicyError,
    Scope,
    assess,
    reason_of,
    wording,
)
from policy_engine.batch import FAILED, Batch, ProgrammeColumns, assess_many
from policy_engine.batch_reasons import reasons_of
from policy_engine.documents import Document
from policy_engine.language import _
from policy_engine.population import Column, Population
from policy_engine.values import OUTCOMES
from policy_files.workbook import cell_text

_EXPECTED = ("outcome", "amount", "at_least", "confidence", "reason_has")
_UNKNOWN = "unknown"
Key = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Example:
    """One case. ``expect`` is by programme and member, counted from 1, None for a household's programme."""

    pack: str
    file: Path
    line: int
    name: str
    day: date
    family: Family
    expect: Mapping[Key, Mapping[str, Any]]

    @property
    def place(self) -> str:
        """File, line and sentence."""
        return f"{self.file}:{self.line}: {self.name}"


@dataclass(frozen=True, slots=True)
class Found:
    """What came out for one programme and member: money in fen, None where not known."""

    outcome: str
    amount: int | None
    at_least: int | None
    confidence: str | None
    reason: str


def read_examples(pack: Pack) -> list[Example]:
    """The worked cases in a pack's own folder. Raises PackError for a case that cannot be read."""
    examples: list[Example] = []
    for path in sorted((pack.folder / "examples").glob("*.yaml")):
        document = Document(path)
        document.only(document.data, ("household_defaults", "member_defaults", "cases"))
        names: set[str] = set()
        for number, case in enumerate(document.require(document.data, "cases")):
            document.only(case, ("name", "on", "household", "members", "expect"), "cases", number)
            example = _read(pack, document, case, number)
            if example.name in names:
                raise document.fault(_("有两个例子都叫“{name}”").format(name=example.name), "cases", number)
            names.add(example.name)
            examples.append(example)
    return examples


def _read(pack: Pack, document: Document, case: dict[str, Any], number: int) -> Example:
    here = ("cases", number)
    members = [
        _facts(pack, Scope.MEMBER, document, {**(document.data.get("member_defaults") or {}), **member}, number)
        for member in document.require(case, "members", *here)
    ]
    household = {**(document.data.get("household_defaults") or {}), **(case.get("household") or {})}
    expect: dict[Key, Mapping[str, Any]] = {}
    for programme, expected in document.require(case, "expect", *here).items():
        if programme not in pack.programmes:
            raise document.fault(_("没有项目 {name}").format(name=programme), *here, "expect", programme)
        is_member = pack.programmes[programme].of is Scope.MEMBER
        for member, each in (expected if is_member else {None: expected}).items():
            document.only(each, _EXPECTED, *here, "expect", programme)
            expect[programme, member] = each
    return Example(
        pack=pack.name,
        file=document.path,
        line=document.line_of((*here, "name")),
        name=document.require(case, "name", *here),
        day=document.day(case.get("on"), *here, "on"),
        family=Family(_facts(pack, Scope.HOUSEHOLD, document, household, number), members),
        expect=expect,
    )


def _facts(
    pack: Pack, scope: Scope, document: Document, written: Mapping[str, Any], number: int
) -> dict[str, int | None]:
    """Facts in the notation of files as engine values.

    A fact that is not written is a blank, as in a file. One that must be given, but is written as a
    blank, is not known: so a case can show what is said of a family that does not know it.
    """
    facts: dict[str, int | None] = {}
    for name in written:
        if name not in pack.inputs or pack.inputs[name].of is not scope:
            raise document.fault(_("没有叫 {name} 的事实").format(name=name), "cases", number)
    for spec in pack.inputs.values():
        text = cell_text(written.get(spec.name))
        if spec.of is not scope or (spec.required and spec.name in written and not text):
            continue
        try:
            parsed = spec.parse(text)
        except InputError as error:
            raise document.fault(f"{spec.label}：{error}", "cases", number, "name") from None
        facts |= parsed or {}
    return facts


def money(text: object) -> int:
    """Fen of a sum written out in yuan, as ``1170.00 * 3 - 1894.00``.

    A number with two decimals is money, any other is a plain number; so ``//`` drops fractions of
    a fen. Raises ValueError for anything else than + - * / // and parentheses.
    """

    def value(node: ast.expr) -> Fraction:
        match node:
            case ast.Constant():
                digits = ast.get_source_segment(source, node) or ""
                return Fraction(digits) * (100 if len(digits.partition(".")[2]) == 2 else 1)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -value(operand)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return value(left) + value(right)
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                return value(left) - value(right)
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return value(left) * value(right)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return value(left) / value(right)
            case ast.BinOp(left=left, op=ast.FloorDiv(), right=right):
                return Fraction(value(left) // value(right))
        raise ValueError(_("“{text}”不是加减乘除").format(text=source))

    source = f"{text:.2f}" if isinstance(text, int | float) else str(text)
    fen = value(ast.parse(source.strip(), mode="eval").body)
    if fen.denominator != 1:
        raise ValueError(_("“{text}”不是整分").format(text=source))
    return int(fen)


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
            fen = None if want == _UNKNOWN else money(want)
            if fen != got:
                yield _("{key} 应为 {want}，得出 {got}").format(key=key, want=_yuan(fen), got=_yuan(got))
    wanted = expected.get("reason_has", [])
    for part in [wanted] if isinstance(wanted, str) else wanted:
        if part not in found.reason:
            yield _("理由里应有“{part}”，得出“{reason}”").format(part=part, reason=found.reason)


def _yuan(fen: int | None) -> str:
    return _("不知道") if fen is None else wording.money(fen)


def run_singly(pack: Pack, example: Example) -> dict[Key, Found]:
    """What comes out for one family, every rule run as written. Raises PolicyError."""
    determination = assess(pack.plan(example.day), example.family)
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
    for day in sorted({example.day for example in examples}):
        positions = [number for number, example in enumerate(examples) if example.day == day]
        plan = pack.plan(day)
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
    try:
        examples = read_examples(pack)
    except PackError as error:
        return 0, [str(error)]
    faults = []
    runnable = []
    for example in examples:
        try:
            found = run_singly(pack, example)
        except (PolicyError, PlanError) as error:
            faults.append(f"{example.place}: {error}")
            continue
        runnable.append((example, found))
        faults += [f"{example.place}: {fault}" for fault in differences(example, found)]
    together = run_together(pack, (example for example, _found in runnable))
    for number, (example, found) in enumerate(runnable):
        if together[number] != found:
            faults.append(_("{place}: 逐户与批量算出的不一样").format(place=example.place))
    return len(examples), faults
