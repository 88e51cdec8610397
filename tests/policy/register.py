"""Invented families in the register, written straight into its tables so that every oddity can be tried."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path

from django.db.backends.postgresql.psycopg_any import DateRange

import policy_packs
from policy_engine import Pack, load_pack
from tests.places import divisions
from tests.rooms import LOADS
from yihu.access.actor import service
from yihu.access.enums import PrincipalKind
from yihu.access.posts import actor_at
from yihu.households.enums import FactSource, Sex
from yihu.households.models import Fact, Household, Member, Person
from yihu.organisations.models import StaffMember
from yihu.policy.facts import Held
from yihu.policy.labels import parse_fact

DISTRICT, STREET, COMMUNITY, NEIGHBOUR = "11/0102/", "11/0102/007/", "11/0102/007/001/", "11/0102/007/002/"
LONG_AGO = date(2000, 1, 1)
CLERK = actor_at(9_001, "甄经办", "street_examiner", (STREET,))
EVERYWHERE = service("tests", DISTRICT, may=LOADS)
_numbers = count(1)


@dataclass
class Someone:
    """A member as a test names one; facts as they would be typed."""

    name: str
    relation: int = 2
    born: date = date(1980, 5, 31)
    facts: Mapping[str, str] = field(default_factory=dict)
    since: date = LONG_AGO
    until: date | None = None


def make_divisions() -> None:
    """A district with one street and two communities, and its clerk."""
    StaffMember.objects.create(pk=CLERK.principal, kind=PrincipalKind.STAFF, name=CLERK.name)
    divisions({DISTRICT: "测试102", STREET: "测试007", COMMUNITY: "测试001", NEIGHBOUR: "测试002"})


def make_family(
    *members: Someone, division: str = COMMUNITY, known_on: date = LONG_AGO, **facts: str
) -> tuple[Household, list[Person]]:
    """A household with its members and declared facts."""
    household = Household.objects.create(
        number=f"XC-007-{next(_numbers):06d}", division_id=division, address="虚构胡同 1 号", opened_on=LONG_AGO
    )
    people = []
    for member in members:
        person = Person.objects.create(
            household=household, name=member.name, pinyin="jia", initials="j", sex=Sex.FEMALE, birth_date=member.born
        )
        Member.objects.create(
            household=household,
            person=person,
            relation=member.relation,
            period=DateRange(member.since, member.until),
        )
        for name, text in member.facts.items():
            state(name, text, person=person, known_on=known_on)
        people.append(person)
    for name, text in facts.items():
        state(name, text, household=household, known_on=known_on)
    return household, people


def state(
    name: str,
    text: str,
    *,
    household: Household | None = None,
    person: Person | None = None,
    source: FactSource = FactSource.DECLARED,
    known_on: date = LONG_AGO,
    since: date | None = LONG_AGO,
    until: date | None = None,
) -> Fact:
    """One fact as it would be typed, stored as it is read."""
    return Fact.objects.create(
        household=household,
        person=person,
        name=name,
        value=parse_fact(name, text),
        period=DateRange(since, until),
        source=source,
        department="银行" if source is FactSource.RECEIVED else "",
        known_on=known_on,
        recorded_by_id=EVERYWHERE.principal,
    )


NOTHING_ELSE = {
    "hukou": "110102",
    "counted_member": "是",
    "disabilities": "无",
    "wage": "0",
    "business_income": "0",
    "property_income": "0",
    "pension": "0",
    "transfer_income": "0",
    "serious_illness": "否",
    "medical_self_paid": "0",
    "school_stage": "0",
    "tuition": "0",
}
MODEST_HOME = {
    "monetary_assets": "0",
    "homes": "1",
    "non_residential": "0",
    "cars": "0",
    "has_heating": "是",
    "emergency_need": "0",
    "emergency_confirmed": "否",
    "current_awards": "无",
}


def held(*programmes: str, person: Person | None = None) -> dict[str, list[Held]]:
    """What a family, or one of its members, has of some programmes without an end."""
    whose = person.pk if person else None
    return {programme: [Held(programme, whose, DISTRICT, None)] for programme in programmes}


def three_adults(names: Sequence[str] = ("贾一", "甄二", "郝三"), **facts: str) -> tuple[Household, list[Person]]:
    """Three adults who live on the head's 1,894.00 a month; in August 2020 they were owed 1,616.00."""
    wages = ("1894", "0", "0")
    members = [
        Someone(name, relation, facts={**NOTHING_ELSE, "wage": wage})
        for name, relation, wage in zip(names, (2, 12, 20), wages, strict=True)
    ]
    return make_family(*members, **{**MODEST_HOME, **facts})


def changed_pack(folder: Path, file: str, old: str, new: str) -> Pack:
    """A copy of the district's pack, with what it stands on, in which one text is another."""
    for name in policy_packs.names():
        shutil.copytree(policy_packs.ROOT / name, folder / name)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return load_pack("xicheng", folder)
