"""Programmes other than 低保 go the way that their own texts set, from the application to the letter."""

from datetime import date

import pytest

from tests import rooms
from tests.cases.street import LONG_AGO, People, say
from tests.cases.walk import Walk
from yihu.access.actor import Actor
from yihu.cases.enums import CaseState, Opinion
from yihu.common.refusals import Refused
from yihu.households import actions as households
from yihu.households.actions import NewMember
from yihu.households.enums import HEAD, FactSource
from yihu.households.models import Person

OLD = "old_age_allowance"
MOTHER = 52


@pytest.fixture
def walk(district: rooms.District, service: Actor, people: People) -> Walk:
    """A daughter and her mother, who is 80 on 2026-03-04; a case of the mother's that has not begun."""
    members = [
        NewMember("吴一", HEAD, rooms.identity_number(date(1970, 5, 1), 101)),
        NewMember("郝老", MOTHER, rooms.identity_number(date(1946, 3, 4), 102)),
    ]
    household = households.open_household(
        division=district.community, address="虚构胡同 9 号", members=members, by=service, on=LONG_AGO
    )
    walk = Walk(people, household, service, programme=OLD)
    say(household, "hukou", "110102", by=service, on=LONG_AGO, source=FactSource.DECLARED, person=mother_in(walk))
    return walk


def mother_in(walk: Walk) -> Person:
    return walk.household.people.get(name="郝老")


def to_decision(walk: Walk, asked: date, opinion: Opinion = Opinion.GRANT) -> None:
    walk.apply(asked, person=mother_in(walk))
    walk.bring(asked)
    walk.admit(asked)
    walk.examine(asked, opinion)


def test_old_age_allowance_counts_from_the_month_of_the_application(walk: Walk) -> None:
    to_decision(walk, date(2026, 3, 30))
    assert walk.case.procedure == "beijing/old_age_allowance/application/2019-10-01"
    assert walk.open == ["confirmation"], "what goes on to the district goes by itself"
    walk.confirm(date(2026, 4, 24), by=walk.people.officer)

    term = walk.award
    assert term is not None
    assert (term.award.person, term.period.lower, term.amount) == (mother_in(walk), date(2026, 3, 1), 10_000)
    told = walk.hand_over(date(2026, 4, 27))
    assert told.content["paragraphs"] == [
        "经审核，郝老符合高龄老年人津贴条件，予以确认。",
        "自 2026-03 起按月发放 100.00 元（人民币壹佰元整）。",
        "住址、户籍等情况发生变化的，请及时告知街道。",
    ]
    assert (walk.case.state, walk.letters) == (CaseState.GRANTED, ["acceptance", "grant"])
    assert not told.entrusted_by, "the district decides itself"


def test_who_is_not_eighty_yet_is_told_by_how_much(walk: Walk) -> None:
    to_decision(walk, date(2026, 3, 3), Opinion.REFUSE)
    walk.confirm(date(2026, 3, 3), Opinion.REFUSE, by=walk.people.officer)

    told = walk.hand_over(date(2026, 3, 3))

    assert told.content["paragraphs"][0] == "经审核，郝老不符合高龄老年人津贴条件，不予确认。"
    assert "还差 1 岁" in told.content["reasons"][0]
    # 五（二）: 说明理由、救济途径及时限.
    assert told.content["rights"][:3] == [
        "对审定不合格的决定不服的，可以依法申请行政复议或者提起行政诉讼（京民养老发〔2019〕160号 五（二））。",
        "申请行政复议的，自知道或者应当知道该决定之日起六十日内提出（行政复议法 第二十条）。",
        "直接提起行政诉讼的，自知道或者应当知道该决定之日起六个月内提出（行政诉讼法 第四十六条）。",
    ]
    assert walk.award is None


def test_the_letter_of_admission_promises_no_day_and_no_visit_that_no_text_sets(walk: Walk) -> None:
    to_decision(walk, date(2026, 3, 30))

    (told,) = walk.household.letters.filter(kind="acceptance")

    assert told.content["paragraphs"] == [
        f"您于 2026-03-30 提出的高龄老年人津贴申请材料齐全，已予受理，案号 {walk.number}。",
        "依据：京民养老发〔2019〕160号 四（一）、四（三）",
    ]


@pytest.mark.parametrize(
    ("asked", "start"),
    [
        (date(2026, 4, 1), date(2026, 3, 1)),
        (date(2026, 9, 4), date(2026, 3, 1)),
        # More than half a year after the birthday on the 4th, though in the sixth month: nothing is made up for.
        (date(2026, 9, 5), date(2026, 9, 1)),
        # Seven months late, and nothing is made up for.
        (date(2026, 10, 9), date(2026, 10, 1)),
    ],
)
def test_who_asks_at_most_half_a_year_late_gets_it_from_the_month_of_the_birthday(
    walk: Walk, asked: date, start: date
) -> None:
    to_decision(walk, asked)
    walk.confirm(asked, by=walk.people.officer)

    assert walk.award is not None
    assert walk.award.period.lower == start
    assert f"自 {start:%Y-%m} 起按月发放" in walk.hand_over(asked).content["paragraphs"][1]


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2026, 3, 24), date(2026, 3, 25)),
        (date(2026, 3, 25), date(2026, 3, 25)),
        (date(2026, 3, 26), date(2026, 4, 25)),
        (date(2026, 12, 26), date(2027, 1, 25)),
    ],
)
def test_the_district_decides_by_the_25th_of_each_month(walk: Walk, asked: date, due: date) -> None:
    """京民养老发〔2019〕160号 五（二）: 每月25日前作出审定意见."""
    to_decision(walk, asked)
    assert walk.standing.open["confirmation"].due_on == due


def test_an_elder_of_another_district_of_the_city_is_told_where_to_ask(walk: Walk) -> None:
    """京民养老发〔2019〕160号 四（三）、五: the street and the district of the hukou take it on and decide."""
    moved(walk, "110105", LONG_AGO)
    with pytest.raises(Refused, match="不符合条件"):
        to_decision(walk, date(2026, 3, 30))
    walk.examine(date(2026, 3, 30), Opinion.REFUSE)
    walk.confirm(date(2026, 3, 31), Opinion.REFUSE, by=walk.people.officer)

    told = walk.hand_over(date(2026, 3, 31)).content["reasons"][0]

    assert walk.award is None
    assert "由户籍所在的街道（乡镇）受理、户籍所在的区审定和发放，请向那里申请" in told


def test_who_moves_within_the_city_is_paid_from_the_month_after_the_move(walk: Walk) -> None:
    """京民养老发〔2019〕160号 八: the other district pays to the end of the month of the move."""
    moved(walk, "110105", date(2026, 1, 5))
    moved(walk, "110102", date(2026, 4, 20))
    to_decision(walk, date(2026, 4, 28))
    walk.confirm(date(2026, 4, 29), by=walk.people.officer)

    assert walk.award is not None
    assert walk.award.period.lower == date(2026, 5, 1)


def test_who_asks_later_is_made_up_for_until_the_month_after_the_move(walk: Walk) -> None:
    moved(walk, "110105", date(2026, 1, 5))
    moved(walk, "110102", date(2026, 4, 20))
    to_decision(walk, date(2026, 7, 6))
    walk.confirm(date(2026, 7, 7), by=walk.people.officer)

    assert walk.award is not None
    assert walk.award.period.lower == date(2026, 5, 1)


def test_who_moves_here_from_outside_the_city_is_paid_from_the_month_of_the_application(walk: Walk) -> None:
    moved(walk, "130102", date(2026, 1, 5))
    moved(walk, "110102", date(2026, 4, 20))
    to_decision(walk, date(2026, 4, 28))
    walk.confirm(date(2026, 4, 29), by=walk.people.officer)

    assert walk.award is not None
    assert walk.award.period.lower == date(2026, 4, 1)


def moved(walk: Walk, hukou: str, on: date) -> None:
    """The elder's hukou lies there from that day on."""
    say(walk.household, "hukou", hukou, by=walk.service, on=on, source=FactSource.VERIFIED, person=mother_in(walk))


def test_who_could_have_asked_for_years_gets_nothing_for_the_past_though_it_rose_lately(
    walk: Walk, service: Actor
) -> None:
    """She was 80 long ago, and 90 two months before she asks."""
    mother = mother_in(walk)
    Person.objects.filter(pk=mother.pk).update(birth_date=date(1936, 1, 20))
    to_decision(walk, date(2026, 3, 30))
    walk.confirm(date(2026, 3, 31), by=walk.people.officer)

    assert walk.award is not None
    assert (walk.award.period.lower, walk.award.amount) == (date(2026, 3, 1), 50_000)
