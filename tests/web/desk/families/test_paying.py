"""Those who pay see what a family gets and where it goes, and nothing of the file that led to it."""

import io
import re

import pytest
from django.test import Client
from django.urls import resolve, reverse
from python_calamine import CalamineWorkbook

from tests import rooms
from tests.web.desk.conftest import Desk
from tests.web.things import Furnished, Things
from yihu.access.posts import holding
from yihu.households.models import FileRead, Household

PAYERS = ("finance_maker", "finance_checker")


@pytest.fixture
def district(furnished: Furnished) -> rooms.District:
    """In the month that is paid first."""
    return furnished.district


@pytest.fixture
def things(furnished: Furnished) -> Things:
    return furnished.things


def opened(client: Client, things: Things) -> str:
    """The page of the family, the purpose given first."""
    address = reverse("desk:family", args=[things.household])
    client.post(f"{address}purpose/", {"purpose": "payment"})
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def closed_links(html: str, post: str) -> list[str]:
    """Links of a page that a post may not follow."""
    links = re.findall(r'href="(/desk/[^"?#]*)', html)
    return [link for link in links if post not in holding(resolve(link).func.capability)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("post", PAYERS)
def test_the_page_of_a_family_tells_what_it_is_paid(desk_of: Desk, things: Things, post: str) -> None:
    html = opened(desk_of(post), things)
    text = re.sub(r"<[^>]+>", " ", html)

    for words in (
        "甄远客 家庭",
        "梅远亲",
        "配偶",
        "000000********",
        "最低生活保障",
        "2026-04 起",
        "**** 4560",
        things.run,
    ):
        assert words in text, words
    for words in (
        "工资",
        "能得到什么",
        "核对授权",
        "材料",
        "电话",
        "登记事实",
        "申请",
        things.case,
        things.letter_number,
    ):
        assert words not in text, words
    assert "number/" not in html
    assert closed_links(html, post) == []
    (read,) = FileRead.objects.filter(purpose="payment")
    assert (read.household.number, read.kind) == (things.household, "file")


@pytest.mark.parametrize("post", PAYERS)
@pytest.mark.parametrize("page", ["paper", "papers", "determination", "family_why", "reveal_number", "state_facts"])
def test_nothing_that_led_to_it_opens(desk_of: Desk, things: Things, post: str, page: str) -> None:
    client = desk_of(post)
    opened(client, things)
    about = {
        "paper": [things.paper],
        "determination": [things.determination],
        "family_why": [things.household, "subsistence_allowance-eligible-h"],
        "reveal_number": [things.household, things.person],
    }.get(page, [things.household])
    reads = FileRead.objects.count()

    answer = client.get(reverse(f"desk:{page}", args=about))

    assert answer.status_code == 403
    assert "甄远客" not in answer.content.decode()
    assert FileRead.objects.count() == reads


@pytest.mark.parametrize("post", PAYERS)
def test_no_list_leads_them_where_they_may_not_go(desk_of: Desk, things: Things, post: str) -> None:
    client = desk_of(post)
    pages = {
        name: client.get(reverse(f"desk:{name}", args=about)).content.decode()
        for name, about in (("inbox", []), ("families", []), ("awards", []), ("runs", []), ("run", [things.run]))
    }
    pages["search"] = client.post(reverse("desk:search"), {"q": things.case}).content.decode()

    assert [(name, link) for name, html in pages.items() for link in closed_links(html, post)] == []
    assert "没有找到" in pages["search"]
    # What it rests on is named all the same.
    assert f"认定 {things.determination}" in pages["run"]
    assert "认定 2026-03" in pages["awards"]


def test_who_reads_files_goes_on_from_a_run_to_what_it_rests_on(desk_of: Desk, things: Things) -> None:
    html = desk_of("auditor").get(reverse("desk:run", args=[things.run])).content.decode()

    assert f'href="{reverse("desk:determination", args=[things.determination])}"' in html


def test_who_pays_is_not_told_who_applies(desk_of: Desk, things: Things, family: Household) -> None:
    """Two families have cases under way, and one has none."""

    def listed(client: Client, query: str = "") -> str:
        return str(client.get(f"{reverse('desk:families')}{query}").content.decode())

    maker, officer = desk_of("finance_maker"), desk_of("district_officer")
    assert "低保 申请中" in listed(officer)
    assert "在办申请" in listed(officer)
    assert family.number not in listed(officer, "?state=case")
    for query in ("", "?state=case"):
        html = listed(maker, query)
        assert "申请" not in html.replace("<th>待遇和申请</th>", "")
        assert things.household in html
        assert family.number in html
    answer = maker.post(reverse("desk:families_export"), {"purpose": "payment"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sorted(row[6] for row in rows[1:]) == ["", "", "低保"]
