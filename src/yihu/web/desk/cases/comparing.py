"""申报与查实: what the family said beside what departments answered and what was verified."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from yihu.households import queries
from yihu.households.enums import FactSource
from yihu.households.models import Fact, Household, Person
from yihu.households.queries import Discrepancy
from yihu.policy.labels import fact_label, fact_text, input_names
from yihu.web.desk.cases.turn import Turn
from yihu.web.parts import Chip


@dataclass(frozen=True, slots=True)
class Said:
    """What one source says of something."""

    fact: Fact
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sides that nobody has settled yet. ``key`` names it in a form."""

    key: str
    name: str
    person: Person | None
    label: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One row: what each source says, None where it says nothing, and how it stands."""

    who: str
    label: str
    declared: Said | None
    received: Said | None
    verified: Said | None
    standing: Chip
    note: str
    difference: Difference | None


def differences(household: Household, *, on: date) -> list[Difference]:
    """What is still to be settled."""
    return [_difference(each) for each in queries.discrepancies(household, on=on)]


def find(turn: Turn, key: str) -> Difference | None:
    """The difference of that key, None if it was settled meanwhile."""
    return next((each for each in differences(turn.case.household, on=turn.on) if each.key == key), None)


def compared(household: Household, *, on: date) -> list[Compared]:
    """Everything that somebody besides the family said something of, family first, then its members."""
    open_ones = {each.key: each for each in differences(household, on=on)}
    names = {member.person_id: member.person.name for member in queries.members_on(household, on)}
    order = {name: place for place, name in enumerate(input_names())}
    said = queries.said_of(household, on=on)
    rows = []
    for person, name in sorted(said, key=lambda each: (each[0] or 0, order.get(each[1], len(order)))):
        facts = said[person, name]
        if set(facts) == {FactSource.DECLARED}:
            continue
        sides = {source: _said(fact) for source, fact in facts.items()}
        difference = open_ones.get(_key(name, person))
        verified = facts.get(FactSource.VERIFIED)
        rows.append(
            Compared(
                who=names.get(person, "") if person else _("全家"),
                label=fact_label(name),
                declared=sides.get(FactSource.DECLARED),
                received=sides.get(FactSource.RECEIVED),
                verified=sides.get(FactSource.VERIFIED),
                standing=_standing(facts, difference),
                note=_("理由：{why}").format(why=verified.note)
                if verified and verified.note and not difference
                else "",
                difference=difference,
            )
        )
    # What is to be done stands first.
    return sorted(rows, key=lambda row: row.difference is None)


def _standing(facts: dict[str, Fact], difference: Difference | None) -> Chip:
    if difference is not None:
        return Chip(_("待采信"), "warn")
    if FactSource.VERIFIED in facts:
        return Chip(_("已核实"), "good")
    if FactSource.DECLARED in facts:
        return Chip(_("一致"), "good")
    return Chip(_("按部门"), "info")


def _difference(found: Discrepancy) -> Difference:
    person = found.person
    label = f"{person.name} {fact_label(found.name)}" if person else fact_label(found.name)
    sides = tuple(_said(fact) for fact in (found.declared, found.other))
    return Difference(_key(found.name, person.pk if person else None), found.name, person, label, sides)


def _said(fact: Fact) -> Said:
    source = FactSource(fact.source)
    label = fact.department if source is FactSource.RECEIVED else str(source.label)
    return Said(fact, label, fact_text(fact.name, fact.value))


def _key(name: str, person: int | None) -> str:
    return f"{name}/{person or ''}"
