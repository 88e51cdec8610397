"""Rooms that do not know the rules can name programmes and facts, and read what was typed."""

from datetime import date

import pytest
from django.core.management import call_command

from tests.policy.register import Someone, make_family, state
from yihu.common.refusals import Refused
from yihu.households.enums import FactSource
from yihu.policy import labels
from yihu.policy.facts import family_of
from yihu.policy.words import Limit, LimitSpan, ProgrammeKind

DAY = date(2020, 8, 1)


def test_programmes_stand_in_the_order_of_the_pack_with_what_others_need() -> None:
    known = {programme.name: programme for programme in labels.every_programme()}

    assert next(iter(known)) == "subsistence_allowance"
    assert (known["subsistence_allowance"].per, known["subsistence_allowance"].of_member) == ("每月", False)
    assert known["low_income"].is_status
    assert "采暖救助" in known["low_income"].opens
    assert (known["low_income"].form, known["low_income"].per, known["low_income"].has_amount) == (None, "", False)
    assert known["heating_assistance"].kind is ProgrammeKind.SEASON
    assert known["heating_assistance"].is_money
    assert not known["heating_assistance"].is_paid_monthly
    assert known["education_assistance"].limit == Limit(1, LimitSpan.LIFE)
    assert known["old_age_allowance"].of_member
    assert known["temporary_assistance"].is_ceiling
    assert not known["old_age_allowance"].in_force(date(2019, 9, 30))
    assert known["old_age_allowance"].in_force(date(2019, 10, 1))


@pytest.mark.django_db
def test_a_county_that_there_is_not_is_refused_with_what_to_write() -> None:
    call_command("load_organisations", verbosity=0)

    assert labels.parse_fact("hukou", "110102") == {"hukou": 110102}
    assert labels.parse_fact("hukou", "130602") == {"hukou": 130602}, "of other provinces the packs name no counties"
    assert labels.parse_fact("hukou", "110104") == {"hukou": 110102}, "宣武区 became part of 西城区"
    assert labels.parse_fact("hukou", "110103") == {"hukou": 110101}, "which is not on file here"
    for typed, said in {
        "110150": "没有代码为 110150 的区县，请对照户口簿核对。",
        "290101": "没有代码为 290101 的区县",
    }.items():
        with pytest.raises(Refused, match=f"户籍所在区县：{said}") as refusal:
            labels.parse_fact("hukou", typed)
        assert refusal.value.field == "hukou"


def test_what_the_pack_has_no_more_goes_by_its_name() -> None:
    assert labels.programme_title("subsistence_allowance") == "最低生活保障"
    assert labels.programme_title("rainbow_allowance") == "rainbow_allowance"
    assert labels.fact_label("wage") == "工资性收入（月）"
    assert labels.fact_label("shoe_size") == "shoe_size"
    assert labels.fact_text("shoe_size", {"shoe_size": 40}) == "shoe_size 40"


@pytest.mark.parametrize(
    ("name", "text", "value", "said"),
    [
        ("wage", "1,894", {"wage": 189400}, "1,894.00 元"),
        ("cars", "0", {"cars": 0}, "0 辆"),
        ("serious_illness", "是", {"serious_illness": 1}, "是"),
        ("floor_area_m2", "45.5", {"floor_area_m2": 4550}, "45.50 平方米"),
        ("hukou", "110102", {"hukou": 110102}, "西城区"),
        ("hukou", "130102", {"hukou": 130102}, "河北（130102）"),
        ("school_stage", "不在学", {"school_stage": 0}, "不在学"),
        ("wage", " ？ ", {}, "不清楚"),
        ("floor_area_m2", "", {}, "不清楚"),
    ],
)
def test_a_fact_is_read_as_it_is_typed_and_said_in_words(
    name: str, text: str, value: dict[str, int], said: str
) -> None:
    assert labels.parse_fact(name, text) == value
    assert labels.fact_text(name, value) == said


def test_grades_are_said_by_kind() -> None:
    assert labels.fact_text("disabilities", labels.parse_fact("disabilities", "4:2;6:3")) == "肢体2 级、精神3 级"
    assert labels.fact_text("disabilities", labels.parse_fact("disabilities", "无")) == "无"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("wage", "很多", "工资性收入（月）：“很多”不是数；须为0.00 到"),
        ("cars", "", "机动车辆：没有填"),
        ("birth_date", "1980-05-31", "没有可以登记的事实“birth_date”"),
        ("shoe_size", "40", "没有可以登记的事实“shoe_size”"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(name: str, text: str, message: str) -> None:
    with pytest.raises(Refused, match=message) as refused:
        labels.parse_fact(name, text)
    assert refused.value.field == name


def test_the_register_s_own_facts_are_not_to_be_entered() -> None:
    assert not {"birth_date", "relation"} & set(labels.input_names())
    assert labels.fact_is_of_member("wage")
    assert not labels.fact_is_of_member("cars")


@pytest.mark.usefixtures("register")
def test_the_desk_sees_every_fact_by_topic_as_it_stands() -> None:
    household, (head, wife) = make_family(
        Someone("贾一", facts={"wage": "1894", "disabilities": "4:2"}), Someone("甄二", 12), cars="1"
    )
    state("wage", "?", person=wife, source=FactSource.RECEIVED)

    topics = labels.facts_for_form(family_of(household, on=DAY, known_on=DAY, held={}))

    assert [topic.heading for topic in topics][:2] == ["家里的人", "上学"]
    rows = {row.question.name: row.entries for topic in topics for row in topic.rows}
    assert set(rows) == set(labels.input_names())
    mine, hers = rows["wage"]
    assert (mine.person, mine.who, mine.text, mine.said, mine.source) == (
        head.pk,
        "贾一",
        "1894.00",
        "1,894.00 元",
        "申报",
    )
    assert (hers.text, hers.said, hers.source) == ("?", "不清楚", "部门")
    assert rows["disabilities"][0].text == "4:2"
    assert (rows["counted_member"][0].text, rows["counted_member"][0].said) == ("", "不清楚")
    assert (rows["cars"][0].text, rows["cars"][0].person) == ("1", None)
    assert (rows["homes"][0].text, rows["homes"][0].said) == ("", "不清楚")
    for name, entries in rows.items():
        for entry in entries:
            if entry.fact:
                assert labels.parse_fact(name, entry.text) == entry.fact.value
