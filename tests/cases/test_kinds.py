"""One case of a kind, a claim and an occasion runs at a time; the database knows no second."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.cases.walk import Walk
from yihu.cases.enums import CaseState, OccasionKind
from yihu.cases.kinds import kinds
from yihu.cases.models import Case, Occasion
from yihu.households.models import Person
from yihu.policy.procedures import CaseKind, StepKind

MONDAY = date(2026, 3, 2)


def running(walk: Walk, number: str, *, kind: CaseKind = CaseKind.CHANGE, **more: object) -> Case:
    values: dict[str, object] = {
        "number": number,
        "kind": kind,
        "household": walk.household,
        "household_number": walk.household.number,
        "applicant_name": "贾一",
        "programme": "an_allowance",
        "division": walk.household.division,
        "procedure": "somewhere/an_allowance/2020-01-01",
        "opened_on": MONDAY,
        "state": CaseState.OPEN,
        "admitted_on": MONDAY,
    }
    return Case.objects.create(**{**values, **more})


def refused(walk: Walk, number: str, **more: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        running(walk, number, **more)  # type: ignore[arg-type]


def test_of_a_family_one_case_of_a_kind_runs(walk: Walk) -> None:
    running(walk, "A-1")
    refused(walk, "A-2")
    running(walk, "A-3", kind=CaseKind.REVIEW)
    running(walk, "A-4", programme="another_allowance")
    running(walk, "A-5", state=CaseState.GRANTED, closed_on=MONDAY)


def test_of_an_occasion_one_case_of_each_programme_runs(walk: Walk) -> None:
    fire, flood = (
        Occasion.objects.create(
            kind=OccasionKind.EMERGENCY, household=walk.household, on=MONDAY, told_on=MONDAY, what=what
        )
        for what in ("失火", "进水")
    )
    running(walk, "A-1", occasion=fire)
    refused(walk, "A-2", occasion=fire)
    running(walk, "A-3", occasion=flood)
    running(walk, "A-4")
    running(walk, "A-5", occasion=fire, programme="another_allowance")


def test_a_person_has_his_own_cases_wherever_he_lives(walk: Walk) -> None:
    first, second, _third = Person.objects.filter(memberships__household=walk.household).order_by("id")
    running(walk, "A-1")
    running(walk, "A-2", person=first, person_name=first.name)
    running(walk, "A-3", person=second, person_name=second.name)
    refused(walk, "A-4", person=first, person_name=first.name)


def test_only_an_application_rests_on_one(walk: Walk) -> None:
    refused(walk, "A-1", kind=CaseKind.APPLICATION)
    application = walk.apply(MONDAY).application
    refused(walk, "A-2", application=application)
    refused(walk, "A-3", kind="something")


def test_every_kind_of_step_is_listed_once() -> None:
    assert sorted(kind.kind for kind in kinds()) == sorted(StepKind)
