"""A pack as it stands on one day: every name resolved to a node, in an order in which each can be worked out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property, partial
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from policy_engine.errors import PackError, PlanError
from policy_engine.evaluate import Step, meaning_of, step_of
from policy_engine.inputs import InputSpec
from policy_engine.parameters import Figure, Parameter
from policy_engine.programmes import Programme
from policy_engine.rules import Rule, RuleKind
from policy_engine.syntax import Bounds, Comparison, Refused, bounds_of
from policy_engine.tags import FLAG
from policy_engine.three_valued import Answer
from policy_engine.values import Code, Gather, Scope, day_number

if TYPE_CHECKING:
    from policy_engine.pack import Pack

ON_DATE = "on_date"
"""The day for which a plan is made, as yyyymmdd: the only date that rules know."""

_GATHERS_FLAGS = (Gather.COUNT, Gather.ANY, Gather.ALL)


class NodeKind(StrEnum):
    """What a node is, and so how its value comes about."""

    DATE = "date"
    INPUT = "input"
    FIGURE = "figure"
    TABLE = "table"
    GATHER = "gather"
    WORKED_OUT = "worked_out"
    COMPARISON = "comparison"
    COMBINATION = "combination"
    OUTCOME = "outcome"
    NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a plan. ``args`` are the positions of the nodes it is worked out from.

    ``low`` and ``high`` bound what the value can be; for an outcome the last ``exclusions`` of the
    arguments are outcomes that must not hold.
    """

    index: int
    name: str
    label: str
    kind: NodeKind
    of: Scope
    args: tuple[int, ...]
    low: int
    high: int
    unit: str
    codes: type[Code] | None = None
    input: InputSpec | None = None
    parameter: Parameter | None = None
    figure: Figure | None = None
    rule: Rule | None = None
    gather: Gather | None = None
    programme: Programme | None = None
    exclusions: int = 0

    @property
    def comparison(self) -> Comparison:
        """The two sides of a comparison. Only for nodes of that kind."""
        assert self.rule is not None
        assert self.rule.comparison is not None
        return self.rule.comparison


@dataclass(frozen=True, slots=True)
class PlannedProgramme:
    """A programme in force, with the positions of its outcome, amount and known lower bound."""

    programme: Programme
    outcome: int
    amount: int | None
    at_least: int | None
    conditions: tuple[int, ...]
    exclusions: tuple[int, ...]
    shows: tuple[int, ...]


@dataclass
class Plan:
    """The nodes of one day in working order. Made by ``Pack.plan``.

    ``constants`` gives value and quality of every node that is the same for all families.
    """

    pack: Pack
    day: date
    nodes: list[Node]
    index: dict[str, int]
    programmes: list[PlannedProgramme]
    constants: dict[int, tuple[int, int]]
    overrides: dict[str, int] = field(default_factory=dict)

    def node(self, name: str) -> Node:
        """The node of that name. Raises KeyError when nothing in force needs it."""
        return self.nodes[self.index[name]]

    def programme(self, name: str) -> PlannedProgramme:
        """The programme of that name. Raises KeyError when it is not in force."""
        for planned in self.programmes:
            if planned.programme.name == name:
                return planned
        raise KeyError(name)

    @cached_property
    def input_nodes(self) -> list[Node]:
        """The facts that this plan reads."""
        return [node for node in self.nodes if node.kind is NodeKind.INPUT]

    @cached_property
    def steps(self) -> list[tuple[Node, Step | None]]:
        """Every node with the way to work it out, None for a fact."""
        steps: list[tuple[Node, Step | None]] = []
        for node in self.nodes:
            if node.kind is NodeKind.INPUT:
                steps.append((node, None))
            elif node.of is Scope.PLAN:
                steps.append((node, _always(self.constants[node.index])))
            elif node.kind is NodeKind.GATHER:
                steps.append((node, _gathered(meaning_of(node), node.args[0])))
            else:
                steps.append((node, step_of(node, self.nodes)))
        return steps

    def cone(self, starts: Iterable[int]) -> list[int]:
        """Every node that the given ones rest on, themselves included, in working order."""
        seen: set[int] = set()
        todo = list(starts)
        while todo:
            index = todo.pop()
            if index not in seen:
                seen.add(index)
                todo.extend(self.nodes[index].args)
        return sorted(seen)

    @cached_property
    def parts(self) -> dict[str, str]:
        """A short hash of every rule, figure and programme in force: what a replay compares."""
        parts = {}
        for node in self.nodes:
            if node.rule is not None:
                parts[node.name] = node.rule.digest
            elif node.figure is not None:
                parts[node.name] = _digest(_figure_text(node.figure))
            elif node.input is not None:
                parts[node.name] = _digest(f"{node.input.type}|{node.unit}|{node.low}|{node.high}")
            elif node.kind is NodeKind.OUTCOME and node.programme is not None:
                parts[node.name] = _digest(_programme_text(node.programme))
        return parts


def _always(answer: Answer) -> Step:
    return lambda answers: answer


def _gathered(one: Callable[[Sequence[Answer]], Answer], index: int) -> Step:
    return lambda answers: one(answers[index])  # type: ignore[arg-type]  # a gathered node is a member's


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _figure_text(figure: Figure) -> str:
    rows = ",".join(f"{key}:{row.value}" for key, row in figure.rows.items())
    otherwise = figure.otherwise.value if figure.otherwise else "-"
    return f"{figure.value}|{rows}|{figure.is_bracket}|{otherwise}|{figure.quality}"


def _programme_text(programme: Programme) -> str:
    return "|".join(
        map(
            str,
            (
                programme.of, programme.conditions, programme.amount, programme.at_least,
                programme.excluded_by, programme.period, programme.is_ceiling,
            ),
        )
    )  # fmt: skip


ENGINE_HASH = _digest(
    "".join(
        (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8")
        for name in ("values", "three_valued", "evaluate", "syntax", "plan")
    )
)
"""Changes whenever the code that turns facts into answers does."""


def resolve(pack: Pack, day: date, overrides: Mapping[str, int]) -> Plan:
    """The plan of a pack for a day; see ``Pack.plan``."""
    first, last = pack.covers
    if day < first or (last is not None and day > last):
        raise PlanError(
            _("{pack}的政策只收录到 {first} 至 {last}，没有 {day} 的依据").format(
                pack=pack.title, first=first, last=last or _("今"), day=day
            )
        )
    return _Resolver(pack, day, overrides).run()


Fault = Callable[[str], PackError]
"""Makes the error that points at whoever asked for a name."""


class _Resolver:
    def __init__(self, pack: Pack, day: date, overrides: Mapping[str, int]) -> None:
        self.pack = pack
        self.day = day
        self.overrides = dict(overrides)
        self.nodes: list[Node] = []
        self.index: dict[str, int] = {}
        self.constants: dict[int, tuple[int, int]] = {}
        self.open: list[str] = []
        self.eligible = {programme.eligible: programme for programme in pack.programmes.values()}
        for name in self.overrides:
            if name not in pack.parameters:
                raise PlanError(_("没有叫 {name} 的参数").format(name=name))

    def run(self) -> Plan:
        in_force = sorted(
            (programme for programme in self.pack.programmes.values() if programme.in_force(self.day)),
            key=lambda programme: (programme.order, programme.name),
        )
        planned = [self._programme(programme) for programme in in_force]
        unused = [name for name in self.overrides if name not in self.index]
        if unused:
            raise PlanError(
                _("{day} 没有用到参数 {names}，改了也不起作用").format(day=self.day, names="、".join(unused))
            )
        return Plan(self.pack, self.day, self.nodes, self.index, planned, self.constants, self.overrides)

    def _programme(self, programme: Programme) -> PlannedProgramme:
        outcome = self._resolve(programme.eligible, partial(programme.fault, "conditions"))
        count = len(programme.conditions)
        args = self.nodes[outcome].args
        amount = self._money(programme, "amount", programme.amount)
        at_least = self._money(programme, "at_least", programme.at_least)
        shows = tuple(self._resolve(name, partial(programme.fault, "shows")) for name in programme.shows)
        return PlannedProgramme(programme, outcome, amount, at_least, args[:count], args[count:], shows)

    def _money(self, programme: Programme, key: str, name: str | None) -> int | None:
        if name is None:
            return None
        fault = partial(programme.fault, key)
        index = self._resolve(name, fault)
        node = self.nodes[index]
        if node.unit.split("/")[0] != "fen":
            raise fault(_("{name} 不是钱（fen）").format(name=name))
        if node.low < 0:
            raise fault(_("{name} 可能是负数").format(name=name))
        self._check_scope(programme, node, fault)
        return index

    def _check_scope(self, programme: Programme, node: Node, fault: Fault) -> None:
        if programme.of is Scope.HOUSEHOLD and node.of is Scope.MEMBER:
            raise fault(_("{name} 是成员的，家庭项目不能直接用").format(name=node.name))

    def _resolve(self, name: str, fault: Fault) -> int:
        """The position of a name's node, made with all it rests on if it is not there yet.

        ``fault`` makes the error that points at who asked for the name.
        """
        if name in self.index:
            return self.index[name]
        if name in self.open:
            chain = " → ".join([*self.open[self.open.index(name) :], name])
            raise fault(_("循环：{chain}").format(chain=chain))
        self.open.append(name)
        try:
            node = self._make(name, fault)
        finally:
            self.open.pop()
        self.nodes.append(node)
        self.index[name] = node.index
        if node.of is Scope.PLAN:
            self.constants[node.index] = self._constant(node)
        return node.index

    def _make(self, name: str, fault: Fault) -> Node:
        if name == ON_DATE:
            number = day_number(self.day)
            return self._node(name, _("日期"), NodeKind.DATE, Scope.PLAN, (), (number, number), "date")
        if name in self.pack.engine_inputs:
            spec = self.pack.engine_inputs[name]
            return self._node(
                name, spec.label, NodeKind.INPUT, spec.of, (), (spec.low, spec.high), spec.unit,
                codes=spec.codes, input=spec,
            )  # fmt: skip
        if name in self.pack.parameters:
            return self._parameter(self.pack.parameters[name])
        if name in self.eligible:
            return self._outcome(self.eligible[name])
        if name not in self.pack.rules:
            raise fault(_("不认识的名字 {name}").format(name=name))
        rule = self.pack.rule_on(name, self.day)
        if rule is None:
            raise fault(_("{name} 在 {day} 没有有效的版本").format(name=name, day=self.day))
        return self._rule(rule)

    def _node(
        self,
        name: str,
        label: str,
        kind: NodeKind,
        of: Scope,
        args: tuple[int, ...],
        bounds: Bounds,
        unit: str,
        *,
        codes: type[Code] | None = None,
        input: InputSpec | None = None,
        parameter: Parameter | None = None,
        figure: Figure | None = None,
        rule: Rule | None = None,
        gather: Gather | None = None,
        programme: Programme | None = None,
        exclusions: int = 0,
    ) -> Node:
        return Node(
            len(self.nodes), name, label, kind, of, args, bounds[0], bounds[1], unit,
            codes, input, parameter, figure, rule, gather, programme, exclusions,
        )  # fmt: skip

    def _parameter(self, parameter: Parameter) -> Node:
        try:
            figure = parameter.on(self.day)
        except PlanError as error:
            if self.day < parameter.figures[0].since:
                raise error from PackError(str(error), file=parameter.file)
            raise
        if parameter.name in self.overrides:
            figure = parameter.overridden(figure, self.overrides[parameter.name])
        numbers = figure.values or [0]
        bounds = (min(numbers), max(numbers))
        if parameter.by is None:
            return self._node(
                parameter.name, parameter.title, NodeKind.FIGURE, Scope.PLAN, (), bounds, parameter.unit,
                parameter=parameter, figure=figure,
            )  # fmt: skip
        key = self._resolve(parameter.by, parameter.fault)
        return self._node(
            parameter.name, parameter.title, NodeKind.TABLE, self.nodes[key].of, (key,), bounds,
            parameter.unit, parameter=parameter, figure=figure,
        )  # fmt: skip

    def _outcome(self, programme: Programme) -> Node:
        name = programme.eligible
        label = _("符合{title}").format(title=programme.title)
        if not programme.in_force(self.day):
            return self._node(name, label, NodeKind.NOT_IN_FORCE, Scope.PLAN, (), (0, 0), FLAG, programme=programme)
        args = []
        fault = partial(programme.fault, "conditions")
        for condition in programme.conditions:
            index = self._resolve(condition, fault)
            if self.nodes[index].unit != FLAG:
                raise fault(_("{name} 不是条件").format(name=condition))
            self._check_scope(programme, self.nodes[index], fault)
            args.append(index)
        fault = partial(programme.fault, "excluded_by")
        for other in programme.excluded_by:
            if other not in self.pack.programmes:
                raise fault(_("没有项目 {name}").format(name=other))
            index = self._resolve(self.pack.programmes[other].eligible, fault)
            self._check_scope(programme, self.nodes[index], fault)
            args.append(index)
        return self._node(
            name, label, NodeKind.OUTCOME, programme.of, tuple(args), (0, 1), FLAG,
            programme=programme, exclusions=len(programme.excluded_by),
        )  # fmt: skip

    def _rule(self, rule: Rule) -> Node:
        args, scopes, gathered = [], set(), False
        for argument in rule.arguments:
            index = self._resolve(argument.name, rule.fault)
            if argument.gather is not None:
                index = self._gather(argument.gather, index, rule)
                gathered = True
            scopes.add(self.nodes[index].of)
            args.append(index)
        if gathered and Scope.MEMBER in scopes:
            raise rule.fault(_("家庭的规则只能汇总成员的值，不能同时用某一个成员的值"))
        of = Scope.MEMBER if Scope.MEMBER in scopes else Scope.HOUSEHOLD if Scope.HOUSEHOLD in scopes else Scope.PLAN
        if rule.kind is RuleKind.COMBINATION:
            for index in args:
                if self.nodes[index].unit != FLAG:
                    raise rule.fault(_("{name} 不是条件").format(name=self.nodes[index].name))
        reach = {
            argument.name: (self.nodes[index].low, self.nodes[index].high)
            for argument, index in zip(rule.arguments, args, strict=True)
        }
        try:
            bounds = (0, 1) if rule.kind is RuleKind.COMBINATION else bounds_of(rule.body, reach, rule.names)
        except Refused as refused:
            raise rule.fault(refused.message, refused.line) from None
        kind = {
            RuleKind.WORKED_OUT: NodeKind.WORKED_OUT,
            RuleKind.COMPARISON: NodeKind.COMPARISON,
            RuleKind.COMBINATION: NodeKind.COMBINATION,
        }[rule.kind]
        return self._node(rule.name, rule.tag.label, kind, of, tuple(args), bounds, rule.tag.unit, rule=rule)

    def _gather(self, gather: Gather, index: int, rule: Rule) -> int:
        node = self.nodes[index]
        if node.of is not Scope.MEMBER:
            raise rule.fault(_("{name} 不是成员的值，不能汇总").format(name=node.name))
        if gather in _GATHERS_FLAGS and node.unit != FLAG:
            raise rule.fault(_("{name} 不是是否，不能用 {gather}").format(name=node.name, gather=gather.value))
        name = f"{gather.value}({node.name})"
        if name not in self.index:
            most = self.pack.most_members
            bounds = {
                Gather.SUM: (min(0, node.low * most), max(0, node.high * most)),
                Gather.COUNT: (0, most),
            }.get(gather, (node.low, node.high))
            unit = "person" if gather is Gather.COUNT else node.unit
            self.nodes.append(
                self._node(name, node.label, NodeKind.GATHER, Scope.HOUSEHOLD, (index,), bounds, unit, gather=gather)
            )
            self.index[name] = len(self.nodes) - 1
        return self.index[name]

    def _constant(self, node: Node) -> tuple[int, int]:
        """Value and quality of a node that rests on nothing but date and figures."""
        try:
            return meaning_of(node)([self.constants[arg] for arg in node.args])
        except (ZeroDivisionError, LookupError) as error:
            raise PlanError(
                _("{label}（{name}）在 {day} 算不出来：{error}").format(
                    label=node.label, name=node.name, day=self.day, error=error
                )
            ) from error
