"""The ways of the other programmes."""

from __future__ import annotations

from datetime import date

import pytest

import policy_packs
from policy_procedures import (
    CaseKind,
    Circumstance,
    DayUnit,
    StepKind,
    procedure_of,
    procedures_of,
)
from tests.policy_procedures.ways import (
    before_83,
    dibao,
    granted,
    old,
    under_83,
    under_the_law,
    walk,
)

# The other programmes


def test_every_programme_that_is_applied_for_has_a_way_on_each_of_its_days() -> None:
    pack = policy_packs.load("xicheng")
    known = procedures_of("xicheng")

    for name, programme in pack.programmes.items():
        assert ((name, CaseKind.APPLICATION) in known) == programme.needs_application
        if programme.needs_application:
            assert procedure_of("xicheng", name, max(programme.since, pack.covers[0]))
            assert procedure_of("xicheng", name, under_the_law)


@pytest.mark.parametrize("day", [before_83, under_83, under_the_law])
@pytest.mark.parametrize("pack", ["cn", "xicheng"])
def test_a_single_person_goes_the_way_of_a_family(pack: str, day: date) -> None:
    family, person = dibao(pack, day), procedure_of(pack, "single_person_subsistence", day)

    assert (dict(person.steps), person.papers, person.total) == (dict(family.steps), family.papers, family.total)
    assert str(person.key) == str(family.key).replace("subsistence_allowance", "single_person_subsistence")


def test_old_age_allowance_is_examined_in_the_street_decided_by_the_district_and_counts_from_the_application() -> None:
    found = procedure_of("xicheng", "old_age_allowance", under_the_law)

    assert granted(found) == ["admission", "examination", "submission", "confirmation", "award", "grant_letter"]
    assert found.steps["submission"].by_itself
    assert found.confirmation is not None
    assert found.confirmation.posts == ("district_officer",)
    assert found.award_from(date(2026, 12, 5), asked_on=date(2026, 11, 30)) == date(2026, 11, 1)
    timed = [step for step in found.steps.values() if step.within or step.begin_within or step.notice_days]
    assert [(step.name, list(map(str, step.within))) for step in timed] == [("confirmation", ["每月 25 日前"])]
    assert procedure_of("xicheng", "old_age_allowance", date(2020, 5, 1)) is found, "one text since 2019"


def test_who_confirms_low_income_and_education_aid_changes_with_the_texts() -> None:
    for programme in ("low_income", "education_assistance"):
        ways = [procedure_of("xicheng", programme, day) for day in (old, before_83, under_the_law)]

        assert [way.confirmation and way.confirmation.posts for way in ways] == [
            *(("district_officer",), ("street_director",), ("street_director",)),
        ]
        assert ["publication" in way.steps for way in ways] == [False, False, True]
        assert all(way.total is None and not way.of_kind(StepKind.NOTICE) for way in ways), "no text sets any"


def test_a_status_begins_on_the_day_of_the_decision_and_money_once_on_no_month() -> None:
    decided, asked = date(2026, 8, 20), date(2026, 8, 3)

    for programme in ("low_income", "education_assistance", "temporary_assistance"):
        assert procedure_of("xicheng", programme, decided).award_from(decided, asked_on=asked) == decided


def test_in_an_emergency_help_comes_the_same_day_and_the_papers_later() -> None:
    found = procedure_of("xicheng", "temporary_assistance", under_the_law)
    urgent = {Circumstance.URGENT}

    assert granted(found, Circumstance.URGENT) == [
        *("admission", "examination", "confirmation", "award", "grant_letter", "afterwards", "publication"),
    ]
    assert granted(found) == [
        *("admission", "inquiry", "examination", "confirmation", "award", "grant_letter", "publication"),
    ]
    assert "afterwards" not in walk(found, urgent, outcome=Circumstance.REFUSED)
    for name in ("examination", "confirmation"):
        clocks = [found.steps[name].due(true) for true in (urgent, set())]
        assert [clock and (clock.days, clock.unit) for clock in clocks] == [
            *((0, DayUnit.DAYS), (5, DayUnit.WORKING_DAYS)),
        ]
    assert Circumstance.URGENT in found.matters
    assert Circumstance.URGENT not in dibao("xicheng", under_the_law).matters


def test_emergency_aid_follows_the_text_of_its_day() -> None:
    days = (date(2020, 7, 26), date(2020, 7, 27), date(2026, 6, 30))
    ways = [procedure_of("xicheng", "temporary_assistance", day) for day in days]
    urgent = [granted(way, Circumstance.URGENT) for way in ways]

    assert urgent[0] == ["admission", "examination", "confirmation", "award", "grant_letter"]
    assert granted(ways[0]) == ["admission", "examination", "notice", "confirmation", "award", "grant_letter"], (
        "what is not urgent is put on notice (国务院令第649号 第四十八条)"
    )
    assert "verification" in granted(ways[0], Circumstance.OBJECTION)
    assert urgent[1] == ["admission", "confirmation", "award", "grant_letter", "afterwards"], (
        "help first (京民社救发〔2020〕86号 二（一）2.(1))"
    )
    assert granted(ways[1]) == ["admission", "inquiry", "examination", "confirmation", "award", "grant_letter"], (
        "the way of 二（一）2.(2) has no notice"
    )
    assert ways[1] is ways[2]
    assert [str(way.source) for way in ways[:2]] == ["国务院令第649号 第四十八条", "京民社救发〔2020〕86号 二（一）"]
