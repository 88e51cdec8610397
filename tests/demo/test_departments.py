"""The invented departments answer as real ones would: with what there is, through the same files."""

import os
from pathlib import Path

import pytest
from pytest_django import Settings

from demo import departments
from demo.facts import Department, Difference
from tests import rooms
from yihu.access.actor import service
from yihu.access.scope import acting
from yihu.households import actions as households
from yihu.households import queries as families
from yihu.households.actions import NewFact
from yihu.households.enums import FactSource
from yihu.households.models import Fact, Household, Person
from yihu.policy.labels import fact_is_of_member, parse_fact
from yihu.records_checks import actions
from yihu.records_checks.enums import CheckState
from yihu.records_checks.models import RecordsCheck

ON, CASE = rooms.ON, "XC-007-2026-0001"
DECLARED = {
    "monetary_assets": "5000", "homes": "1", "floor_area_m2": "42.5", "non_residential": "0", "cars": "0",
    "hukou": "110102", "wage": "1500", "pension": "0", "transfer_income": "300", "employed": "是",
    "disabilities": "4:2",
}  # fmt: skip


@pytest.fixture
def family(db: None, settings: Settings, tmp_path: Path) -> Household:
    """A family that declared everything and consented; its file is asked about."""
    settings.EXCHANGE_ROOT, settings.DOCUMENT_ROOT = tmp_path / "exchange", tmp_path / "documents"
    district = rooms.make_district()
    with rooms.everywhere() as by:
        household = rooms.make_family(district.community, by=by)
        people = list(household.people.order_by("pk"))
        facts = [
            NewFact(name, parse_fact(name, text), people[0] if fact_is_of_member(name) else None)
            for name, text in DECLARED.items()
        ]
        households.record_facts(household=household, facts=facts, source=FactSource.DECLARED, by=by, on=ON)
        for person in people[:2]:
            households.sign_consent(person=person, document=None, by=by, on=ON)
    examiner = rooms.actor("street_examiner", district.street)
    with acting(examiner):
        actions.ask(household=household, people=people, subject=CASE, by=examiner, on=ON)
    return household


def people_of(household: Household) -> list[Person]:
    return list(household.people.order_by("pk"))


def test_what_a_story_does_not_say_otherwise_agrees_with_the_family(family: Household) -> None:
    with rooms.everywhere():
        departments.answer(CASE, (), people_of(family), on=ON)

        assert RecordsCheck.objects.get().state == CheckState.DONE
        assert families.discrepancies(family, on=ON) == []
        received = set(Fact.objects.filter(source=FactSource.RECEIVED).values_list("name", flat=True))
        assert received >= {"wage", "employed", "hukou", "monetary_assets", "homes", "floor_area_m2", "cars"}


@pytest.mark.parametrize(
    ("member", "name", "text"),
    [(None, "monetary_assets", "7300"), (None, "cars", "1"), (0, "wage", "2600"), (1, "pension", "900")],
)
def test_a_difference_of_the_story_is_the_only_one(family: Household, member: int | None, name: str, text: str) -> None:
    differs = Difference(member, name, DECLARED[name], text, Department.BANKS, True, "没有报")
    with rooms.everywhere():
        if member == 1:
            people = people_of(family)
            with rooms.everywhere() as by:
                fact = NewFact(name, parse_fact(name, "0"), people[1])
                households.record_facts(household=family, facts=[fact], source=FactSource.DECLARED, by=by, on=ON)
        departments.answer(CASE, [differs], people_of(family), on=ON)

        (found,) = families.discrepancies(family, on=ON)
        assert (found.name, found.other.value) == (name, parse_fact(name, text))


def test_what_is_asked_at_the_desk_is_answered_through_the_folders(family: Household, tmp_path: Path) -> None:
    by = service("exchange", "11/0102/", may=actions.EXCHANGES)
    actions.send_questions(by=by, on=ON)

    assert departments.drop_answers(on=ON) == 6
    assert departments.drop_answers(on=ON) == 0
    for path in (tmp_path / "exchange").rglob("answers/*.csv"):
        os.utime(path, (0, 1_700_000_000))

    assert len(actions.collect_answers(by=by, on=ON).taken) == 6
    with rooms.everywhere():
        assert RecordsCheck.objects.get().state == CheckState.DONE
