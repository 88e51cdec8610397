"""The way of 低保, as the law of each time has it."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from policy_engine.values import Confidence
from policy_procedures import (
    Circumstance,
    ClosingReason,
    DayUnit,
    StepKind,
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

# The law of each time


def test_the_day_of_application_chooses_the_procedure() -> None:
    chosen = {
        day: str(dibao("xicheng", day).key).rsplit("/", 1)[1] for day in (old, before_83, under_83, under_the_law)
    }

    assert list(chosen.values()) == ["2012-12-12", "2021-07-01", "2022-10-20", "2026-07-01"]
    for since in (date(2021, 7, 1), date(2022, 10, 20), date(2026, 7, 1)):
        assert dibao("cn", since).since == since
        assert dibao("cn", since - timedelta(days=1)).until == since - timedelta(days=1)


def test_until_2021_a_case_goes_through_appraisal_two_opinions_and_two_notices() -> None:
    assert granted(dibao("xicheng", old)) == [
        *("admission", "records_check", "home_visit", "community_appraisal", "examination", "notice", "submission"),
        *("district_opinion", "approval_notice", "confirmation", "award", "grant_letter", "publication"),
    ]


def test_until_2021_the_days_are_those_of_220() -> None:
    found = dibao("cn", old)
    steps = found.steps

    def days(step: str, *circumstances: Circumstance) -> tuple[int, DayUnit, str]:
        clock = steps[step].due(set(circumstances))
        assert clock is not None
        return clock.days, clock.unit, clock.of

    assert days("home_visit") == (10, DayUnit.WORKING_DAYS, "admission")
    assert days("community_appraisal") == (5, DayUnit.WORKING_DAYS, "home_visit")
    assert days("district_opinion") == (5, DayUnit.WORKING_DAYS, "submission")
    assert days("confirmation") == (3, DayUnit.WORKING_DAYS, "approval_notice")
    assert days("confirmation", Circumstance.OBJECTION_TO_APPROVAL) == (20, DayUnit.WORKING_DAYS, "approval_notice")
    assert days("refusal_letter") == (3, DayUnit.DAYS, "confirmation")
    assert [step.notice_days for step in found.of_kind(StepKind.NOTICE)] == [7, 7, 7]
    assert steps["community_appraisal"].least_residents == Fraction(2, 3)
    assert steps["district_visit"].sample_percent == 30
    assert found.total_days() is None
    assert found.total is None or Circumstance.HARD_TO_SURVEY not in found.total.when


@pytest.mark.parametrize(
    "circumstance", [Circumstance.RELATIVES, Circumstance.COMPLAINT, Circumstance.DOUBT, Circumstance.SAMPLED]
)
def test_until_2021_the_district_visits_relatives_complaints_doubts_and_the_sample(circumstance: Circumstance) -> None:
    way = granted(dibao("xicheng", old), circumstance)

    assert way.index("submission") < way.index("district_visit") < way.index("district_opinion")


def test_until_2021_an_objection_to_the_approval_is_looked_into_and_noticed_again() -> None:
    found = dibao("cn", old)

    assert granted(found, Circumstance.OBJECTION_TO_APPROVAL)[9:13] == [
        *("district_resurvey", "district_opinion_again", "approval_notice_again", "confirmation"),
    ]
    assert "approval_notice" not in walk(found, {Circumstance.PROPOSED_REFUSAL}, outcome=Circumstance.REFUSED)


def test_since_2021_a_case_without_objection_passes_over_the_appraisal() -> None:
    assert granted(dibao("cn", before_83)) == [
        *("admission", "records_check", "home_visit", "examination", "notice", "submission", "confirmation"),
        *("award", "grant_letter", "publication"),
    ]


@pytest.mark.parametrize("pack", ["cn", "xicheng"])
@pytest.mark.parametrize("chosen", ["community_appraisal", "second_visit"])
def test_since_2021_an_objection_needs_an_appraisal_or_a_new_visit(pack: str, chosen: str) -> None:
    found = dibao(pack, under_83)
    done = {"admission", "records_check", "home_visit", "examination", "notice"}
    objection = {Circumstance.OBJECTION}

    assert {step.name for step in found.opened_by(done, objection)} == {"community_appraisal", "second_visit"}
    done.add(chosen)
    assert [step.name for step in found.opened_by(done, objection)] == ["second_examination"]
    shown = [step.name for step in found.path(done, objection)]
    assert [name for name in shown if name in ("community_appraisal", "second_visit")] == [chosen]


@pytest.mark.parametrize("pack", ["cn", "xicheng"])
@pytest.mark.parametrize("circumstance", [Circumstance.RELATIVES, Circumstance.COMPLAINT])
def test_since_2021_the_district_visits_relatives_and_complaints_before_the_confirmation(
    pack: str, circumstance: Circumstance
) -> None:
    found = dibao(pack, under_the_law)
    way = granted(found, circumstance)

    assert way.index("notice") < way.index("district_visit") < way.index("confirmation")
    assert found.steps["district_visit"].posts == ("district_officer",)
    assert "district_visit" not in granted(found)


def test_a_complaint_that_comes_when_all_is_ready_still_brings_the_district() -> None:
    found = dibao("xicheng", under_the_law)
    done = {"admission", "records_check", "home_visit", "examination", "notice"}

    assert [step.name for step in found.opened_by(done, set())] == ["confirmation"]
    assert [step.name for step in found.opened_by(done, {Circumstance.COMPLAINT})] == ["district_visit"]


def test_the_street_confirms_in_beijing_since_2021_and_the_district_elsewhere_and_before() -> None:
    assert dibao("cn", under_the_law).confirmation.posts == ("district_officer",)
    assert dibao("xicheng", old).confirmation.posts == ("district_officer",)
    for day in (before_83, under_83, under_the_law):
        found = dibao("xicheng", day)
        assert found.confirmation.posts == ("street_director",)
        assert found.confirmation.entrusted
        assert "submission" not in found.steps
    assert dibao("xicheng", under_the_law).confidence is Confidence.CARRIED_FORWARD


@pytest.mark.parametrize(
    ("pack", "day", "days"),
    [
        ("cn", before_83, (30, 45)),
        ("cn", under_83, (30, 45)),
        ("cn", under_the_law, (30, 45)),
        ("xicheng", before_83, (30, 45)),
        ("xicheng", under_83, (20, 45)),
        ("xicheng", under_the_law, (20, 45)),
    ],
)
def test_the_whole_takes_thirty_working_days_or_twenty_in_the_street(
    pack: str, day: date, days: tuple[int, int]
) -> None:
    found = dibao(pack, day)

    assert (found.total_days(), found.total_days(extended=True)) == days
    assert found.total is not None
    assert Circumstance.OBJECTION in found.total.when
    assert (Circumstance.SPECIAL in found.total.when) == (day == before_83)
    assert Circumstance.RELATIVES not in found.total.when


def test_what_the_records_check_establishes_is_asked_for_until_2021_and_never_since() -> None:
    assert "household_register" in {paper.key for paper in dibao("xicheng", old).asked_papers()}
    for day in (before_83, under_the_law):
        found = dibao("xicheng", day)
        assert [paper.key for paper in found.asked_papers()] == ["application", "commitment", "authorisation"]
    assert dibao("xicheng", under_the_law).checked_papers_source.clause == "第六十二条"
    with_proxy = dibao("cn", under_the_law).asked_papers({Circumstance.APPLIED_BY_OTHER})
    assert "proxy" in {paper.key for paper in with_proxy}


def test_an_award_starts_with_the_month_after_the_confirmation() -> None:
    found = dibao("xicheng", under_the_law)

    assert found.award_from(date(2026, 11, 1), asked_on=old) == date(2026, 12, 1)
    assert found.award_from(date(2026, 12, 31), asked_on=old) == date(2027, 1, 1)


def test_a_case_may_be_closed_without_a_decision_only_until_it_is_decided() -> None:
    found = dibao("xicheng", under_the_law)
    reasons = [closing.reason for closing in found.closings_at({"admission"})]

    from_the_first_day = [ClosingReason.WITHDRAWN, ClosingReason.NOBODY_LEFT]
    assert reasons == [*from_the_first_day, ClosingReason.NOT_COOPERATING]
    before_admission = [ClosingReason.WITHDRAWN, ClosingReason.INCOMPLETE, ClosingReason.NOBODY_LEFT]
    assert [closing.reason for closing in found.closings_at(set())] == before_admission
    assert found.closings_at({"admission", "confirmation"}) == ()
    checked = {"admission", "records_check"}
    assert ClosingReason.RECORDS_AGAINST in {each.reason for each in dibao("cn", old).closings_at(checked)}


def test_the_rights_are_those_that_a_text_gives_on_the_day() -> None:
    assert dibao("cn", date(2013, 5, 1)).rights_on(date(2013, 6, 1)) == ()
    assert [str(right.source) for right in dibao("cn", old).rights_on(old)] == ["国务院令第649号 第六十五条"]
    assert [str(right.source) for right in dibao("cn", under_83).rights] == ["民发〔2021〕57号 第三十八条"]
    assert [str(right.source) for right in dibao("xicheng", under_the_law).rights] == ["社会救助法 第七十六条"]
