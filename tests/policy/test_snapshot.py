"""Everyone as columns has the inputs that each family has by itself."""

import ast
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

import yihu.policy
from bench.families import odd_values
from policy_engine import Family, Scope, assess
from policy_engine.batch import assess_many
from tests.policy.register import (
    COMMUNITY,
    EVERYWHERE,
    LONG_AGO,
    NEIGHBOUR,
    STREET,
    Someone,
    held,
    make_family,
    three_adults,
)
from yihu.access.actor import service
from yihu.access.scope import acting
from yihu.households.enums import FactSource, Sex
from yihu.households.models import Fact, Household, Member, Person
from yihu.policy.facts import family_of, recorded_inputs
from yihu.policy.packs import home_pack
from yihu.policy.snapshot import Snapshot, living_in, snapshot

DAY = date(2020, 8, 1)
PACK = home_pack()
FAMILIES = 60
pytestmark = pytest.mark.usefixtures("register")


def some_day(dice: random.Random) -> date:
    """Mostly about the day, so that periods begin and end on it."""
    return DAY + timedelta(days=dice.choice([-400, -30, -1, 0, 0, 1, 30, 400]))


def some_period(dice: random.Random) -> DateRange:
    begins, ends = sorted((some_day(dice), some_day(dice)))
    if dice.random() < 0.6:
        return DateRange(dice.choice([None, LONG_AGO, begins]), None)
    return DateRange(begins, ends + timedelta(days=1))


def some_of(values: dict[str, int], dice: random.Random) -> dict[str, int | None]:
    """What might be stored of a fact: all of it, nothing, or part of it."""
    chance, found = dice.random(), {**values}
    if chance < 0.15:
        return {}
    if chance < 0.3:
        found.pop(dice.choice(list(found)))
    elif chance < 0.35:
        return found | {dice.choice(list(found)): None}
    return found


def some_facts(dice: random.Random, subjects: Sequence[Household | Person]) -> list[Fact]:
    """Up to four versions of half of the facts, also such as belong to other subjects, or that no pack knows."""
    facts, values = [], np.random.default_rng(dice.getrandbits(32))
    for spec in recorded_inputs(PACK).values():
        told = [
            subject
            for subject in subjects
            if dice.random() < (0.5 if isinstance(subject, Household) is (spec.of is Scope.HOUSEHOLD) else 0.1)
            for _version in range(dice.randint(1, 4))
        ]
        columns = {name: odd_values(values, spec, len(told)).tolist() for name in spec.names}
        for row, subject in enumerate(told):
            source = dice.choice(list(FactSource))
            facts.append(
                Fact(
                    household=subject if isinstance(subject, Household) else None,
                    person=subject if isinstance(subject, Person) else None,
                    name=spec.name if dice.random() < 0.95 else "shoe_size",
                    value=some_of({name: column[row] for name, column in columns.items()}, dice),
                    period=some_period(dice),
                    source=source,
                    department="税务" if source is FactSource.RECEIVED else "",
                    known_on=some_day(dice),
                    recorded_by_id=EVERYWHERE.principal,
                )
            )
    return facts


def some_members(dice: random.Random, households: Sequence[Household]) -> list[Member]:
    """One to five of each, who came, left and moved into the next family; not yet on file."""
    members: list[Member] = []
    leaving: list[Person] = []
    for household in households:
        members += [
            Member(household=household, person=one, relation=70, period=DateRange(DAY, None)) for one in leaving
        ]
        leaving = []
        for place in range(dice.randint(1, 5)):
            born = date(dice.randint(1930, 2018), 1 + dice.randrange(12), 1 + dice.randrange(28))
            person = Person(
                household=household, name="贾某", pinyin="jia", initials="j", sex=Sex.FEMALE, birth_date=born
            )
            relation = 2 if place == 0 else dice.choice([12, 20, 51])
            since, until = dice.choice([LONG_AGO, LONG_AGO, DAY, DAY + timedelta(days=1)]), None
            if since < DAY and dice.random() < 0.2:
                until = dice.choice([DAY - timedelta(days=1), DAY, DAY + timedelta(days=1)])
            if until and until <= DAY:
                leaving.append(person)
            members.append(
                Member(household=household, person=person, relation=relation, period=DateRange(since, until))
            )
    return members


def make_register(dice: random.Random) -> list[Household]:
    """Families with members who came, left and moved between them, and facts of every kind."""
    households = Household.objects.bulk_create(
        Household(
            number=f"XC-007-{at + 1:06d}",
            division_id=dice.choice([COMMUNITY, NEIGHBOUR]),
            address="虚构胡同 1 号",
            opened_on=LONG_AGO,
        )
        for at in range(FAMILIES)
    )
    members = some_members(dice, households)
    people = Person.objects.bulk_create({id(member.person): member.person for member in members}.values())
    Member.objects.bulk_create(members)
    facts = some_facts(dice, [*households, *people])
    dice.shuffle(facts)
    Fact.objects.bulk_create(facts)
    return households


def stated(family: Family) -> tuple[dict[str, int], list[dict[str, int]]]:
    """What is known of a family; a fact that is absent and one that is None are one thing to the engine."""

    def known(facts: Mapping[str, int | None]) -> dict[str, int]:
        return {name: value for name, value in facts.items() if value is not None}

    return known(family.household), [known(member) for member in family.members]


def families(seen: Snapshot) -> dict[int, tuple[list[int], Family]]:
    """Each household's people and facts."""
    offsets = seen.population.offsets.tolist()
    return {
        household: (seen.people[offsets[row] : offsets[row + 1]].tolist(), seen.population.family(row))
        for row, household in enumerate(seen.households.tolist())
    }


@pytest.mark.parametrize("seed", range(6))
def test_everyone_has_the_inputs_that_the_family_has_by_itself(seed: int) -> None:
    dice = random.Random(seed)
    households = make_register(dice)
    programmes = [*home_pack().programmes, "extreme_hardship_support"]
    has = {each.pk: held(*dice.sample(programmes, 2)) for each in households if dice.random() < 0.4}
    known_on = some_day(dice)

    seen = families(snapshot([each.pk for each in households], pack=PACK, on=DAY, known_on=known_on, held=has))

    empty = 0
    for household in households:
        alone = family_of(household, on=DAY, known_on=known_on, held=has.get(household.pk, {}))
        if not alone.people:
            empty += 1
            assert household.pk not in seen
            continue
        people, family = seen[household.pk]
        assert tuple(people) == alone.people
        assert stated(family) == stated(alone.family)
    assert len(seen) == FAMILIES - empty


def test_the_batch_pays_what_the_family_is_told() -> None:
    household, _people = three_adults()
    poorer, _people = three_adults(monetary_assets="0", homes="?")

    seen = snapshot([poorer.pk, household.pk], pack=PACK, on=DAY, known_on=DAY, held={})
    batch = assess_many(home_pack().plan(DAY), seen.population)

    for row, each in enumerate(seen.households.tolist()):
        alone = family_of(Household.objects.get(pk=each), on=DAY, known_on=DAY, held={}).family
        expected = assess(home_pack().plan(DAY), alone).result("subsistence_allowance")
        (columns,) = [each for each in batch.programmes if each.programme.name == "subsistence_allowance"]
        assert (columns.amount[row] if columns.amount_known[row] else None) == expected.amount


def test_nobody_is_nobody() -> None:
    seen = snapshot([], pack=PACK, on=DAY, known_on=DAY, held={})

    assert len(seen.population) == 0
    assert seen.population.member_count == 0


def test_those_who_live_in_an_area() -> None:
    here, _people = make_family(Someone("贾一"))
    there, _people = make_family(Someone("甄二"), division=NEIGHBOUR)
    make_family(Someone("郝三", until=date(2019, 1, 1)))

    assert living_in([STREET], on=DAY) == [here.pk, there.pk]
    assert living_in([NEIGHBOUR], on=DAY) == [there.pk]
    assert living_in([], on=DAY) == []


def test_what_lies_outside_the_areas_is_not_there() -> None:
    here, _people = three_adults()
    there, (stranger, *_others) = make_family(Someone("甄二", facts={"wage": "900"}), division=NEIGHBOUR, cars="1")
    arguments = [[there.pk], [stranger.pk], DAY, DAY, ["cars", "wage"], [False, True], ["cars", "wage"]]
    call = "SELECT number FROM policy_facts_as_columns(%s, %s, %s, %s, %s, %s, %s) ORDER BY number"
    ids = [here.pk, there.pk]

    with acting(service("tests", COMMUNITY)), connection.cursor() as cursor:
        assert snapshot(ids, pack=PACK, on=DAY, known_on=DAY, held={}).households.tolist() == [here.pk]
        assert living_in([STREET], on=DAY) == [here.pk]
        cursor.execute(call, arguments)
        assert cursor.fetchall() == []
    with acting(service("tests")):
        assert len(snapshot(ids, pack=PACK, on=DAY, known_on=DAY, held={}).population) == 0
    with connection.cursor() as cursor:
        cursor.execute(call, arguments)
        assert cursor.fetchall() == [(1,), (2,)]


def test_one_family_never_waits_for_numpy() -> None:
    for path in Path(yihu.policy.__path__[0]).rglob("*.py"):
        if path.name in ("snapshot.py", "everyone.py"):
            continue
        modules = {
            name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for name in ([node.module] if isinstance(node, ast.ImportFrom) else [])
        }
        assert not modules & {"policy_engine.population", "policy_engine.batch", "yihu.policy.snapshot"}, path.name
