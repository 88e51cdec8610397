"""One family: the rules run as written, and every value is kept with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from policy_engine.errors import FactError, RuleFailure
from policy_engine.evaluate import SEEN, UNKNOWN, Answers, NoRow, meaning_of
from policy_engine.language import _
from policy_engine.nodes import Node
from policy_engine.plan import Plan, PlannedProgramme
from policy_engine.programmes import Programme
from policy_engine.three_valued import Answer
from policy_engine.values import Confidence, Outcome, Scope


@dataclass(frozen=True, slots=True)
class Family:
    """The facts of one household by engine name; a fact that is absent or None is not known.

    Money in fen, dates yyyymmdd, flags 0 and 1. ``names`` says how the members are called in
    explanations (by default by their number, from 1).
    """

    household: Mapping[str, int | None]
    members: Sequence[Mapping[str, int | None]]
    names: Sequence[str] = ()

    def name_of(self, member: int) -> str:
        """How a member is called."""
        return self.names[member] if member < len(self.names) else _("成员{n}").format(n=member + 1)


class Determination:
    """What a plan says of one family, with every value that it went through.

    ``answers`` holds, by position of the node, a pair of value and quality, or a list of such
    pairs, one a member.
    """

    __slots__ = ("__dict__", "answers", "family", "plan")

    def __init__(self, plan: Plan, family: Family, answers: Answers) -> None:
        self.plan = plan
        self.family = family
        self.answers = answers

    def answer(self, index: int, member: int | None = None) -> Answer:
        """Value and quality of a node; ``member`` is needed where the node is a member's."""
        found = self.answers[index]
        if isinstance(found, list):
            assert member is not None
            return found[member]
        return found

    def value(self, name: str, member: int | None = None) -> int | None:
        """The value behind a name, None when it is not known."""
        value, quality = self.answer(self.plan.index[name], member)
        return value if quality else None

    @cached_property
    def results(self) -> list[Result]:
        """One result a programme in force and household or member, in the pack's order."""
        found: list[Result] = []
        for planned in self.plan.programmes:
            members: Sequence[int | None] = (
                (None,) if planned.programme.of is Scope.HOUSEHOLD else range(len(self.family.members))
            )
            found.extend(Result(self, planned, member) for member in members)
        return found

    def result(self, programme: str, member: int | None = None) -> Result:
        """The result of one programme. Raises KeyError when it is not in force."""
        return Result(self, self.plan.programme(programme), member)


class Result:
    """What one programme says of the household (``member`` None) or of one member."""

    __slots__ = ("determination", "member", "outcome", "planned")

    def __init__(self, determination: Determination, planned: PlannedProgramme, member: int | None) -> None:
        self.determination = determination
        self.planned = planned
        self.member = member
        self.outcome = Outcome.of(*determination.answer(planned.outcome, member))
        """Eligible, not eligible, or not known."""

    @property
    def programme(self) -> Programme:
        """The programme that this is the result of."""
        return self.planned.programme

    @property
    def amount(self) -> int | None:
        """Fen a period: 0 when not eligible, None when not known or when the programme pays nothing itself."""
        return self._money(self.planned.amount)

    @property
    def at_least(self) -> int | None:
        """Fen that an eligible family is sure of although the amount is not known, else None."""
        if self.outcome is not Outcome.ELIGIBLE or self.amount is not None:
            return None
        return self._money(self.planned.at_least)

    @property
    def is_ceiling(self) -> bool:
        """Whether the amount is the most that may be granted, and not just what is to be granted."""
        if self.planned.ceiling_where is None:
            return self.programme.is_ceiling
        if self.outcome is not Outcome.ELIGIBLE:
            return False
        value, quality = self.determination.answer(self.planned.ceiling_where, self.member)
        return bool(quality and value)

    def _money(self, index: int | None) -> int | None:
        if index is None or self.outcome is Outcome.UNKNOWN:
            return None
        if self.outcome is Outcome.NOT_ELIGIBLE:
            return 0
        value, quality = self.determination.answer(index, self.member)
        return value if quality else None

    @property
    def confidence(self) -> Confidence | None:
        """The weakest figure used; None when the outcome is not known."""
        _value, quality = self.determination.answer(self.planned.outcome, self.member)
        if self.outcome is Outcome.ELIGIBLE and self.amount is not None and self.planned.amount is not None:
            quality = min(quality, self.determination.answer(self.planned.amount, self.member)[1])
        return Confidence.of(quality)


def assess(plan: Plan, family: Family) -> Determination:
    """Work out every value of a plan for one family.

    Raises FactError for a fact out of its range or of an unknown name, RuleFailure when a rule
    cannot be carried out.
    """
    _check_names(plan, family)
    answers: Answers = []
    try:
        for node, step in plan.steps:
            answers.append(_fact(node, family) if step is None else step(answers))
    except (ZeroDivisionError, NoRow) as error:
        raise _failure(plan, answers, error) from None
    return Determination(plan, family, answers)


def _failure(plan: Plan, answers: Answers, error: Exception) -> RuleFailure:
    """The failure of the node that comes next, with the first member for whom it fails."""
    node = plan.nodes[len(answers)]
    message = _("{label}：除数是零").format(label=node.label) if isinstance(error, ZeroDivisionError) else str(error)
    if node.of is not Scope.MEMBER:
        return RuleFailure(node.name, message)
    one = meaning_of(node)
    arguments = [answers[arg] for arg in node.args]
    size = max(len(part) for part in arguments if isinstance(part, list))
    for member in range(size):
        try:
            one([part[member] if isinstance(part, list) else part for part in arguments])
        except (ZeroDivisionError, NoRow):
            return RuleFailure(node.name, message, member=member)
    raise AssertionError(node.name)


def _fact(node: Node, family: Family) -> Answer | list[Answer]:
    name, low, high = node.name, node.low, node.high
    if node.of is Scope.HOUSEHOLD:
        value = family.household.get(name)
        if value is None:
            return UNKNOWN
        if low <= value <= high:
            return value, SEEN
        raise _out_of_range(node, None)
    answers: list[Answer] = []
    for facts in family.members:
        value = facts.get(name)
        if value is None:
            answers.append(UNKNOWN)
        elif low <= value <= high:
            answers.append((value, SEEN))
        else:
            raise _out_of_range(node, len(answers))
    return answers


def _out_of_range(node: Node, member: int | None) -> FactError:
    assert node.input is not None
    message = _("{label}超出范围；须为{allowed}").format(label=node.label, allowed=node.input.allowed())
    return FactError(node.name, message, member=member)


def _check_names(plan: Plan, family: Family) -> None:
    if not family.members:
        raise FactError("members", _("这一户没有成员"))
    if len(family.members) > plan.pack.most_members:
        raise FactError("members", _("成员超过 {most} 人").format(most=plan.pack.most_members))
    names = plan.pack.names_of
    if not family.household.keys() <= names[Scope.HOUSEHOLD]:
        name = min(family.household.keys() - names[Scope.HOUSEHOLD])
        raise FactError(name, _("没有叫这个名字的家庭事实"))
    for member, facts in enumerate(family.members):
        if not facts.keys() <= names[Scope.MEMBER]:
            name = min(facts.keys() - names[Scope.MEMBER])
            raise FactError(name, _("没有叫这个名字的成员事实"), member=member)
