"""Whatever a rule answers lies between the bounds that were worked out for it when the pack loaded."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policy_engine.syntax import LIMIT, Refused, bounds_of

names = st.sampled_from(["a", "b", "c"])
leaves = st.one_of(names, st.integers(-1000, 1000).map(str))


def deeper(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(parts, st.sampled_from(["+", "-", "*", "//", "%"]), parts).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["min", "max"]), parts, parts).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(parts, parts, parts, parts).map(lambda t: f"({t[0]} if {t[1]} < {t[2]} else {t[3]})"),
        st.tuples(parts, parts).map(lambda t: f"({t[0]} or {t[1]})"),
        parts.map(lambda part: f"(-{part})"),
    )


expressions = st.recursive(leaves, deeper, max_leaves=8)
spans = st.tuples(st.integers(-(10**6), 10**6), st.integers(0, 10**6)).map(lambda t: (t[0], t[0] + t[1]))


def function_of(body: str) -> ast.FunctionDef:
    node = ast.parse(f"def f(a, b, c):\n{body}").body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


def run(node: ast.FunctionDef, **values: int) -> int:
    space: dict[str, Any] = {}
    exec(compile(ast.fix_missing_locations(ast.Module([node], [])), "<rule>", "exec"), space)
    return int(space["f"](**values))


@given(expressions, st.fixed_dictionaries({"a": spans, "b": spans, "c": spans}), st.data())
def test_answers_lie_within_their_bounds(
    expression: str, reach: dict[str, tuple[int, int]], data: st.DataObject
) -> None:
    node = function_of(f"    return {expression}")
    try:
        low, high = bounds_of(node, reach, {})
    except Refused:
        assume(False)
    values = {name: data.draw(st.integers(*span), label=name) for name, span in reach.items()}
    try:
        answer = run(node, **values)
    except ZeroDivisionError:
        return

    assert low <= answer <= high
    assert low >= -LIMIT
    assert high <= LIMIT


def test_branches_join() -> None:
    node = function_of("    if a > 0:\n        x = b\n    else:\n        x = 7\n    return x")

    assert bounds_of(node, {"a": (0, 1), "b": (-3, 2), "c": (0, 0)}, {}) == (-3, 7)


def test_a_name_that_not_every_path_gives_is_refused() -> None:
    node = function_of("    if a > 0:\n        x = b\n    return x")

    with pytest.raises(Refused, match="x 不是参数"):
        bounds_of(node, {"a": (0, 1), "b": (0, 1), "c": (0, 0)}, {})


def test_the_greatest_value_that_is_allowed() -> None:
    span = {"a": (0, LIMIT), "b": (0, 0), "c": (0, 0)}

    assert bounds_of(function_of("    return a"), span, {}) == (0, LIMIT)
    with pytest.raises(Refused, match=r"2\^62"):
        bounds_of(function_of("    return a + 1"), span, {})
