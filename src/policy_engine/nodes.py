"""A node: one value of a plan, with the nodes that it is worked out from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from policy_engine.inputs import InputSpec
from policy_engine.parameters import Figure, Parameter
from policy_engine.programmes import Programme
from policy_engine.rules import Rule
from policy_engine.syntax import Comparison
from policy_engine.values import Code, Gather, Scope


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
    arguments are outcomes that must not hold. ``may_fail``: a rule that could divide by zero.
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
    may_fail: bool = False

    @property
    def comparison(self) -> Comparison:
        """The two sides of a comparison. Only for nodes of that kind."""
        assert self.rule is not None
        assert self.rule.comparison is not None
        return self.rule.comparison
