"""Awards are granted and stopped by terms, and the database refuses what must not be."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from psycopg.types.range import Range

from tests import many
from tests.awards.conftest import FAMILY_PROGRAMME, MEMBER_PROGRAMME, determined
from tests.due import due_of
from tests.rooms import LOADS
from yihu.access.actor import Actor, service
from yihu.access.scope import acting
from yihu.awards import actions, queries
from yihu.awards.enums import EndReason
from yihu.awards.models import Award, AwardTerm
from yihu.common.refusals import Refused
from yihu.households.models import Household, Person

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (date(2026, month, 1) for month in (8, 9, 10, 11))
ON = date(2026, 8, 20)
STATUS, SEASON, ONCE = "low_income", "heating_assistance", "temporary_assistance"


def granted(
    family: Household, actor: Actor, amount: int | None = 161_600, start: date = SEPTEMBER, **changed: Any
) -> AwardTerm:
    """A term by a determination of its own, of the family's own programme where no other is named."""
    values: dict[str, Any] = {"programme": FAMILY_PROGRAMME, "person": None, "key": "running", "on": ON, **changed}
    values.setdefault(
        "determination", determined(family, amount, programme=values["programme"], person=values["person"])
    )
    values.setdefault("period", Range(start, None))
    return actions.grant(household=family, amount=amount, by=actor, **values)


def due(award: Award, *, until: date = date(2026, 12, 31), known_on: date = date(2027, 1, 1)) -> list[tuple[int, int]]:
    """Month and fen of what is due."""
    return [(each.period.month, each.amount) for each in due_of([award.pk], until=until, known_on=known_on)]


def test_an_award_runs_from_the_first_of_its_month_on(family: Household, actor: Actor) -> None:
    granted(family, actor)

    held = {day: set(queries.held_by([family.pk], day)[family.pk]) for day in (date(2026, 8, 31), SEPTEMBER)}
    assert held == {date(2026, 8, 31): set(), SEPTEMBER: {FAMILY_PROGRAMME}}


def test_what_is_held_names_who_granted_it_and_until_when(family: Household, actor: Actor) -> None:
    term = granted(family, actor)
    actions.stop(award=term.award, from_day=NOVEMBER, reason=EndReason.LEFT, by=actor, on=OCTOBER)

    [held] = queries.held_by([family.pk], SEPTEMBER)[family.pk][FAMILY_PROGRAMME]
    assert (held.person, held.granted_in, held.until) == (None, many.DISTRICT, NOVEMBER)


def test_what_a_determination_says_of_its_amount_stays_with_the_term(family: Household, actor: Actor) -> None:
    determination = determined(family, 161_600)
    determination.explanation = {"mark": "按最近所见标准"}

    assert granted(family, actor, determination=determination).mark == "按最近所见标准"


def test_a_later_term_takes_the_place_of_an_earlier_one_for_what_it_covers(family: Household, actor: Actor) -> None:
    former = granted(family, actor)
    later = granted(family, actor, 67_000, NOVEMBER, on=OCTOBER)

    assert later.award == former.award
    assert due(former.award) == [(9, 161_600), (10, 161_600), (11, 67_000), (12, 67_000)]
    assert due(former.award, known_on=date(2026, 9, 30))[-1] == (12, 161_600)
    assert [term.shown for term in queries.terms_of(family.pk)] == [
        Range(NOVEMBER, None), Range(SEPTEMBER, NOVEMBER),
    ]  # fmt: skip


def test_a_term_may_begin_in_a_month_that_went_by(family: Household, actor: Actor) -> None:
    award = granted(family, actor, 1_000, AUGUST).award
    granted(family, actor, 1_200, SEPTEMBER, on=NOVEMBER)

    assert due(award, until=NOVEMBER) == [(8, 1_000), (9, 1_200), (10, 1_200), (11, 1_200)]


def test_the_same_amount_again_is_a_term_of_its_own(family: Household, actor: Actor) -> None:
    """Whoever asks whom the money counts finds the determination that confirmed it."""
    first = granted(family, actor)
    again = granted(family, actor, start=NOVEMBER, on=OCTOBER)

    assert again.award == first.award
    assert again.determination_id != first.determination_id
    assert {amount for _month, amount in due(first.award)} == {161_600}


def test_an_award_that_is_stopped_takes_the_same_amount_up_again(family: Household, actor: Actor) -> None:
    award = granted(family, actor).award
    actions.stop(award=award, from_day=NOVEMBER, reason=EndReason.RENOUNCED, by=actor, on=OCTOBER)
    assert due(award) == [(9, 161_600), (10, 161_600)]
    granted(family, actor, start=date(2026, 12, 1), on=OCTOBER)

    assert due(award) == [(9, 161_600), (10, 161_600), (12, 161_600)]


def test_each_member_may_have_an_award_of_his_own(family: Household, actor: Actor) -> None:
    for person in many.people_of(family)[:2]:
        granted(family, actor, 10_000, programme=MEMBER_PROGRAMME, person=person)

    assert Award.objects.count() == 2
    held = queries.held_by([family.pk, 0], SEPTEMBER)
    assert {household: list(found) for household, found in held.items()} == {family.pk: [MEMBER_PROGRAMME], 0: []}
    assert {each.person for each in held[family.pk][MEMBER_PROGRAMME]} == {
        person.pk for person in many.people_of(family)[:2]
    }


def test_nobody_has_the_same_award_in_two_families(family: Household, actor: Actor) -> None:
    person = many.people_of(family)[0]
    other = many.make_family(first=2)
    mine = granted(family, actor, 10_000, programme=MEMBER_PROGRAMME, person=person)

    with pytest.raises(Refused, match="在另一户已有高龄老年人津贴"):
        granted(other, actor, 10_000, programme=MEMBER_PROGRAMME, person=person)
    # What was stopped there goes along with him, and stays one claim.
    actions.stop(award=mine.award, from_day=OCTOBER, reason=EndReason.LEFT, by=actor, on=ON)
    taken_along = granted(other, actor, 10_000, NOVEMBER, programme=MEMBER_PROGRAMME, person=person)
    assert (taken_along.award, taken_along.award.household) == (mine.award, other)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"start": date(2026, 9, 2)}, "不是一个月的 1 日"),
        ({"amount": 161_601}, r"1,616\.01 元超过认定的 1,616\.00 元"),
        ({"amount": 161_599}, r"按认定的 1,616\.00 元发，不能写成 1,615\.99 元"),
        ({"amount": 0}, "大于 0"),
        ({"amount": None}, "大于 0"),
        ({"programme": SEASON}, "不是这一户的冬季采暖救助的认定"),
        ({"period": Range(OCTOBER, SEPTEMBER)}, "先起后止"),
    ],
)
def test_an_award_keeps_to_its_determination(
    family: Household, actor: Actor, changed: dict[str, Any], said: str
) -> None:
    with pytest.raises((Refused, DatabaseError), match=said):
        granted(family, actor, **{"determination": determined(family, 161_600), "amount": 161_600, **changed})

    assert not Award.objects.exists()


def test_of_a_ceiling_less_may_be_granted(family: Household, actor: Actor) -> None:
    ceiling = determined(family, 500_000, programme=ONCE, is_ceiling=True)
    term = granted(
        family, actor, 320_000, programme=ONCE, key="XC2026-007-0001", determination=ceiling,
        period=Range(ON, date(2026, 8, 21)),
    )  # fmt: skip

    assert (term.award.kind, term.amount) == ("once", 320_000)
    assert [(each.period, each.amount) for each in due_of([term.award_id], until=OCTOBER, known_on=ON)] == [
        (ON, 320_000)
    ]
    assert due_of([term.award_id], until=date(2026, 8, 19), known_on=ON) == []


def test_a_season_is_due_once_on_its_first_day(family: Household, actor: Actor) -> None:
    season = Range(date(2026, 11, 15), date(2027, 3, 16))
    award = granted(family, actor, 80_000, programme=SEASON, key="2026", period=season).award
    granted(family, actor, 90_000, programme=SEASON, key="2026", period=season, on=OCTOBER)

    [one] = due_of([award.pk], until=date(2027, 12, 31), known_on=date(2027, 1, 1))
    assert (one.period, one.amount) == (season.lower, 90_000)
    # What stops after the first day takes nothing back.
    actions.stop(award=award, from_day=date(2027, 1, 5), reason=EndReason.LEFT, by=actor, on=date(2027, 1, 2))
    assert len(due_of([award.pk], until=date(2027, 12, 31), known_on=date(2027, 1, 2))) == 1


def test_a_status_is_in_force_and_has_no_amount(family: Household, actor: Actor) -> None:
    year = Range(SEPTEMBER, date(2027, 9, 1))
    with pytest.raises(Refused, match="本身不发钱"):
        granted(family, actor, 1, programme=STATUS, determination=determined(family, None, programme=STATUS))
    term = granted(family, actor, None, programme=STATUS, period=year)

    assert (term.award.kind, term.award.form, term.amount) == ("status", "", None)
    assert due_of([term.award_id], until=date(2030, 1, 1), known_on=date(2030, 1, 1)) == []
    [held] = queries.held_by([family.pk], OCTOBER)[family.pk][STATUS]
    assert held.until == date(2027, 9, 1)
    assert queries.held_by([family.pk], date(2027, 9, 1))[family.pk] == {}
    assert [(event.title, event.detail) for event in queries.events_of(family)] == [("低收入家庭认定起", "")]


def test_how_often_is_held_by_the_keys(family: Household, actor: Actor) -> None:
    person = many.people_of(family)[0]
    left = {"programme": "education_assistance", "on": ON, "person_id": person.pk}
    assert queries.keys_left(family, **left) == ("1",)
    granted(
        family, actor, 400_000, programme="education_assistance", person=person, key="1",
        period=Range(ON, date(2026, 8, 21)),
    )  # fmt: skip

    assert queries.keys_left(family, **left) == ()
    assert queries.keys_left(family, **{**left, "person_id": many.people_of(family)[1].pk}) == ("1",)
    assert queries.keys_left(family, ONCE, on=ON, occasion="XC2026-007-0001") == ("XC2026-007-0001",)
    assert queries.keys_left(family, FAMILY_PROGRAMME, on=ON) == ("running",)


def test_an_award_rests_on_a_determination_that_grants_it(family: Household, actor: Actor) -> None:
    with pytest.raises(Refused, match="没有得出“符合条件”"):
        granted(family, actor, determination=determined(family, None, outcome="not_eligible"))


def test_another_family_has_determinations_of_its_own(family: Household, actor: Actor) -> None:
    other = many.make_family(first=2)
    with pytest.raises(Refused, match="不是这一户的"):
        granted(family, actor, determination=determined(other, 161_600))


def test_nobody_acts_outside_his_area(family: Household, actor: Actor) -> None:
    with pytest.raises(Refused, match="不在您负责的区域"):
        granted(family, service("tests", "11/0102/009/", may=LOADS))


@pytest.mark.parametrize(
    ("start", "may"),
    [(date(1940, 1, 1), True), (date(1939, 12, 1), False), (date(2026, 8, 1), True), (SEPTEMBER, False)],
)
def test_nothing_begins_before_birth_or_after_death(family: Household, actor: Actor, start: date, may: bool) -> None:
    person = many.people_of(family)[0]
    assert person.birth_date.replace(day=1) == date(1940, 1, 1)
    Person.objects.filter(pk=person.pk).update(died_on=date(2026, 8, 15))
    person.refresh_from_db()

    def grant() -> AwardTerm:
        return granted(family, actor, 10_000, start, programme=MEMBER_PROGRAMME, person=person)

    if may:
        assert grant().period.lower == start
        return
    with pytest.raises(Refused, match=r"不能从 \d{4} 年 \d+ 月 起"):
        grant()
    # Nor does whatever else writes it.
    award = granted(family, actor, 10_000, AUGUST, programme=MEMBER_PROGRAMME, person=person).award
    with pytest.raises(DatabaseError, match="出生以前或者去世以后"), transaction.atomic():
        AwardTerm.objects.create(
            award=award, period=Range(start, None), amount=1, determination=award.terms.get().determination,
            granted_in_id=many.DISTRICT, known_on=ON, made_by_id=service("tests").principal,
        )  # fmt: skip


def test_what_begins_on_the_day_of_the_death_still_begins(family: Household, actor: Actor) -> None:
    person = many.people_of(family)[0]
    Person.objects.filter(pk=person.pk).update(died_on=AUGUST)
    person.refresh_from_db()
    assert granted(family, actor, 10_000, AUGUST, programme=MEMBER_PROGRAMME, person=person).period.lower == AUGUST


def test_an_award_stops_from_a_month_on_for_a_reason(family: Household, actor: Actor) -> None:
    award = granted(family, actor).award
    refusal = determined(family, None, outcome="not_eligible")
    stopped = actions.stop(
        award=award, from_day=NOVEMBER, reason=EndReason.NOT_ELIGIBLE, determination=refusal, by=actor, on=OCTOBER
    )

    assert (stopped.period, stopped.reason, stopped.determination) == (
        Range(NOVEMBER, None), EndReason.NOT_ELIGIBLE, refusal,
    )  # fmt: skip
    [term] = queries.terms_of(family.pk)
    assert (term.shown, term.until, term.end_label) == (Range(SEPTEMBER, NOVEMBER), NOVEMBER, "不再符合条件")


def test_an_award_that_is_renounced_before_it_begins_never_runs(actor: Actor, family: Household) -> None:
    award = granted(family, actor, 1_000, OCTOBER).award
    actions.stop(award=award, from_day=OCTOBER, reason=EndReason.RENOUNCED, by=actor, on=ON)

    assert due(award) == []
    for day in (OCTOBER, NOVEMBER):
        assert not queries.in_force(family.pk, on=day).exists()
    events = queries.events_of(family)
    assert ("最低生活保障没有开始", "本人放弃，每月 10.00 元") in [(event.title, event.detail) for event in events]
    assert queries.terms_of(family.pk).get().shown.isempty
    with pytest.raises(Refused, match="没有开始就终止了"):
        actions.stop(award=award, from_day=NOVEMBER, reason=EndReason.DIED, by=actor, on=ON)
    assert granted(family, actor, 1_100, OCTOBER).award == award
    assert due(award, until=OCTOBER) == [(10, 1_100)]


@pytest.mark.parametrize(
    ("from_day", "reason", "said"),
    [
        (NOVEMBER, EndReason.NOT_ELIGIBLE, "要先作出认定"),
        (NOVEMBER, "changed", "请选择终止的原因"),
        (NOVEMBER, "", "请选择终止的原因"),
        (AUGUST, EndReason.DIED, "最早可从 2026 年 9 月 起"),
        (date(2026, 11, 2), EndReason.DIED, "不是一个月的 1 日"),
    ],
)
def test_an_award_does_not_stop_just_so(
    family: Household, actor: Actor, from_day: date, reason: EndReason, said: str
) -> None:
    award = granted(family, actor).award
    with pytest.raises(Refused, match=said):
        actions.stop(award=award, from_day=from_day, reason=reason, by=actor, on=ON)

    assert award.terms.count() == 1


def test_an_award_stops_once_and_earlier_if_that_comes_out_later(family: Household, actor: Actor) -> None:
    award = granted(family, actor).award
    actions.stop(award=award, from_day=NOVEMBER, reason=EndReason.LEFT, by=actor, on=ON)

    with pytest.raises(Refused, match="已从 2026 年 11 月 起停发"):
        actions.stop(award=award, from_day=date(2026, 12, 1), reason=EndReason.DIED, by=actor, on=ON)
    actions.stop(award=award, from_day=OCTOBER, reason=EndReason.DIED, by=actor, on=NOVEMBER)
    assert due(award) == [(9, 161_600)]
    assert due(award, known_on=OCTOBER) == [(9, 161_600), (10, 161_600)]


def refused_by_the_database(write: Callable[[], object], kind: type[DatabaseError], said: str) -> None:
    with pytest.raises(kind, match=said), transaction.atomic():
        write()


def test_the_database_refuses_what_must_not_be(family: Household, actor: Actor) -> None:
    term = granted(family, actor)
    award, other = term.award, determined(family, 161_600)
    claims, terms = Award.objects.filter(pk=award.pk), AwardTerm.objects.filter(pk=term.pk)
    person = many.people_of(family)[0]

    def claim(**changed: Any) -> Callable[[], Award]:
        values = {
            "household": family, "programme": FAMILY_PROGRAMME, "key": "running", "kind": "month", "form": "money",
            **changed,
        }  # fmt: skip
        return lambda: Award.objects.create(**values)

    def another(**changed: Any) -> Callable[[], AwardTerm]:
        values = {
            "award": award, "amount": 1, "determination": other, "period": Range(NOVEMBER, None), "known_on": ON,
            "made_by_id": service("tests").principal, "granted_in_id": many.DISTRICT, **changed,
        }  # fmt: skip
        return lambda: AwardTerm.objects.create(**values)

    refused_by_the_database(claim(), IntegrityError, "award_one_of_a_household")
    claim(person=person)()
    elsewhere = many.make_family(first=2)
    refused_by_the_database(claim(household=elsewhere, person=person), IntegrityError, "award_one_of_a_person")
    refused_by_the_database(claim(key="x", kind="weekly"), IntegrityError, "award_kind_is_known")
    refused_by_the_database(claim(key="x", kind="status"), IntegrityError, "award_has_a_form_unless_a_status")
    refused_by_the_database(claim(key="x", form=""), IntegrityError, "award_has_a_form_unless_a_status")
    refused_by_the_database(claim(key=""), IntegrityError, "award_key_is_not_empty")
    refused_by_the_database(lambda: claims.update(programme="x"), DatabaseError, "不能改动")
    refused_by_the_database(lambda: claims.update(kind="once"), DatabaseError, "不能改动")
    refused_by_the_database(lambda: claims.delete(), DatabaseError, "不能改动|foreign key")

    refused_by_the_database(another(amount=0), IntegrityError, "term_amount_is_something")
    refused_by_the_database(another(amount=None), DatabaseError, "发钱的要有金额")
    refused_by_the_database(another(help="轮椅"), DatabaseError, "发钱的要有金额")
    refused_by_the_database(another(determination=None), IntegrityError, "term_rests_on_one_thing")
    refused_by_the_database(another(reason="left"), IntegrityError, "term_rests_on_one_thing")
    refused_by_the_database(another(stops=True, amount=None), IntegrityError, "term_rests_on_one_thing")
    refused_by_the_database(another(stops=True, reason="left"), IntegrityError, "term_that_stops_gives_nothing")
    refused_by_the_database(another(period=Range(empty=True)), IntegrityError, "term_covers_something")
    refused_by_the_database(another(period=Range(None, NOVEMBER)), IntegrityError, "term_covers_something")
    refused_by_the_database(another(period=Range(date(2026, 11, 2), None)), DatabaseError, "从月初起")
    never = claim(household=elsewhere)()
    refused_by_the_database(
        another(award=never, stops=True, reason="left", amount=None, determination=None), DatabaseError, "没有开始过的"
    )
    status = claim(key="x", kind="status", form="")()
    refused_by_the_database(another(award=status), DatabaseError, "身份没有金额")
    another(award=status, amount=None)()
    goods = claim(key="y", form="goods")()
    refused_by_the_database(another(award=goods, amount=None), DatabaseError, "写明内容")
    another(award=goods, amount=None, help="轮椅一台")()
    for change in ({"amount": 1}, {"period": Range(OCTOBER, None)}, {"known_on": NOVEMBER}, {"determination": None}):
        refused_by_the_database(lambda change=change: terms.update(**change), DatabaseError, "不能改动")
    refused_by_the_database(lambda: terms.delete(), DatabaseError, "不能改动")


def test_awards_are_seen_with_their_family(family: Household, actor: Actor) -> None:
    granted(family, actor)

    for area, seen in (("11/0102/007/001/", 1), ("11/0102/007/", 1), ("11/0102/009/", 0)):
        with acting(service("tests", area)):
            assert (Award.objects.count(), AwardTerm.objects.count()) == (seen, seen), area
