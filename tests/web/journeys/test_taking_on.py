"""The district takes someone on, and he sits down at his desk: in a browser, with his own password."""

from datetime import date

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from demo import accounts as demo_accounts
from demo.management.commands.load_demo_accounts import Command as LoadAccounts
from tests import rooms
from tests.conftest import page_of
from yihu.web import policy

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 3, 2)
OWN = "another invented one"


@pytest.fixture
def home(live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the district of the demonstration works, on a fixed day."""
    settings.OFFERED_ACCOUNTS = "demo.accounts.shown"
    monkeypatch.setattr(policy, "today", lambda: TODAY)
    for command in ("load_calendar", "load_organisations", LoadAccounts()):
        call_command(command, verbosity=0)
    return live_server.url


def log_in(page: Page, home: str, username: str, password: str) -> None:
    page.goto(f"{home}/accounts/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="待办")).to_be_visible()


def follow(page: Page, room: str) -> None:
    page.get_by_role("navigation", name="各室").get_by_role("link", name=room).click()


def test_the_district_takes_on_an_examiner_who_then_logs_in(browser: Browser, home: str) -> None:
    with page_of(browser, viewport={"width": 1440, "height": 900}) as officer:
        log_in(officer, home, "quji", demo_accounts.PASSWORD)
        follow(officer, "人员")
        officer.get_by_role("link", name="登记工作人员").click()
        officer.get_by_label("姓名").fill("贾新人")
        officer.get_by_label("岗位", exact=True).select_option(label="街道审核")
        officer.get_by_label("在哪里").select_option(label="西城区")
        officer.get_by_role("button", name="登记", exact=True).click()
        expect(officer.get_by_role("alert")).to_contain_text("街道审核设在街道，而西城区是区")
        officer.get_by_label("在哪里").select_option(label="月坛街道")
        officer.get_by_role("button", name="登记", exact=True).click()
        expect(officer.locator(".note.good")).to_contain_text("已登记贾新人，账号 jiaxinren")
        officer.get_by_role("button", name="生成密码").click()
        username, password = officer.locator(".given dd").all_inner_texts()

    with page_of(browser, viewport={"width": 1024, "height": 768}) as examiner:
        log_in(examiner, home, username, password)
        expect(examiner.locator(".who-post")).to_have_text("月坛街道 · 街道审核")
        assert examiner.get_by_role("link", name="人员").count() == 0
        examiner.locator(".who summary").click()
        examiner.get_by_role("link", name="修改密码").click()
        for label, typed in (("当前密码", password), ("新密码", OWN), ("新密码（重复）", OWN)):
            examiner.get_by_label(label, exact=True).fill(typed)
        examiner.get_by_role("button", name="修改密码").click()
        expect(examiner.get_by_role("heading", level=1, name="待办")).to_be_visible()
        expect(examiner.get_by_role("status").filter(has_text="密码修改成功")).to_be_visible()
        log_in_again(examiner, home, username)
        examiner.locator(".who summary").click()
        examiner.get_by_role("link", name="我的近亲属").click()
        examiner.get_by_label("近亲属姓名").fill("郝母")
        examiner.get_by_label("是本人的").select_option(label="父母")
        examiner.get_by_label("近亲属身份证号").fill(rooms.identity_number(date(1955, 3, 7)))
        examiner.get_by_role("button", name="申报", exact=True).click()
        expect(examiner.locator(".note.good")).to_contain_text("郝母家的案件从现在起由别人办理")
        assert examiner.locator(".within summary").count() == 0


def log_in_again(page: Page, home: str, username: str) -> None:
    """After he has changed his password, with his own."""
    page.context.clear_cookies()
    log_in(page, home, username, OWN)
