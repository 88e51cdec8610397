"""What the rules do not give any more, or never gave, is looked into by a person and ended at the desk."""

from datetime import date

import pytest
from psycopg.types.range import Range

from tests import many
from tests.awards.conftest import FAMILY_PROGRAMME, determined
from tests.awards.test_calendar import BORN, elder, job, looked
from tests.awards.test_proposals import HEATING, grant_elder, woman
from tests.cases.street import say
from tests.due import due_of
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.awards import actions
from yihu.awards.enums import EndReason, ProposalKind, ProposalState
from yihu.awards.models import Award, AwardTerm, Proposal
from yihu.awards.periods import period_from
from yihu.awards.queries import held_by
from yihu.common.refusals import Refused
from yihu.households import actions as households
from yihu.households.actions import NewFact
from yihu.households.enums import FactSource
from yihu.households.models import Household
from yihu.policy import actions as policy
from yihu.policy.labels import parse_fact, programme_of

__all__ = ["elder", "job"]

APRIL, NOVEMBER = date(2026, 4, 1), date(2026, 11, 16)


@pytest.fixture
def officer(actor: Actor) -> Actor:
    return many.make_actor("district_officer")


@pytest.mark.parametrize("code", ["110105", "130602"])
def test_a_hukou_that_moved_away_is_proposed_and_ends_with_the_coming_month(
    job: Actor, actor: Actor, officer: Actor, code: str
) -> None:
    family = woman(actor, BORN)
    grant_elder(family, actor)
    [person] = many.people_of(family)
    assert looked(job, date(2026, 9, 5)) == 1, "she is 90 in October"
    with acting(officer):
        actions.accept_proposal(proposal=Proposal.objects.get(), by=officer, on=date(2026, 9, 6))
    say(family, "hukou", code, person=person, by=actor, on=date(2026, 9, 20), source=FactSource.VERIFIED)
    assert [looked(job, day) for day in (date(2026, 9, 21), date(2026, 9, 22))] == [1, 0]

    found = Proposal.objects.get(state=ProposalState.WAITING)
    assert (found.kind, found.outcome, found.from_day) == (ProposalKind.LOOK, "not_eligible", date(2026, 10, 1))
    assert found.ends
    with acting(officer):
        with pytest.raises(Refused, match="核实的结果"):
            actions.accept_proposal(proposal=found, by=officer, on=date(2026, 9, 25))
        # Whoever gets round to it later takes back nothing that was paid meanwhile.
        term = actions.accept_proposal(
            proposal=found, by=officer, on=date(2026, 10, 8), reason="户口已迁出，户口簿为证"
        )
    assert (term.stops, term.reason, term.period.lower) == (True, EndReason.NOT_ELIGIBLE, date(2026, 11, 1))
    assert term.determination.outcome == "not_eligible"
    found.refresh_from_db()
    assert (found.state, found.term, found.because) == (ProposalState.ACCEPTED, term, "户口已迁出，户口簿为证")
    assert not Award.objects.in_force(date(2026, 11, 1)).exists()
    assert looked(job, date(2026, 10, 9)) == 0


def test_what_came_back_meanwhile_is_not_ended(job: Actor, actor: Actor, officer: Actor) -> None:
    family = woman(actor, date(1940, 3, 3))
    grant_elder(family, actor)
    [person] = many.people_of(family)
    say(family, "hukou", "130602", person=person, by=actor, on=date(2026, 9, 20), source=FactSource.VERIFIED)
    looked(job, date(2026, 9, 21))
    say(family, "hukou", "110102", person=person, by=actor, on=date(2026, 9, 24), source=FactSource.VERIFIED)
    with acting(officer), pytest.raises(Refused, match="情况有变"):
        actions.accept_proposal(proposal=Proposal.objects.get(), by=officer, on=date(2026, 9, 25), reason="户口簿为证")
    assert not AwardTerm.objects.filter(stops=True).exists()


@pytest.fixture
def heated(elder: Household, actor: Actor) -> Award:
    """A family with 低保 since April that was granted the season's heating in November."""
    say(elder, "has_heating", "是", by=actor, on=APRIL, source=FactSource.VERIFIED)
    actions.grant(
        household=elder, person=None, programme=FAMILY_PROGRAMME, key="running", period=Range(APRIL, None),
        amount=1_000, determination=determined(elder, 1_000), by=actor, on=APRIL,
    )  # fmt: skip
    found = policy.determine(
        household=elder, programme=HEATING, on=NOVEMBER, known_on=NOVEMBER, by=actor,
        held=held_by([elder.pk], NOVEMBER)[elder.pk],
    )  # fmt: skip
    return actions.grant(
        household=elder, person=None, programme=HEATING, key="2026-2027",
        period=period_from(programme_of(HEATING, elder.division_id), NOVEMBER), amount=found.amount,
        determination=found, by=actor, on=NOVEMBER,
    ).award  # fmt: skip


def say_late(family: Household, *, by: Actor) -> None:
    """It is found out in December that there never was a heating of their own."""
    fact = NewFact("has_heating", parse_fact("has_heating", "否"), since=APRIL)
    households.record_facts(household=family, facts=[fact], source=FactSource.VERIFIED, by=by, on=date(2026, 12, 2))


def ends(award: Award) -> list[Proposal]:
    return list(Proposal.objects.filter(programme=award.programme, state=ProposalState.WAITING))


def test_a_season_that_was_never_due_is_ended_by_an_officer(
    job: Actor, heated: Award, actor: Actor, officer: Actor
) -> None:
    looked(job, date(2026, 12, 1))
    assert ends(heated) == []
    assert due_of([heated.pk], until=date(2026, 12, 31), known_on=date(2026, 12, 1))
    say_late(heated.household, by=actor)
    assert [looked(job, day) for day in (date(2026, 12, 3), date(2026, 12, 4))][1] == 0

    [found] = ends(heated)
    assert (found.kind, found.key, found.from_day) == (ProposalKind.END, "2026-2027", NOVEMBER)
    with acting(officer):
        term = actions.accept_proposal(proposal=found, by=officer, on=date(2026, 12, 5))
    assert (term.stops, term.reason, term.period.lower) == (True, EndReason.NOT_ELIGIBLE, NOVEMBER)
    assert due_of([heated.pk], until=date(2026, 12, 31), known_on=date(2026, 12, 5)) == []
    looked(job, date(2026, 12, 6))
    assert ends(heated) == []


def test_what_changes_after_a_season_began_takes_nothing_away_from_it(job: Actor, heated: Award, actor: Actor) -> None:
    say(heated.household, "has_heating", "否", by=actor, on=date(2027, 1, 10), source=FactSource.VERIFIED)
    looked(job, date(2027, 1, 12))
    assert ends(heated) == []
    status = Award.objects.get(programme=FAMILY_PROGRAMME)
    actions.stop(award=status, from_day=date(2027, 2, 1), reason=EndReason.RENOUNCED, by=actor, on=date(2027, 1, 15))
    looked(job, date(2027, 2, 2))
    assert ends(heated) == []


def test_a_season_that_was_left_as_it_is_is_not_asked_again(
    job: Actor, heated: Award, actor: Actor, officer: Actor
) -> None:
    say_late(heated.household, by=actor)
    looked(job, date(2026, 12, 3))
    with acting(officer):
        actions.decline_proposals(proposals=ends(heated), reason="核实有误", by=officer, on=date(2026, 12, 4))
    looked(job, date(2026, 12, 5))
    assert ends(heated) == []
    assert heated.terms.count() == 1
