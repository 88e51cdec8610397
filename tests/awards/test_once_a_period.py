"""Help for a season, a year or an occasion: one amount of one pay period, that is fixed with the claim."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests import many
from tests.awards.conftest import determined
from tests.due import due_of
from yihu.access.actor import Actor
from yihu.awards import actions, queries
from yihu.awards.enums import EndReason
from yihu.awards.models import Award, AwardTerm
from yihu.awards.periods import period_from
from yihu.common.refusals import Refused
from yihu.households import actions as households
from yihu.households.models import Household
from yihu.organisations.models import Division
from yihu.policy.labels import programme_of

PROGRAMMES = ("heating_assistance", "temporary_assistance")
START, LATER = date(2026, 11, 16), date(2026, 11, 17)


def given(
    family: Household, by: Actor, *, programme: str = "heating_assistance", start: date = START, amount: int = 80_000
) -> AwardTerm:
    return actions.grant(
        household=family, person=None, programme=programme, key="one",
        period=period_from(programme_of(programme, family.division_id), start), amount=amount,
        determination=determined(family, amount, programme=programme), by=by, on=max(start, START),
    )  # fmt: skip


def due(award: Award) -> list[tuple[date, int]]:
    found = due_of([award.pk], until=date(2027, 12, 31), known_on=date(2027, 12, 31))
    return [(each.period, each.amount) for each in found]


@pytest.mark.parametrize("start", [date(2026, 11, 1), date(2026, 12, 1)], ids=["earlier", "later"])
def test_what_is_granted_again_is_about_the_same_period(family: Household, actor: Actor, start: date) -> None:
    award = given(family, actor).award
    again = given(family, actor, start=start, amount=90_000)

    assert again.award == award
    assert due(award) == [(START, 90_000)]


def test_what_was_ended_is_due_when_it_is_granted_again(family: Household, actor: Actor) -> None:
    award = given(family, actor).award
    actions.stop(award=award, from_day=START, reason=EndReason.RENOUNCED, by=actor, on=LATER)
    assert due(award) == []

    given(family, actor, start=date(2026, 12, 1), amount=70_000)
    assert due(award) == [(START, 70_000)]


def test_the_pay_period_is_kept_by_the_database(family: Household, actor: Actor) -> None:
    award = given(family, actor).award
    values: dict[str, Any] = {"household": family, "programme": "heating_assistance", "key": "two", "form": "money"}

    assert award.pay_period == START
    with pytest.raises(DatabaseError, match="不能改动"), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(pay_period=LATER)
    for kind, period in (("season", None), ("month", START)):
        with pytest.raises(DatabaseError, match="award_pay_period_where_there_is_one"), transaction.atomic():
            Award.objects.create(**values, kind=kind, pay_period=period)


@pytest.mark.parametrize("programme", PROGRAMMES)
@pytest.mark.parametrize("reason", [EndReason.RENOUNCED, EndReason.NOT_ELIGIBLE])
def test_what_is_renounced_or_was_wrong_is_due_no_longer(
    family: Household, actor: Actor, programme: str, reason: EndReason
) -> None:
    award = given(family, actor, programme=programme).award
    no = determined(family, None, programme=programme, outcome="not_eligible")
    why = {
        "reason": reason,
        "determination": no if reason is EndReason.NOT_ELIGIBLE else None,
        "by": actor,
        "on": LATER,
    }

    with pytest.raises(Refused, match="最早可从 2026 年 11 月 16 日 起停发"):
        actions.stop(award=award, from_day=date(2026, 11, 15), **why)
    actions.stop(award=award, from_day=START if programme == "temporary_assistance" else LATER, **why)
    assert due(award) == []


@pytest.mark.parametrize("reason", [EndReason.DIED, EndReason.LEFT])
@pytest.mark.parametrize(("day", "amounts"), [(START, []), (date(2027, 3, 20), [80_000])])
def test_who_dies_or_leaves_in_the_course_of_it_had_a_claim(
    family: Household, actor: Actor, reason: EndReason, day: date, amounts: list[int]
) -> None:
    award = given(family, actor).award
    actions.stop(award=award, from_day=day, reason=reason, by=actor, on=day)

    assert [amount for _period, amount in due(award)] == amounts


def test_an_end_that_is_set_may_come_earlier_and_not_later(family: Household, actor: Actor) -> None:
    award = given(family, actor).award
    for day in (date(2027, 3, 20), date(2027, 2, 10)):
        actions.stop(award=award, from_day=day, reason=EndReason.LEFT, by=actor, on=day)

    assert award.terms.worth_telling().get().until == date(2027, 2, 10)
    with pytest.raises(Refused, match="已从 2027 年 2 月 10 日 起停发"):
        actions.stop(award=award, from_day=date(2027, 2, 20), reason=EndReason.LEFT, by=actor, on=date(2027, 2, 20))


def test_a_month_lists_what_begins_in_the_course_of_it(family: Household, actor: Actor) -> None:
    season, once = (given(family, actor, programme=programme) for programme in PROGRAMMES)
    months = {month: set(AwardTerm.objects.within_month(date(2026, month, 1))) for month in (10, 11, 12)}

    assert months == {10: set(), 11: {season, once}, 12: {season}}


def test_who_granted_it_stays_though_the_family_moves(family: Household, actor: Actor) -> None:
    director = many.make_actor("street_director", "11/0102/007/")
    status = {
        "programme": "low_income",
        "period": period_from(programme_of("low_income", family.division_id), START),
        "key": "running",
    }
    actions.grant(
        household=family, person=None, amount=None, by=director, on=START,
        determination=determined(family, None, programme="low_income"), **status,
    )  # fmt: skip
    there = Division.objects.get(pk="11/0102/009/001/")
    households.move_household(household=family, division=there, address="某路 2 号", by=actor, on=LATER)

    [held] = queries.held_by([family.pk], date(2026, 12, 1))[family.pk]["low_income"]
    assert held.granted_in == "11/0102/007/"
