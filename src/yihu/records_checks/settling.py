"""What an answer is worth: which of it may be used, and which facts it makes.

Who is not found is not taken to have nothing, and silence never outweighs what the family itself said: where a source
sees a part only, or did not find everybody, a higher declaration stands, and the difference is seen on the case.
Only a source's own earlier answer always gives way to its later one.

A sum over a family is known only where everybody who was found says his part: one blank cell, and it is not known, and
the fact says whose part is missing. What a file has no column for, it says nothing of.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from yihu.households import queries
from yihu.households.actions import NewFact
from yihu.households.enums import FactSource
from yihu.households.models import Fact, Household
from yihu.records_checks.answers import PersonAnswer, RequestAnswer
from yihu.records_checks.enums import RequestState, SetAside
from yihu.records_checks.models import RecordsCheck
from yihu.records_checks.sources import Column, Source


def set_aside(check: RecordsCheck, answer: RequestAnswer, *, on: date) -> dict[int, SetAside]:
    """Whose answers may not be used any more: those who left the family, and those who took their consent back.

    Once the question itself was taken back, as when the application was withdrawn, nobody's may be used.
    """
    if answer.request.state == RequestState.CANCELLED:
        return {each.person.pk: SetAside.TAKEN_BACK for each in answer.people}
    members = {member.person_id for member in queries.members_on(check.household, on)}
    silent = {person.pk for person in queries.adults_without_consent(check.household, on)}
    return {
        person: SetAside.LEFT if person not in members else SetAside.NO_CONSENT
        for person in (each.person.pk for each in answer.people)
        if person not in members or person in silent
    }


def facts_from(source: Source, answer: RequestAnswer, aside: Mapping[int, SetAside], *, on: date) -> list[NewFact]:
    """The facts that an answer makes, of its people and of their family."""
    household = answer.request.check_round.household
    used = [each for each in answer.people if each.person.pk not in aside]
    members = {member.person_id for member in queries.members_on(household, on)}
    # Whoever was not asked, or may no longer be spoken of, is missing from the family's sum.
    is_whole = members == {each.person.pk for each in used}
    said = _said_until(source, household, used, on)
    facts = []
    for columns in _by_fact(source):
        if columns[0].of_household:
            if answer.columns.issuperset(column.key for column in columns):
                facts += _of_household(columns, said[None, columns[0].fact], used, is_whole=is_whole)
        else:
            facts += [
                fact for each in used if (fact := _of_person(columns, said[each.person.pk, columns[0].fact], each))
            ]
    return facts


def _of_person(columns: Sequence[Column], said: "_Said", answer: PersonAnswer) -> NewFact | None:
    column = columns[0]
    value = _sum(columns, [answer])
    if not value or not said.gives_way_to(column, value, is_whole=True):
        return None
    since = max(_since(column, answer.data_as_of), answer.person.birth_date)
    return NewFact(column.fact, value, answer.person, since=since)


def _of_household(
    columns: Sequence[Column], said: "_Said", used: Sequence[PersonAnswer], *, is_whole: bool
) -> list[NewFact]:
    column = columns[0]
    since = _since(column, min((each.data_as_of for each in used), default=date.min))
    if note := _missing(columns, used):
        return [NewFact(column.fact, {}, since=since, note=note)]
    value = _sum(columns, used)
    if not value and used and column.settles:
        value = {column.engine_name: 0}
    if not value or not said.gives_way_to(column, value, is_whole=is_whole):
        return []
    return [NewFact(column.fact, value, since=since)]


def _missing(columns: Sequence[Column], used: Sequence[PersonAnswer]) -> str:
    """Whose part of the family's sum was left blank, in a sentence; empty where it is whole."""
    blank = [
        _("{name}的“{columns}”").format(name=each.person.name, columns="”“".join(titles))
        for each in used
        if each.found and (titles := [column.title for column in columns if column.key not in each.said])
    ]
    return (
        _("答复不全：{blank}没有填，全家的数还不知道。请再问一次，或看材料认定。").format(blank="、".join(blank))
        if blank
        else ""
    )


@dataclass(slots=True)
class _Said:
    """What was last said of a fact until now: by the family, and by this very source."""

    declared: Fact | None = None
    by_source: Fact | None = None

    def gives_way_to(self, column: Column, value: Mapping[str, int], *, is_whole: bool) -> bool:
        """Whether what was found now may take its place."""
        if is_whole and (self.by_source or not column.at_least):
            return True
        if self.declared is None or column.engine_name not in self.declared.value:
            return is_whole and column.settles
        return value[column.engine_name] >= self.declared.value[column.engine_name]


def _said_until(
    source: Source, household: Household, used: Sequence[PersonAnswer], on: date
) -> Mapping[tuple[int | None, str], _Said]:
    """What holds on a day, by person (None: the household) and fact; one query."""
    people = [each.person.pk for each in used]
    by_source = Q(source=FactSource.RECEIVED, department=source.label)
    found = Fact.objects.filter(Q(household=household) | Q(person__in=people), period__contains=on, known_on__lte=on)
    said: dict[tuple[int | None, str], _Said] = defaultdict(_Said)
    for fact in found.filter(Q(source=FactSource.DECLARED) | by_source).order_by("known_on", "pk"):
        if fact.source == FactSource.DECLARED:
            said[fact.person_id, fact.name].declared = fact
        else:
            said[fact.person_id, fact.name].by_source = fact
    return said


def _sum(columns: Sequence[Column], answers: Sequence[PersonAnswer]) -> dict[str, int]:
    """The engine's values, added up over columns and people; empty where nobody said anything."""
    value: dict[str, int] = defaultdict(int)
    for each in answers:
        for column in columns:
            if column.key in each.said:
                value[column.engine_name] += each.said[column.key]
    return dict(value)


def _since(column: Column, data_as_of: date) -> date:
    return data_as_of.replace(day=1) if column.monthly else data_as_of


def _by_fact(source: Source) -> list[list[Column]]:
    """The columns that fill one fact together."""
    found: dict[str, list[Column]] = defaultdict(list)
    for column in source.columns:
        if column.fact:
            found[column.fact].append(column)
    return list(found.values())
