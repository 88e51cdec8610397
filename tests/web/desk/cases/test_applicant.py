"""The page of a case whose applicant has died or left."""

from datetime import date

import pytest

from tests import rooms
from tests.cases.street import People
from tests.cases.walk import Walk
from tests.web.desk.seats import MONDAY, Desks
from yihu.access.actor import Actor
from yihu.cases.models import Case
from yihu.households import actions as households
from yihu.households.actions import NewMember
from yihu.households.enums import HEAD

NEXT = date(2026, 3, 3)


@pytest.mark.parametrize("how", ["died", "moved"])
def test_another_applicant_is_named_on_the_page_before_anything_else(
    admitted: Walk, desks: Desks, people: People, district: rooms.District, service: Actor, how: str
) -> None:
    walk = admitted
    first, second, third = walk.household.people.order_by("id")
    relations = {second.pk: HEAD, third.pk: rooms.SON}
    if how == "died":
        households.record_death(person=first, died_on=MONDAY, by=service, on=NEXT, relations=relations)
    else:
        rooms.move_out(
            household=walk.household,
            leaving={first.pk: HEAD},
            division=district.far_community,
            address="虚构里 9 号",
            left_on=NEXT,
            by=service,
            on=NEXT,
            relations=relations,
        )
    desks.today = NEXT
    page = desks.look(people.examiner, walk.number)
    assert "申请人贾一已不是这一户的成员" in page
    assert 'id="applicant-form"' in page
    assert 'id="ask-form"' not in page
    assert "申请人贾一已不是这一户的成员" in desks.do(people.examiner, walk.number, "ask", step="records_check")

    typed = {"applicant": str(second.pk), "proxy": "", "because": "原申请人不在了"}
    assert "申请人已变更为甄二" in desks.done(people.examiner, walk.number, "applicant", **typed)
    page = desks.look(people.examiner, walk.number)
    assert 'id="applicant-form"' not in page
    assert 'id="ask-form"' in page
    assert "甄二 家庭" in page


def test_a_case_of_which_nobody_is_left_is_ended_on_its_page(
    walk: Walk, desks: Desks, people: People, district: rooms.District, service: Actor
) -> None:
    alone = NewMember("吴独", HEAD, rooms.identity_number(date(1950, 1, 1), 5))
    walk.household = households.open_household(
        division=district.community, address="虚构里 5 号", members=[alone], by=service, on=date(2019, 1, 2)
    )
    walk.apply(MONDAY)
    walk.begin(MONDAY)
    households.record_death(person=walk.household.people.get(), died_on=MONDAY, by=service, on=NEXT)
    desks.today = NEXT
    page = desks.look(people.clerk, walk.number)
    assert "已没有共同生活的成员。请以“救助对象已去世或者离开”结束办理" in page
    assert 'value="nobody_left"' in page
    assert 'value="withdrawn"' not in page
    desks.done(people.clerk, walk.number, "close", reason="nobody_left", because="申请人去世")
    assert Case.objects.get(number=walk.number).closed_on == NEXT
    assert "终止审核确认告知书" in desks.look(people.clerk, walk.number)
