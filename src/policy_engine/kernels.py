"""Turns each rule of a plan into a compiled loop over columns, kept on disk under the hash of all it is made of.

A kernel is a small Python module, written here from the syntax tree of the rule and compiled by
Numba. It stands alone: nothing it calls lies outside its text, so a hash of the text (with Numba,
NumPy and Python versions) says whether a kernel on disk is the right one. Division by zero raises,
as it does for one family.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from policy_engine.nodes import Node, NodeKind
from policy_engine.plan import Plan
from policy_engine.population import dtype_for
from policy_engine.rules import Rule
from policy_engine.syntax import code_number, statements
from policy_engine.values import Gather, Scope

Kernel = Callable[..., int]

_VERSIONS = f"numba {version('numba')} numpy {version('numpy')} python {platform.python_version()}"


def folder() -> Path:
    """Where compiled kernels are kept: ``YIHU_KERNEL_CACHE``, else the user's cache folder.

    A folder that cannot be written falls back to one under the temporary folder, which belongs to
    the user alone.
    """
    named = os.environ.get("YIHU_KERNEL_CACHE")
    base = Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "yihu"
    for place in (base / "kernels", Path(tempfile.gettempdir()) / f"yihu-kernels-{os.getuid()}"):
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            continue
        if os.access(place, os.W_OK) and place.stat().st_uid == os.getuid():
            return place
    return Path(tempfile.mkdtemp(prefix="yihu-kernels-"))


def kernel_text(plan: Plan, node: Node) -> str:
    """The source of a node's kernel.

    Every kernel takes the number of rows, then what ``arguments`` lists, then the columns for
    values and quality to fill; it returns the first row that failed, or -1.
    """
    match node.kind:
        case NodeKind.TABLE:
            return _table_text(plan, node)
        case NodeKind.GATHER:
            return _gather_text(plan, node)
        case NodeKind.COMBINATION | NodeKind.OUTCOME:
            return _answer_text(plan, node)
    return _rule_text(plan, node)


def is_cached(text: str) -> bool:
    """Whether a kernel lies compiled on disk."""
    return (folder() / f"{_name(text)}.compiled").exists()


@cache
def load(text: str) -> Kernel:
    """The compiled kernel of a source: from memory, from disk, or compiled now."""
    place = folder()
    name = _name(text)
    path = place / f"{name}.py"
    if not path.exists():
        descriptor, written = tempfile.mkstemp(dir=place, suffix=".part")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(written).replace(path)
    spec = importlib.util.spec_from_file_location(f"_yihu_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Numba finds the module of a function by name when it reads a kernel back from disk.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    (place / f"{name}.compiled").touch()
    kernel: Kernel = module.kernel
    return kernel


def _name(text: str) -> str:
    return "k" + hashlib.sha256(f"{_VERSIONS}\n{text}".encode()).hexdigest()[:32]


def broadcasts(node: Node, argument: Node) -> bool:
    """Whether a member's kernel reads a household's value."""
    return node.of is Scope.MEMBER and argument.of is Scope.HOUSEHOLD


class _Signature:
    """The arguments of a kernel: how they are typed, and how row ``i`` of each is read."""

    def __init__(self, plan: Plan, node: Node) -> None:
        self.names = ["n"]
        self.types = ["int64"]
        self.reads: list[str] = []
        if any(broadcasts(node, plan.nodes[arg]) for arg in node.args):
            self._add("owner", "int32[::1]")
        for position, arg in enumerate(node.args):
            argument = plan.nodes[arg]
            if argument.of is Scope.PLAN:
                self._add(f"a{position}", "int64")
                self._add(f"q{position}", "uint8")
                self.reads += [f"x{position} = a{position}", f"k{position} = q{position}"]
                continue
            self._add(f"a{position}", f"{dtype_for(argument.low, argument.high)}[::1]")
            self._add(f"q{position}", "uint8[::1]")
            row = "owner[i]" if broadcasts(node, argument) else "i"
            self.reads += [
                f"x{position} = int64(a{position}[{row}])",
                f"k{position} = q{position}[{row}]",
            ]
        self._out(node)

    def _add(self, name: str, kind: str) -> None:
        self.names.append(name)
        self.types.append(kind)

    def _out(self, node: Node) -> None:
        self._add("out", f"{dtype_for(node.low, node.high)}[::1]")
        self._add("quality", "uint8[::1]")

    def text(self, body: list[str], helpers: str = "") -> str:
        head = "from numba import int64, njit, uint8\n\n"
        decorator = f'@njit("int64({", ".join(self.types)})", nogil=True, cache=True)\n'
        lines = "\n".join("    " + line for line in body)
        return f"{head}{helpers}{decorator}def kernel({', '.join(self.names)}):\n{lines}\n"


def _rule_text(plan: Plan, node: Node) -> str:
    assert node.rule is not None
    signature = _Signature(plan, node)
    count = len(node.args)
    weakest = ["weakest = uint8(3)"]
    for position in range(count):
        weakest.append(f"weakest = k{position} if k{position} < weakest else weakest")
    call = f"rule({', '.join(f'x{position}' for position in range(count))})"
    if _may_divide(node.rule):
        # Only a rule whose arguments are all known may be carried out: it could fail.
        answer = ["if weakest > 0:", f"    out[i] = {call}", "else:", "    out[i] = 0"]
    else:
        # Without a division nothing can fail, and a loop without a branch runs several rows at once.
        answer = [f"value = {call}", "out[i] = value if weakest > 0 else 0"]
    body = ["for i in range(n):"]
    body += ["    " + line for line in (*signature.reads, *weakest, *answer, "quality[i] = weakest")]
    body.append("return -1")
    return signature.text(body, _rule_function(node.rule))


def _may_divide(rule: Rule) -> bool:
    return any(
        isinstance(part, ast.BinOp) and isinstance(part.op, ast.FloorDiv | ast.Mod) for part in ast.walk(rule.body)
    )


class _Numbers(ast.NodeTransformer):
    """Puts the numbers of code tables in the place of their names."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return ast.copy_location(ast.Constant(code_number(node, self.rule.names)), node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        assert node.value is not None
        return ast.copy_location(ast.Assign([node.target], self.visit(node.value)), node)


def _rule_function(rule: Rule) -> str:
    arguments = [ast.arg(argument.name) for argument in rule.arguments]
    bare = ast.FunctionDef(
        name="rule",
        args=ast.arguments([], arguments, None, [], [], None, []),
        body=[_Numbers(rule).visit(_copy(statement)) for statement in statements(rule.body)],
        decorator_list=[],
    )
    return f"@njit\n{ast.unparse(ast.fix_missing_locations(bare))}\n\n\n"


def _copy(statement: ast.stmt) -> ast.stmt:
    # The tree belongs to the rule; what is rewritten for the kernel must be its own.
    return ast.parse(ast.unparse(statement)).body[0]


def _answer_text(plan: Plan, node: Node) -> str:
    signature = _Signature(plan, node)
    lines: list[str] = []
    if node.kind is NodeKind.OUTCOME:
        positions = range(len(node.args))
        split = len(node.args) - node.exclusions
        parts = [
            (f"x{position}", f"k{position}") if position < split else _negated(f"x{position}", f"k{position}", lines)
            for position in positions
        ]
        value, quality = _settled(parts, 0, lines)
    else:
        assert node.rule is not None
        assert node.rule.combination is not None
        names = {argument.name: position for position, argument in enumerate(node.rule.arguments)}
        value, quality = _answer(node.rule.combination, names, lines)
    body = ["for i in range(n):"]
    body += ["    " + line for line in (*signature.reads, *lines)]
    body += [f"    out[i] = {value}", f"    quality[i] = {quality}", "return -1"]
    return signature.text(body)


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
    lines.append(f"settled{tag} = uint8(0)")
    lines.append(f"weakest{tag} = uint8(3)")
    for value, quality in parts:
        lines.append(
            f"settled{tag} = {quality} if {value} == {deciding} and {quality} > settled{tag} else settled{tag}"
        )
        lines.append(f"weakest{tag} = {quality} if {quality} < weakest{tag} else weakest{tag}")
    other = 1 - deciding
    lines.append(f"v{tag} = {deciding} if settled{tag} > 0 else ({other} if weakest{tag} > 0 else 0)")
    lines.append(f"w{tag} = settled{tag} if settled{tag} > 0 else weakest{tag}")
    return f"v{tag}", f"w{tag}"


def _table_text(plan: Plan, node: Node) -> str:
    assert node.figure is not None
    figure = node.figure
    signature = _Signature(plan, node)
    lines = [*signature.reads, "found = uint8(0)", "value = int64(0)"]
    rows = [(key, row.value or 0, 0 if row.value is None else int(figure.quality)) for key, row in figure.rows.items()]
    for key, value, quality in rows:
        test = f"x0 >= {key}" if figure.is_bracket else f"x0 == {key}"
        lines += [f"if {test}:", f"    value, found = int64({value}), uint8({quality + 1})"]
    if figure.otherwise is not None:
        known = figure.otherwise.value is not None
        value, quality = figure.otherwise.value or 0, int(figure.quality) if known else 0
        lines += ["if found == 0:", f"    value, found = int64({value}), uint8({quality + 1})"]
    else:
        lines += ["if found == 0 and k0 > 0:", "    return i"]
    # ``found`` is the row's quality plus one, so that a missing row differs from no row at all.
    lines += [
        "grade = uint8(found - 1) if found > 0 else uint8(0)",
        "grade = k0 if k0 < grade else grade",
        "out[i] = value if grade > 0 else 0",
        "quality[i] = grade",
    ]
    body = ["for i in range(n):", *("    " + line for line in lines), "return -1"]
    return signature.text(body)


def _gather_text(plan: Plan, node: Node) -> str:
    member = plan.nodes[node.args[0]]
    stored = dtype_for(member.low, member.high)
    types = [
        "int64", "int64[::1]", f"{stored}[::1]", "uint8[::1]",
        f"{dtype_for(node.low, node.high)}[::1]", "uint8[::1]",
    ]  # fmt: skip
    assert node.gather is not None
    start, each, end = _GATHERED[node.gather]
    body = ["for i in range(n):", "    weakest = uint8(3)"]
    body += ["    " + line for line in start]
    body += ["    for j in range(offsets[i], offsets[i + 1]):", "        x = int64(a[j])", "        k = q[j]"]
    body += ["        " + line for line in ("weakest = k if k < weakest else weakest", *each)]
    body += ["    " + line for line in end]
    body.append("return -1")
    lines = "\n".join("    " + line for line in body)
    return (
        "from numba import int64, njit, uint8\n\n"
        f'@njit("int64({", ".join(types)})", nogil=True, cache=True)\n'
        f"def kernel(n, offsets, a, q, out, quality):\n{lines}\n"
    )


_KNOWN_ONLY = ["out[i] = value if weakest > 0 else 0", "quality[i] = weakest"]


def _settling(deciding: int) -> tuple[list[str], list[str], list[str]]:
    return (
        ["settled = uint8(0)"],
        [f"settled = k if x == {deciding} and k > settled else settled"],
        [
            f"out[i] = {deciding} if settled > 0 else ({1 - deciding} if weakest > 0 else 0)",
            "quality[i] = settled if settled > 0 else weakest",
        ],
    )


_GATHERED: dict[Gather, tuple[list[str], list[str], list[str]]] = {
    Gather.SUM: (["value = int64(0)"], ["value += x"], _KNOWN_ONLY),
    Gather.COUNT: (["value = int64(0)"], ["value += x"], _KNOWN_ONLY),
    Gather.MIN: (["value = int64(a[offsets[i]])"], ["value = x if x < value else value"], _KNOWN_ONLY),
    Gather.MAX: (["value = int64(a[offsets[i]])"], ["value = x if x > value else value"], _KNOWN_ONLY),
    Gather.ANY: _settling(1),
    Gather.ALL: _settling(0),
}
