"""Families are opened: everybody once in the whole district, and whoever is on file is found."""

from datetime import date, timedelta

import pytest

from tests import rooms
from tests.households.conftest import names_on, people
from tests.rooms import DAUGHTER, HEAD, ON, SPOUSE, NewMember, identity_number
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.common.refusals import Refused
from yihu.households import actions, queries
from yihu.households.models import FileRead, Household, Person

DAY = timedelta(days=1)
LATER = date(2026, 6, 1)


def test_a_family_is_opened_with_the_next_number_of_its_street(
    family: Household, district: rooms.District, service: Actor
) -> None:
    one = [NewMember("吴名", HEAD, birth_date=date(1950, 1, 1), sex="male")]
    second = rooms.make_family(district.neighbour, by=service, members=one)
    far = rooms.make_family(
        district.far_community, by=service, members=[NewMember("郝人", HEAD, birth_date=date(1950, 1, 1), sex="male")]
    )

    assert [each.number for each in (family, second, far)] == ["XC-007-000001", "XC-007-000002", "XC-018-000001"]
    assert names_on(family, ON) == [("贾一鸣", HEAD), ("甄如玉", SPOUSE), ("贾小样", DAUGHTER)]
    assert names_on(family, ON - DAY) == []


def test_the_number_tells_sex_and_birth(family: Household) -> None:
    head, spouse, child = people(family)

    assert (head.sex, head.birth_date, head.identity_tail) == (
        "male",
        date(1980, 5, 1),
        identity_number(head.birth_date)[-4:],
    )
    assert (spouse.sex, child.pinyin, child.initials) == ("female", "jia xiaoyang", "jxy")
    assert queries.masked_identity_number(head) == f"000000********{head.identity_tail}"


@pytest.mark.parametrize(
    ("members", "field", "said"),
    [
        ([], "members", "至少登记一位"),
        ([NewMember("贾一", SPOUSE, birth_date=ON, sex="male")], "relation", "现在有 0 位"),
        (
            [NewMember("贾一", HEAD, birth_date=ON, sex="male"), NewMember("贾二", HEAD, birth_date=ON, sex="male")],
            "relation",
            "现在有 2 位",
        ),
        ([NewMember(" ", HEAD, birth_date=ON, sex="male")], "name", "请填写姓名"),
        ([NewMember("贾1", HEAD, birth_date=ON, sex="male")], "name", "“1”，它不是字"),
        ([NewMember("贾\ue863", HEAD, birth_date=ON, sex="male")], "name", "一个自造的字.编码 U.E863"),
        ([NewMember("贾一", HEAD)], "birth_date", "请填写出生日期"),
        ([NewMember("贾一", HEAD, birth_date=ON)], "sex", "请选择性别"),
        ([NewMember("贾一", HEAD, birth_date=ON + DAY, sex="male")], "birth_date", "晚于 2026-03-02"),
        ([NewMember("贾一", HEAD, birth_date=date(1899, 12, 31), sex="male")], "birth_date", "早于 1900"),
        ([NewMember("贾一", HEAD, "00000019800501001")], "identity_number", "贾一：身份证号码应为 18 位"),
        (
            [NewMember("贾一", HEAD, identity_number(date(1980, 5, 1)), birth_date=date(1980, 5, 2))],
            "birth_date",
            "1980-05-02 与身份证号码里的 1980-05-01 不一致",
        ),
        ([NewMember("贾一", HEAD, identity_number(date(1980, 5, 1)), sex="female")], "sex", "第 17 位说明是男"),
        ([NewMember("贾一", HEAD, birth_date=ON, sex="male", since=ON + DAY)], "since", "晚于"),
        ([NewMember("贾一", HEAD, birth_date=ON, sex="male", since=ON - DAY)], "since", "早于出生日期"),
        (
            [
                NewMember("贾一", HEAD, identity_number(date(1980, 5, 1))),
                NewMember("贾二", SPOUSE, identity_number(date(1980, 5, 1))),
            ],
            "identity_number",
            "与“贾一”的身份证号码相同",
        ),
    ],
)
def test_who_cannot_be_registered_is_told_why(
    members: list[NewMember], field: str, said: str, district: rooms.District, service: Actor
) -> None:
    with pytest.raises(Refused, match=said) as refused:
        actions.open_household(division=district.community, address="某路 1 号", members=members, by=service, on=ON)

    assert refused.value.field == field
    assert not Household.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"address": "  "}, "address"), ({"telephone": "12345"}, "telephone"), ({"division": None}, "division")],
)
def test_a_family_has_a_place(changed: dict[str, object], field: str, district: rooms.District, service: Actor) -> None:
    given = {"division": district.community, "address": "某路 1 号", "telephone": "", **changed}
    given["division"] = given["division"] or district.street
    with pytest.raises(Refused) as refused:
        actions.open_household(members=[NewMember("贾一", HEAD, birth_date=ON, sex="male")], by=service, on=ON, **given)

    assert refused.value.field == field


def test_nobody_is_registered_twice_and_the_refusal_says_where_he_is(
    family: Household, district: rooms.District, service: Actor
) -> None:
    again = [NewMember("贾一鸣", HEAD, identity_number(date(1980, 5, 1), 1))]
    with pytest.raises(Refused, match=r"月坛街道户 XC-007-000001 的成员.*先在那一户办理迁出"):
        rooms.make_family(district.neighbour, by=service, members=again)

    clerk = rooms.actor("window_clerk", district.far_street)
    with acting(clerk):
        assert not Person.objects.exists()
        with pytest.raises(Refused, match=r"已在月坛街道户 XC-007-000001 建档.*区级监督办理迁入"):
            rooms.make_family(district.far_community, by=clerk, members=again)


def test_another_name_under_a_number_on_file_is_refused(
    family: Household, district: rooms.District, service: Actor
) -> None:
    with pytest.raises(Refused, match="属于“贾一鸣”"):
        rooms.make_family(
            district.neighbour, by=service, members=[NewMember("贾二鸣", HEAD, identity_number(date(1980, 5, 1), 1))]
        )


def test_a_child_who_is_filled_in_twice_is_asked_about(district: rooms.District, service: Actor) -> None:
    day = date(2018, 4, 5)
    members = [
        NewMember("甄一", HEAD, identity_number(date(1980, 5, 1))),
        NewMember("甄小", DAUGHTER, birth_date=day, sex="female"),
        NewMember("甄小", DAUGHTER, identity_number(day, 4)),
    ]

    with pytest.raises(Refused, match="这次登记里有两位同名、同日（2018-04-05）出生") as refused:
        rooms.make_family(district.community, by=service, members=members)
    assert refused.value.field == "confirmed"

    opened = actions.open_household(
        division=district.community, address="某路", members=members, by=service, on=ON, confirmed=True
    )
    assert opened.people.count() == 3


def test_someone_of_the_same_name_and_birth_is_taken_once_it_was_made_sure(
    district: rooms.District, service: Actor
) -> None:
    born = date(1980, 5, 1)
    rooms.make_family(district.community, by=service, members=[NewMember("贾一鸣", HEAD, birth_date=born, sex="male")])
    twin = [NewMember("贾一鸣", HEAD, identity_number(born, 1))]
    clerk = rooms.actor("window_clerk", district.far_street)

    with acting(clerk):
        with pytest.raises(Refused, match="月坛街道户 XC-007-000001 已有一位同名") as refused:
            rooms.make_family(district.far_community, by=clerk, members=twin)
        assert refused.value.field == "confirmed"
        actions.open_household(
            division=district.far_community, address="某路", members=twin, by=clerk, on=ON, confirmed=True
        )


def test_two_numbers_are_two_people_whatever_their_names(district: rooms.District, service: Actor) -> None:
    born = date(1980, 5, 1)
    for sequence in (1, 3):
        one = NewMember("贾一鸣", HEAD, identity_number(born, sequence))
        rooms.make_family(district.community, by=service, members=[one])

    assert Person.objects.count() == 2


def test_whoever_is_found_elsewhere_leaves_a_line_in_that_file_though_he_is_refused(
    family: Household, district: rooms.District, service: Actor
) -> None:
    clerk = rooms.actor("window_clerk", district.far_street)
    again = [
        NewMember("贾一鸣", HEAD, identity_number(date(1980, 5, 1), 1)),
        NewMember("贾小样", 20, birth_date=date(2015, 9, 1), sex="female"),
        NewMember("吴名", 20, birth_date=date(2016, 9, 1), sex="female"),
    ]

    with acting(clerk):
        with pytest.raises(Refused, match="已在月坛街道"):
            rooms.make_family(district.far_community, by=clerk, members=again)
        # What was found out there is not hers to see, and that she asked stays for those whose file it is.
        assert not FileRead.objects.exists()

    (read,) = FileRead.objects.all()
    assert (read.household, read.actor_id, read.kind, read.purpose, read.detail) == (
        *(family, clerk.principal, "comparison", "change", "贾一鸣、贾小样"),
    )
    assert not Household.objects.filter(division=district.far_community).exists()


def test_who_joins_or_is_corrected_is_looked_for_elsewhere_and_not_at_home(
    family: Household, district: rooms.District, service: Actor
) -> None:
    other = rooms.make_family(
        district.far_community, by=service, members=[NewMember("吴名", HEAD, birth_date=date(1990, 1, 1), sex="male")]
    )
    head = family.people.order_by("id")[0]
    corrected = {
        "identity_number": identity_number(date(1980, 5, 1), 1),
        "birth_date": None,
        "sex": "",
        "reason": "改名",
    }

    actions.correct_person(person=head, name="贾一鸿", by=service, on=ON, **corrected)
    assert not FileRead.objects.exists()
    wrong = NewMember("吴名", 97, birth_date=date(1990, 1, 1), sex="male")
    with pytest.raises(Refused, match="同名"):
        actions.add_member(household=family, member=wrong, by=service, on=ON)
    with pytest.raises(Refused, match="同名"):
        actions.correct_person(
            person=head,
            name="吴名",
            by=service,
            on=ON,
            **{**corrected, "identity_number": identity_number(date(1990, 1, 1), 1)},
        )

    assert list(FileRead.objects.values_list("household", "kind", "detail")) == [(other.pk, "comparison", "吴名")] * 2


def test_two_numbers_compared_tell_nothing_and_leave_no_line(district: rooms.District, service: Actor) -> None:
    born = date(1980, 5, 1)
    for sequence in (1, 3):
        rooms.make_family(
            district.community, by=service, members=[NewMember("贾一鸣", HEAD, identity_number(born, sequence))]
        )

    assert not FileRead.objects.exists()
