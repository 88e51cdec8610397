"""What somebody could get if something else that he can get were granted first: doors shut for want of a status alone.

A rule asks for what was granted, never for what would be. So a family that qualifies for a status and has not asked for
it fails whatever asks for that status. Here each programme that rules of others read, and that came out eligible
without being held, is taken to be held, and the rules are run once more. Nothing is granted or paid on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from policy_engine import wording
from policy_engine.errors import RuleFailure
from policy_engine.language import _
from policy_engine.programmes import Programme
from policy_engine.reasons import reason_of
from policy_engine.single import Determination, Family, Result, assess
from policy_engine.values import Outcome, Scope


@dataclass(frozen=True, slots=True)
class Opening:
    """What a programme comes to once ``granted`` is: eligible, or not known for want of what nobody had to ask yet."""

    granted: Programme
    result: Result

    @property
    def sentence(self) -> str:
        """What the family reads."""
        result = self.result
        return sentence_of(self.granted, result.programme, result.outcome, result.amount, reason_of(result))


# By programme and member, None for the household.
Openings: TypeAlias = Mapping[tuple[str, int | None], Opening]


def openings(determination: Determination) -> Openings:
    """What fails only because another programme, which the family can get, was not granted to it yet."""
    found: dict[tuple[str, int | None], Opening] = {}
    for granted, then in assumed(determination):
        for result in then.results:
            key = result.programme.name, result.member
            now = determination.result(*key).outcome
            if _opens(now, result.outcome) and (key not in found or _is_better(result, found[key].result)):
                found[key] = Opening(granted, result)
    return found


def assumed(determination: Determination) -> Iterator[tuple[Programme, Determination]]:
    """The programmes that the family can get and has not, as far as others read them, each with what holds then."""
    family, read = determination.family, determination.plan.pack.awards_read
    for planned in determination.plan.programmes:
        programme = planned.programme
        can = {
            result.member
            for result in determination.results
            if result.programme is programme and result.outcome is Outcome.ELIGIBLE
        }
        household, members = dict(family.household), [dict(member) for member in family.members]
        ours, own = (read[scope].get(programme.name) for scope in (Scope.HOUSEHOLD, Scope.MEMBER))
        if can and ours:
            household[ours] = 1
        for position, member in enumerate(members):
            if own and can & {None, position}:
                member[own] = 1
        if household == family.household and members == list(family.members):
            continue
        try:
            yield programme, assess(determination.plan, Family(household, members, family.names))
        except RuleFailure:
            # What is only assumed hides nothing of what was found.
            continue


def _opens(now: Outcome, then: Outcome) -> bool:
    if then is Outcome.ELIGIBLE:
        return now is not Outcome.ELIGIBLE
    return (now, then) == (Outcome.NOT_ELIGIBLE, Outcome.UNKNOWN)


def _is_better(result: Result, found: Result) -> bool:
    return result.outcome is Outcome.ELIGIBLE and found.outcome is not Outcome.ELIGIBLE


def sentence_of(granted: Programme, programme: Programme, outcome: Outcome, amount: int | None, reason: str) -> str:
    """What ``programme`` comes to once ``granted`` is, in a sentence; ``reason`` is what is missing."""
    if outcome is not Outcome.ELIGIBLE:
        return _("认定{short}以后也许可以享受，{reason}").format(short=granted.short, reason=reason)
    if not amount:
        said = _("认定{short}以后可以享受").format(short=granted.short)
        return f"{said}，{reason}" if reason else said
    return _("认定{short}以后可以享受，{most}{often} {amount}").format(
        short=granted.short,
        most=_("最多") if programme.is_ceiling else "",
        often=programme.often,
        amount=wording.money(amount),
    )
