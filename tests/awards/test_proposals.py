"""What was decided since, what differs, what ran out, who moved: a proposal never overrides, and nothing is silent."""

from datetime import date

import pytest
from psycopg.types.range import Range

from tests import many
from tests.awards.conftest import FAMILY_PROGRAMME, MEMBER_PROGRAMME, determined
from tests.awards.test_calendar import BORN, FROM, ON, elder, job, looked
from tests.cases.street import say
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.awards import actions, queries
from yihu.awards.enums import EndReason, ProposalKind, ProposalState
from yihu.awards.models import Award, AwardTerm, CalendarLook, Proposal
from yihu.awards.periods import period_from
from yihu.common.refusals import Refused
from yihu.households.enums import FactSource
from yihu.households.models import Household, Member, Person
from yihu.policy import actions as policy
from yihu.policy.labels import programme_of

__all__ = ["elder", "job"]

HEATING = "heating_assistance"


@pytest.fixture
def officer(actor: Actor) -> Actor:
    return many.make_actor("district_officer")


def refusal(proposal: Proposal, by: Actor, on: date) -> str:
    with acting(by), pytest.raises(Refused) as why:
        actions.accept_proposal(proposal=proposal, by=by, on=on)
    return str(why.value.message)


def grant_elder(family: Household, by: Actor, *, amount: int | None = None, period: Range[date] | None = None) -> None:
    """Her allowance, as the rules have it or as somebody wrote it down."""
    [person] = many.people_of(family)
    found = policy.determine(
        household=family, programme=MEMBER_PROGRAMME, person=person, on=ON, known_on=ON, held={}, by=by
    )
    if amount is not None:
        found = determined(family, amount, programme=MEMBER_PROGRAMME, person=person)
    assert found.amount
    actions.grant(
        household=family, person=person, programme=MEMBER_PROGRAMME, key="running",
        period=period or Range(date(2025, 11, 1), None), amount=found.amount, determination=found, by=by, on=ON,
    )  # fmt: skip


def woman(by: Actor, born: date) -> Household:
    family = many.make_family()
    Person.objects.filter(household=family).update(birth_date=born)
    [person] = many.people_of(family)
    say(family, "hukou", "110102", person=person, by=by, on=date(2026, 8, 1), source=FactSource.VERIFIED)
    return family


def move(person: Person, family: Household, on: date) -> None:
    Member.objects.filter(person=person).update(period=Range(many.SINCE, on))
    Member.objects.create(household=family, person=person, relation=many.SPOUSE, period=Range(on, None))
    Person.objects.filter(pk=person.pk).update(household=family)


# What was decided since


def test_what_was_stopped_since_is_not_brought_back(job: Actor, elder: Household, actor: Actor, officer: Actor) -> None:
    looked(job, ON)
    proposal, award = Proposal.objects.get(), Award.objects.get()
    assert proposal.against == AwardTerm.objects.get()
    actions.stop(award=award, from_day=date(2026, 12, 1), reason=EndReason.RENOUNCED, by=actor, on=date(2026, 10, 20))

    assert "又有了新的决定" in refusal(proposal, officer, date(2026, 10, 25))
    assert queries.open_work(officer, on=ON) == []
    looked(job, date(2026, 10, 26))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by_id) == (ProposalState.WITHDRAWN, job.principal)
    # Her birthday still counts for what is left, and ends where the award does.
    again = Proposal.objects.get(state=ProposalState.WAITING)
    with acting(officer):
        term = actions.accept_proposal(proposal=again, by=officer, on=date(2026, 10, 27))
    assert term.period == Range(FROM, date(2026, 12, 1))
    assert not Award.objects.in_force(date(2026, 12, 1)).exists()


def test_a_later_decision_is_not_overridden(job: Actor, elder: Household, actor: Actor, officer: Actor) -> None:
    looked(job, ON)
    grant_elder(elder, actor, amount=80_000, period=Range(date(2026, 12, 1), None))
    assert "又有了新的决定" in refusal(Proposal.objects.get(), officer, date(2026, 10, 25))


# What differs


def test_an_amount_that_was_never_the_rules_needs_a_look_with_both(job: Actor, actor: Actor, officer: Actor) -> None:
    family = woman(actor, BORN)
    grant_elder(family, actor, amount=9_900)
    assert [looked(job, day) for day in (ON, date(2026, 10, 6), date(2026, 11, 5))] == [1, 0, 0]
    found = Proposal.objects.get()
    assert (found.kind, found.before, found.amount, found.from_day) == (ProposalKind.LOOK, 9_900, 50_000, FROM)
    assert all(part in found.reason for part in ("99.00", "100.00", "500.00", "请核实"))

    assert "核实的结果" in refusal(found, officer, date(2026, 11, 6))
    with acting(officer):
        term = actions.accept_proposal(proposal=found, by=officer, on=date(2026, 11, 6), reason="旧账少记一元")
    assert (term.period, term.amount) == (Range(FROM, None), 50_000)
    assert looked(job, date(2026, 12, 5)) == 0


def test_what_was_closed_after_a_look_is_not_asked_again_until_it_changes(
    job: Actor, actor: Actor, officer: Actor
) -> None:
    family = woman(actor, date(1937, 1, 20))
    grant_elder(family, actor, amount=9_900)
    assert looked(job, ON) == 1
    with acting(officer):
        actions.decline_proposals(proposals=Proposal.objects.all(), reason="期初如此", by=officer, on=ON)
    assert Proposal.objects.get().state == ProposalState.CLOSED
    assert [looked(job, day) for day in (date(2026, 11, 5), date(2026, 12, 5), date(2027, 1, 5))] == [0, 1, 0]
    assert Proposal.objects.get(state=ProposalState.WAITING).amount == 50_000


def test_what_the_rules_alone_changed_before_anybody_knew_says_so(job: Actor, actor: Actor) -> None:
    family = woman(actor, BORN)
    grant_elder(family, actor)
    # The looks of the autumn went by without it, as with a figure that is published late.
    CalendarLook.objects.create(
        division_id=many.DISTRICT, looked_on=date(2026, 11, 20), compared_from=FROM, compared_to=date(2026, 12, 1),
        households=1, results=1,
    )  # fmt: skip
    assert looked(job, date(2026, 12, 3)) == 1
    found = Proposal.objects.get()
    assert (found.kind, found.before, found.amount) == (ProposalKind.LOOK, 10_000, 50_000)
    assert "家庭情况没有变" in found.reason
    assert found.from_day == date(2026, 12, 1)


def test_what_becomes_unknown_needs_a_look(job: Actor, elder: Household, actor: Actor) -> None:
    assert looked(job, date(2026, 8, 5)) == 0
    Person.objects.filter(household=elder).update(birth_date=date(1940, 3, 3))
    assert looked(job, date(2026, 8, 20)) == 0
    [person] = many.people_of(elder)
    Member.objects.filter(person=person).update(period=Range(many.SINCE, date(2026, 9, 1)))
    other = many.make_family(first=2)
    assert looked(job, date(2026, 8, 21)) == 1
    found = Proposal.objects.get()
    assert (found.kind, found.outcome, found.person) == (ProposalKind.LOOK, "absent", person)
    assert "没有给出结果" in found.reason
    # He turns up again: nothing is left to look into.
    Member.objects.create(household=elder, person=person, relation=1, period=Range(date(2026, 9, 1), None))
    assert looked(job, date(2026, 8, 22)) == 0
    found.refresh_from_db()
    assert found.state == ProposalState.WITHDRAWN
    assert other.pk


def test_awards_of_which_the_rules_could_never_say_anything_are_counted(job: Actor, actor: Actor) -> None:
    family = many.make_family(members=3)
    actions.grant(
        household=family, person=None, programme=FAMILY_PROGRAMME, key="running", period=Range(date(2026, 4, 1), None),
        amount=1_000, determination=determined(family, 1_000), by=actor, on=ON,
    )  # fmt: skip
    assert looked(job, ON) == 0
    assert CalendarLook.objects.get().unknown == 1


# What was declined


def test_what_was_declined_is_opened_again_with_a_reason(
    job: Actor, elder: Household, officer: Actor, actor: Actor
) -> None:
    looked(job, ON)
    [declined] = Proposal.objects.all()
    with acting(officer):
        actions.decline_proposals(proposals=[declined], reason="点错了", by=officer, on=ON)
        with pytest.raises(Refused, match="请写明为什么重新打开"):
            actions.reopen_proposals(proposals=[declined], reason=" ", by=officer, on=ON)
        [again] = actions.reopen_proposals(proposals=[declined], reason="是误点", by=officer, on=date(2026, 10, 7))
        with pytest.raises(Refused, match="已经重新打开过"):
            actions.reopen_proposals(proposals=[declined], reason="是误点", by=officer, on=ON)
    clerk = many.make_actor("window_clerk", "11/0102/007/")
    with acting(clerk), pytest.raises(Refused):
        actions.reopen_proposals(proposals=[declined], reason="是误点", by=clerk, on=ON)

    told = [(each.title, each.detail) for each in queries.events_of(elder)]
    assert any("不采纳" in title and "点错了" in detail for title, detail in told)
    assert any("重新打开" in title and "是误点" in detail for title, detail in told)
    assert looked(job, date(2026, 10, 8)) == 0
    with acting(officer):
        actions.accept_proposal(proposal=again, by=officer, on=date(2026, 10, 9))
        with pytest.raises(Refused, match="不能重新打开"):
            actions.reopen_proposals(proposals=[again], reason="是误点", by=officer, on=ON)
    assert {each.state for each in Proposal.objects.all()} == {ProposalState.DECLINED, ProposalState.ACCEPTED}


# Seasons


def test_help_of_a_season_is_accepted_in_it_alone(job: Actor, elder: Household, actor: Actor, officer: Actor) -> None:
    say(elder, "has_heating", "是", by=actor, on=date(2026, 5, 1), source=FactSource.VERIFIED)
    actions.grant(
        household=elder, person=None, programme=FAMILY_PROGRAMME, key="running", period=Range(date(2026, 4, 1), None),
        amount=1_000, determination=determined(elder, 1_000), by=actor, on=date(2026, 5, 1),
    )  # fmt: skip
    looked(job, date(2026, 5, 5))
    past = Proposal.objects.get(programme=HEATING)
    assert past.key == "2025-2026"
    looked(job, date(2026, 6, 5))
    coming = Proposal.objects.get(programme=HEATING, key="2026-2027")

    assert "还没有开始" in refusal(coming, officer, date(2026, 6, 30))
    assert "已经过去" in refusal(past, officer, date(2026, 7, 1))
    looked(job, date(2026, 7, 2))
    past.refresh_from_db()
    assert past.state == ProposalState.WITHDRAWN


# What ran out


def test_a_term_that_ran_out_unseen_goes_on_as_long_again(job: Actor, actor: Actor, officer: Actor) -> None:
    family = woman(actor, date(1940, 3, 3))
    grant_elder(family, actor, period=Range(date(2025, 11, 1), date(2026, 11, 1)))
    assert [looked(job, day) for day in (date(2026, 9, 5), date(2026, 11, 3), date(2026, 11, 4))] == [0, 1, 0]
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.from_day) == (ProposalKind.CONTINUE, date(2026, 11, 1))
    with acting(officer):
        term = actions.accept_proposal(proposal=proposal, by=officer, on=date(2026, 11, 20))
    assert term.period == Range(date(2026, 11, 1), date(2027, 11, 1))


def test_a_change_ends_where_the_term_ended(job: Actor, actor: Actor, officer: Actor) -> None:
    family = woman(actor, BORN)
    grant_elder(family, actor, period=Range(date(2026, 1, 1), date(2027, 1, 1)))
    looked(job, ON)
    with acting(officer):
        term = actions.accept_proposal(proposal=Proposal.objects.get(), by=officer, on=ON)
    assert term.period == Range(FROM, date(2027, 1, 1))


# Who moved


def test_a_claim_goes_along_with_whoever_moves(job: Actor, elder: Household, actor: Actor, officer: Actor) -> None:
    [person] = many.people_of(elder)
    other = many.make_family(first=2, community="11/0102/009/001/")
    looked(job, ON)
    move(person, other, date(2026, 10, 10))
    [change] = Proposal.objects.all()

    assert queries.held_by([elder.pk, other.pk], ON)[elder.pk] == {}
    assert (queries.terms_of(elder.pk).count(), queries.terms_of(other.pk).count()) == (0, 1)
    assert queries.in_force(other.pk, on=ON).count() == 1
    assert queries.events_of(elder) == []
    director, former = (many.make_actor("street_director", f"11/0102/{street}/") for street in ("009", "007"))
    with acting(director):
        assert list(queries.proposals(director)) == [change]
    with acting(former):
        assert list(queries.proposals(former)) == []
    person.refresh_from_db()
    with acting(officer):
        term = actions.accept_proposal(proposal=change, by=officer, on=date(2026, 10, 12))
    assert term.award.household == other

    say(other, "hukou", "310101", person=person, by=actor, on=date(2026, 10, 13), source=FactSource.VERIFIED)
    no = policy.determine(
        household=other, programme=MEMBER_PROGRAMME, person=person, on=date(2026, 11, 1), known_on=date(2026, 10, 13),
        held={}, by=actor,
    )  # fmt: skip
    stopped = actions.stop(
        award=term.award, from_day=date(2026, 11, 1), reason=EndReason.NOT_ELIGIBLE, determination=no, by=actor,
        on=date(2026, 10, 13),
    )  # fmt: skip
    assert stopped.determination == no


def test_the_street_of_today_decides_on_what_was_granted_elsewhere(elder: Household, actor: Actor) -> None:
    [person] = many.people_of(elder)
    move(person, many.make_family(first=2, community="11/0102/009/001/"), date(2026, 9, 1))
    award, day = Award.objects.get(), date(2026, 11, 1)
    before, now = (many.make_actor("street_director", f"11/0102/{street}/") for street in ("007", "009"))
    with acting(before), pytest.raises(Refused, match="请由那里办理"):
        actions.stop(award=award, from_day=day, reason=EndReason.RENOUNCED, by=before, on=ON)
    with acting(now):
        assert actions.stop(award=award, from_day=day, reason=EndReason.RENOUNCED, by=now, on=ON).stops


# Limits


def test_what_never_began_does_not_count(actor: Actor, family: Household) -> None:
    person, programme = many.people_of(family)[0], "education_assistance"
    found = determined(family, 400_000, programme=programme, person=person)
    term = actions.grant(
        household=family, person=person, programme=programme, key="1",
        period=period_from(programme_of(programme, family.division_id), ON), amount=400_000,
        determination=found, by=actor, on=ON,
    )  # fmt: skip
    assert queries.keys_left(family, programme, on=ON, person_id=person.pk) == ()
    actions.stop(award=term.award, from_day=ON, reason=EndReason.RENOUNCED, by=actor, on=ON)
    assert queries.keys_left(family, programme, on=ON, person_id=person.pk) == ("1",)
