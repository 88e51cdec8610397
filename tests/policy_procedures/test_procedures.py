"""Every procedure of every pack: sound, sourced, and led to its end on whatever way a case takes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import policy_packs
from policy_procedures import (
    Circumstance,
    Letter,
    NoProcedure,
    Procedure,
    ProcedureKey,
    SignedBy,
    StepKind,
    faults_of,
    procedure_by_key,
    procedure_of,
)
from tests.policy_procedures.ways import (
    ALL,
    FROM_THE_START,
    OF_SUBSISTENCE,
    dibao,
    key_of,
    under_83,
    under_the_law,
    walk,
)

# Every pack


@pytest.mark.parametrize("pack", policy_packs.names())
def test_the_procedures_of_a_pack_are_sound(pack: str) -> None:
    assert list(faults_of(policy_packs.load(pack))) == []


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
    assert [paper.key for paper in found.papers if paper.signed_by is SignedBy.EACH_ADULT] == ["authorisation"]
    assert [paper.signed_by for paper in found.papers if paper.key == "application"] == [SignedBy.APPLICANT]


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
