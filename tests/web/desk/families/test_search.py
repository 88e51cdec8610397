"""Search as you type: families and cases within reach, and nothing that lies elsewhere."""

from datetime import date

import pytest
from django.test import Client

from tests import rooms
from tests.cases.street import make_people
from tests.web.desk.conftest import BACKEND, Desk
from yihu.access.actor import Actor
from yihu.access.models import Login
from yihu.access.scope import acting
from yihu.cases import actions as cases
from yihu.cases.enums import Channel
from yihu.households.models import Household

TELEPHONE = "13900000000"


def find(client: Client, typed: str) -> str:
    """The part that htmx puts under the search box."""
    return str(client.post("/desk/search/", {"q": typed}, headers={"hx-request": "true"}).content.decode())


@pytest.fixture
def household(district: rooms.District, service: Actor) -> Household:
    return rooms.make_family(district.community, by=service, telephone=TELEPHONE)


@pytest.mark.parametrize("typed", ["贾一鸣", "贾一", "jiayiming", "jym", "一鸣", TELEPHONE, "XC-007-000001", "000001"])
def test_a_family_is_found_by_what_a_clerk_knows_of_it(desk_of: Desk, household: Household, typed: str) -> None:
    html = find(desk_of(), typed)

    assert f'href="/desk/families/{household.number}/"' in html
    assert "月坛街道 第一社区" in html
    assert "<html" not in html


def test_a_person_is_found_by_the_tail_of_his_number_and_by_the_whole_of_it(
    desk_of: Desk, household: Household
) -> None:
    clerk, head = desk_of(), household.people.order_by("id")[0]
    number = rooms.identity_number(head.birth_date, 1)

    for typed in (head.identity_tail, number):
        html = find(clerk, typed)
        assert "贾一鸣" in html
        assert number not in html


def test_a_whole_number_is_not_said_again(desk_of: Desk, district: rooms.District) -> None:
    clerk = desk_of()
    number = rooms.identity_number(date(1999, 5, 1), 1)

    for typed in (number, TELEPHONE):
        for page in (find(clerk, typed), clerk.post("/desk/search/", {"q": typed}).content.decode()):
            assert "没有找到" in page
            assert typed not in page
    assert "没有找到“DB2026-007-0001”" in find(clerk, "DB2026-007-0001")


@pytest.mark.parametrize("typed", ["贾一鸣", "jym", TELEPHONE, "XC-007-000001"])
def test_nothing_of_another_street_is_found(
    desk_of: Desk, household: Household, district: rooms.District, typed: str
) -> None:
    html = find(desk_of(division=district.far_street), typed)

    assert "没有找到" in html
    assert "/desk/families/" not in html


def test_a_case_is_found_by_its_number(household: Household, district: rooms.District) -> None:
    clerk = make_people(district).clerk
    with acting(clerk):
        case = cases.apply(
            household=household,
            programme="subsistence_allowance",
            applicant=household.people.order_by("id")[0],
            channel=Channel.WINDOW,
            by=clerk,
            on=rooms.ON,
        )
    client = Client()
    client.force_login(Login.objects.get(pk=clerk.staff), backend=BACKEND)

    for typed in (case.number, case.number.lower(), case.number[:6]):
        html = find(client, typed)
        assert f'href="/desk/cases/{case.number}/"' in html
        assert "贾一鸣 申请低保" in html


def test_without_a_script_a_page_answers(desk_of: Desk, household: Household) -> None:
    html = desk_of().post("/desk/search/", {"q": "贾一鸣"}).content.decode()

    assert "<html" in html
    assert f'href="/desk/families/{household.number}/"' in html


def test_nothing_typed_finds_nothing(desk_of: Desk, household: Household) -> None:
    assert "/desk/families/XC" not in find(desk_of(), "  ")
