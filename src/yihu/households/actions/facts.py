"""Writes down what is said of a family and of its people. Nothing is ever altered: a later fact takes the place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.common.refusals import Refused
from yihu.documents.models import Document
from yihu.households.actions.families import file_to_change, require_past, required_reason
from yihu.households.enums import FactSource
from yihu.households.models import Fact, Household, Person
from yihu.households.queries import discrepancies

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
# Integers of the engine.
MOST = 2**62


@dataclass(frozen=True, slots=True)
class NewFact:
    """One thing said: of the person, or of the family without one. ``value`` is what the policies' own reading made.

    It holds from ``since`` (or the day it is recorded) until ``until``, which is not included. An empty value says
    that nothing is known any more. ``basis`` is the fact that is adopted.
    """

    name: str
    value: Mapping[str, int]
    person: Person | None = None
    since: date | None = None
    until: date | None = None
    note: str = ""
    basis: Fact | None = None


@transaction.atomic
def record_facts(
    *,
    household: Household,
    facts: Sequence[NewFact],
    source: FactSource,
    by: Actor,
    on: date,
    department: str = "",
    evidence: Document | None = None,
) -> list[Fact]:
    """Write down facts from one source, known from ``on``. Raises Refused.

    ``department`` names who says so, for received facts and only for them. Names and values were read by the policies.
    What is verified outweighs everybody else's word: only who may settle differences says so.
    """
    if source == FactSource.VERIFIED:
        by.require(Capability.SETTLE_DIFFERENCES, _("登记核实的情况"))
    # An answer that was asked for may come when nobody lives here any more.
    household = file_to_change(household, by, may_be_closed=source == FactSource.RECEIVED)
    return _record(household, facts, source=source, by=by, on=on, department=department, evidence=evidence)


@transaction.atomic
def settle(*, adopted: Fact, reason: str, by: Actor, on: date) -> Fact:
    """Settle a difference: what one side said is adopted as verified, with the reason.

    Raises Refused where it is no side of a difference any more, such as when somebody else was quicker.
    """
    by.require(Capability.SETTLE_DIFFERENCES, _("认定不一致的情况"))
    household = adopted.person.household if adopted.person else adopted.household
    if household is None:
        raise Refused(_("这一户不在您负责的区域内。"))
    fact = NewFact(
        name=adopted.name,
        value=adopted.value,
        person=adopted.person,
        since=adopted.period.lower,
        until=adopted.period.upper,
        note=required_reason(reason),
        basis=adopted,
    )
    household = file_to_change(household, by)
    sides = (side for each in discrepancies(household, on=on) for side in (each.declared, each.other))
    if adopted.pk not in {side.pk for side in sides}:
        raise Refused(_("这一处不一致已经认定过，或者又有了新的说法。请刷新后再看。"))
    (settled,) = _record(household, [fact], source=FactSource.VERIFIED, by=by, on=on, department="", evidence=None)
    return settled


def _record(
    household: Household,
    facts: Sequence[NewFact],
    *,
    source: FactSource,
    by: Actor,
    on: date,
    department: str,
    evidence: Document | None,
) -> list[Fact]:
    if (source == FactSource.RECEIVED) != bool(department):
        raise Refused(_("部门来的事实要写明是哪个部门，其他来源的不写。"), field="department")
    for fact in facts:
        _require_sound(fact, household, on)
    who = by.principal
    return Fact.objects.bulk_create(
        Fact(
            household=None if fact.person else household,
            person=fact.person,
            name=fact.name,
            value=dict(fact.value),
            period=DateRange(fact.since or on, fact.until),
            source=source,
            department=department,
            evidence=evidence,
            basis=fact.basis,
            note=fact.note.strip(),
            known_on=on,
            recorded_by_id=who,
        )
        for fact in facts
    )


def _require_sound(fact: NewFact, household: Household, on: date) -> None:
    if not NAME.fullmatch(fact.name) or not all(
        NAME.fullmatch(name) and type(value) is int and -MOST < value < MOST for name, value in fact.value.items()
    ):
        # No form can bring this about: whoever calls has not let the policies read what was typed.
        raise ValueError(fact)
    if fact.person and fact.person.household_id != household.pk:
        raise Refused(
            _("{name}的档案不在户 {number}。请刷新后重办。").format(name=fact.person.name, number=household.number)
        )
    since = fact.since or on
    require_past(since, on, "since")
    if fact.person and since < fact.person.birth_date:
        raise Refused(
            _("{name}：起始日期 {since} 早于出生日期 {birth}。请改正。").format(
                name=fact.person.name, since=since, birth=fact.person.birth_date
            ),
            field="since",
        )
    if fact.until and fact.until <= since:
        raise Refused(
            _("截止日期 {until} 要晚于起始日期 {since}。请改正。").format(until=fact.until, since=since), field="until"
        )
