"""The list of families and the page of one: what stands there, who reaches it, and that looking is written down."""

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg.types.range import Range
from python_calamine import CalamineWorkbook

from tests import rooms
from tests.cases.street import make_poor_family, say
from tests.cases.walk import PROGRAMME
from tests.web.desk.conftest import Desk
from yihu.access.actor import Actor
from yihu.awards import actions as awards
from yihu.households.actions import NewMember
from yihu.households.enums import HEAD, FactSource
from yihu.households.models import FileRead, Household
from yihu.policy.actions import determine

TELEPHONE = "13900000000"
Poor = Callable[..., Household]


@pytest.fixture
def poor(district: rooms.District, service: Actor) -> Poor:
    """Makes a family whose facts are all on file and to whom an award was given."""

    def made(name: str = "贾一", **more: object) -> Household:
        names = (name, f"甄{name[1]}", f"郝{name[1]}")
        household = make_poor_family(district.community, by=service, names=names)
        if more.get("award", True):
            found = determine(
                household=household, programme=PROGRAMME, on=rooms.ON, known_on=rooms.ON, held={}, by=service
            )
            assert found.amount
            awards.grant(
                household=household,
                person=None,
                programme=PROGRAMME,
                key="running",
                period=Range(date(2026, 3, 1), None),
                amount=found.amount,
                determination=found,
                by=service,
                on=rooms.ON,
            )
        return household

    return made


def open_file(client: Client, household: Household, purpose: str = "visitor") -> str:
    """The page of a family, the purpose given first."""
    address = f"/desk/families/{household.number}/"
    client.post(f"{address}purpose/", {"purpose": purpose, "detail": "来问低保"})
    response = client.get(address)
    assert response.status_code == 200, response
    return str(response.content.decode())


# ---- one family


def test_the_file_opens_after_the_purpose_and_the_look_is_written_down(desk_of: Desk, family: Household) -> None:
    clerk = desk_of()
    address = f"/desk/families/{family.number}/"

    first = clerk.get(address)
    assert first.status_code == 302
    assert first.url.startswith(f"{address}purpose/")
    assert not FileRead.objects.exists()
    html = open_file(clerk, family)

    assert "贾一鸣 家庭" in html
    (read,) = FileRead.objects.filter(household=family)
    assert (read.kind, read.purpose, read.detail) == ("file", "visitor", "来问低保")


def test_a_purpose_holds_for_one_family_and_one_day(desk_of: Desk, poor: Poor, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk, one, other = desk_of(), poor(), poor("贾二")
    open_file(clerk, one)

    assert clerk.get(f"/desk/families/{one.number}/").status_code == 200
    assert clerk.get(f"/desk/families/{other.number}/").status_code == 302
    monkeypatch.setattr("yihu.web.policy.today", lambda: date(2026, 3, 3))
    assert clerk.get(f"/desk/families/{one.number}/").status_code == 302


def test_the_question_leads_back_to_no_other_house(desk_of: Desk, family: Household) -> None:
    where = f"/desk/families/{family.number}/purpose/?next=https://evil.example/"

    answer = desk_of().post(where, {"purpose": "visitor"})

    assert answer.url == f"/desk/families/{family.number}/"


def test_a_purpose_must_be_given(desk_of: Desk, family: Household) -> None:
    clerk = desk_of()

    answer = clerk.post(f"/desk/families/{family.number}/purpose/", {"purpose": "curiosity"})

    assert answer.status_code == 200
    assert clerk.get(f"/desk/families/{family.number}/").status_code == 302


def test_the_page_tells_what_the_rules_say_of_income_and_help(desk_of: Desk, poor: Poor) -> None:
    html = open_file(desk_of(), poor())

    # 1,894.00 for three, against the standard of the day.
    assert "人均 ¥631.33" in html
    assert "¥1,894.00" in html
    assert "低保 在享" in html
    assert "符合 · 在享" in html
    assert "最低生活保障起" in html


def test_numbers_are_masked(desk_of: Desk, poor: Poor) -> None:
    household = poor()
    tail = household.people.order_by("id")[0].identity_tail

    html = open_file(desk_of(), household)

    assert f"000000********{tail}" in html
    assert "00000019800501" not in html


def test_a_difference_is_marked_and_leads_to_be_settled(desk_of: Desk, poor: Poor, service: Actor) -> None:
    household = poor()
    head = household.people.order_by("id")[0]
    say(household, "wage", "2900", person=head, by=service, on=rooms.ON, source=FactSource.RECEIVED)

    html = open_file(desk_of("street_examiner"), household)
    seen = open_file(desk_of("community_worker"), household)

    assert 'class="diff"' in html
    assert "申报 1,894.00 元" in html
    assert "不一致，去认定" in html
    assert "不一致，待认定" in seen
    assert "不一致，去认定" not in seen


def test_the_explanation_comes_when_it_is_asked(desk_of: Desk, poor: Poor) -> None:
    clerk, household = desk_of(), poor()
    open_file(clerk, household)
    address = f"/desk/families/{household.number}/why/subsistence_allowance-eligible-h/"

    part = clerk.get(address, headers={"hx-request": "true"}).content.decode()
    whole = clerk.get(address).content.decode()

    assert "家庭月人均收入 631.33 元" in part
    assert "<html" not in part
    assert "家庭月人均收入 631.33 元" in whole
    assert clerk.get(address.replace("eligible", "unknown")).status_code == 409


def test_a_number_is_shown_whole_for_a_purpose_that_is_written_down(desk_of: Desk, poor: Poor) -> None:
    clerk, household = desk_of(), poor()
    head = household.people.order_by("id")[0]
    address = f"/desk/families/{household.number}/number/{head.pk}/"

    assert "00000019800501" not in clerk.get(address).content.decode()
    html = clerk.post(address, {"purpose": "case", "detail": "对照证件"}).content.decode()

    assert "00000019800501" in html
    (read,) = FileRead.objects.filter(kind="identity_number")
    assert (read.household, read.purpose, read.detail) == (household, "case", head.name)


def test_a_community_worker_sees_the_telephone_but_no_identity_number(
    desk_of: Desk, district: rooms.District, service: Actor
) -> None:
    household = rooms.make_family(district.community, by=service, telephone=TELEPHONE)
    head = household.people.order_by("id")[0]
    worker = desk_of("community_worker")

    told = worker.post(f"/desk/families/{household.number}/telephone/", {"purpose": "visitor"}).content.decode()

    assert TELEPHONE in told
    assert FileRead.objects.filter(kind="telephone").count() == 1
    assert worker.get(f"/desk/families/{household.number}/number/{head.pk}/").status_code == 403


def test_a_family_of_another_street_does_not_exist(desk_of: Desk, family: Household, district: rooms.District) -> None:
    stranger = desk_of(division=district.far_street)

    for page in ("", "purpose/", "telephone/", "facts/", "papers/", "apply/", "move/"):
        assert stranger.get(f"/desk/families/{family.number}/{page}").status_code == 404, page


def test_the_page_asks_the_database_the_same_however_much_is_known(desk_of: Desk, poor: Poor, service: Actor) -> None:
    clerk, household = desk_of(), poor()
    open_file(clerk, household)

    with CaptureQueriesContext(connection) as few:
        clerk.get(f"/desk/families/{household.number}/")
    head = household.people.order_by("id")[0]
    for wage in range(1900, 1912):
        say(household, "wage", str(wage), person=head, by=service, on=rooms.ON, source=FactSource.DECLARED)
    with CaptureQueriesContext(connection) as many:
        clerk.get(f"/desk/families/{household.number}/")

    assert len(many) == len(few)
    assert len(few) <= 34, len(few)


# ---- the list


def test_the_list_shows_whoever_is_within_reach_with_totals(
    desk_of: Desk, poor: Poor, district: rooms.District
) -> None:
    poor()
    poor("贾二", award=False)

    html = desk_of().get("/desk/families/").content.decode()
    far = desk_of(division=district.far_street).get("/desk/families/").content.decode()

    assert "贾一" in html
    assert "贾二" in html
    assert "合计 2 户" in html
    assert '<td class="n">6</td>' in html
    assert "¥2,456.00" in html
    assert "贾一" not in far


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("award=any", ["贾一"]),
        (f"award={PROGRAMME}", ["贾一"]),
        ("award=none", ["贾二"]),
        ("state=case", []),
        ("state=closed", []),
        ("community=11/0102/007/002/", []),
        ("community=11/0102/007/001/", ["贾一", "贾二"]),
        ("street=11/0102/018/", []),
    ],
)
def test_filters_stand_in_the_address(desk_of: Desk, poor: Poor, query: str, names: list[str]) -> None:
    poor()
    poor("贾二", award=False)

    html = desk_of().get(f"/desk/families/?{query}").content.decode()

    assert [name for name in ("贾一", "贾二") if f">{name}</a>" in html] == names


def test_what_was_typed_narrows_the_list_and_stands_in_no_address(desk_of: Desk, poor: Poor) -> None:
    clerk = desk_of()
    poor()
    poor("贾二", award=False)

    answer = clerk.post("/desk/families/?award=none", {"text": "贾二"})
    html = clerk.get(answer.url).content.decode()
    clerk.post("/desk/families/", {"text": ""})

    assert answer.url == "/desk/families/?award=none"
    assert ">贾二</a>" in html
    assert "合计 1 户" in html
    assert "合计 2 户" in clerk.get("/desk/families/").content.decode()


@pytest.mark.parametrize("typed", ["{number}", "000000 19800501 {end}", TELEPHONE, "+86 139-0000-0000"])
def test_whole_numbers_find_a_family_and_stay_nowhere(
    desk_of: Desk, district: rooms.District, service: Actor, typed: str
) -> None:
    clerk = desk_of()
    number = rooms.identity_number(date(1980, 5, 1), 1)
    household = rooms.make_family(district.community, by=service, telephone=TELEPHONE)
    rooms.make_family(
        district.community, by=service, members=[NewMember("贾二", HEAD, rooms.identity_number(date(1970, 1, 1), 3))]
    )
    sent = typed.format(number=number, end=number[-4:])

    clerk.post("/desk/families/", {"text": sent})
    html = clerk.get("/desk/families/").content.decode()

    assert household.number in html
    assert "合计 1 户" in html
    (kept,) = [str(session.get_decoded()) for session in Session.objects.all()]
    for whole in (number, TELEPHONE, sent):
        assert whole not in kept
        assert whole not in html
    (box,) = re.findall(r'id="text"[^>]* value="([^"]*)"', html)
    assert "****" in box
    # Pressed again it looks for the same, emptied for everybody.
    clerk.post("/desk/families/", {"text": box})
    assert "合计 1 户" in clerk.get("/desk/families/").content.decode()
    clerk.post("/desk/families/", {"text": ""})
    assert "合计 2 户" in clerk.get("/desk/families/").content.decode()


@pytest.mark.parametrize("typed", ["0000001980050100", "贾一 139 0000 000", "6222 0000 0000 1234"])
def test_numbers_that_are_mistyped_stay_nowhere_either(desk_of: Desk, typed: str) -> None:
    clerk = desk_of()

    clerk.post("/desk/families/", {"text": typed})
    html = clerk.get("/desk/families/").content.decode()

    (kept,) = [str(session.get_decoded()) for session in Session.objects.all()]
    assert typed not in kept
    assert typed not in html
    assert "****" in html


def test_the_list_asks_the_database_the_same_for_one_and_for_many(desk_of: Desk, poor: Poor) -> None:
    clerk = desk_of()
    poor()
    with CaptureQueriesContext(connection) as one:
        clerk.get("/desk/families/")
    for name in ("贾二", "贾三", "贾四"):
        poor(name)
    with CaptureQueriesContext(connection) as many:
        clerk.get("/desk/families/")

    assert len(many) == len(one)
    assert len(one) <= 24, len(one)


def test_the_export_is_what_is_seen_and_stands_in_every_file(desk_of: Desk, poor: Poor) -> None:
    clerk, one, other = desk_of(), poor(), poor("贾二", award=False)

    asked = clerk.get("/desk/families/export/?award=any").content.decode()
    refused = clerk.post("/desk/families/export/?award=any", {})
    answer = clerk.post("/desk/families/export/?award=any", {"purpose": "review", "detail": "核对台账"})

    assert "导出这 1 户" in asked
    assert refused.headers["Content-Type"].startswith("text/html")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    (headings, row) = book.get_sheet_by_index(0).to_python()
    assert headings[0] == "户号"
    assert (row[0], row[1], row[5], row[7]) == (one.number, "贾一", 3, 2456)
    (read,) = FileRead.objects.filter(kind="export")
    assert (read.household, read.purpose, read.detail) == (one, "review", "核对台账")
    assert other.number not in str(row)
