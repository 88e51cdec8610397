"""Families over time."""

from tests.rooms import ON
from yihu.common.actor import Actor
from yihu.households import actions, queries
from yihu.households.actions import NewFact
from yihu.households.enums import FactSource
from yihu.households.models import Household


def test_smoke(family: Household, service: Actor) -> None:
    assert family.number == "XC-007-000001"
    members = queries.members_on(family, ON)
    assert [m.person.name for m in members] == ["贾一鸣", "甄如玉", "贾小样"]
    actions.record_facts(
        household=family,
        facts=[NewFact("wage", {"wage": 100}, members[0].person), NewFact("cars", {"cars": 1})],
        source=FactSource.DECLARED,
        by=service,
        on=ON,
    )
    assert {f.name for f in queries.facts_on([family.pk], on=ON, known_on=ON)} == {"wage", "cars"}
    actions.sign_consent(person=members[0].person, document=None, by=service, on=ON)
    assert [p.name for p in queries.adults_without_consent(family, ON)] == ["甄如玉"]
    actions.record_read(household=family, kind="file", purpose="case", by=service)
