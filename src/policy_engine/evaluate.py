"""Works out one node from the answers of the nodes it rests on. The meaning of every kind of node stands here."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING

from policy_engine.three_valued import Answer, combine, settle
from policy_engine.values import Gather, Quality

if TYPE_CHECKING:
    from policy_engine.plan import Node

UNKNOWN: Answer = (0, 0)


class NoRow(LookupError):
    """A table has no row for a key and says nothing of what holds otherwise."""


def work_out(node: Node, answers: Sequence[Answer]) -> Answer:
    """Value and quality of a node that is not a fact, from those of its arguments.

    Raises NoRow or ZeroDivisionError where a rule fails; that is never an outcome.
    """
    match node.kind:
        case "worked_out" | "comparison":
            assert node.rule is not None
            quality = min((quality for _value, quality in answers), default=Quality.SEEN)
            if not quality:
                return UNKNOWN
            return int(node.rule.function(*(value for value, _quality in answers))), int(quality)
        case "combination":
            assert node.rule is not None and node.rule.combination is not None
            named = zip((argument.name for argument in node.rule.arguments), answers, strict=True)
            return combine(node.rule.combination, dict(named))
        case "outcome":
            split = len(answers) - node.exclusions
            barred = [(1 - value if quality else 0, quality) for value, quality in answers[split:]]
            return settle([*answers[:split], *barred], 0)
        case "table":
            return _look_up(node, answers[0])
        case "figure":
            assert node.figure is not None
            value = node.figure.value
            return UNKNOWN if value is None else (value, int(node.figure.quality))
        case "date":
            return node.low, int(Quality.SEEN)
        case _:
            return 0, int(Quality.SEEN)


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


def gather(node: Node, answers: Sequence[Answer]) -> Answer:
    """One value of the household from those of its members."""
    match node.gather:
        case Gather.ANY:
            return settle(answers, 1)
        case Gather.ALL:
            return settle(answers, 0)
    quality = min((quality for _value, quality in answers), default=int(Quality.SEEN))
    if not quality:
        return UNKNOWN
    values = [value for value, _quality in answers]
    if node.gather is Gather.MIN:
        return min(values), quality
    if node.gather is Gather.MAX:
        return max(values), quality
    return sum(values), quality
