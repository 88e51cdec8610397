"""Every page that opens a family's file leaves a line in it each time that it is asked for, whatever comes of it."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import rooms
from tests.cases.street import make_poor_family, say
from tests.web.desk.conftest import Desk
from yihu.access.actor import Actor
from yihu.households.enums import FactSource
from yihu.households.models import FileRead, Household

PAGES = {
    "state_facts": "登记事实",
    "add_member": "添加成员",
    "leave": "成员离开",
    "death": "死亡",
    "head": "户主和关系",
    "correct": "更正姓名、身份证号",
    "contact": "住址和电话",
    "move": "全家迁移",
    "close": "销档",
    "apply": "新申请",
    "add_paper": "上传材料",
    "consent": "登记核对授权",
}


@pytest.fixture
def clerk(desk_of: Desk, family: Household) -> Client:
    """A clerk who was asked at noon what she wants in this file."""
    client = desk_of()
    client.post(f"/desk/families/{family.number}/purpose/", {"purpose": "visitor", "detail": "电话"})
    return client


def looks(household: Household) -> list[tuple[str, str, str]]:
    return list(FileRead.objects.filter(household=household).order_by("id").values_list("kind", "purpose", "detail"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_file_is_a_look_into_it(clerk: Client, family: Household, name: str) -> None:
    address = reverse(f"desk:{name}", args=[family.number])

    assert clerk.get(address).status_code == 200
    assert looks(family) == [("file", "visitor", f"{PAGES[name]} · 电话")]
    # Sent with nothing in it, it is shown once more.
    clerk.post(address, {"csrfmiddlewaretoken": "x"})
    assert looks(family) == [("file", "visitor", f"{PAGES[name]} · 电话")] * 2


@pytest.mark.parametrize(("name", "page"), [("correct_person", "更正姓名、身份证号"), ("withdraw", "撤回核对授权")])
def test_so_is_a_page_of_one_of_its_people(clerk: Client, family: Household, name: str, page: str) -> None:
    head = family.people.get(name="贾一鸣")

    assert clerk.get(reverse(f"desk:{name}", args=[family.number, head.pk])).status_code == 200

    assert looks(family) == [("file", "visitor", f"{page} · 电话")]


def test_so_are_two_sides_of_a_difference_and_the_reasons(
    desk_of: Desk, district: rooms.District, service: Actor
) -> None:
    household = make_poor_family(district.community, by=service)
    head = household.people.order_by("id")[0]
    declared = say(household, "wage", "1894", person=head, by=service, on=rooms.ON, source=FactSource.DECLARED)
    received = say(household, "wage", "2900", person=head, by=service, on=rooms.ON, source=FactSource.RECEIVED)
    examiner = desk_of("street_examiner")
    examiner.post(f"/desk/families/{household.number}/purpose/", {"purpose": "review"})

    sides = examiner.get(reverse("desk:settle", args=[household.number, declared.pk, received.pk]))
    why = examiner.get(reverse("desk:family_why", args=[household.number, "subsistence_allowance-eligible-h"]))

    assert (sides.status_code, why.status_code) == (200, 200)
    assert looks(household) == [("file", "review", "认定不一致"), ("file", "review", "为什么")]


def test_what_was_done_begins_with_the_look(clerk: Client, family: Household) -> None:
    sent = {"name": "贾小宝", "relation": "20", "birth_date": "2026-02-20", "sex": "male", "since": "2026-02-20"}

    answer = clerk.post(reverse("desk:add_member", args=[family.number]), sent)

    assert answer.status_code == 302
    assert looks(family) == [("file", "visitor", "添加成员 · 电话")]


def test_without_a_reason_nothing_opens_and_nothing_is_done(desk_of: Desk, family: Household) -> None:
    answer = desk_of().post(reverse("desk:contact", args=[family.number]), {"address": "真武庙 2 号", "telephone": ""})

    family.refresh_from_db()
    assert answer["Location"].startswith(f"/desk/families/{family.number}/purpose/")
    assert family.address == "月坛北街 1 号"
    assert looks(family) == []
