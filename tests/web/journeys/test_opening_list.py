"""A list from the file to the awards, in a real Chromium: the page follows the worker by itself."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests import places, rooms
from tests.web.desk.seats import BACKEND
from yihu.awards import jobs
from yihu.awards.models import AwardTerm
from yihu.organisations.models import Appointment, StaffMember

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LINES = (
    "户主身份证号,户主姓名,项目,月金额,金额说明,起始月份,社区代码,住址",
    "{number},吴名氏,高龄津贴,{amount},按2019年标准,2019-03,110102007001,某胡同 9 号",
)


@pytest.fixture
def officer(page: Page, live_server: LiveServer, tmp_path: Path, settings: Settings) -> Page:
    """The district's officer before the opening balance."""
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    with rooms.everywhere():
        place = rooms.make_district()
        staff = StaffMember.objects.create_user("officer", name="吴区级")
        post = places.post("district_officer", place.district.path)
        Appointment.objects.create(post=post, staff=staff, period=(date(2019, 1, 1), None))
        client = Client()
        client.force_login(staff.login, backend=BACKEND)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.goto(f"{live_server.url}/desk/awards/opening/")
    return page


def hand_in(page: Page, amount: str) -> None:
    content = "\n".join(LINES).format(number=rooms.identity_number(date(1935, 5, 5)), amount=amount)
    page.set_input_files("#id_file", {"name": "名单.csv", "mimeType": "text/csv", "buffer": content.encode()})
    page.get_by_role("button", name="核对", exact=True).click()
    expect(page.locator(".work")).to_contain_text("可以离开这一页")


def test_a_list_goes_from_the_file_to_the_awards(officer: Page) -> None:
    page = officer
    hand_in(page, "一百")
    jobs.take_up_lists(timestamp=0)
    expect(page.locator("#list")).to_contain_text("1 行里有 1 处要改")
    expect(page.locator("#list table")).to_contain_text("“一百”不是金额")
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载要改的行").click()
    assert taken.value.suggested_filename == "名单 要改的行.xlsx"

    page.get_by_role("link", name="换改好的名单").click()
    hand_in(page, "100")
    # Left and come back to.
    page.get_by_role("link", name="全部名单").click()
    page.get_by_role("row", name="核对中").get_by_role("link").click()
    jobs.take_up_lists(timestamp=0)
    page.get_by_role("button", name="载入这 1 笔").click()
    expect(page.locator(".work")).to_contain_text("要么全部载入")
    jobs.take_up_lists(timestamp=0)
    expect(page.locator("#list")).to_contain_text("已载入 1 笔，新建 1 户")
    page.get_by_role("link", name="看在册期初的待遇").click()
    expect(page.locator("table.list")).to_contain_text("按2019年标准")

    with rooms.everywhere():
        assert AwardTerm.objects.get().amount == 10_000
