"""Writes each step of a plan as the source of a compiled loop over columns.

A kernel is a small Python module made from the syntax tree of a rule. It stands alone: nothing it
calls lies outside its text, so that a hash of the text says whether a compiled kernel is the right
one (Numba's own cache does not notice a changed callee). Its ``entry`` takes the number of rows and
a table of addresses, one for each of ``Source.slots``, and gives -1, or a row that failed.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import IntEnum

from policy_engine.nodes import Node, NodeKind
from policy_engine.plan import Plan, PlannedProgramme
from policy_engine.population import dtype_for
from policy_engine.rules import Rule
from policy_engine.syntax import code_number, statements
from policy_engine.values import Gather, Scope


class Part(IntEnum):
    """Which column of a node a slot points at.

    A fact has no QUALITY of the usual kind but a byte that says whether it is known. LOW and HIGH
    bound a fact. What is EACH_MEMBERS is a household's, written out for each of its members. What
    follows is of an outcome and filled for the results of its programme.
    """

    VALUES = 0
    QUALITY = 1
    LOW = 2
    HIGH = 3
    EACH_MEMBERS_VALUES = 4
    EACH_MEMBERS_QUALITY = 5
    OUTCOME = 6
    AMOUNT = 7
    AMOUNT_KNOWN = 8
    CONFIDENCE = 9


Slot = tuple[int, Part]
"""What an address of the table leads to: a part of the node at a position, OWNER or MEMBERS."""

OWNER: Slot = (-1, Part.VALUES)
"""The household of each member, counted from the first of the block."""

MEMBERS: Slot = (-2, Part.VALUES)
"""The number of members of the block."""


@dataclass(frozen=True, slots=True)
class Source:
    """A kernel's text, what its addresses must lead to, and whether its rows are members."""

    text: str
    slots: tuple[Slot, ...]
    of_member: bool


RESULT_COLUMNS = {Part.OUTCOME: "uint8", Part.AMOUNT: "int64", Part.AMOUNT_KNOWN: "bool", Part.CONFIDENCE: "uint8"}
"""The columns in which a programme's results are written, with their types."""


def spread_of(node: Node) -> Source:
    """The kernel that writes a household's node out for each member, for the kernels of members to read."""
    dtype = dtype_for(node.low, node.high)
    text = f"""
from numba import carray, cfunc, int8, int16, int32, int64, njit, types, uint8


@njit
def kernel(n, owner, a, q, each_a, each_q):
    for i in range(n):
        each_a[i] = a[owner[i]]
        each_q[i] = q[owner[i]]
    return -1


@cfunc(types.int64(types.int64, types.CPointer(types.voidptr)), cache=True)
def entry(n, p):
    owner = carray(p[0], n, int32)
    a = carray(p[1], n, {dtype})
    q = carray(p[2], n, uint8)
    each_a = carray(p[3], n, {dtype})
    each_q = carray(p[4], n, uint8)
    return kernel(n, owner, a, q, each_a, each_q)
"""
    parts = (Part.VALUES, Part.QUALITY, Part.EACH_MEMBERS_VALUES, Part.EACH_MEMBERS_QUALITY)
    return Source(text, (OWNER, *((node.index, part) for part in parts)), of_member=True)


def bounds_of(fact: Node) -> Source:
    """The kernel that fails where a known value of a fact is out of its bounds."""
    dtype = dtype_for(fact.low, fact.high)
    # In the column's own width many rows are looked at together; the bounds fit it.
    text = f"""
from numba import carray, cfunc, int8, int16, int32, int64, njit, types, uint8


@njit
def kernel(n, a, q, low, high):
    outside = False
    for i in range(n):
        outside |= ((a[i] < low) | (a[i] > high)) & (q[i] != 0)
    return 0 if outside else -1


@cfunc(types.int64(types.int64, types.CPointer(types.voidptr)), cache=True)
def entry(n, p):
    a = carray(p[0], n, {dtype})
    q = carray(p[1], n, uint8)
    low = {dtype}(carray(p[2], 1, int64)[0])
    high = {dtype}(carray(p[3], 1, int64)[0])
    return kernel(n, a, q, low, high)
"""
    slots = tuple((fact.index, part) for part in (Part.VALUES, Part.QUALITY, Part.LOW, Part.HIGH))
    return Source(text, slots, fact.of is Scope.MEMBER)


def source_of(plan: Plan, node: Node) -> Source:
    """The kernel that works out a node for every household or member."""
    writer = _Writer(plan, node.of)
    if node.kind is NodeKind.GATHER:
        return _gather(writer, node)
    for arg in node.args:
        writer.read(arg)
    writer.fill(node)
    match node.kind:
        case NodeKind.TABLE:
            return writer.source(_table(node), may_fail=False)
        case NodeKind.COMBINATION | NodeKind.OUTCOME:
            return writer.source(_answers(node), may_fail=False)
    assert node.rule is not None
    return writer.source(_rule(node), helpers=_rule_function(node.rule), may_fail=node.may_fail)


def results_of(plan: Plan, planned: PlannedProgramme) -> Source:
    """The kernel that turns a programme's outcome and amount into the columns of its results."""
    writer = _Writer(plan, planned.programme.of)
    writer.read(planned.outcome)
    lines = ["known = k0 > 0", "met = known and x0 == 1"]
    if planned.amount is None:
        lines += ["sure = False", "money = int64(0)", "grade = k0"]
    else:
        writer.read(planned.amount)
        lines += ["sure = known and (not met or k1 > 0)", "money = x1 if met and k1 > 0 else int64(0)"]
        lines += ["grade = k1 if met and k1 > 0 and k1 < k0 else k0"]
    for part, kind in RESULT_COLUMNS.items():
        held = "uint8" if kind == "bool" else kind
        writer.slot((planned.outcome, part), part.name.lower(), f"carray(p[{{}}], n, {held})")
    lines += [
        "outcome[i] = 2 if met else (1 if known else 0)",
        "amount[i] = money",
        "amount_known[i] = 1 if sure else 0",
        "confidence[i] = grade",
    ]
    return writer.source(lines, may_fail=False)


class _Writer:
    """Puts a kernel together: what it takes, how row ``i`` of each is read, and what is done with it."""

    def __init__(self, plan: Plan, of: Scope) -> None:
        self.plan = plan
        self.of = of
        self.slots: list[Slot] = []
        self.names: list[str] = []
        self.takes: list[str] = []
        self.reads: list[str] = []

    def slot(self, slot: Slot, name: str, take: str) -> None:
        """Take one more address; ``take`` says how, with the address's number in braces."""
        self.takes.append(f"{name} = {take.format(len(self.slots))}")
        self.slots.append(slot)
        self.names.append(name)

    def read(self, index: int) -> None:
        """Read a node as ``x`` and ``k``, value and quality, numbered in the order of reading."""
        argument = self.plan.nodes[index]
        place = len(self.reads) // 2
        a, q = f"a{place}", f"q{place}"
        if argument.of is Scope.PLAN:
            self.slot((index, Part.VALUES), a, "carray(p[{}], 1, int64)[0]")
            self.slot((index, Part.QUALITY), q, "uint8(carray(p[{}], 1, int64)[0])")
            self.reads += [f"x{place} = {a}", f"k{place} = {q}"]
            return
        values, quality = Part.VALUES, Part.QUALITY
        if is_spread(argument, self.of):
            values, quality = Part.EACH_MEMBERS_VALUES, Part.EACH_MEMBERS_QUALITY
        self.slot((index, values), a, f"carray(p[{{}}], n, {dtype_for(argument.low, argument.high)})")
        self.slot((index, quality), q, "carray(p[{}], n, uint8)")
        self.reads += [f"x{place} = int64({a}[i])", f"k{place} = {_quality(argument, f'{q}[i]')}"]

    def fill(self, node: Node) -> None:
        """Take the columns that the node's values and qualities are written to."""
        self.slot((node.index, Part.VALUES), "out", f"carray(p[{{}}], n, {dtype_for(node.low, node.high)})")
        self.slot((node.index, Part.QUALITY), "quality", "carray(p[{}], n, uint8)")

    def source(self, row: list[str], *, may_fail: bool, helpers: str = "") -> Source:
        """The kernel that does ``row`` for every row."""
        body = ["for i in range(n):", *("    " + line for line in (*self.reads, *row)), "return -1"]
        return self.whole(body, may_fail=may_fail, helpers=helpers)

    def whole(self, body: list[str], *, may_fail: bool, helpers: str = "") -> Source:
        """The kernel whose function has this body."""
        call = f"kernel({', '.join(['n', *self.names])})"
        # A compiled callback cannot raise: a division by zero comes back as a failed row.
        leave = ["try:", f"    return {call}", "except Exception:", "    return 0"] if may_fail else [f"return {call}"]
        text = (
            "from numba import carray, cfunc, int8, int16, int32, int64, njit, types, uint8\n\n\n"
            f"{helpers}"
            f"@njit\ndef kernel({', '.join(['n', *self.names])}):\n{_indented(body)}\n\n\n"
            "@cfunc(types.int64(types.int64, types.CPointer(types.voidptr)), cache=True)\n"
            f"def entry(n, p):\n{_indented([*self.takes, *leave])}\n"
        )
        return Source(text, tuple(self.slots), self.of is Scope.MEMBER)


def is_spread(argument: Node, reader: Scope) -> bool:
    """Whether a reader of that scope reads a node written out for each member.

    A loop that looks each member's household up could not work on several rows at once.
    """
    return argument.of is Scope.HOUSEHOLD and reader is Scope.MEMBER


def _quality(node: Node, byte: str) -> str:
    """The quality of a node, of which a column holds ``byte``."""
    return f"uint8(3 if {byte} else 0)" if node.kind is NodeKind.INPUT else byte


def _indented(lines: list[str]) -> str:
    return "\n".join("    " + line for line in lines)


def _rule(node: Node) -> list[str]:
    weakest = ["weakest = uint8(3)"]
    for place in range(len(node.args)):
        weakest.append(f"weakest = k{place} if k{place} < weakest else weakest")
    call = f"rule({', '.join(f'x{place}' for place in range(len(node.args)))})"
    if node.may_fail:
        # Only where all arguments are known may the rule be carried out: it could fail.
        answer = ["if weakest > 0:", f"    out[i] = {call}", "else:", "    out[i] = 0"]
    else:
        # What cannot fail is done for every row: a loop without a branch runs several rows at once.
        answer = [f"value = {call}", "out[i] = value if weakest > 0 else 0"]
    return [*weakest, *answer, "quality[i] = weakest"]


class _Plain(ast.NodeTransformer):
    """Puts numbers in the place of the names of code tables, and drops types."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return ast.copy_location(ast.Constant(code_number(node, self.rule.names)), node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        assert node.value is not None
        return ast.copy_location(ast.Assign([node.target], self.visit(node.value)), node)


def _rule_function(rule: Rule) -> str:
    # The tree belongs to the rule; what is rewritten for the kernel is a copy.
    body = [_Plain(rule).visit(ast.parse(ast.unparse(statement)).body[0]) for statement in statements(rule.body)]
    arguments = [ast.arg(argument.name) for argument in rule.arguments]
    bare = ast.FunctionDef(
        name="rule",
        args=ast.arguments([], arguments, None, [], [], None, []),
        body=body,
        decorator_list=[],
    )
    return f"@njit\n{ast.unparse(ast.fix_missing_locations(bare))}\n\n\n"


def _answers(node: Node) -> list[str]:
    lines: list[str] = []
    if node.kind is NodeKind.OUTCOME:
        split = len(node.args) - node.exclusions
        parts = [
            (f"x{place}", f"k{place}") if place < split else _negated(f"x{place}", f"k{place}", lines)
            for place in range(len(node.args))
        ]
        value, quality = _settled(parts, 0, lines)
    else:
        assert node.rule is not None
        assert node.rule.combination is not None
        names = {argument.name: place for place, argument in enumerate(node.rule.arguments)}
        value, quality = _answer(node.rule.combination, names, lines)
    return [*lines, f"out[i] = {value}", f"quality[i] = {quality}"]


def _answer(expression: ast.expr, names: dict[str, int], lines: list[str]) -> tuple[str, str]:
    match expression:
        case ast.Name(id=name):
            return f"x{names[name]}", f"k{names[name]}"
        case ast.BoolOp(op=op, values=values):
            parts = [_answer(value, names, lines) for value in values]
            return _settled(parts, int(isinstance(op, ast.Or)), lines)
        case ast.UnaryOp(operand=operand):
            return _negated(*_answer(operand, names, lines), lines)
    raise TypeError(ast.dump(expression))


def _negated(value: str, quality: str, lines: list[str]) -> tuple[str, str]:
    name = f"v{len(lines)}"
    lines.append(f"{name} = 1 - {value} if {quality} > 0 else int64(0)")
    return name, quality


def _settled(parts: list[tuple[str, str]], deciding: int, lines: list[str]) -> tuple[str, str]:
    """Lines for "and" (deciding 0) or "or" (1): see ``three_valued.settle``, which this repeats for columns."""
    tag = len(lines)
    lines += [f"settled{tag} = uint8(0)", f"weakest{tag} = uint8(3)"]
    for value, quality in parts:
        lines += [
            f"settled{tag} = {quality} if {value} == {deciding} and {quality} > settled{tag} else settled{tag}",
            f"weakest{tag} = {quality} if {quality} < weakest{tag} else weakest{tag}",
        ]
    lines += [
        f"v{tag} = {deciding} if settled{tag} > 0 else ({1 - deciding} if weakest{tag} > 0 else 0)",
        f"w{tag} = settled{tag} if settled{tag} > 0 else weakest{tag}",
    ]
    return f"v{tag}", f"w{tag}"


def _table(node: Node) -> list[str]:
    assert node.figure is not None
    figure = node.figure
    # ``found`` is the row's quality plus one, so that a missing row differs from no row at all.
    lines = ["found = uint8(0)", "value = int64(0)"]
    for key, row in figure.rows.items():
        test = f"x0 >= {key}" if figure.is_bracket else f"x0 == {key}"
        quality = 0 if row.value is None else int(figure.quality)
        lines += [f"if {test}:", f"    value, found = int64({row.value or 0}), uint8({quality + 1})"]
    if figure.otherwise is not None:
        quality = 0 if figure.otherwise.value is None else int(figure.quality)
        lines += ["if found == 0:", f"    value, found = int64({figure.otherwise.value or 0}), uint8({quality + 1})"]
    else:
        lines += ["if found == 0 and k0 > 0:", "    return i"]
    return [
        *lines,
        "grade = uint8(found - 1) if found > 0 else uint8(0)",
        "grade = k0 if k0 < grade else grade",
        "out[i] = value if grade > 0 else 0",
        "quality[i] = grade",
    ]


def _gather(writer: _Writer, node: Node) -> Source:
    """Members run past once, each adding to its household's tally; a second loop reads the tallies.

    An inner loop over each household's few members would mispredict its end nearly every time. The
    tally is a set of bits in the quality column: bit ``k`` where a value of quality ``k`` occurred,
    and for yes and no bit ``4 + k``, so that one "or" a member keeps everything that counts.
    """
    assert node.gather is not None
    member = writer.plan.nodes[node.args[0]]
    writer.slot(MEMBERS, "m", "carray(p[{}], 1, int64)[0]")
    writer.slot(OWNER, "owner", "carray(p[{}], m, int32)")
    writer.slot((member.index, Part.VALUES), "a", f"carray(p[{{}}], m, {dtype_for(member.low, member.high)})")
    writer.slot((member.index, Part.QUALITY), "q", "carray(p[{}], m, uint8)")
    writer.fill(node)
    tally, carry, decode = _TALLIES[node.gather]
    body = [
        "seen = int32(0)",
        "last = int32(-1)",
        "value = int64(0)",
        "for j in range(m):",
        "    o = owner[j]",
        "    same = o == last",
        "    last = o",
        "    x = int64(a[j])",
        f"    k = int32({_quality(member, 'q[j]')})",
        f"    seen = (seen if same else int32(0)) | {tally}",
        *("    " + line for line in carry),
        "    quality[o] = seen",
        "for i in range(n):",
        "    c = int32(quality[i])",
        "    weakest = 0 if c & 1 else (1 if c & 2 else (2 if c & 4 else 3))",
        *("    " + line for line in decode),
        "return -1",
    ]
    return writer.whole(body, may_fail=False)


_Tally = tuple[str, list[str], list[str]]
_KNOWN_ONLY = ["out[i] = out[i] if weakest else 0", "quality[i] = weakest"]


def _running(value: str) -> _Tally:
    return "(int32(1) << k)", [f"value = {value}", "out[o] = value"], _KNOWN_ONLY


def _settling(decides: str, deciding: int) -> _Tally:
    return (
        f"(int32(1) << k) | (int32({decides}) << (k + 4))",
        [],
        [
            "s = c >> 4 & 14",
            "settled = 3 if s & 8 else (2 if s & 4 else 1)",
            f"out[i] = {deciding} if s else ({1 - deciding} if weakest else 0)",
            "quality[i] = settled if s else weakest",
        ],
    )


_TALLIES: dict[Gather, _Tally] = {
    Gather.SUM: _running("(value if same else int64(0)) + x"),
    Gather.COUNT: _running("(value if same else int64(0)) + x"),
    Gather.MIN: _running("value if same and value < x else x"),
    Gather.MAX: _running("value if same and value > x else x"),
    # An unknown fact may have anything in its cell.
    Gather.ANY: _settling("x & 1", 1),
    Gather.ALL: _settling("(1 - x) & 1", 0),
}
