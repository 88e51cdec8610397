"""Worked cases of a pack, each a sentence with what must come out, as they stand in its folder."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from policy_engine import Family, InputError, Pack, PackError, Scope
from policy_engine.documents import Document
from policy_engine.language import _
from policy_files.cells.written import cell_text
from policy_files.errors import FileFault
from policy_files.overrides import override

_IN_FILE = ("figures", "household_defaults", "member_defaults", "cases")
_IN_CASE = ("name", "on", "household", "members", "expect")
_MONEY = ("amount", "at_least")
_EXPECTED = ("outcome", *_MONEY, "confidence", "reason_has")
_UNKNOWN = "unknown"
Key = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Example:
    """One case. ``expect`` is by programme and member, counted from 1, None for a household's programme;
    its money is in fen, None where it is not to be known. ``figures`` stand in the place of the pack's own.
    """

    pack: str
    file: Path
    line: int
    name: str
    day: date
    family: Family
    expect: Mapping[Key, Mapping[str, Any]]
    figures: Mapping[str, int]

    @property
    def place(self) -> str:
        """File, line and sentence."""
        return f"{self.file}:{self.line}: {self.name}"


def read_examples(pack: Pack) -> tuple[list[Example], list[PackError]]:
    """The worked cases in a pack's own folder, and what is wrong with each that cannot be read."""
    examples: list[Example] = []
    # What is wrong with a default is wrong in every case of its file, and said once.
    faults: dict[str, PackError] = {}
    for path in sorted((pack.folder / "examples").glob("*.yaml")):
        try:
            document = Document(path)
            document.only(document.data, _IN_FILE)
            cases = document.require(document.data, "cases")
            figures = _figures(pack, document)
        except PackError as fault:
            faults[str(fault)] = fault
            continue
        names: set[str] = set()
        for number in range(len(cases)):
            try:
                example = _read(pack, document, number, figures)
                if example.name in names:
                    raise document.fault(_("有两个例子都叫“{name}”").format(name=example.name), "cases", number)
            except PackError as fault:
                faults[str(fault)] = fault
                continue
            names.add(example.name)
            examples.append(example)
    return examples, list(faults.values())


def _figures(pack: Pack, document: Document) -> dict[str, int]:
    """What a file puts in the place of figures: so a city's cases name a district, which its pack leaves open."""
    figures = {}
    for name, written in _table(document, "figures").items():
        try:
            figures[name] = override(pack, name, str(written))
        except FileFault as fault:
            raise document.fault(str(fault), "figures", name) from None
    return figures


def _read(pack: Pack, document: Document, number: int, figures: Mapping[str, int]) -> Example:
    here = ("cases", number)
    case = _table(document, *here)
    document.only(case, _IN_CASE, *here)
    name, expected = document.require(case, "name", *here), document.require(case, "expect", *here)
    members = document.require(case, "members", *here)
    return Example(
        pack=pack.name,
        file=document.path,
        line=document.line_of((*here, "name")),
        name=name,
        day=document.day(case.get("on"), *here, "on"),
        family=Family(
            _facts(pack, Scope.HOUSEHOLD, document, ("household_defaults",), (*here, "household")),
            [
                _facts(pack, Scope.MEMBER, document, ("member_defaults",), (*here, "members", nth))
                for nth in range(len(members))
            ],
        ),
        expect={key: each for programme in expected for key, each in _expected(pack, document, number, programme)},
        figures=figures,
    )


def _table(document: Document, *keys: object) -> dict[Any, Any]:
    """The entries that stand under some keys, none where nothing is written. Raises PackError for anything else."""
    found: Any = document.data
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else found[key]
    if not isinstance(found, dict | None):
        raise document.fault(_("这里须是“名称: 内容”"), *keys)
    return found or {}


def _facts(
    pack: Pack, scope: Scope, document: Document, defaults: tuple[object, ...], own: tuple[object, ...]
) -> dict[str, int | None]:
    """Facts in the notation of files as engine values, those at ``own`` before those at ``defaults``.

    A fact that is not written is a blank, as in a file. One that must be given, but is written as a
    blank, is not known: so a case can show what is said of a family that does not know it.
    """
    places = {
        **{name: (written, (*defaults, name)) for name, written in _table(document, *defaults).items()},
        **{name: (written, (*own, name)) for name, written in _table(document, *own).items()},
    }
    for name, (_written, place) in places.items():
        if name not in pack.inputs or pack.inputs[name].of is not scope:
            raise document.fault(_("没有叫 {name} 的事实").format(name=name), *place)
    facts: dict[str, int | None] = {}
    for spec in pack.inputs.values():
        written, place = places.get(spec.name, (None, own))
        text = cell_text(written)
        if spec.of is not scope or (spec.required and spec.name in places and not text):
            continue
        try:
            parsed = spec.parse(text)
        except InputError as error:
            raise document.fault(f"{spec.label}：{error}", *place) from None
        facts |= parsed or {}
    return facts


def _expected(pack: Pack, document: Document, number: int, programme: str) -> list[tuple[Key, dict[str, Any]]]:
    """What must come out of a programme, for the household or for each member that is named."""
    here: tuple[object, ...] = ("cases", number, "expect", programme)
    if programme not in pack.programmes:
        raise document.fault(_("没有项目 {name}").format(name=programme), *here)
    is_member = pack.programmes[programme].of is Scope.MEMBER
    places = {member: (*here, member) for member in _table(document, *here)} if is_member else {None: here}
    found = []
    for member, place in places.items():
        each = dict(_table(document, *place))
        document.only(each, _EXPECTED, *place)
        for key in _MONEY:
            if key in each:
                try:
                    each[key] = None if each[key] == _UNKNOWN else money(each[key])
                except (ValueError, SyntaxError) as error:
                    raise document.fault(str(error), *place, key) from None
        found.append(((programme, member), each))
    return found


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
