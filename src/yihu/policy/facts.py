"""From the register to the engine: what is known of a family on a day, as the rules read it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeAlias

from django.utils.translation import gettext as _

from policy_engine import (
    Determination,
    FactError,
    Family,
    InputSpec,
    Outcome,
    Pack,
    PlanError,
    RuleFailure,
    Scope,
    assess,
    day_number,
)
from yihu.common.refusals import Refused
from yihu.households import queries
from yihu.households.enums import HEAD
from yihu.households.models import Fact, Household
from yihu.policy.answers import RELATION, Subject
from yihu.policy.packs import district_pack

BIRTH_DATE = "birth_date"
# What the register itself holds; nobody enters it as a fact.
FROM_REGISTER = frozenset((BIRTH_DATE, RELATION))


@dataclass(frozen=True, slots=True)
class Held:
    """What a family, or one of its members, holds on a day: help that runs, or a status.

    ``granted_in`` is the division of the office that granted it or took it over, ``granted_by`` who did, by name;
    ``since`` its first day by what holds now, ``until`` the first day on which it ends, None while no end is known.
    """

    programme: str
    person: int | None
    granted_in: str
    until: date | None
    since: date | None = None
    granted_by: str = ""


# What a family has on a day, its members too, by programme.
Holdings: TypeAlias = Mapping[str, Collection[Held]]


@dataclass(frozen=True, slots=True)
class KnownFamily:
    """A family as the engine reads it, with who its members are, in order.

    ``sources`` holds the stored fact behind a value, by the subject (a member's position, None for the household) and
    the input's name; a fact that is not there was stated by nobody, or comes from the register itself. ``pack`` is what
    the family's division follows on that day.
    """

    household: Household
    pack: Pack
    family: Family
    people: tuple[int, ...]
    sources: Mapping[tuple[Subject, str], Fact]

    def position(self, person: int) -> int | None:
        """Where a person stands among the members, None for whoever is none."""
        return self.people.index(person) if person in self.people else None


def recorded_inputs(pack: Pack) -> dict[str, InputSpec]:
    """The inputs that are stored as facts, in the pack's order."""
    return {name: spec for name, spec in pack.inputs.items() if name not in FROM_REGISTER}


def family_of(
    household: Household, *, on: date, known_on: date, held: Holdings, facts: Iterable[Fact] | None = None
) -> KnownFamily:
    """The family of ``on``, head first, with what was known by the end of ``known_on``; ``held``: what it has.

    A fact that nobody stated is what ``unstated`` says; one that was stated to be unknown is unknown. ``facts`` are
    those that count, where they are at hand.
    """
    pack = district_pack(household.division_id, on)
    members = queries.members_on(household, on)
    people = tuple(member.person_id for member in members)
    place = {person: position for position, person in enumerate(people)}
    sources: dict[tuple[Subject, str], Fact] = {}
    for fact in queries.facts_on([household.pk], on=on, known_on=known_on) if facts is None else facts:
        if fact.person_id is None:
            sources[None, fact.name] = fact
        elif fact.person_id in place:
            sources[place[fact.person_id], fact.name] = fact
    known = dict[Subject, dict[str, int | None]]()
    for subject in (None, *range(len(people))):
        scope = Scope.HOUSEHOLD if subject is None else Scope.MEMBER
        known[subject] = {}
        for name, spec in recorded_inputs(pack).items():
            if spec.of is scope:
                known[subject] |= _values(unstated(pack, spec), spec, sources.get((subject, name)))
    known[None] |= awards_held(pack, held)
    for position, member in enumerate(members):
        known[position] |= awards_held(pack, held, member.person_id)
        known[position] |= {BIRTH_DATE: day_number(member.person.birth_date), RELATION: member.relation}
    names = _told_apart([member.person.name for member in members])
    family = Family(known[None], [known[place] for place in range(len(people))], names)
    return KnownFamily(household, pack, family, people, sources)


@cache
def is_refused_by_birth(programme: str, born: date, *, division: str, on: date) -> bool:
    """Whether a programme of members says no to whoever was born on a day, whatever else may be true of him."""
    pack = district_pack(division, on)
    member = {BIRTH_DATE: day_number(born), RELATION: HEAD}
    try:
        found = assess(pack.plan(on), Family({}, [member], [""])).result(programme, 0)
    except (FactError, PlanError, RuleFailure):
        return False
    return found.outcome is Outcome.NOT_ELIGIBLE


def unstated(pack: Pack, spec: InputSpec) -> Mapping[str, int]:
    """What is known of a fact that nobody stated: the pack's default; of awards, that none is there of those that would
    be granted here. Of the others the register knows nothing.
    """
    granted_here = pack.awards_read[spec.of].values()
    return {**(spec.default or {}), **{name: 0 for name in spec.names if name in granted_here}}


def awards_held(pack: Pack, held: Holdings, person: int | None = None) -> dict[str, int]:
    """What a family has here, or one of its members, as the rules read it: known, whatever was stated.

    A family has what any of its members has, and each of its members what the whole family has.
    """
    if person is None:
        return {name: 1 for programme, name in pack.awards_read[Scope.HOUSEHOLD].items() if held.get(programme)}
    return {
        name: 1
        for programme, name in pack.awards_read[Scope.MEMBER].items()
        if any(each.person in (None, person) for each in held.get(programme, ()))
    }


def _values(known: Mapping[str, int], spec: InputSpec, fact: Fact | None) -> Mapping[str, int]:
    if fact is None:
        return known
    return {name: fact.value[name] for name in spec.names if name in fact.value}


def _told_apart(names: list[str]) -> list[str]:
    """Two of one name in a family are numbered."""
    return [
        f"{name}{names[:position].count(name) + 1}" if names.count(name) > 1 else name
        for position, name in enumerate(names)
    ]


def assess_family(known: KnownFamily, *, on: date) -> Determination:
    """What the policies of a day say of a family. Raises Refused where they say nothing."""
    family = known.family
    if not family.members:
        raise Refused(_("这一户在 {day} 没有成员，无法认定。请先登记共同生活的成员。").format(day=on))
    try:
        return assess(district_pack(known.household.division_id, on).plan(on), family)
    except PlanError as error:
        raise Refused(_("{why}，无法认定。").format(why=error)) from error
    except FactError as error:
        message = _("{who}{what}。请登记更正后的事实。")
        raise Refused(message.format(who=_whose(family, error.member), what=error.message), field=error.name) from error
    except RuleFailure as error:
        message = _("这一户算不出来：{who}{what}。请核对有关事实；事实无误的，请告知维护政策包的人。")
        raise Refused(message.format(who=_whose(family, error.member), what=error.message)) from error


def _whose(family: Family, member: int | None) -> str:
    return "" if member is None else _("{name} 的").format(name=family.name_of(member))
