"""How an application goes: the procedures of the packs, as the law of each day has them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import policy_packs
from policy_engine.values import Confidence
from policy_procedures import (
    CaseKind,
    Circumstance,
    ClosingReason,
    DayUnit,
    Letter,
    NoProcedure,
    Procedure,
    ProcedureKey,
    SignedBy,
    StepKind,
    faults_of,
    procedure_by_key,
    procedure_of,
    procedures_of,
    sources_of,
)

ALL = [
    each
    for pack in policy_packs.names()
    for versions in procedures_of(pack).values()
    for each in versions
    if each.key.pack == pack
]
# The way of 低保, of a family or of one of its members.
OF_SUBSISTENCE = [each for each in ALL if "subsistence" in each.key.programme]
# What may be true of a case before anything is done in it.
FROM_THE_START = (
    Circumstance.URGENT,
    *(Circumstance.APPLIED_BY_OTHER, Circumstance.RELATIVES, Circumstance.COMPLAINT, Circumstance.DOUBT),
    *(Circumstance.SAMPLED, Circumstance.RESIDENCE_APART, Circumstance.HARD_TO_SURVEY),
)

old = date(2020, 5, 1)
before_83 = date(2021, 8, 1)
under_83 = date(2023, 1, 3)
under_the_law = date(2026, 11, 22)


def dibao(pack: str, on: date) -> Procedure:
    return procedure_of(pack, "subsistence_allowance", on)


def key_of(found: Procedure) -> str:
    return str(found.key)


def walk(found: Procedure, circumstances: set[Circumstance], *, outcome: Circumstance) -> list[str]:
    """The steps of a case of these circumstances, one after another, always the first that is open."""
    done: list[str] = []
    while steps := found.opened_by(set(done), circumstances):
        done.append(steps[0].name)
        if steps[0].kind is StepKind.CONFIRMATION:
            circumstances = circumstances | {outcome}
    return done


def granted(found: Procedure, *circumstances: Circumstance) -> list[str]:
    return walk(found, set(circumstances), outcome=Circumstance.GRANTED)


# Every pack


@pytest.mark.parametrize("pack", policy_packs.names())
def test_the_procedures_of_a_pack_are_sound(pack: str) -> None:
    assert list(faults_of(policy_packs.load(pack))) == []


@pytest.mark.parametrize("found", ALL, ids=key_of)
def test_every_article_that_a_procedure_rests_on_is_in_the_sources(found: Procedure) -> None:
    anchors: dict[str, set[str]] = {}
    for member in policy_packs.load(found.key.pack).chain():
        for path in (member.folder / "sources").glob("*.md"):
            text = path.read_text(encoding="utf-8")
            anchors[re.findall(r"^# (\S+)", text)[0]] = set(re.findall(r"^## (\S+)", text, re.M))
    missing = [
        f"{source.document} {clause}"
        for source in sources_of(found) - {found.source}
        for clause in re.findall(r"第[^、]+条|附件[^、]+|[一二三四五六七八九]（[一二三四五六七八九]）", source.clause)
        if clause not in anchors[source.document]
    ]

    assert missing == []
    assert all(source.clause for source in sources_of(found))


@st.composite
def cases(draw: st.DrawFn, found: Procedure) -> list[tuple[set[str], set[Circumstance]]]:
    """A case led by chance from its first step to its end: at each point what is done and what is true of it."""
    circumstances = set(draw(st.sets(st.sampled_from(FROM_THE_START))))
    done: set[str] = set()
    way = [(set(done), set(circumstances))]
    for _ in range(2 * len(found.steps)):
        steps = found.opened_by(done, circumstances)
        if not steps:
            break
        step = draw(st.sampled_from(steps))
        done.add(step.name)
        if step.kind is StepKind.CONFIRMATION:
            circumstances.add(draw(st.sampled_from((Circumstance.GRANTED, Circumstance.REFUSED))))
        elif step.objection is not None and draw(st.booleans()):
            circumstances.add(step.objection)
        elif step.kind is StepKind.COMMUNITY_APPRAISAL and draw(st.booleans()):
            circumstances.add(Circumstance.DISPUTED_APPRAISAL)
        elif step.kind is StepKind.EXAMINATION:
            circumstances.discard(Circumstance.PROPOSED_REFUSAL)
            circumstances |= draw(st.sampled_from((set(), {Circumstance.PROPOSED_REFUSAL})))
        elif found.confirmation.name not in done and draw(st.integers(0, 5)) == 0:
            circumstances.add(Circumstance.COMPLAINT)
        way.append((set(done), set(circumstances)))
    return way


@given(st.data())
def test_every_way_through_a_procedure_ends_and_is_decided(data: st.DataObject) -> None:
    found = data.draw(st.sampled_from(ALL))
    way = data.draw(cases(found))

    done, circumstances = way[-1]
    assert found.ended(done, circumstances)
    assert {Circumstance.GRANTED, Circumstance.REFUSED} & circumstances
    told = {letter for name in done for letter in found.steps[name].letters}
    awards = {name for name in done if found.steps[name].kind is StepKind.AWARD}
    if Circumstance.GRANTED in circumstances:
        assert bool(awards) == bool(found.of_kind(StepKind.AWARD))
        assert Letter.GRANT in told
    else:
        assert not awards
        assert Letter.REFUSAL in told
    for done, circumstances in way[:-1]:
        assert not found.ended(done, circumstances)


@given(st.data())
def test_on_every_way_each_step_waits_for_those_before_it_and_its_clock_has_begun(data: st.DataObject) -> None:
    found = data.draw(st.sampled_from(ALL))
    for done, circumstances in data.draw(cases(found)):
        settled = found.settled(done, circumstances)
        assert done <= settled
        for step in found.opened_by(done, circumstances):
            assert settled.issuperset(step.after)
            assert step.applies(circumstances)
            for clock in (step.due(circumstances), step.begin_within):
                assert clock is None or clock.of in done


@given(st.data())
def test_nobody_decides_on_subsistence_before_the_family_was_visited_checked_and_noticed(data: st.DataObject) -> None:
    found = data.draw(st.sampled_from(OF_SUBSISTENCE))
    for done, _true in data.draw(cases(found)):
        kinds = {found.steps[name].kind for name in done}
        if StepKind.CONFIRMATION in kinds:
            needed = {StepKind.ADMISSION, StepKind.RECORDS_CHECK, StepKind.HOME_VISIT, StepKind.EXAMINATION}
            assert kinds >= needed | {StepKind.NOTICE}


@pytest.mark.parametrize("found", ALL, ids=key_of)
def test_every_step_is_reached_by_some_case(found: Procedure) -> None:
    for name, step in found.steps.items():
        circumstances = set(sorted(step.when)[:1]) - {Circumstance.GRANTED, Circumstance.REFUSED}
        outcome = Circumstance.REFUSED if Circumstance.REFUSED in step.when else Circumstance.GRANTED
        reached = walk(found, circumstances, outcome=outcome)
        assert name in reached or step.instead_of in reached


@pytest.mark.parametrize("found", ALL, ids=key_of)
def test_who_admits_does_not_examine_and_who_examines_does_not_confirm(found: Procedure) -> None:
    for step in found.of_kind(StepKind.EXAMINATION):
        assert found.first.name in step.not_by
    examiners = {step.name for step in found.of_kind(StepKind.EXAMINATION) if "street_examiner" in step.posts}
    assert examiners | {found.first.name} <= set(found.confirmation.not_by)


@pytest.mark.parametrize("found", OF_SUBSISTENCE, ids=key_of)
def test_visits_take_two_and_each_adult_signs_the_consent(found: Procedure) -> None:
    for kind in (StepKind.HOME_VISIT, StepKind.DISTRICT_VISIT):
        assert {step.people for step in found.of_kind(kind)} == {2}
    assert [paper.key for paper in found.papers_of_each_adult()] == ["authorisation"]
    assert [paper.signed_by for paper in found.papers if paper.key == "application"] == [SignedBy.APPLICANT]


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
    assert not found.may_extend({Circumstance.HARD_TO_SURVEY})


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
    assert found.may_extend({Circumstance.OBJECTION})
    assert found.may_extend({Circumstance.SPECIAL}) == (day == before_83)
    assert not found.may_extend({Circumstance.RELATIVES})


def test_what_the_records_check_establishes_is_asked_for_until_2021_and_never_since() -> None:
    assert "household_register" in {paper.key for paper in dibao("xicheng", old).asked_papers()}
    assert dibao("xicheng", old).papers_not_asked() == ()
    for day in (before_83, under_the_law):
        found = dibao("xicheng", day)
        assert [paper.key for paper in found.asked_papers()] == ["application", "commitment", "authorisation"]
        assert {paper.key for paper in found.papers_not_asked()} >= {"household_register", "property_proof"}
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


# Finding one


def test_a_case_finds_its_procedure_again() -> None:
    found = dibao("xicheng", under_83)

    assert str(found.key) == "beijing/subsistence_allowance/application/2022-10-20"
    assert procedure_by_key(str(found.key)) == found
    assert ProcedureKey.parse(str(found.key)) == found.key


def test_what_has_no_procedure_is_said_in_words() -> None:
    with pytest.raises(NoProcedure, match="北京市西城区的冬季采暖救助在 2026-11-22 没有写明申请的办理程序"):
        procedure_of("xicheng", "heating_assistance", under_the_law)
    with pytest.raises(NoProcedure, match="2012-01-01"):
        dibao("cn", date(2012, 1, 1))
    for key in (
        *("xicheng/subsistence_allowance/application/2022-10-20", "nowhere/x/application/2020-01-01"),
        *("beijing/x/application", "beijing/x/visit/2020-01-01", ""),
    ):
        with pytest.raises(NoProcedure):
            procedure_by_key(key)


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
        *("admission", "confirmation", "award", "grant_letter", "afterwards", "publication"),
    ]
    assert granted(found) == [
        *("admission", "inquiry", "examination", "confirmation", "award", "grant_letter", "publication"),
    ]
    assert "afterwards" not in walk(found, urgent, outcome=Circumstance.REFUSED)
    clocks = [found.steps["confirmation"].due(true) for true in (urgent, set())]
    assert [clock and (clock.days, clock.unit) for clock in clocks] == [(0, DayUnit.DAYS), (5, DayUnit.WORKING_DAYS)]
    assert Circumstance.URGENT in found.matters
    assert Circumstance.URGENT not in dibao("xicheng", under_the_law).matters


def test_emergency_aid_follows_the_text_of_its_day() -> None:
    ways = [procedure_of("xicheng", "temporary_assistance", day) for day in (date(2020, 6, 1), date(2021, 1, 4))]

    assert granted(ways[0], Circumstance.URGENT) == [
        *("admission", "examination", "confirmation", "award", "grant_letter"),
    ]
    assert "publication" not in granted(ways[1])
    assert [str(way.source) for way in ways] == ["国务院令第649号 第四十八条", "京民社救发〔2020〕86号 二（一）"]
