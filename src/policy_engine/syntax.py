"""What a rule may say, and between which bounds its answer lies.

A rule is a small Python function over integers. Everything it may use is listed here; the rest is
refused when the pack loads. The same walk propagates the declared ranges of its arguments, so that
a sum which could leave the 64-bit range is refused before any family meets it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from policy_engine.language import _
from policy_engine.values import Code

LIMIT = 2**62
"""Values whose bounds pass this are refused: beyond it int64 would wrap without a word."""

Bounds = tuple[int, int]


class Refused(Exception):
    """A construct that a rule may not use, at a line of its file."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A condition that is one comparison; the distance between its sides is the margin."""

    operator: str
    left: ast.expr
    right: ast.expr
    sides: Callable[..., tuple[int, int]]
    unit_name: str | None

    @property
    def side_names(self) -> tuple[str | None, str | None]:
        """The argument that each side is; None for a side that is a number or worked out on the spot."""
        left, right = (side.id if isinstance(side, ast.Name) else None for side in (self.left, self.right))
        return left, right


_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def statements(function: ast.FunctionDef) -> list[ast.stmt]:
    """The statements of a function without its docstring."""
    body = function.body
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return body[1:]
    return body


def returned(function: ast.FunctionDef) -> ast.expr:
    """The expression of a function whose body is a single return. Raises Refused otherwise."""
    body = statements(function)
    if len(body) == 1 and isinstance(body[0], ast.Return) and body[0].value is not None:
        return body[0].value
    raise Refused(function.lineno, _("条件只能有一句 return"))


def comparison_of(function: ast.FunctionDef, names: Mapping[str, Any]) -> Comparison | None:
    """The one comparison that a condition returns, or None when it combines others.

    ``names`` are the globals of the rule file, in which the members of code tables are found.
    """
    value = returned(function)
    if not isinstance(value, ast.Compare):
        return None
    if len(value.ops) != 1 or type(value.ops[0]) not in _OPERATORS:
        raise Refused(
            value.lineno,
            _("条件须是一个比较（< <= > >= == !=），两边的差才说得出来；连着比的（0 < a <= 2）要拆成两个条件"),
        )
    left, right = value.left, value.comparators[0]
    named = [node.id for side in (left, right) for node in ast.walk(side) if isinstance(node, ast.Name)]
    arguments = [argument.arg for argument in function.args.args]
    both = ast.Lambda(
        args=ast.arguments([], [ast.arg(name) for name in arguments], None, [], [], None, []),
        body=ast.Tuple([left, right], ast.Load()),
    )
    code = compile(ast.fix_missing_locations(ast.Expression(both)), "<comparison>", "eval")
    return Comparison(
        operator=_OPERATORS[type(value.ops[0])],
        left=left,
        right=right,
        sides=eval(code, dict(names)),
        unit_name=next((name for name in named if name in arguments), None),
    )


def check_combination(function: ast.FunctionDef) -> ast.expr:
    """The and/or/not of names that a condition returns. Raises Refused for anything else."""

    def check(node: ast.expr) -> None:
        match node:
            case ast.Name():
                return
            case ast.BoolOp(values=values):
                for value in values:
                    check(value)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                check(operand)
            case _:
                raise Refused(
                    node.lineno, _("条件须是一个比较，或者用 and、or、not 连起来的几个条件的名字；比较要各自写成条件")
                )

    value = returned(function)
    check(value)
    return value


class _Walk:
    """Walks one function once, with the bounds of every name in reach."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.names = names
        self.results: list[Bounds] = []
        self.may_divide_by_zero = False

    def block(self, body: list[ast.stmt], reach: dict[str, Bounds]) -> bool:
        """Walk statements; True when control can reach their end."""
        for statement in body:
            match statement:
                case ast.Return(value=ast.expr() as value):
                    self.results.append(self.value(value, reach))
                    return False
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    reach[name] = self.value(value, reach)
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    reach[name] = self.value(value, reach)
                case ast.If(test=test, body=then, orelse=otherwise):
                    self.value(test, reach)
                    one, other = dict(reach), dict(reach)
                    ends = [side for side, block in ((one, then), (other, otherwise)) if self.block(block, side)]
                    if not ends:
                        return False
                    shared = set(ends[0]).intersection(*ends)
                    reach.clear()
                    reach.update({name: _union([end[name] for end in ends]) for name in shared})
                case _:
                    raise Refused(statement.lineno, _("规则里不能用这种语句"))
        return True

    def value(self, node: ast.expr, reach: Mapping[str, Bounds]) -> Bounds:
        bounds = self._value(node, reach)
        if max(abs(bounds[0]), abs(bounds[1])) > LIMIT:
            raise Refused(node.lineno, _("这里的数可能超过 2^62，会溢出；请收窄输入的范围或换一种算法"))
        return bounds

    def _value(self, node: ast.expr, reach: Mapping[str, Bounds]) -> Bounds:
        match node:
            case ast.Constant(value=bool() | int() as number):
                return int(number), int(number)
            case ast.Name(id=name):
                if name in reach:
                    return reach[name]
                raise Refused(node.lineno, _("{name} 不是参数，也没有在每条路径上赋值").format(name=name))
            case ast.Attribute():
                number = code_number(node, self.names)
                return number, number
            case ast.BinOp(left=left, op=op, right=right):
                divisor = self.value(right, reach)
                if isinstance(op, ast.FloorDiv | ast.Mod) and divisor[0] <= 0 <= divisor[1]:
                    self.may_divide_by_zero = True
                return _arithmetic(node, op, self.value(left, reach), divisor)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                low, high = self.value(operand, reach)
                return -high, -low
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                self.value(operand, reach)
                return 0, 1
            case ast.BoolOp(values=values):
                return _union([self.value(value, reach) for value in values])
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                self._comparison(node, left, ops, comparators, reach)
                return 0, 1
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.value(test, reach)
                return _union([self.value(body, reach), self.value(orelse, reach)])
            case ast.Call(func=ast.Name(id="min" | "max" as name), args=args, keywords=[]) if len(args) > 1:
                lows, highs = zip(*(self.value(argument, reach) for argument in args), strict=True)
                best = min if name == "min" else max
                return best(lows), best(highs)
        raise Refused(node.lineno, _("规则只能用 if、比较、and/or/not、in、+ - * // %、min、max、整数和代码表"))

    def _comparison(
        self,
        node: ast.expr,
        left: ast.expr,
        ops: list[ast.cmpop],
        comparators: list[ast.expr],
        reach: Mapping[str, Bounds],
    ) -> None:
        self.value(left, reach)
        for op, right in zip(ops, comparators, strict=True):
            if isinstance(op, ast.In | ast.NotIn):
                if not isinstance(right, ast.Tuple) or not right.elts:
                    raise Refused(node.lineno, _("in 的右边须是一组写明的代码，如 (A.X, A.Y)"))
                for element in right.elts:
                    self.value(element, reach)
            elif type(op) in _OPERATORS:
                self.value(right, reach)
            else:
                raise Refused(node.lineno, _("规则里不能用 is"))


def bounds_of(function: ast.FunctionDef, arguments: Mapping[str, Bounds], names: Mapping[str, Any]) -> Bounds:
    """Between which values the function's answer lies when its arguments lie within theirs.

    Raises Refused for a construct that a rule may not use, a path without an answer, or a value
    that could pass LIMIT.
    """
    walk = _Walk(names)
    if walk.block(statements(function), dict(arguments)):
        raise Refused(function.lineno, _("有的路径没有 return"))
    return _union(walk.results)


def may_fail(function: ast.FunctionDef, arguments: Mapping[str, Bounds], names: Mapping[str, Any]) -> bool:
    """Whether the function could divide by zero, even where an argument is not known and a zero stands for it."""
    walk = _Walk(names)
    try:
        walk.block(statements(function), {name: _union([span, (0, 0)]) for name, span in arguments.items()})
    except Refused:
        return True
    return walk.may_divide_by_zero


def code_number(node: ast.Attribute, names: Mapping[str, Any]) -> int:
    """The number of a code table's member written as ``Table.MEMBER``."""
    table = names.get(node.value.id) if isinstance(node.value, ast.Name) else None
    if isinstance(table, type) and issubclass(table, Code) and node.attr in table.__members__:
        return table[node.attr].value
    raise Refused(node.lineno, _("{name} 不是代码表里的一项").format(name=ast.unparse(node)))


def _union(bounds: list[Bounds]) -> Bounds:
    return min(low for low, _high in bounds), max(high for _low, high in bounds)


def _arithmetic(node: ast.expr, op: ast.operator, left: Bounds, right: Bounds) -> Bounds:
    match op:
        case ast.Add():
            return left[0] + right[0], left[1] + right[1]
        case ast.Sub():
            return left[0] - right[1], left[1] - right[0]
        case ast.Mult():
            corners = [one * other for one in left for other in right]
            return min(corners), max(corners)
        case ast.FloorDiv():
            # Division by zero is a failure of the one family, not of the pack; the bounds are
            # those of the divisors that can divide.
            divisors = [d for d in (right[0], right[1], -1, 1) if d and right[0] <= d <= right[1]]
            corners = [one // divisor for one in left for divisor in divisors] or [0]
            return min(corners), max(corners)
        case ast.Mod():
            return min(0, right[0] + 1), max(0, right[1] - 1)
    raise Refused(node.lineno, _("只能用 + - * // %；除法须写 //"))
