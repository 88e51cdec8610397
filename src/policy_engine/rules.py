"""Reads the rule files of a pack: finds the tagged functions and checks what can be checked alone."""

from __future__ import annotations

import ast
import hashlib
import itertools
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from policy_engine.errors import PackError
from policy_engine.language import _
from policy_engine.syntax import Comparison, Refused, check_combination, comparison_of
from policy_engine.tags import TAG, Tag
from policy_engine.values import Gather

__all__ = ["Argument", "Rule", "RuleKind", "check_versions", "load_rules"]


class RuleKind(StrEnum):
    """How a rule is carried out and explained."""

    WORKED_OUT = "worked_out"
    COMPARISON = "comparison"
    COMBINATION = "combination"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a rule: the name it is wired to, gathered from the members or not."""

    name: str
    gather: Gather | None


@dataclass(frozen=True)
class Rule:
    """One version of a named rule, as its function stands in the file."""

    tag: Tag
    function: Callable[..., Any]
    arguments: tuple[Argument, ...]
    body: ast.FunctionDef
    kind: RuleKind
    sentence: str
    mentioned: frozenset[str]
    returns_flag: bool
    comparison: Comparison | None
    combination: ast.expr | None
    pack: str
    file: Path

    @property
    def name(self) -> str:
        """The name that other rules use."""
        return self.tag.name

    @property
    def line(self) -> int:
        """The line of the function in its file."""
        return self.body.lineno

    @property
    def names(self) -> Mapping[str, Any]:
        """The globals of the rule file, where code tables are found."""
        return self.function.__globals__

    @cached_property
    def text(self) -> str:
        """What the rule does, without its prose: two rules of one text give the same answers."""
        bare = ast.FunctionDef(
            name="rule",
            args=self.body.args,
            body=[statement for statement in self.body.body if not _is_docstring(statement)],
            decorator_list=[],
            returns=self.body.returns,
        )
        return f"{self.tag.unit}|{self.kind}|{ast.unparse(ast.fix_missing_locations(bare))}"

    @cached_property
    def digest(self) -> str:
        """A short hash of what the rule does."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    def fault(self, message: str, line: int | None = None) -> PackError:
        """An error that points at this rule."""
        return PackError(message, file=self.file, line=line or self.line)

    def in_force(self, day: date) -> bool:
        """Whether this version holds on ``day``."""
        return self.tag.since <= day and (self.tag.until is None or day <= self.tag.until)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def load_rules(module: ModuleType, path: Path, pack: str) -> Iterator[Rule]:
    """Every tagged function of one rule file, in the order of the file."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    functions = [node for node in body if isinstance(node, ast.FunctionDef)]
    defined: set[str] = set()
    for node in functions:
        if node.name in defined:
            raise PackError(_("函数 {name} 写了两次").format(name=node.name), file=path, line=node.lineno)
        defined.add(node.name)
    for node in functions:
        function = getattr(module, node.name)
        tag = getattr(function, TAG, None)
        if tag is None:
            raise PackError(
                _("函数 {name} 没有 @rule 或 @condition").format(name=node.name), file=path, line=node.lineno
            )
        yield _load_one(function, tag, node, path, pack)


def _load_one(function: Callable[..., Any], tag: Tag, node: ast.FunctionDef, path: Path, pack: str) -> Rule:
    def fault(message: str, line: int | None = None) -> PackError:
        return PackError(message, file=path, line=line or node.lineno)

    if node.args.defaults or node.args.kwonlyargs or node.args.vararg or node.args.kwarg:
        raise fault(_("规则的参数只能写名字和类型"))
    hints = get_type_hints(function, include_extras=True)
    answer = hints.pop("return", None)
    if answer not in (int, bool) or (tag.is_condition and answer is not bool):
        raise fault(_("规则须返回 int 或 bool，条件须返回 bool"))
    arguments = tuple(Argument(arg.arg, _gather_of(hints.get(arg.arg), fault)) for arg in node.args.args)
    sentence = (ast.get_docstring(node) or "").partition("\n")[0].strip()
    if not sentence:
        raise fault(_("缺少说明句：文档字符串的第一行"))
    try:
        mentioned = {name for _text, name, _spec, _conv in string.Formatter().parse(sentence) if name}
    except ValueError as error:
        raise fault(_("说明句的花括号不成对：{error}").format(error=error)) from None
    for name in sorted(mentioned - {argument.name for argument in arguments} - {tag.name}):
        raise fault(_("说明句里的 {{{name}}} 不是这条规则的参数").format(name=name))
    if tag.until is not None and tag.until < tag.since:
        raise fault(_("until 早于 since"))
    comparison, combination = None, None
    try:
        if tag.is_condition:
            comparison = comparison_of(node, function.__globals__)
            combination = None if comparison else check_combination(node)
    except Refused as refused:
        raise fault(refused.message, refused.line) from None
    kind = RuleKind.COMPARISON if comparison else RuleKind.COMBINATION if combination else RuleKind.WORKED_OUT
    return Rule(
        tag=tag, function=function, arguments=arguments, body=node, kind=kind, sentence=sentence,
        mentioned=frozenset(mentioned), returns_flag=answer is bool, comparison=comparison,
        combination=combination, pack=pack, file=path,
    )  # fmt: skip


def _gather_of(hint: object, fault: Callable[[str], PackError]) -> Gather | None:
    if hint in (int, bool):
        return None
    if get_origin(hint) is Annotated:
        gathers = [extra for extra in get_args(hint)[1:] if isinstance(extra, Gather)]
        if len(gathers) == 1:
            return gathers[0]
    raise fault(_("参数的类型须是 int、bool 或 Sum Min Max Count Any All 之一"))


def check_versions(versions: list[Rule], gaps: Mapping[str, set[date]]) -> list[Rule]:
    """The versions of one name from early to late.

    Raises PackError where two hold on one day, where there is a gap that the pack does not
    declare (``gaps``: name → first days of its gaps), or where their units differ.
    """
    ordered = sorted(versions, key=lambda rule: rule.tag.since)
    for earlier, later in itertools.pairwise(ordered):
        if earlier.tag.unit != later.tag.unit or earlier.returns_flag != later.returns_flag:
            raise later.fault(_("{name} 的各个版本须用同一单位").format(name=later.name))
        if earlier.tag.until is None or earlier.tag.until >= later.tag.since:
            raise later.fault(
                _("{name} 有两个版本在 {day} 同时有效，另一个在第 {line} 行").format(
                    name=later.name, day=later.tag.since, line=earlier.line
                )
            )
        begins = earlier.tag.until + timedelta(days=1)
        if begins != later.tag.since and begins not in gaps.get(later.name, set()):
            raise later.fault(
                _("{name} 从 {begin} 到 {end} 没有版本；若本当如此，在 pack.yaml 的 gaps 里写明").format(
                    name=later.name, begin=begins, end=later.tag.since - timedelta(days=1)
                )
            )
    return ordered
