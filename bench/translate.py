"""The rules of a plan as an OpenFisca country package, translated mechanically.

Both sides then carry out the same rules: one Variable a node, with the formula that an OpenFisca
author would write for it in NumPy: ``if`` becomes ``np.where``, ``min`` ``np.minimum``, ``and`` ``&``;
a gathering becomes ``household.sum(household.members(...))``, a household's value read by a member
``person.household(...)``, a table an indexed array or ``np.searchsorted``; a parameter is the number
of the day. A payment is the amount where the outcome is yes, else 0.

**Unknown.** OpenFisca knows no unknown value, and so the peer runs without the known bits that ours
carries along: it has less to do. Families are generated fully known; what a pack declares
``missing`` is 0 in the translation, and its nodes are worked out on both sides. That is a fair and a
strict comparison, for a known answer of ours rests on no unknown value: whatever number stands in
the place of a missing one, the peer must give that same answer, and it is compared to the fen
wherever ours is known. ``stand_in`` puts another number there, and tests use it to hold the engine
to just that.

**Width.** OpenFisca's ``int`` is int32, which ends at 21,474,836.47 yuan: below what the facts may
be (100 million yuan), and it wraps silently; its ``float`` is float32, exact only to 167,772.16 yuan.
Money and areas are therefore int64 here, flags OpenFisca's bool, and everything else its int32.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

from policy_engine.nodes import Node, NodeKind
from policy_engine.plan import Plan
from policy_engine.rules import Rule
from policy_engine.syntax import code_number, statements
from policy_engine.tags import FLAG
from policy_engine.values import Gather, Scope

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%",
}  # fmt: skip
_GATHERS = {
    Gather.SUM: "sum", Gather.COUNT: "sum", Gather.MIN: "min", Gather.MAX: "max", Gather.ANY: "any", Gather.ALL: "all",
}  # fmt: skip
_ENTITIES = {Scope.HOUSEHOLD: "Household", Scope.MEMBER: "Person"}
_POPULATIONS = {Scope.HOUSEHOLD: "household", Scope.MEMBER: "person"}


@dataclass(frozen=True, slots=True)
class Term:
    """An expression of the translation, and whether it is an array of truth values."""

    text: str
    flag: bool = False

    @property
    def truth(self) -> str:
        """The term as truth values."""
        return self.text if self.flag else f"({self.text} != 0)"

    @property
    def number(self) -> str:
        """The term as numbers: NumPy's + of two truth values would be "or"."""
        return f"np.int64(1) * {self.text}" if self.flag else self.text


def dtype_of(node: Node) -> str:
    """The dtype of a node's Variable, wide enough that fen are exact."""
    if node.unit == FLAG:
        return "bool"
    if node.unit.startswith(("fen", "0.01m2")) or max(abs(node.low), abs(node.high)) >= 2**31:
        return "int64"
    return "int32"


def payment(programme: str) -> str:
    """The name of the Variable that holds what a programme pays."""
    return f"{programme}_payment"


def translate(plan: Plan, *, stand_in: int = 0) -> str:
    """The text of a module of Variables, for which the loader provides the names that it uses.

    Beside the classes it defines ``DTYPES``, name → dtype, and ``OUTPUTS``, the names to calculate.
    """
    reached = plan.cone(
        index for planned in plan.programmes for index in (planned.outcome, planned.amount) if index is not None
    )
    nodes = [plan.nodes[index] for index in reached]
    parts = [f'"""{plan.pack.name} on {plan.day}: {len(nodes)} nodes."""']
    dtypes = {}
    for node in nodes:
        if node.of is not Scope.PLAN and node.kind is not NodeKind.GATHER:
            parts.append(_variable(node.name, node.of, dtype_of(node), _formula(plan, node, stand_in)))
            dtypes[node.name] = dtype_of(node)
    outputs = []
    for planned in plan.programmes:
        outputs.append(planned.programme.eligible)
        if planned.amount is not None:
            name, of = payment(planned.programme.name), planned.programme.of
            translator = _Formula(plan, of, stand_in)
            amount = translator.node(plan.nodes[planned.amount])
            outcome = translator.node(plan.nodes[planned.outcome])
            parts.append(_variable(name, of, "int64", [f"return np.where({outcome.truth}, {amount.number}, 0)"]))
            dtypes[name] = "int64"
            outputs.append(name)
    parts.append(f"DTYPES = {dtypes!r}")
    parts.append(f"OUTPUTS = {outputs!r}")
    return "\n\n\n".join(parts) + "\n"


def _variable(name: str, of: Scope, dtype: str, formula: list[str]) -> str:
    lines = [
        f"class {name}(Variable):",
        f"    value_type = {'bool' if dtype == 'bool' else 'int'}",
        f"    entity = {_ENTITIES[of]}",
        "    definition_period = MONTH",
    ]
    if formula:
        lines += ["", f"    def formula({_POPULATIONS[of]}, period):"]
        lines += ["        " + line for line in formula]
    return "\n".join(lines)


def _formula(plan: Plan, node: Node, stand_in: int) -> list[str]:
    translator = _Formula(plan, node.of, stand_in)
    match node.kind:
        case NodeKind.INPUT:
            return []
        case NodeKind.TABLE:
            return _table(node, translator.node(plan.nodes[node.args[0]]), stand_in)
        case NodeKind.OUTCOME:
            split = len(node.args) - node.exclusions
            conditions = [translator.node(plan.nodes[arg]) for arg in node.args]
            terms = [term.truth if place < split else f"~{term.truth}" for place, term in enumerate(conditions)]
            return [f"return {' & '.join(terms)}"]
    assert node.rule is not None
    return translator.rule(node, node.rule)


def _table(node: Node, key: Term, stand_in: int) -> list[str]:
    figure = node.figure
    assert figure is not None

    def number(value: int | None) -> int:
        return stand_in if value is None else value

    keys = list(figure.rows)
    values = [number(row.value) for row in figure.rows.values()]
    otherwise = 0 if figure.otherwise is None else number(figure.otherwise.value)
    if key.flag and keys == [0, 1]:
        return [f"return np.where({key.text}, {values[1]}, {values[0]})"]
    if figure.is_bracket:
        return [f"return np.array({[otherwise, *values]})[np.searchsorted({keys}, {key.number}, side='right')]"]
    return [f"return np.select([{', '.join(f'{key.number} == {k}' for k in keys)}], {values}, {otherwise})"]


@dataclass
class _Formula:
    """Translates one formula of an entity."""

    plan: Plan
    of: Scope
    stand_in: int
    lines: list[str] = field(default_factory=list)
    fresh: count[int] = field(default_factory=lambda: count(2))

    def node(self, node: Node) -> Term:
        """How a formula of this entity reads a node."""
        is_flag = node.unit == FLAG
        if node.of is Scope.PLAN:
            value, quality = self.plan.constants[node.index]
            value = value if quality else self.stand_in
            if is_flag:
                return Term(f"np.bool_({bool(value)})", flag=True)
            return Term(f"np.{dtype_of(node)}({value})")
        if node.kind is NodeKind.GATHER:
            assert node.gather is not None
            member = self.plan.nodes[node.args[0]]
            return Term(
                f'household.{_GATHERS[node.gather]}(household.members("{member.name}", period))',
                flag=node.gather in (Gather.ANY, Gather.ALL),
            )
        reader = _POPULATIONS[self.of] if node.of is self.of else "person.household"
        return Term(f'{reader}("{node.name}", period)', flag=is_flag)

    def rule(self, node: Node, rule: Rule) -> list[str]:
        """The body of the formula of a rule, its arguments first."""
        reach = {}
        for argument, index in zip(rule.arguments, node.args, strict=True):
            term = self.node(self.plan.nodes[index])
            self.lines.append(f"{argument.name} = {term.text}")
            reach[argument.name] = Term(argument.name, flag=term.flag)
        answer = self._block(statements(rule.body), reach, rule)
        return [*self.lines, f"return {answer.text}"]

    def _block(self, body: list[ast.stmt], reach: Mapping[str, Term], rule: Rule) -> Term:
        """The value that statements return. Both sides of an ``if`` are worked out for everybody."""
        reach = dict(reach)
        for place, statement in enumerate(body):
            match statement:
                case ast.Return(value=ast.expr() as value):
                    return self._value(value, reach, rule)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    reach[name] = self._local(name, self._value(value, reach, rule))
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    reach[name] = self._local(name, self._value(value, reach, rule))
                case ast.If(test=test, body=then, orelse=otherwise):
                    rest = body[place + 1 :]
                    asked = self._value(test, reach, rule)
                    return _where(
                        asked, self._block([*then, *rest], reach, rule), self._block([*otherwise, *rest], reach, rule)
                    )
                case _:
                    raise TypeError(ast.dump(statement))
        raise TypeError(f"{rule.name} has a path without an answer")

    def _local(self, name: str, term: Term) -> Term:
        local = f"{name}_{next(self.fresh)}"
        self.lines.append(f"{local} = {term.text}")
        return Term(local, flag=term.flag)

    def _value(self, node: ast.expr, reach: Mapping[str, Term], rule: Rule) -> Term:
        def value(part: ast.expr) -> Term:
            return self._value(part, reach, rule)

        match node:
            case ast.Constant(value=bool() as truth):
                return Term(f"np.bool_({truth})", flag=True)
            case ast.Constant(value=int() as number):
                return Term(str(number))
            case ast.Name(id=name):
                return reach[name]
            case ast.Attribute():
                return Term(str(code_number(node, rule.names)))
            case ast.BinOp(left=left, op=op, right=right):
                return Term(f"({value(left).number} {_ARITHMETIC[type(op)]} {value(right).number})")
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Term(f"(-{value(operand).number})")
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Term(f"(~{value(operand).truth})", flag=True)
            case ast.BoolOp(op=op, values=values):
                sign = " & " if isinstance(op, ast.And) else " | "
                return Term(f"({sign.join(value(part).truth for part in values)})", flag=True)
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                parts, one = [], value(left)
                for how, right in zip(ops, comparators, strict=True):
                    if isinstance(how, ast.In | ast.NotIn):
                        assert isinstance(right, ast.Tuple)
                        among = " | ".join(f"({one.text} == {value(element).text})" for element in right.elts)
                        parts.append(f"({among})" if isinstance(how, ast.In) else f"(~({among}))")
                        continue
                    other = value(right)
                    parts.append(f"({one.text} {_COMPARISONS[type(how)]} {other.text})")
                    one = other
                return Term(parts[0] if len(parts) == 1 else f"({' & '.join(parts)})", flag=True)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return _where(value(test), value(body), value(orelse))
            case ast.Call(func=ast.Name(id="min" | "max" as name), args=args):
                function = "np.minimum" if name == "min" else "np.maximum"
                found = value(args[0]).number
                for part in args[1:]:
                    found = f"{function}({found}, {value(part).number})"
                return Term(found)
        raise TypeError(ast.dump(node))


def _where(asked: Term, then: Term, otherwise: Term) -> Term:
    return Term(f"np.where({asked.truth}, {then.text}, {otherwise.text})", flag=then.flag and otherwise.flag)
