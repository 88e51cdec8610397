"""One family: the rules run as written, and every value is kept with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from gettext import gettext as _
from typing import TYPE_CHECKING

from policy_engine.errors import FactError, RuleFailure
from policy_engine.evaluate import gather, work_out
from policy_engine.three_valued import Answer
from policy_engine.values import Confidence, Gather, Outcome, Quality, Scope

if TYPE_CHECKING:
    from policy_engine.plan import Node, Plan, PlannedProgramme
    from policy_engine.programmes import Programme

_SEEN = int(Quality.SEEN)


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

    def __init__(self, plan: Plan, family: Family, answers: list[Answer | list[Answer]]) -> None:
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
        found = []
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

    __slots__ = ("determination", "member", "planned")

    def __init__(self, determination: Determination, planned: PlannedProgramme, member: int | None) -> None:
        self.determination = determination
        self.planned = planned
        self.member = member

    @property
    def programme(self) -> Programme:
        """The programme that this is the result of."""
        return self.planned.programme

    @property
    def outcome(self) -> Outcome:
        """Eligible, not eligible, or not known."""
        return Outcome.of(*self.determination.answer(self.planned.outcome, self.member))

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
    size = len(family.members)
    answers: list[Answer | list[Answer]] = []
    for node in plan.nodes:
        if node.of is Scope.PLAN:
            answers.append(plan.constants[node.index])
        elif node.input is not None:
            answers.append(_fact(node, family))
        elif node.gather is not None:
            members = answers[node.args[0]]
            assert isinstance(members, list)
            answers.append(gather(node, members))
        elif node.of is Scope.HOUSEHOLD:
            answers.append(_carry_out(node, [answers[arg] for arg in node.args], None))  # type: ignore[misc]
        else:
            arguments = [answers[arg] for arg in node.args]
            answers.append(
                [
                    _carry_out(
                        node,
                        [part[member] if isinstance(part, list) else part for part in arguments],
                        member,
                    )
                    for member in range(size)
                ]
            )
    return Determination(plan, family, answers)


def _carry_out(node: Node, arguments: list[Answer], member: int | None) -> Answer:
    try:
        return work_out(node, arguments)
    except ZeroDivisionError:
        raise RuleFailure(node.name, _("{label}：除数是零").format(label=node.label), member=member) from None
    except LookupError as error:
        raise RuleFailure(node.name, str(error), member=member) from None


def _fact(node: Node, family: Family) -> Answer | list[Answer]:
    if node.of is Scope.HOUSEHOLD:
        return _checked(node, family.household.get(node.name), None)
    return [_checked(node, facts.get(node.name), member) for member, facts in enumerate(family.members)]


def _checked(node: Node, value: int | None, member: int | None) -> Answer:
    if value is None:
        return 0, 0
    if not node.low <= value <= node.high:
        assert node.input is not None
        raise FactError(
            node.name,
            _("{label}超出范围；须为{allowed}").format(label=node.label, allowed=node.input.allowed()),
            member=member,
        )
    return value, _SEEN


def _check_names(plan: Plan, family: Family) -> None:
    if not family.members:
        raise FactError("members", _("这一户没有成员"))
    if len(family.members) > plan.pack.most_members:
        raise FactError("members", _("成员超过 {most} 人").format(most=plan.pack.most_members))
    known = plan.pack.engine_inputs
    for name in family.household:
        if name not in known or known[name].of is not Scope.HOUSEHOLD:
            raise FactError(name, _("没有叫这个名字的家庭事实"))
    for member, facts in enumerate(family.members):
        for name in facts:
            if name not in known or known[name].of is not Scope.MEMBER:
                raise FactError(name, _("没有叫这个名字的成员事实"), member=member)


__all__ = ["Determination", "Family", "Gather", "Result", "assess"]
