"""Finds what every name of a programme stands for on a day, and checks that it fits."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from policy_engine.contents import Contents
from policy_engine.errors import PackError, PlanError
from policy_engine.evaluate import meaning_of
from policy_engine.inputs import InputSpec
from policy_engine.language import _
from policy_engine.nodes import Node, NodeKind
from policy_engine.parameters import Figure, Parameter
from policy_engine.plan import Plan, PlannedProgramme
from policy_engine.programmes import Programme
from policy_engine.rules import Rule, RuleKind
from policy_engine.syntax import Bounds, Refused, bounds_of, may_fail
from policy_engine.tags import FLAG
from policy_engine.values import Code, Gather, Scope, day_number

ON_DATE = "on_date"
"""The day for which a plan is made, as yyyymmdd: the only date that rules know."""

_GATHERS_FLAGS = (Gather.COUNT, Gather.ANY, Gather.ALL)


def resolve(pack: Contents, day: date, overrides: Mapping[str, int]) -> Plan:
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
    def __init__(self, pack: Contents, day: date, overrides: Mapping[str, int]) -> None:
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
        where = self._condition(programme, "amount_is", programme.ceiling_where)
        return PlannedProgramme(programme, outcome, amount, at_least, where, args[:count], args[count:], shows)

    def _condition(self, programme: Programme, key: str, name: str | None) -> int | None:
        if name is None:
            return None
        fault = partial(programme.fault, key)
        index = self._resolve(name, fault)
        if self.nodes[index].unit != FLAG:
            raise fault(_("{name} 不是条件").format(name=name))
        self._check_scope(programme, self.nodes[index], fault)
        return index

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
        may_fail: bool = False,
    ) -> Node:
        return Node(
            len(self.nodes), name, label, kind, of, args, bounds[0], bounds[1], unit,
            codes, input, parameter, figure, rule, gather, programme, exclusions, may_fail,
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
        return self._node(
            rule.name, rule.tag.label, kind, of, tuple(args), bounds, rule.tag.unit,
            codes=self._codes(rule), rule=rule,
            may_fail=kind is not NodeKind.COMBINATION and may_fail(rule.body, reach, rule.names),
        )  # fmt: skip

    def _codes(self, rule: Rule) -> type[Code] | None:
        """The code table of a rule whose unit is ``code:Table``, so that its answer is told by its label."""
        base, _mark, table = rule.tag.unit.partition(":")
        if base != "code":
            return None
        if table not in self.pack.codes:
            raise rule.fault(_("codes.py 里没有 {name}").format(name=table or rule.tag.unit))
        return self.pack.codes[table]

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
