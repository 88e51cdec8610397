"""Awards begin, change and end by determinations, and the database refuses what must not be."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from psycopg.types.range import Range

from tests import many
from tests.awards.conftest import FAMILY_PROGRAMME, MEMBER_PROGRAMME, determined
from tests.rooms import LOADS
from yihu.access.actor import Actor, service
from yihu.awards import actions, queries
from yihu.awards.enums import EndReason
from yihu.awards.models import Award
from yihu.common.refusals import Refused
from yihu.households.models import Household, Person

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (date(2026, month, 1) for month in (8, 9, 10, 11))


def begun(family: Household, actor: Actor, amount: int = 161_600, start: date = SEPTEMBER, **changed: Any) -> Award:
    values: dict[str, Any] = {"programme": FAMILY_PROGRAMME, "determination": determined(family, amount), **changed}
    return actions.begin(household=family, amount=amount, start=start, by=actor, **values)


def test_an_award_runs_from_the_first_of_its_month_on(family: Household, actor: Actor) -> None:
    begun(family, actor)

    held = {day: queries.held_by([family.pk], day)[family.pk] for day in (date(2026, 8, 31), SEPTEMBER)}
    assert held == {date(2026, 8, 31): set(), SEPTEMBER: {FAMILY_PROGRAMME}}


def test_what_a_determination_says_of_its_amount_stays_with_the_award(family: Household, actor: Actor) -> None:
    determination = determined(family, 161_600)
    determination.explanation = {"mark": "按最近所见标准"}

    assert begun(family, actor, determination=determination).mark == "按最近所见标准"


def test_a_new_determination_ends_the_award_and_starts_another(family: Household, actor: Actor) -> None:
    former = begun(family, actor)
    determination = determined(family, 67_000)
    actions.begin(
        household=family,
        programme=FAMILY_PROGRAMME,
        amount=67_000,
        start=NOVEMBER,
        determination=determination,
        by=actor,
    )

    former.refresh_from_db()
    assert former.period == Range(SEPTEMBER, NOVEMBER)
    assert (former.end_reason, former.ended_by, former.amount) == (EndReason.CHANGED, determination, 161_600)
    assert [award.amount for award in Award.objects.in_force(NOVEMBER)] == [67_000]


def test_the_same_amount_again_leaves_the_award_running(family: Household, actor: Actor) -> None:
    award = begun(family, actor)

    assert begun(family, actor, start=NOVEMBER) == award
    assert Award.objects.get().period == Range(SEPTEMBER, None)


def test_an_award_that_is_to_end_takes_the_same_amount_up_again(family: Household, actor: Actor) -> None:
    award = begun(family, actor)
    actions.end(award=award, on_month=NOVEMBER, reason=EndReason.RENOUNCED, by=actor)
    begun(family, actor, start=NOVEMBER)

    assert [each.period for each in Award.objects.order_by("pk")] == [Range(SEPTEMBER, NOVEMBER), Range(NOVEMBER, None)]


def test_each_member_may_have_an_award_of_his_own(family: Household, actor: Actor) -> None:
    for person in many.people_of(family)[:2]:
        determination = determined(family, 10_000, programme=MEMBER_PROGRAMME, person=person)
        begun(family, actor, 10_000, programme=MEMBER_PROGRAMME, person=person, determination=determination)

    assert Award.objects.count() == 2
    assert queries.held_by([family.pk, 0], SEPTEMBER) == {family.pk: {MEMBER_PROGRAMME}, 0: set()}


def test_nobody_has_the_same_award_in_two_families(family: Household, actor: Actor) -> None:
    person = many.people_of(family)[0]
    other = many.make_family(first=2)
    for household in (family, other):
        determination = determined(household, 10_000, programme=MEMBER_PROGRAMME, person=person)
        values = {"programme": MEMBER_PROGRAMME, "person": person, "determination": determination}
        if household == family:
            begun(household, actor, 10_000, **values)
        else:
            with pytest.raises(Refused, match="在另一户已有高龄老年人津贴"):
                begun(household, actor, 10_000, **values)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"start": date(2026, 9, 2)}, "不是一个月的 1 日"),
        ({"amount": 161_601}, r"1,616\.01 元超过认定的 1,616\.00 元"),
        ({"amount": 0}, "大于 0"),
        ({"programme": MEMBER_PROGRAMME}, "不是这一户的高龄老年人津贴的认定"),
    ],
)
def test_an_award_keeps_to_its_determination(
    family: Household, actor: Actor, changed: dict[str, Any], said: str
) -> None:
    values = {"programme": FAMILY_PROGRAMME, "amount": 161_600, "start": SEPTEMBER, **changed}
    with pytest.raises(Refused, match=said):
        actions.begin(household=family, determination=determined(family, 161_600), by=actor, **values)

    assert not Award.objects.exists()


def test_an_award_rests_on_a_determination_that_grants_it(family: Household, actor: Actor) -> None:
    with pytest.raises(Refused, match="没有得出“符合条件”"):
        begun(family, actor, determination=determined(family, None, outcome="not_eligible"))


def test_another_family_has_determinations_of_its_own(family: Household, actor: Actor) -> None:
    other = many.make_family(first=2)
    with pytest.raises(Refused, match="不是这一户的"):
        begun(family, actor, determination=determined(other, 161_600))


def test_what_is_paid_already_is_not_taken_back_by_a_later_word(family: Household, actor: Actor) -> None:
    begun(family, actor, start=OCTOBER)

    with pytest.raises(Refused, match="已经从 2026 年 10 月 起"):
        begun(family, actor, 67_000, start=SEPTEMBER)


def test_nobody_acts_outside_his_area(family: Household, actor: Actor) -> None:
    with pytest.raises(Refused, match="不在您负责的区域"):
        begun(family, service("tests", "110102009", may=LOADS))


def test_an_award_ends_from_a_month_on_for_a_reason(family: Household, actor: Actor) -> None:
    award = begun(family, actor)
    refusal = determined(family, None, outcome="not_eligible")
    actions.end(award=award, on_month=NOVEMBER, reason=EndReason.NOT_ELIGIBLE, determination=refusal, by=actor)

    award.refresh_from_db()
    assert (award.period, award.end_reason, award.ended_by) == (
        Range(SEPTEMBER, NOVEMBER), EndReason.NOT_ELIGIBLE, refusal,
    )  # fmt: skip


def test_an_award_that_is_renounced_before_it_begins_never_runs(actor: Actor, family: Household) -> None:
    award = begun(family, actor, 1_000, OCTOBER)
    actions.end(award=award, on_month=OCTOBER, reason=EndReason.RENOUNCED, by=actor)

    award.refresh_from_db()
    assert (award.period.isempty, award.end_reason) == (True, EndReason.RENOUNCED)
    for day in (OCTOBER, NOVEMBER):
        assert not queries.in_force(family.pk, on=day).exists()
    [event] = queries.events_of(family.pk)
    assert (event.title, event.detail) == ("最低生活保障没有开始", "本人放弃，每月 10.00 元")
    assert [row.state for row in queries.awards(actor, on=NOVEMBER, state=None).rows] == ["ended"]
    with pytest.raises(Refused, match="没有开始就终止了"):
        actions.end(award=award, on_month=NOVEMBER, reason=EndReason.DIED, by=actor)
    with pytest.raises(DatabaseError, match="不能接着发"), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(period=Range(OCTOBER, None), end_reason="")
    assert begun(family, actor, 1_100, OCTOBER) != award


@pytest.mark.parametrize(
    ("on_month", "reason", "said"),
    [
        (NOVEMBER, EndReason.NOT_ELIGIBLE, "要先作出认定"),
        (NOVEMBER, EndReason.CHANGED, "请选择终止的原因"),
        (NOVEMBER, "", "请选择终止的原因"),
        (AUGUST, EndReason.DIED, "最早可从 2026 年 9 月 起"),
        (date(2026, 11, 2), EndReason.DIED, "不是一个月的 1 日"),
    ],
)
def test_an_award_does_not_end_just_so(
    family: Household, actor: Actor, on_month: date, reason: EndReason, said: str
) -> None:
    award = begun(family, actor)
    with pytest.raises(Refused, match=said):
        actions.end(award=award, on_month=on_month, reason=reason, by=actor)

    award.refresh_from_db()
    assert award.period.upper is None


def test_an_award_ends_once(family: Household, actor: Actor) -> None:
    award = begun(family, actor)
    actions.end(award=award, on_month=OCTOBER, reason=EndReason.DIED, by=actor)

    with pytest.raises(Refused, match="已从 2026 年 10 月 起停发"):
        actions.end(award=award, on_month=NOVEMBER, reason=EndReason.DIED, by=actor)


def refused_by_the_database(write: Callable[[], object], kind: type[DatabaseError], said: str) -> None:
    with pytest.raises(kind, match=said), transaction.atomic():
        write()


def test_the_database_refuses_what_must_not_be(family: Household, actor: Actor) -> None:
    award = begun(family, actor)
    row = Award.objects.filter(pk=award.pk)
    person: Person = many.people_of(family)[0]
    other = determined(family, 161_600)

    def second(**changed: Any) -> Callable[[], object]:
        values = {
            "household": family, "programme": FAMILY_PROGRAMME, "amount": 1, "determination": other,
            "period": Range(NOVEMBER, None), **changed,
        }  # fmt: skip
        return lambda: Award.objects.create(**values)

    refused_by_the_database(second(), IntegrityError, "award_one_of_a_programme_at_a_time")
    refused_by_the_database(second(programme="x", determination=None), IntegrityError, "award_rests_on_one_thing")
    refused_by_the_database(second(programme="x", amount=0), IntegrityError, "award_pays_something")
    member = {"programme": MEMBER_PROGRAMME, "person": person}
    second(**member)()
    refused_by_the_database(
        second(household=many.make_family(first=2), **member), IntegrityError, "award_one_of_a_programme_a_person"
    )
    refused_by_the_database(lambda: row.update(amount=1), DatabaseError, "不能改动")
    refused_by_the_database(lambda: row.update(determination=other), DatabaseError, "不能改动")
    refused_by_the_database(lambda: row.update(household=other.household_id + 1), DatabaseError, "不能改动")
    refused_by_the_database(lambda: row.update(period=Range(OCTOBER, None)), DatabaseError, "不能改动")
    refused_by_the_database(
        lambda: row.update(period=Range(SEPTEMBER, OCTOBER)), IntegrityError, "award_ends_for_a_reason"
    )
    refused_by_the_database(lambda: row.delete(), DatabaseError, "不能改动")
    row.update(period=Range(SEPTEMBER, OCTOBER), end_reason=EndReason.DIED)
    refused_by_the_database(lambda: row.update(period=Range(SEPTEMBER, NOVEMBER)), DatabaseError, "不能接着发")
    refused_by_the_database(lambda: row.update(end_reason=""), IntegrityError, "award_ends_for_a_reason")
    assert row.get().amount == 161_600
