"""What the calendar alone changes is found for everybody, once, and waits for an officer."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from psycopg.types.range import Range

from tests import many
from tests.awards.conftest import FAMILY_PROGRAMME, MEMBER_PROGRAMME, determined
from tests.cases.street import say
from tests.due import due_of
from yihu.access.actor import Actor, service
from yihu.access.capabilities import Capability
from yihu.access.scope import acting
from yihu.awards import actions, queries
from yihu.awards.calendar import look
from yihu.awards.enums import ProposalKind, ProposalState
from yihu.awards.models import Award, AwardTerm, CalendarLook, Proposal
from yihu.common.refusals import Refused
from yihu.households.enums import FactSource
from yihu.households.models import Household, Person
from yihu.organisations.models import Division
from yihu.policy import actions as policy

# She is 90 on 20 October 2026, and gets more from that month on.
BORN, ON, FROM = date(1936, 10, 20), date(2026, 10, 5), date(2026, 10, 1)


@pytest.fixture
def job(db: None) -> Actor:
    return service("calendar", many.DISTRICT, may=[Capability.PROPOSE_CHANGES])


@pytest.fixture
def elder(actor: Actor) -> Household:
    """A woman of 89 with her allowance since she was 80."""
    family = many.make_family()
    Person.objects.filter(household=family).update(birth_date=BORN)
    [person] = many.people_of(family)
    say(family, "hukou", "110102", person=person, by=actor, on=date(2026, 8, 1), source=FactSource.VERIFIED)
    found = policy.determine(
        household=family, programme=MEMBER_PROGRAMME, person=person, on=ON, known_on=ON, held={}, by=actor
    )
    assert found.amount
    actions.grant(
        household=family, person=person, programme=MEMBER_PROGRAMME, key="running",
        period=Range(date(2019, 10, 1), None), amount=found.amount, determination=found, by=actor, on=ON,
    )  # fmt: skip
    return family


def looked(job: Actor, on: date) -> int | None:
    """How many proposals a look brings; None where it was done already."""
    with acting(job):
        found = look(division=Division.objects.get(pk=many.DISTRICT), by=job, on=on)
    return found and found.found


def test_a_birthday_is_proposed_for_its_month_once(job: Actor, elder: Household) -> None:
    before = AwardTerm.objects.get().amount
    assert looked(job, date(2026, 8, 5)) == 0
    days = (date(2026, 9, 5), date(2026, 9, 5), ON, date(2026, 10, 31), date(2026, 11, 1))
    assert [looked(job, day) for day in days] == [1, None, 0, 0, 0]

    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.from_day, proposal.before) == (ProposalKind.CHANGE, FROM, before)
    assert proposal.amount > before
    seen = CalendarLook.objects.order_by("looked_on").first()
    assert (seen.households, seen.compared_from, seen.compared_to) == (1, date(2026, 7, 1), date(2026, 9, 1))
    assert (seen.failed, seen.unknown) == (0, 0)
    assert seen.results > 0


def test_what_is_accepted_is_determined_anew_and_due(job: Actor, elder: Household) -> None:
    looked(job, ON)
    officer = many.make_actor("district_officer")
    proposal = Proposal.objects.get()
    [item] = queries.open_work(officer, on=ON)
    # It holds from the first of the month and was found on the fifth: nobody is late before he can know.
    assert (item.key, item.due_on) == (f"{MEMBER_PROGRAMME}/{proposal.pk}", ON)
    with acting(officer):
        term = actions.accept_proposal(proposal=proposal, by=officer, on=date(2026, 10, 25))

    assert (term.period, term.amount) == (Range(FROM, None), proposal.amount)
    assert term.determination.outcome == "eligible"
    due = due_of([term.award_id], until=date(2026, 12, 1), known_on=date(2026, 10, 25))
    assert [each.amount for each in due[-4:]] == [proposal.before, *[proposal.amount] * 3]
    assert term.determination.on == date(2026, 10, 31)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.term, proposal.decided_by_id) == (ProposalState.ACCEPTED, term, officer.staff)
    assert queries.open_work(officer, on=ON) == []
    with acting(officer), pytest.raises(Refused, match="已经办理：已采纳"):
        actions.accept_proposal(proposal=proposal, by=officer, on=ON)
    with pytest.raises(DatabaseError, match="已经办理"), transaction.atomic():
        Proposal.objects.update(state=ProposalState.WAITING)


def test_what_is_declined_keeps_its_reason_and_is_not_proposed_again(job: Actor, elder: Household) -> None:
    looked(job, ON)
    officer = many.make_actor("district_officer")
    with acting(officer):
        with pytest.raises(Refused, match="请写明为什么"):
            actions.decline_proposals(proposals=Proposal.objects.all(), reason=" ", by=officer, on=ON)
        actions.decline_proposals(proposals=Proposal.objects.all(), reason="年龄有误", by=officer, on=ON)

    assert Proposal.objects.get().because == "年龄有误"
    assert looked(job, date(2026, 10, 6)) == 0
    assert AwardTerm.objects.count() == 1


def test_what_has_changed_since_is_not_accepted(job: Actor, elder: Household, actor: Actor) -> None:
    looked(job, ON)
    [person] = many.people_of(elder)
    say(elder, "hukou", "310101", person=person, by=actor, on=date(2026, 10, 6), source=FactSource.VERIFIED)
    officer = many.make_actor("district_officer")
    with acting(officer):
        done = actions.accept_proposals(proposals=Proposal.objects.all(), by=officer, on=date(2026, 10, 7))

    assert done.accepted == ()
    [(proposal, why)] = done.refused
    assert "情况有变" in why
    assert (Proposal.objects.get().state, AwardTerm.objects.count()) == (ProposalState.WAITING, 1)
    assert proposal == Proposal.objects.get()


def test_a_change_that_was_recorded_needs_a_look_and_ends_nothing_by_itself(
    job: Actor, elder: Household, actor: Actor
) -> None:
    [person] = many.people_of(elder)
    say(elder, "hukou", "310101", person=person, by=actor, on=date(2026, 10, 4), source=FactSource.VERIFIED)

    assert looked(job, ON) == 1
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.outcome, proposal.amount) == (ProposalKind.LOOK, "not_eligible", None)
    assert "规则说不符合" in proposal.reason
    officer = many.make_actor("district_officer")
    with acting(officer), pytest.raises(Refused, match="请写明核实的结果"):
        actions.accept_proposal(proposal=proposal, by=officer, on=ON)
    assert looked(job, date(2026, 11, 5)) == 0
    assert AwardTerm.objects.in_force(date(2026, 12, 1)).exists()


def test_months_that_nobody_looked_at_are_made_up_for(job: Actor, elder: Household) -> None:
    assert looked(job, date(2026, 8, 5)) == 0
    assert looked(job, date(2026, 12, 3)) == 1
    proposal = Proposal.objects.get()
    assert proposal.from_day == FROM
    officer = many.make_actor("district_officer")
    with acting(officer):
        term = actions.accept_proposal(proposal=proposal, by=officer, on=date(2026, 12, 4))
    due = due_of([term.award_id], until=date(2026, 12, 1), known_on=date(2026, 12, 4))
    assert [each.amount for each in due[-4:]] == [proposal.before, *[proposal.amount] * 3]


def test_a_look_at_nobody_is_an_error(job: Actor, actor: Actor) -> None:
    with pytest.raises(Refused, match="没有可以比较的家庭"):
        looked(job, ON)
    assert not CalendarLook.objects.exists()


def test_only_the_job_looks_and_only_those_who_answer_for_awards_decide(job: Actor, elder: Household) -> None:
    officer, clerk = many.make_actor("district_officer"), many.make_actor("window_clerk", "11/0102/007/")
    with acting(officer), pytest.raises(Refused):
        look(division=Division.objects.get(pk=many.DISTRICT), by=officer, on=ON)
    looked(job, ON)
    assert queries.open_work(clerk, on=ON) == []
    with acting(clerk), pytest.raises(Refused):
        actions.accept_proposal(proposal=Proposal.objects.get(), by=clerk, on=ON)
    assert not queries.proposals(many.make_actor("street_director", "11/0102/009/")).exists()
    assert queries.proposals(many.make_actor("street_director", "11/0102/007/")).exists()


def test_the_database_keeps_one_of_a_kind(job: Actor, elder: Household) -> None:
    looked(job, ON)
    again = Proposal.objects.get()
    again.pk = None
    with pytest.raises(IntegrityError, match="proposal_once"), transaction.atomic():
        again.save(force_insert=True)
    with pytest.raises(DatabaseError, match="不能改动"), transaction.atomic():
        Proposal.objects.update(amount=1)
    with pytest.raises(IntegrityError, match="proposal_decided_in_full"), transaction.atomic():
        Proposal.objects.update(state=ProposalState.ACCEPTED)


def test_help_without_application_is_proposed_once_a_season(job: Actor, actor: Actor, elder: Household) -> None:
    say(elder, "has_heating", "是", by=actor, on=ON, source=FactSource.VERIFIED)
    actions.grant(
        household=elder, person=None, programme=FAMILY_PROGRAMME, key="running", period=Range(date(2026, 9, 1), None),
        amount=1_000, determination=determined(elder, 1_000), by=actor, on=ON,
    )  # fmt: skip
    looked(job, ON)
    proposal = Proposal.objects.get(kind=ProposalKind.BEGIN)
    assert (proposal.programme, proposal.key, proposal.person) == ("heating_assistance", "2026-2027", None)
    assert proposal.amount

    assert looked(job, date(2026, 11, 5)) == 0
    officer = many.make_actor("district_officer")
    with acting(officer):
        term = actions.accept_proposal(proposal=proposal, by=officer, on=date(2026, 11, 16))
    [due] = due_of([term.award_id], until=date(2026, 11, 30), known_on=date(2026, 11, 16))
    assert (due.period, due.amount) == (date(2026, 11, 16), proposal.amount)
    assert looked(job, date(2026, 12, 5)) == 0
    assert Award.objects.get(programme="heating_assistance").key == "2026-2027"
