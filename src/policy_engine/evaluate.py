"""How each kind of node is worked out from the answers of those it rests on.

This is the meaning of the engine for one family; the compiled loops must agree with it to the fen
and in every known bit, and tests hold them to that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import cast

from policy_engine.language import _
from policy_engine.nodes import Node, NodeKind
from policy_engine.three_valued import Answer, combination, negate, settle
from policy_engine.values import Gather, Quality, Scope

UNKNOWN: Answer = (0, 0)
SEEN = int(Quality.SEEN)

Answers = list[Answer | list[Answer]]
"""By position of the node: an answer, or a list with one a member."""

Step = Callable[[Answers], Answer | list[Answer]]
"""Works out one node from the answers before it."""


class NoRow(LookupError):
    """A table has no row for a key and says nothing of what holds otherwise."""


def step_of(node: Node, nodes: Sequence[Node]) -> Step:
    """How to work out a node that is neither a fact nor a gathering of facts.

    The step raises NoRow or ZeroDivisionError where a rule fails; that is never an outcome.
    """
    one = meaning_of(node)
    args = node.args
    if node.of is not Scope.MEMBER:
        return lambda answers: one(cast(list[Answer], [answers[arg] for arg in args]))
    from_members = [nodes[arg].of is Scope.MEMBER for arg in args]

    def each(answers: Answers) -> list[Answer]:
        columns = [
            answers[arg] if is_member else repeat(answers[arg])
            for arg, is_member in zip(args, from_members, strict=True)
        ]
        return [one(row) for row in zip(*cast(list[list[Answer]], columns), strict=False)]

    return each


def meaning_of(node: Node) -> Callable[[Sequence[Answer]], Answer]:
    """The function from the answers of a node's arguments to its own."""
    match node.kind:
        case NodeKind.WORKED_OUT | NodeKind.COMPARISON:
            return _rule(node)
        case NodeKind.COMBINATION:
            return _combination(node)
        case NodeKind.OUTCOME:
            return _outcome(node)
        case NodeKind.TABLE:
            return lambda row: _look_up(node, row[0])
        case NodeKind.GATHER:
            return _gathering(node)
        case NodeKind.FIGURE:
            assert node.figure is not None
            value, quality = node.figure.value, int(node.figure.quality)
            figure = UNKNOWN if value is None else (value, quality)
            return lambda row: figure
    constant = (node.low, SEEN)
    return lambda row: constant


def _rule(node: Node) -> Callable[[Sequence[Answer]], Answer]:
    assert node.rule is not None
    function = node.rule.function

    def one(row: Sequence[Answer]) -> Answer:
        weakest = SEEN
        for _value, quality in row:
            if quality < weakest:
                weakest = quality
        if not weakest:
            return UNKNOWN
        return int(function(*[value for value, _quality in row])), weakest

    return one


def _combination(node: Node) -> Callable[[Sequence[Answer]], Answer]:
    assert node.rule is not None
    assert node.rule.combination is not None
    positions = {argument.name: position for position, argument in enumerate(node.rule.arguments)}
    return combination(node.rule.combination, positions)


def _outcome(node: Node) -> Callable[[Sequence[Answer]], Answer]:
    split = len(node.args) - node.exclusions
    if not node.exclusions:
        return lambda row: settle(row, 0)

    return lambda row: settle([*row[:split], *map(negate, row[split:])], 0)


def _gathering(node: Node) -> Callable[[Sequence[Answer]], Answer]:
    match node.gather:
        case Gather.ANY:
            return lambda row: settle(row, 1)
        case Gather.ALL:
            return lambda row: settle(row, 0)
        case Gather.MIN:
            return lambda row: _all_known(row, min)
        case Gather.MAX:
            return lambda row: _all_known(row, max)
    return lambda row: _all_known(row, sum)


def _all_known(row: Sequence[Answer], gather: Callable[[list[int]], int]) -> Answer:
    weakest = min(quality for _value, quality in row)
    return (gather([value for value, _quality in row]), weakest) if weakest else UNKNOWN


def _look_up(node: Node, key: Answer) -> Answer:
    assert node.figure is not None
    value, quality = key
    if not quality:
        return UNKNOWN
    row = node.figure.look_up(value)
    if row is None:
        raise NoRow(_("{title}里没有 {key} 这一行").format(title=node.label, key=value))
    if row.value is None:
        return UNKNOWN
    return row.value, min(quality, int(node.figure.quality))
