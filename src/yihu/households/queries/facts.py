"""What is known of families, as of any day."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from yihu.households.enums import FactSource
from yihu.households.models import Fact, Household, Person
from yihu.households.queries.people import stays_of

# By person (None: the family) and name, then by source.
Said: TypeAlias = dict[tuple[int | None, str], dict[str, Fact]]

# The facts of families and of those who live in them on the day; two halves, so that each finds its own index.
_OF_FAMILIES = """
    SELECT f.* FROM households_fact f WHERE f.household_id {are_they}
    UNION ALL
    SELECT f.* FROM households_member m JOIN households_fact f ON f.person_id = m.person_id
    WHERE m.household_id {are_they} AND m.period @> %(on)s::date
"""
_NEWEST = """
    SELECT DISTINCT ON ({subject}) f.* FROM ({of_families}) f
    WHERE f.period @> %(on)s::date AND f.known_on <= %(known_on)s
    ORDER BY {subject}, array_position(%(ranks)s::text[], f.source::text) DESC, f.known_on DESC, f.id DESC
"""
_SUBJECT = "f.household_id, f.person_id, f.name"
_OF_THESE = _OF_FAMILIES.format(are_they="= ANY (%(households)s)")
# Of one family a plan is kept; of many, the server plans each time anew.
_OF_ONE = _OF_FAMILIES.format(are_they="= (%(households)s::bigint[])[1]")
CHOSEN = _NEWEST.format(subject=_SUBJECT, of_families=_OF_THESE)
OF_EACH_SOURCE = _NEWEST.format(subject=f"{_SUBJECT}, f.source", of_families=_OF_THESE)
OF_EACH_SOURCE_OF_ONE = _NEWEST.format(subject=f"{_SUBJECT}, f.source", of_families=_OF_ONE)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """What two sources say differently, and nobody has settled.

    ``declared`` is what the family said, or what was verified before ``other`` came in when the family said nothing;
    ``other`` is what a department says, or what was verified before the family said something else. ``person`` None:
    of the family.
    """

    name: str
    person: Person | None
    declared: Fact
    other: Fact


def facts_on(household_ids: Collection[int], *, on: date, known_on: date) -> list[Fact]:
    """The fact that counts of each name, for these families and whoever lives in them on ``on``.

    Of the facts that hold on that day and were known by ``known_on``: verified ones go before received ones, these
    before declared ones, and then the one known last. An empty value counts too: it says that nothing is known.
    """
    return _facts(CHOSEN, household_ids, on=on, known_on=known_on)


def discrepancies(household: Household, *, on: date, said: Said | None = None) -> list[Discrepancy]:
    """What is to be settled in this family, by what is known on that day; ``said``: what `said_of` found for it."""
    if said is None:
        return discrepancies_of([household.pk], on=on).get(household.pk, [])
    found = [pair for by_source in said.values() if (pair := _difference(by_source))]
    # Of somebody whose file lies elsewhere it is settled there.
    people = {stay.person_id: stay.person for stay in stays_of(household)} if found else {}
    ours = {None: None} | {pk: person for pk, person in people.items() if person.household_id == household.pk}
    return [
        Discrepancy(declared.name, ours[declared.person_id], declared, other)
        for declared, other in found
        if declared.person_id in ours
    ]


def discrepancies_of(household_ids: Collection[int], *, on: date) -> dict[int, list[Discrepancy]]:
    """What is to be settled in these families; a family without anything is missing."""
    newest: dict[tuple[int | None, int | None, str], dict[str, Fact]] = defaultdict(dict)
    for fact in _facts(OF_EACH_SOURCE, household_ids, on=on, known_on=on):
        newest[fact.household_id, fact.person_id, fact.name][fact.source] = fact
    found = [pair for by_source in newest.values() if (pair := _difference(by_source))]
    people = Person.objects.in_bulk({fact.person_id for fact, _ in found if fact.person_id})
    told = defaultdict(list)
    for declared, other in found:
        person = people[declared.person_id] if declared.person_id else None
        household = person.household_id if person else declared.household_id
        if household is not None:
            told[household].append(Discrepancy(declared.name, person, declared, other))
    return dict(told)


def counting(said: Said) -> list[Fact]:
    """The fact that counts of each name, as `facts_on` finds it, among what each source says."""
    return [by_source[max(by_source, key=FactSource.values.index)] for by_source in said.values()]


def said_of(household: Household, *, on: date) -> Said:
    """The newest fact of each source that holds on that day, by person (None: the family) and name."""
    said: Said = defaultdict(dict)
    for fact in _facts(OF_EACH_SOURCE_OF_ONE, [household.pk], on=on, known_on=on):
        said[fact.person_id, fact.name][fact.source] = fact
    return dict(said)


def versions_of(household: Household, name: str, person: Person | None = None) -> list[Fact]:
    """All that was ever said under this name, latest first; of the person, or of the family itself."""
    of = {"person": person} if person else {"household": household}
    return list(Fact.objects.filter(name=name, **of).select_related("evidence", "basis").order_by("-known_on", "-id"))


def _facts(sql: str, household_ids: Collection[int], *, on: date, known_on: date) -> list[Fact]:
    values = {"households": list(household_ids), "on": on, "known_on": known_on, "ranks": FactSource.values}
    return list(Fact.objects.raw(sql, values))


def _difference(by_source: dict[str, Fact]) -> tuple[Fact, Fact] | None:
    """The two facts that differ with no verification after both."""
    declared, received = by_source.get(FactSource.DECLARED), by_source.get(FactSource.RECEIVED)
    verified = by_source.get(FactSource.VERIFIED)
    for one, other in ((declared, received), (verified, received), (declared, verified)):
        if one is None or other is None or one.value == other.value:
            continue
        if verified is None or _known(verified) < max(_known(one), _known(other)):
            return one, other
    return None


def _known(fact: Fact) -> tuple[date, int]:
    # What is recorded later on the same day is known later.
    return fact.known_on, fact.pk
