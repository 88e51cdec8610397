"""Why not, and what is missing: as data, and as the one sentence that stands beside a result.

The same functions serve one family and a million: they see values only through a ``View``, which
is one family's answers or, in a batch, the columns at one row.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from policy_engine import wording
from policy_engine.language import _
from policy_engine.nodes import Node, NodeKind
from policy_engine.plan import Plan, PlannedProgramme
from policy_engine.single import Determination, Result
from policy_engine.values import Outcome, Scope


@dataclass(frozen=True, slots=True)
class Margin:
    """By how much a comparison was missed: ``left`` and ``right`` as they stood on its two sides, in ``unit``.

    ``node`` is the position of the comparison in its plan. ``text`` says it; empty where a distance means nothing.
    """

    node: int
    left: int
    right: int
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A condition that is known not to hold, or another programme (``is_exclusion``) that rules this one out.

    ``name``, ``label`` and ``clause`` are the condition's; ``margin`` is None where no one comparison failed it.
    """

    name: str
    label: str
    clause: str
    margin: Margin | None = None
    is_exclusion: bool = False

    @property
    def phrase(self) -> str:
        """The failure in a phrase."""
        if self.is_exclusion:
            return _("已符合{title}").format(title=self.label)
        return failure_phrase(self.label, self.margin.text if self.margin else "")


class View(Protocol):
    """How to see the answers of one household or member."""

    def value(self, index: int) -> int:
        """The value of a node."""

    def known(self, index: int, *, of_any: bool) -> bool:
        """Whether a node is known; ``of_any``: whether it is known of every member."""


class _Seen:
    """One family's answers as a view."""

    def __init__(self, determination: Determination, member: int | None) -> None:
        self.answers = determination.answers
        self.member = member

    def value(self, index: int) -> int:
        found = self.answers[index]
        return found[self.member or 0][0] if isinstance(found, list) else found[0]

    def known(self, index: int, *, of_any: bool) -> bool:
        found = self.answers[index]
        if not isinstance(found, list):
            return bool(found[1])
        if of_any or self.member is None:
            return all(quality for _value, quality in found)
        return bool(found[self.member][1])


def reason_of(result: Result) -> str:
    """Failed conditions with their margins, or what is missing; empty when plainly eligible."""
    view = _Seen(result.determination, result.member)
    plan, planned = result.determination.plan, result.planned
    match result.outcome:
        case Outcome.NOT_ELIGIBLE:
            return refusal(plan, planned, view)
        case Outcome.UNKNOWN:
            return missing_sentence(missing(plan, [planned.outcome], view))
    if planned.amount is None or result.amount is not None:
        return ""
    return amount_sentence(missing(plan, [planned.amount], view), result.at_least)


def failures_of(result: Result) -> tuple[Failure, ...]:
    """Every condition that the household or member is known to fail, as data; none but where it is not eligible."""
    if result.outcome is not Outcome.NOT_ELIGIBLE:
        return ()
    view = _Seen(result.determination, result.member)
    return tuple(failures(result.determination.plan, result.planned, view))


def amount_sentence(labels: list[str], at_least: int | None) -> str:
    """What an eligible family reads when the amount is not known."""
    sentence = _("金额还算不出，缺：{labels}").format(labels="、".join(labels))
    if not at_least:
        return sentence
    return _("{sentence}；至少 {amount}").format(sentence=sentence, amount=wording.money(at_least))


def missing_sentence(labels: list[str]) -> str:
    """What a family reads when the outcome is not known."""
    return _("缺：{labels}").format(labels="、".join(labels))


def refusal(plan: Plan, planned: PlannedProgramme, view: View) -> str:
    """Every condition that is known to fail, each with the number it was missed by."""
    return "；".join(each.phrase for each in failures(plan, planned, view))


def failures(plan: Plan, planned: PlannedProgramme, view: View) -> Iterator[Failure]:
    """Every condition that is known to fail, then the programmes that rule this one out."""
    for index in planned.conditions:
        if view.known(index, of_any=False) and not view.value(index):
            yield failure(plan.nodes[index], plan, view, planned.shows)
    for index in barring(planned, view):
        programme = plan.nodes[index].programme
        assert programme is not None
        yield Failure(programme.name, programme.title, str(programme.source), is_exclusion=True)


def barring(planned: PlannedProgramme, view: View) -> Iterator[int]:
    """The outcomes of other programmes that rule this one out."""
    for index in planned.exclusions:
        if view.known(index, of_any=False) and view.value(index):
            yield index


def exclusion(node: Node) -> str:
    """The phrase for a programme that is ruled out by another."""
    assert node.programme is not None
    return Failure(node.programme.name, node.programme.title, str(node.programme.source), is_exclusion=True).phrase


def failure(node: Node, plan: Plan, view: View, shows: tuple[int, ...] = ()) -> Failure:
    """A condition that is not met.

    Where bounds of a figure were missed just like the figure itself, the comparison of what the programme ``shows``.
    """
    leaf = first_failed_comparison(node, plan, view)
    margin = None if leaf is None else _margin(leaf, plan, view)
    if margin is not None and shows:
        for other in _comparisons(node, plan):
            if set(shows) & set(other.args) and view.known(other.index, of_any=False) and not view.value(other.index):
                shown = _margin(other, plan, view)
                if (shown.left, shown.right, shown.unit) == (margin.left, margin.right, margin.unit):
                    margin = shown
    clause = node.rule.tag.clause if node.rule is not None else str(node.programme.source) if node.programme else ""
    return Failure(node.name, node.label, clause, margin)


def failure_phrase(label: str, margin: str) -> str:
    """Label and margin joined."""
    if margin:
        return _("{label}：不符合，{margin}").format(label=label, margin=margin)
    return _("{label}：不符合").format(label=label)


def _margin(node: Node, plan: Plan, view: View) -> Margin:
    return margin_of(node, [view.value(arg) for arg in node.args], plan)


def margin_of(node: Node, arguments: list[int], plan: Plan) -> Margin:
    """By how much a comparison was missed."""
    left, right = node.comparison.sides(*arguments)
    unit = margin_unit(node, plan)
    return Margin(node.index, left, right, unit, shortfall(node, left - right, unit))


def comparisons(plan: Plan, planned: PlannedProgramme) -> Iterator[Node]:
    """The comparisons that a programme's conditions come down to, in the order in which they are written."""
    for index in planned.conditions:
        yield from _comparisons(plan.nodes[index], plan)


def _comparisons(node: Node, plan: Plan) -> Iterator[Node]:
    if node.kind is NodeKind.COMPARISON:
        yield node
    elif node.kind is NodeKind.COMBINATION:
        for child in children_in_order(node, plan):
            yield from _comparisons(child, plan)


def sides_of(node: Node, plan: Plan) -> tuple[Node | None, Node | None]:
    """The nodes that a comparison holds against each other; None for a side that is no node by itself."""
    assert node.rule is not None
    at = dict(zip((argument.name for argument in node.rule.arguments), node.args, strict=True))
    left, right = (None if name is None else plan.nodes[at[name]] for name in node.comparison.side_names)
    return left, right


def shortfall(node: Node, margin: int, unit: str) -> str:
    """The words for a margin; none for "there must be some", where nothing is short of anything."""
    right = node.comparison.right
    if margin == 0 and isinstance(right, ast.Constant):
        return ""
    return wording.shortfall(margin, node.comparison.operator, unit)


def margin_unit(node: Node, plan: Plan) -> str:
    """The unit of a comparison's sides: that of the first name in it."""
    assert node.rule is not None
    names = [argument.name for argument in node.rule.arguments]
    if node.comparison.unit_name is None:
        return ""
    return plan.nodes[node.args[names.index(node.comparison.unit_name)]].unit


def first_failed_comparison(node: Node, plan: Plan, view: View) -> Node | None:
    """The first comparison, in reading order, that made a condition fail."""
    if node.kind is NodeKind.COMPARISON:
        return node
    if node.kind is not NodeKind.COMBINATION:
        return None
    for child in children_in_order(node, plan):
        if child.of is Scope.MEMBER and node.of is not Scope.MEMBER:
            continue
        if view.known(child.index, of_any=False) and not view.value(child.index):
            return first_failed_comparison(child, plan, view)
    return None


def children_in_order(node: Node, plan: Plan) -> Iterator[Node]:
    """The conditions of a combination that stand unnegated, in the order they are written."""
    assert node.rule is not None
    assert node.rule.combination is not None
    positions = {argument.name: index for argument, index in zip(node.rule.arguments, node.args, strict=True)}

    def walk(expression: ast.expr) -> Iterator[Node]:
        match expression:
            case ast.Name(id=name):
                yield plan.nodes[positions[name]]
            case ast.BoolOp(values=values):
                for value in values:
                    yield from walk(value)

    yield from walk(node.rule.combination)


def missing(plan: Plan, starts: list[int], view: View) -> list[str]:
    """The root facts and figures for want of which the given nodes are not known, in reading order."""
    found: dict[str, None] = {}
    seen: set[tuple[int, bool]] = set()

    def descend(index: int, of_any: bool) -> None:
        if (index, of_any) in seen or view.known(index, of_any=of_any):
            return
        seen.add((index, of_any))
        node = plan.nodes[index]
        if (node.kind is NodeKind.TABLE and view.known(node.args[0], of_any=of_any)) or node.kind is NodeKind.FIGURE:
            found[figure_missing(node)] = None
        elif node.kind is NodeKind.INPUT:
            found[node.label] = None
        else:
            for arg in node.args:
                descend(arg, of_any or node.kind is NodeKind.GATHER)

    for start in starts:
        descend(start, False)
    return list(found)


def figure_missing(node: Node) -> str:
    """The phrase for a figure that no text gives."""
    return _("{title}（没有见到文件）").format(title=node.label)
