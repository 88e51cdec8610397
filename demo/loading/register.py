"""Families come into the register, many at a time: the tables check them as they check everybody."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db import connection

from demo.families import Family
from demo.people import Person as Invented
from demo.story import Part, Story
from yihu.common import identity_numbers, names, secrets
from yihu.common.secrets import Kind
from yihu.households.actions.families import give_numbers
from yihu.households.enums import FactSource, Sex
from yihu.households.models import Household, Member, Person
from yihu.payments.models import Account
from yihu.policy.labels import fact_default, fact_is_of_member, input_names, parse_fact, parse_relation

BANK = "示范银行西城支行"
# What is known of a family that is on file for an allowance by age alone: nobody ever asked for its income.
KNOWN_OF_ELDERS = frozenset({"hukou"})
# A hundred thousand facts would take the models half a minute.
FACTS_AT_ONCE = 50_000
COLUMNS = ("household", "person", "name", "value", "day")
RECORD = f"""
INSERT INTO households_fact (household_id, person_id, name, value, period, source, department, note, known_on,
    recorded_by_id)
SELECT household, person, name, value, daterange(day, NULL), '{FactSource.DECLARED}', '', '', day, %(by)s
FROM unnest(%(household)s::bigint[], %(person)s::bigint[], %(name)s::text[], %(value)s::jsonb[], %(day)s::date[])
    AS said(household, person, name, value, day)
"""
# Who stated everything, whatever the policies would take it for otherwise.
STATED_ALL = frozenset({Part.APPLICANT, Part.WAITING, Part.OTHERS})


@dataclass(frozen=True, slots=True)
class Filed:
    """A family of the stories with its rows; people stand in the order of the family's members."""

    story: Story
    household: Household
    people: list[Person]


def file(stories: Sequence[Story], *, start: date, recorded_by: int) -> list[Filed]:
    """Open a file for every family on the day when it first came, with what it said then and its account."""
    filed = [Filed(story, *_rows(story.family, _opened_on(story, start))) for story in stories]
    give_numbers(each.household for each in filed)
    Household.objects.bulk_create((each.household for each in filed), batch_size=2_000)
    Person.objects.bulk_create((person for each in filed for person in each.people), batch_size=2_000)
    Member.objects.bulk_create((row for each in filed for row in _members(each)), batch_size=2_000)
    _record(filed, recorded_by)
    Account.objects.bulk_create((row for each in filed for row in _accounts(each)), batch_size=2_000)
    return filed


def _opened_on(story: Story, start: date) -> date:
    """The day on which the family first came, be it to apply; those who were there before, when the books begin."""
    first = min((event.on for event in story.events), default=story.family.known_since)
    return max(min(first, story.family.known_since), start)


def _rows(family: Family, opened_on: date) -> tuple[Household, list[Person]]:
    telephone = next((member.person.telephone for member in family.members if member.person.telephone), None)
    household = Household(
        division_id=family.community.path,
        address=family.address,
        opened_on=opened_on,
        telephone=secrets.encrypt(Kind.TELEPHONE, telephone) if telephone else None,
        telephone_digest=secrets.digest(Kind.TELEPHONE, telephone) if telephone else None,
    )
    return household, [_person(member.person, household) for member in family.members]


def _person(invented: Invented, household: Household) -> Person:
    pinyin = names.pinyin_of(invented.name)
    return Person(
        household=household,
        name=invented.name,
        pinyin=pinyin.full,
        initials=pinyin.initials,
        sex=Sex.FEMALE if invented.sex.name == "FEMALE" else Sex.MALE,
        birth_date=invented.born,
        identity_number=secrets.encrypt(Kind.IDENTITY, invented.identity_number),
        identity_digest=secrets.digest(Kind.IDENTITY, invented.identity_number),
        identity_tail=identity_numbers.tail(invented.identity_number),
    )


def _members(each: Filed) -> Iterable[Member]:
    for person, member in zip(each.people, each.story.family.members, strict=True):
        since = max(each.household.opened_on, person.birth_date)
        yield Member(
            household=each.household,
            person=person,
            relation=parse_relation(member.relation),
            period=(since, None),
        )


def _record(filed: Sequence[Filed], recorded_by: int) -> None:
    """Everything that families said when they first came."""
    reading = _Reading()
    facts = (fact for each in filed for fact in _facts(each, reading))
    with connection.cursor() as cursor:
        while rows := list(islice(facts, FACTS_AT_ONCE)):
            cursor.execute(
                RECORD, {**dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True)), "by": recorded_by}
            )


def _facts(each: Filed, reading: "_Reading") -> Iterator[tuple[int | None, int | None, str, str, date]]:
    family, day = each.story.family, each.household.opened_on
    wanted = KNOWN_OF_ELDERS if each.story.part is Part.ELDERS else None
    said = [(None, family.declared), *zip(each.people, (member.declared for member in family.members), strict=True)]
    for person, facts in said:
        for name, value, written in reading.of(facts, wanted, of_member=person is not None):
            if each.story.part in STATED_ALL or value != fact_default(name):
                yield (None, person.pk, name, written, day) if person else (each.household.pk, None, name, written, day)


def _accounts(each: Filed) -> Iterable[Account]:
    for person, member in zip(each.people, each.story.family.members, strict=True):
        number = member.person.account
        if number:
            yield Account(
                household=each.household,
                holder=person,
                bank=BANK,
                number=secrets.encrypt(Kind.ACCOUNT, number),
                number_digest=secrets.digest(Kind.ACCOUNT, number),
                tail=number[-4:],
                period=(each.household.opened_on, None),
            )
            return


class _Reading:
    """Reads facts as the policies do; the same words are read once."""

    def __init__(self) -> None:
        self._names = {of_member: _names(of_member=of_member) for of_member in (True, False)}
        self._read: dict[tuple[str, str], tuple[dict[str, int], str]] = {}

    def of(
        self, facts: Mapping[str, str], wanted: Iterable[str] | None, *, of_member: bool
    ) -> Iterable[tuple[str, dict[str, int], str]]:
        """The facts that can be recorded, with their values, also as JSON."""
        for name in self._names[of_member]:
            if name in facts and (wanted is None or name in wanted):
                key = name, facts[name]
                if key not in self._read:
                    value = parse_fact(*key)
                    self._read[key] = value, json.dumps(value)
                yield name, *self._read[key]


def _names(*, of_member: bool) -> list[str]:
    return [name for name in input_names() if fact_is_of_member(name) is of_member]
