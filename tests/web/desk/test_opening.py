"""在册期初 at the desk: every bad row is named and nothing is loaded before all are good."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings
from python_calamine import CalamineWorkbook

from tests import many
from tests.web.desk.conftest import Desk
from yihu.awards.models import Award, OpeningImport
from yihu.common.actor import Actor
from yihu.households.models import Household
from yihu.organisations.enums import PostKind

HEADINGS = ("户号", "户主身份证号", "项目", "月金额", "起始月份")
LIST = "/desk/awards/opening/"


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, settings: Settings) -> None:
    settings.DOCUMENT_ROOT = tmp_path / "documents"


@pytest.fixture
def two(service: Actor) -> Sequence[Household]:
    return many.make_families(2)


@pytest.fixture
def officer(desk_of: Desk) -> Client:
    return desk_of(PostKind.DISTRICT_OFFICER, name="吴区级")


def listed(*rows: Sequence[object]) -> SimpleUploadedFile:
    """A workbook with these rows under the headings."""
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("在册名单")
        for at, row in enumerate([HEADINGS, *rows]):
            sheet.write_row(at, 0, row)
    return SimpleUploadedFile("在册.xlsx", content.getvalue())


def tried(client: Client, *rows: Sequence[object]) -> str:
    response = client.post(LIST, {"file": listed(*rows)})
    assert response.status_code == 200
    return response.content.decode()


def good(household: Household, amount: object = 1616) -> Sequence[object]:
    return (household.number, "", "最低生活保障", amount, "2019-03")


def test_every_bad_row_is_named_and_nothing_is_loaded(officer: Client, two: Sequence[Household]) -> None:
    html = tried(officer, good(two[0]), good(two[1], "一千"), ("XC-000-000000", "", "最低生活保障", 5, "2019-03"))

    assert "2 行里有 2 处要改，一行也没有载入" in html
    assert '<td class="n">3</td><td class="keep">月金额</td>' in html
    assert '<td class="n">4</td><td class="keep">户号</td>' in html
    assert "没有户号“XC-000-000000”" in html
    assert "载入这" not in html
    assert not Award.objects.exists()


def test_a_good_list_is_tried_first_and_then_taken_over_once(officer: Client, two: Sequence[Household]) -> None:
    html = tried(officer, *map(good, two))
    assert "每一行都对得上" in html
    assert "载入这 2 笔" in html
    assert "¥3,232.00" in html
    assert not Award.objects.exists()

    html = officer.post(f"{LIST}take-over/", follow=True).content.decode()
    assert "已载入 2 笔" in html
    assert "吴区级" in html
    again = officer.post(f"{LIST}take-over/", follow=True).content.decode()

    assert "没有等着载入的名单" in again
    assert Award.objects.count() == 2
    assert OpeningImport.objects.get().awards_count == 2


def test_the_same_list_again_has_nothing_to_take_over(officer: Client, two: Sequence[Household]) -> None:
    for _again in range(2):
        html = tried(officer, *map(good, two))
        officer.post(f"{LIST}take-over/")

    assert "都已在册" in html
    assert Award.objects.count() == 2


def test_what_is_no_list_is_refused(officer: Client) -> None:
    html = officer.post(LIST, {"file": SimpleUploadedFile("名单.csv", "甲,乙\n1,2\n".encode())}).content.decode()

    assert "没有找到表头" in html


def test_the_template_and_the_original_come_back(officer: Client, two: Sequence[Household]) -> None:
    tried(officer, *map(good, two))
    officer.post(f"{LIST}take-over/")

    template = officer.get(f"{LIST}template/").content
    original = officer.get(f"{LIST}{OpeningImport.objects.get().pk}/").content

    sheet = CalamineWorkbook.from_filelike(BytesIO(template)).get_sheet_by_index(0)
    assert set(HEADINGS) <= set(sheet.to_python()[0])
    rows = CalamineWorkbook.from_filelike(BytesIO(original)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["户号", two[0].number, two[1].number]


@pytest.mark.parametrize("post", [PostKind.FINANCE_MAKER, PostKind.STREET_DIRECTOR, PostKind.AUDITOR])
def test_others_do_not_load_lists(desk_of: Desk, post: PostKind) -> None:
    assert desk_of(post).get(LIST).status_code == 403
