"""A pack as it stands on one day: nodes in an order in which each can be worked out, ready to run."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import cast

from policy_engine.contents import Contents
from policy_engine.evaluate import Step, meaning_of, step_of
from policy_engine.nodes import Node, NodeKind
from policy_engine.parameters import Figure
from policy_engine.programmes import Programme
from policy_engine.three_valued import Answer
from policy_engine.values import Scope


@dataclass(frozen=True, slots=True)
class PlannedProgramme:
    """A programme in force, with the positions of its outcome, amount and known lower bound, and of the condition under
    which the amount is the most that may be granted.
    """

    programme: Programme
    outcome: int
    amount: int | None
    at_least: int | None
    ceiling_where: int | None
    conditions: tuple[int, ...]
    exclusions: tuple[int, ...]
    shows: tuple[int, ...]


@dataclass
class Plan:
    """The nodes of one day in working order. Made by ``Pack.plan``.

    ``constants`` gives value and quality of every node that is the same for all families;
    ``memo`` keeps what others have worked out of the plan and need not work out twice.
    """

    pack: Contents
    day: date
    nodes: list[Node]
    index: dict[str, int]
    programmes: list[PlannedProgramme]
    constants: dict[int, tuple[int, int]]
    overrides: dict[str, int] = field(default_factory=dict)
    memo: dict[str, object] = field(default_factory=dict, repr=False)

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
    # What is gathered is a member's, so its answers are a list with one a member.
    return lambda answers: one(cast(list[Answer], answers[index]))


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
                programme.excluded_by, programme.kind, programme.form, programme.is_ceiling,
                programme.ceiling_where,
            ),
        )
    )  # fmt: skip


ENGINE_HASH = _digest(
    "".join(
        (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8")
        for name in ("values", "three_valued", "evaluate", "syntax", "nodes", "plan", "resolve")
    )
)
"""Changes whenever the code that turns facts into answers does."""
