"""Invented families: who they are, where they live, what they say and what departments know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from demo import facts, people
from demo.facts import Difference, Facts, Obstacle
from demo.people import IdentityNumbers, Person
from demo.shapes import Kind, Means, Seat, Wanted, seats

_LANES = ("示例胡同", "样本胡同", "拟名胡同", "虚构里", "假设巷", "演示条", "某某胡同", "试写胡同", "仿佛里", "乌有巷")
_BUILDINGS = ("示例里", "样本小区", "虚构家园", "某某楼")


@dataclass(frozen=True, slots=True)
class Community:
    """A real community by its path, and the path of its street."""

    path: str
    name: str
    street: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a family and what the family says of them, by input name."""

    person: Person
    relation: str
    declared: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    """A family as it stands on the day when it first comes to the house (``known_since``); the head comes first."""

    index: int
    kind: Kind
    means: Means
    known_since: date
    community: Community
    address: str
    declared: Mapping[str, str]
    members: tuple[Member, ...]
    differences: tuple[Difference, ...] = ()

    def standing(self) -> tuple[Facts, list[Facts]]:
        """The facts that hold once every difference is settled: of the household, and of each member."""
        household, members = dict(self.declared), [dict(member.declared) for member in self.members]
        for difference in self.differences:
            if difference.stands:
                of = household if difference.member is None else members[difference.member]
                of[difference.name] = difference.received
        return household, members


def invent(
    random: Random,
    index: int,
    wanted: Wanted,
    *,
    community: Community,
    numbers: IdentityNumbers,
    obstacle: Obstacle | None = None,
    differs: bool = False,
) -> Family:
    """A family of a kind: with an obstacle it cannot be granted, with ``differs`` a record differs harmlessly."""
    places = seats(random, wanted)
    household = facts.household(random, wanted.means, len(places))
    persons = facts.members(random, wanted.means, places, wanted.on)
    differences: list[Difference] = []
    if obstacle and (found := facts.hindering(random, obstacle, household, persons)):
        differences.append(found)
    elif differs:
        differences.append(facts.harmless(random, household, persons))
    names = _surnames(random, places)
    return Family(
        index,
        wanted.kind,
        wanted.means,
        wanted.on,
        community,
        address(random),
        household,
        tuple(
            Member(person(random, index, place, seat, names[place], numbers, wanted.on), seat.relation, persons[place])
            for place, seat in enumerate(places)
        ),
        tuple(differences),
    )


def person(
    random: Random, index: int, place: int, seat: Seat, surname: str, numbers: IdentityNumbers, on: date
) -> Person:
    """Somebody for a seat; children have neither telephone nor account."""
    grown = people.age(seat.born, on) >= 16
    return Person(
        surname + people.given_name(random, seat.sex),
        seat.sex,
        seat.born,
        numbers.issue(seat.born, seat.sex),
        people.telephone(index) if grown else None,
        people.account(index, place) if grown else None,
    )


def address(random: Random) -> str:
    """A house that stands nowhere: a lane of the old city or a flat, with plainly invented names."""
    if random.random() < 0.6:
        first = random.choice(("", "", "甲", "乙"))
        return f"{random.choice(_LANES)}{first}{random.randint(1, 98)}号院{random.randint(1, 14)}号"
    house, entrance = random.randint(1, 18), random.randint(1, 5)
    return f"{random.choice(_BUILDINGS)}{house}号楼{entrance}单元{random.randint(1, 6)}0{random.randint(1, 4)}"


def _surnames(random: Random, places: Sequence[Seat]) -> list[str]:
    """Children and fathers bear the head's surname, who married in another."""
    head = random.choice(people.SURNAMES)
    return [random.choice(people.SURNAMES) if seat.relation in ("配偶", "母亲", "儿媳") else head for seat in places]
