"""What each month gets where it is not the same for all that a decision grants."""

from datetime import date

import pytest

from tests import rooms
from tests.cases.street import LONG_AGO, People, say
from tests.cases.walk import Walk
from tests.due import due_of
from yihu.access.actor import Actor
from yihu.awards.actions import stop
from yihu.awards.enums import EndReason
from yihu.awards.models import AwardTerm
from yihu.cases.models import Confirmation
from yihu.common.refusals import Refused
from yihu.households import actions as households
from yihu.households.actions import NewMember
from yihu.households.enums import HEAD, FactSource
from yihu.organisations.models import Division

MOTHER = 52
MARCH, APRIL, MAY, JUNE = (date(2026, month, 1) for month in (3, 4, 5, 6))
ASKED, DECIDED = date(2026, 4, 20), date(2026, 5, 22)
AT_80, AT_90 = 10_000, 50_000


@pytest.fixture
def walk(district: rooms.District, service: Actor, people: People, request: pytest.FixtureRequest) -> Walk:
    """A case of a mother's that has not begun; her birthday is the test's."""
    members = [
        NewMember("吴一", HEAD, rooms.identity_number(date(1970, 5, 1), 101)),
        NewMember("郝老", MOTHER, rooms.identity_number(request.param, 102)),
    ]
    household = households.open_household(
        division=district.community, address="虚构胡同 9 号", members=members, by=service, on=LONG_AGO
    )
    mother = household.people.get(name="郝老")
    say(household, "hukou", "110102", by=service, on=LONG_AGO, source=FactSource.DECLARED, person=mother)
    return Walk(people, household, service, programme="old_age_allowance")


def decide(walk: Walk, asked: date = ASKED, on: date = DECIDED) -> None:
    """Asked for on one day, examined and decided on another."""
    walk.apply(asked, person=walk.household.people.get(name="郝老"))
    walk.bring(asked)
    walk.admit(asked)
    walk.examine(on)
    walk.confirm(on, by=walk.people.officer)


def due(walk: Walk) -> dict[date, int]:
    """What is due by month, up to June."""
    awards = AwardTerm.objects.filter(award__cases=walk.case).values_list("award", flat=True)
    return {each.period: each.amount for each in due_of(set(awards), until=JUNE, known_on=DECIDED)}


@pytest.mark.parametrize(
    ("walk", "in_april"),
    [(date(1936, 4, 30), AT_90), (date(1936, 5, 1), AT_80), (date(1936, 5, 2), AT_80)],
    indirect=["walk"],
)
def test_who_turns_90_before_the_decision_gets_the_lower_rate_for_the_months_before(walk: Walk, in_april: int) -> None:
    decide(walk)
    assert due(walk) == {APRIL: in_april, MAY: AT_90, JUNE: AT_90}
    for term in AwardTerm.objects.filter(award__cases=walk.case).select_related("determination"):
        assert term.determination is not None
        assert term.determination.amount == term.amount, "each rests on a determination that says so"
        assert term.determination.known_on == DECIDED


@pytest.mark.parametrize("walk", [date(1936, 5, 2)], indirect=True)
def test_the_letter_says_both_amounts(walk: Walk) -> None:
    decide(walk)
    assert walk.hand_over(DECIDED).content["paragraphs"][1:3] == [
        "自 2026-05 起按月发放 500.00 元（人民币伍佰元整）。",
        "此前的月份另发：2026-04 每月 100.00 元（人民币壹佰元整）。",
    ]


@pytest.mark.parametrize(
    ("walk", "first"),
    [(date(1946, 2, 28), date(2026, 2, 1)), (date(1946, 3, 1), MARCH), (date(1946, 3, 2), MARCH)],
    indirect=["walk"],
)
def test_who_asks_late_gets_it_from_the_month_of_the_birthday(walk: Walk, first: date) -> None:
    decide(walk)
    assert min(due(walk)) == first
    assert set(due(walk).values()) == {AT_80}
    assert AwardTerm.objects.filter(award__cases=walk.case).count() == 1, "one amount, one term"


@pytest.mark.parametrize(
    ("walk", "first"),
    [(date(1946, 4, 30), APRIL), (date(1946, 5, 1), MAY), (date(1946, 5, 2), MAY)],
    indirect=["walk"],
)
def test_nothing_is_due_for_a_month_in_which_there_was_no_claim_yet(walk: Walk, first: date) -> None:
    decide(walk)
    assert due(walk) == {month: AT_80 for month in (APRIL, MAY, JUNE) if month >= first}


def came_on_file(service: Actor, people: People, community: Division, born: date, asked: date, examined: date) -> Walk:
    """A family that came on file on the day it asked, with a mother born on a day; she can be decided upon."""
    members = [
        NewMember("吴一", HEAD, rooms.identity_number(date(1970, 5, 1), 101)),
        NewMember("郝老", MOTHER, rooms.identity_number(born, 102)),
    ]
    household = households.open_household(
        division=community, address="虚构胡同 9 号", members=members, by=service, on=asked
    )
    mother = household.people.get(name="郝老")
    say(household, "hukou", "110102", by=service, on=asked, source=FactSource.DECLARED, person=mother)
    walk = Walk(people, household, service, programme="old_age_allowance")
    walk.apply(asked, person=mother)
    walk.bring(asked)
    walk.admit(asked)
    walk.examine(examined)
    return walk


@pytest.fixture
def newcomer(district: rooms.District, service: Actor, people: People, request: pytest.FixtureRequest) -> Walk:
    """Such a family of the days of these tests, with a mother born on the day of the test."""
    return came_on_file(service, people, district.community, request.param, ASKED, DECIDED)


@pytest.mark.parametrize("newcomer", [date(1946, 2, 10)], indirect=True)
@pytest.mark.parametrize(("since", "first"), [(date(2026, 2, 1), date(2026, 2, 1)), (MARCH, MARCH), (APRIL, APRIL)])
def test_of_who_came_on_file_only_now_the_decider_says_since_when_it_is_so(
    newcomer: Walk, since: date, first: date
) -> None:
    with pytest.raises(Refused, match="从 2026-02 起档案里没有记载"):
        newcomer.confirm(DECIDED, by=newcomer.people.officer)
    with pytest.raises(Refused, match="请选择情况从哪个月起一直如此"):
        newcomer.confirm(DECIDED, by=newcomer.people.officer, since=date(2026, 1, 1))
    newcomer.confirm(DECIDED, by=newcomer.people.officer, since=since)
    assert min(due(newcomer)) == first
    assert set(due(newcomer).values()) == {AT_80}
    assert Confirmation.objects.get().since == since


def test_months_of_another_amount_are_not_asked_about(district: rooms.District, service: Actor, people: People) -> None:
    """The allowance is of October 2019: who turned 90 that December and asks in February may be owed both rates before,
    and of the lower one the decider is asked nothing.
    """
    decided = date(2020, 2, 24)
    late = came_on_file(service, people, district.community, date(1929, 12, 10), date(2020, 2, 20), date(2020, 2, 21))
    with pytest.raises(Refused, match="从 2019-12 起档案里没有记载"):
        late.confirm(decided, by=late.people.officer)
    with pytest.raises(Refused, match="请选择情况从哪个月起一直如此"):
        late.confirm(decided, by=late.people.officer, since=date(2019, 11, 1))
    late.confirm(decided, by=late.people.officer, since=date(2019, 12, 1))
    term = AwardTerm.objects.get(award__cases=late.case)
    assert (term.period.lower, term.amount) == (date(2019, 12, 1), AT_90)


@pytest.mark.parametrize("newcomer", [date(1940, 2, 10)], indirect=True)
def test_nobody_says_anything_of_months_that_nobody_is_owed(newcomer: Walk) -> None:
    with pytest.raises(Refused, match="没有可以补发的月份"):
        newcomer.confirm(DECIDED, by=newcomer.people.officer, since=MARCH)
    newcomer.confirm(DECIDED, by=newcomer.people.officer)
    assert min(due(newcomer)) == APRIL, "he could have asked six years ago"


@pytest.mark.parametrize("walk", [date(1946, 3, 1)], indirect=True)
@pytest.mark.parametrize(("reason", "first"), [("renounced", date(2026, 8, 1)), ("left", date(2026, 7, 1))])
def test_months_that_were_given_up_or_had_elsewhere_are_not_made_up_for(walk: Walk, reason: str, first: date) -> None:
    decide(walk)
    walk.hand_over(DECIDED)
    award = AwardTerm.objects.filter(award__cases=walk.case).latest("pk").award
    with walk.by(walk.people.officer) as actor:
        stop(award=award, from_day=date(2026, 7, 1), reason=EndReason(reason), by=actor, on=date(2026, 6, 10))
    decide(walk, asked=date(2026, 8, 10), on=date(2026, 8, 20))
    assert AwardTerm.objects.filter(stops=False, known_on=date(2026, 8, 20)).latest("pk").period.lower == first


@pytest.mark.parametrize(
    ("walk", "amounts"),
    [
        # Ninety in June: April, of which nobody knows where she was registered, is at the lower rate as May is.
        (date(1936, 6, 2), {APRIL: AT_80, MAY: AT_80, JUNE: AT_90}),
        (date(1936, 5, 2), {APRIL: AT_80, MAY: AT_90, JUNE: AT_90}),
        (date(1936, 1, 2), {APRIL: AT_90, MAY: AT_90, JUNE: AT_90}),
    ],
    indirect=["walk"],
)
def test_of_a_month_of_which_nothing_is_known_the_facts_are_todays_and_the_age_is_its_own(
    walk: Walk, amounts: dict[date, int]
) -> None:
    mother, decided = walk.household.people.get(name="郝老"), date(2026, 6, 22)
    say(walk.household, "hukou", "?", by=walk.service, on=APRIL, source=FactSource.DECLARED, person=mother)
    walk.apply(ASKED, person=mother)
    walk.bring(ASKED)
    walk.admit(ASKED)
    say(walk.household, "hukou", "110102", by=walk.service, on=MAY, source=FactSource.DECLARED, person=mother)
    walk.examine(decided)
    walk.confirm(decided, by=walk.people.officer)
    awards = AwardTerm.objects.filter(award__cases=walk.case).values_list("award", flat=True)
    assert {each.period: each.amount for each in due_of(set(awards), until=JUNE, known_on=decided)} == amounts
