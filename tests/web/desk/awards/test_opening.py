"""在册期初 at the desk: every bad row is named and nothing is loaded before all are good."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from python_calamine import CalamineWorkbook

from tests import many, rooms
from tests.web.desk.conftest import Desk
from yihu.access.actor import Actor
from yihu.awards.enums import ListState
from yihu.awards.models import Award, OpeningImport, OpeningList
from yihu.awards.opening import lists
from yihu.households.models import Household
from yihu.organisations.queries import service_everywhere

HEADINGS = ("户号", "户主身份证号", "项目", "月金额", "起始月份")
OPENING = "/desk/awards/opening/"


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, settings: Settings) -> None:
    settings.DOCUMENT_ROOT = tmp_path / "documents"


@pytest.fixture
def two(service: Actor) -> Sequence[Household]:
    return many.make_families(2)


@pytest.fixture
def officer(desk_of: Desk) -> Client:
    return desk_of("district_officer", name="吴区级")


def listed(*rows: Sequence[object]) -> SimpleUploadedFile:
    """A workbook with these rows under the headings."""
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("在册名单")
        for at, row in enumerate([HEADINGS, *rows]):
            sheet.write_row(at, 0, row)
    return SimpleUploadedFile("在册.xlsx", content.getvalue())


def handed_in(client: Client, *rows: Sequence[object]) -> str:
    """Hand a list in; where it is looked at."""
    response = client.post(OPENING, {"file": listed(*rows)})
    assert response.status_code == 302
    return str(response.url)


def work() -> None:
    lists.take_up(by=service_everywhere("opening lists"), on=rooms.ON)


def tried(client: Client, *rows: Sequence[object]) -> str:
    """Hand a list in and have it checked; where it is looked at."""
    address = handed_in(client, *rows).partition("?")[0]
    work()
    return address


def shown(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def pressed(client: Client, address: str, what: str) -> str:
    return client.post(f"{address}{what}/", follow=True).content.decode()


def good(household: Household, amount: object = 1616) -> Sequence[object]:
    return (household.number, "", "最低生活保障", amount, "2019-03")


def test_every_bad_row_is_named_and_nothing_is_loaded(officer: Client, two: Sequence[Household]) -> None:
    address = tried(officer, good(two[0]), good(two[1], "一千"), ("XC-000-000000", "", "最低生活保障", 5, "2019-03"))
    html = shown(officer, address)

    assert "2 行里有 2 处要改，一行也没有载入" in html
    assert '<td class="n">3</td><td class="keep">月金额</td>' in html
    assert '<td class="n">4</td><td class="keep">户号</td>' in html
    assert "没有户号“XC-000-000000”" in html
    assert "载入这" not in html
    assert "现在是“要改”" in pressed(officer, address, "take-over")
    assert not Award.objects.exists()

    content = officer.get(f"{address}bad-rows/").content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == ["行", 3.0, 4.0]


def test_a_good_list_is_tried_first_and_then_taken_over_once(officer: Client, two: Sequence[Household]) -> None:
    address = tried(officer, *map(good, two))
    html = shown(officer, address)
    assert "每一行都对得上" in html
    assert "载入这 2 笔" in html
    assert 'name="pays_from" type="month" value="2026-04"' in html
    assert (
        "月份写成 2026-03 这样"
        in officer.post(f"{address}take-over/", {"pays_from": "九月"}, follow=True).content.decode()
    )
    assert "¥3,232.00" in html
    assert officer.get(f"{address}bad-rows/").status_code == 404
    assert not Award.objects.exists()

    assert "要么全部载入" in pressed(officer, address, "take-over")
    work()
    html = shown(officer, address)
    assert "已载入 2 笔" in html
    assert "吴区级" in shown(officer, OPENING)
    assert "现在是“已载入”" in pressed(officer, address, "take-over")
    work()

    assert Award.objects.count() == 2
    assert OpeningImport.objects.get().awards_count == 2


def test_the_page_asks_until_it_is_done_and_may_be_left(officer: Client, two: Sequence[Household]) -> None:
    address = handed_in(officer, good(two[0]))
    html = shown(officer, address)
    assert 'hx-trigger="every 400ms"' in html
    assert f'hx-get="{address.removesuffix("0")}1"' in html
    assert "可以离开这一页" in html
    assert "后台还没有来办" not in html
    # Who comes back later may ask anew.
    later = address.partition("?")[0]
    assert "后台还没有来办" in shown(officer, later)
    assert 'hx-trigger="every 2s"' in shown(officer, f"{later}?waited=9", **{"HX-Request": "true"})
    assert "核对中" in shown(officer, OPENING)
    assert "后台还没有来办" not in pressed(officer, later, "again")

    work()
    part = shown(officer, address, **{"HX-Request": "true"})
    assert part.startswith('\n<div id="list">')
    assert "hx-get" not in part
    assert "载入这 1 笔" in part


def test_a_list_is_given_up(officer: Client, two: Sequence[Household]) -> None:
    address = tried(officer, good(two[0], "一千"))
    assert "已放弃名单“在册.xlsx”" in pressed(officer, address, "drop")
    assert address not in shown(officer, OPENING)
    assert "没有载入任何一行" in shown(officer, address)
    assert OpeningList.objects.get().state == ListState.DROPPED


def test_the_same_list_again_has_nothing_to_take_over(officer: Client, two: Sequence[Household]) -> None:
    for _again in range(2):
        address = tried(officer, *map(good, two))
        html = shown(officer, address)
        pressed(officer, address, "take-over")
        work()

    assert "都已在册" in html
    assert Award.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "是空的"), (b"PK\x03\x04 cut off", "不完整或已损坏"), (b"%PDF-1.4 %%EOF", "这里不收")]
)
def test_what_is_no_table_is_refused_at_once(officer: Client, content: bytes, said: str) -> None:
    html = officer.post(OPENING, {"file": SimpleUploadedFile("名单.xlsx", content)}).content.decode()

    assert said in html
    assert not OpeningList.objects.exists()


def test_what_is_no_list_says_why(officer: Client) -> None:
    response = officer.post(OPENING, {"file": SimpleUploadedFile("名单.csv", "甲,乙\n1,2\n".encode())})
    work()

    assert "没有找到表头" in shown(officer, response.url)


def test_the_template_and_the_original_come_back(officer: Client, two: Sequence[Household]) -> None:
    pressed(officer, tried(officer, *map(good, two)), "take-over")
    work()

    template = officer.get(f"{OPENING}template/").content
    original = officer.get(f"{OPENING}{OpeningImport.objects.get().pk}/").content

    sheet = CalamineWorkbook.from_filelike(BytesIO(template)).get_sheet_by_index(0)
    assert set(HEADINGS) <= set(sheet.to_python()[0])
    rows = CalamineWorkbook.from_filelike(BytesIO(original)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["户号", two[0].number, two[1].number]


def test_more_lists_take_no_more_queries(officer: Client, two: Sequence[Household]) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            shown(officer, OPENING)
        return len(caught)

    tried(officer, good(two[0], 1))
    queries()
    before = queries()
    for amount in range(2, 8):
        tried(officer, good(two[0], amount))

    assert queries() == before


@pytest.mark.parametrize("post", ["finance_maker", "street_director", "auditor"])
def test_others_do_not_load_lists(desk_of: Desk, post: str) -> None:
    assert desk_of(post).get(OPENING).status_code == 403
