"""In a real Chromium: a resident with a thumb, an officer with a keyboard."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import places, rooms
from tests.web.desk.seats import BACKEND
from yihu.organisations.models import Appointment, StaffMember

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SMALLEST_TARGET = 44
BIRTHS = [("1974", "5", "3"), ("1975", "12", "31"), ("2000", "6", "1")]


def tap(page: Page, control: Locator) -> None:
    """Tap what leads to another page, and wait for it."""
    with page.expect_navigation():
        control.tap()


def step(page: Page) -> str:
    return page.locator("input[name=at]").first.get_attribute("value") or ""


def choose(page: Page, control: str) -> None:
    page.locator(f"label[for={control}]").tap()


def answer(page: Page) -> None:
    """Answer the question before us as three adults with one wage do, by touch."""
    name = step(page)
    people = [field.get_attribute("id") for field in page.locator(".person").all()]
    if name == "birth_date":
        for number, (year, month, day) in enumerate(BIRTHS[: len(people)]):
            page.fill(f"[name=m{number}-year]", year)
            page.fill(f"[name=m{number}-month]", month)
            page.fill(f"[name=m{number}-day]", day)
    elif name == "wage":
        choose(page, "m0-yes")
        page.fill("[name=m0-text]", "1894")
        choose(page, "m1-first")
        choose(page, "m2-first")
    elif name == "homes":
        choose(page, "h-yes")
        page.fill("[name=h-text]", "1")
    elif name == "current_awards":
        choose(page, "h-no")
    elif page.locator("button.common").count():
        tap(page, page.locator("button.common"))
        return
    else:
        choose(page, "h-first")
    tap(page, page.locator("button.big"))


def begin(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    tap(page, page.get_by_role("button", name="开始"))
    tap(page, page.get_by_role("button", name="＋ 妻子"))
    tap(page, page.get_by_role("button", name="＋ 儿子"))
    tap(page, page.get_by_role("button", name="就 3 口人，继续"))


def check_page(page: Page) -> None:
    """What every page for residents keeps: nothing to scroll sideways, and targets for a thumb."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    small = page.evaluate(
        """least => [...document.querySelectorAll(
             'main a, button:not(.implicit), select, summary, input[type=text], .choices > label, header a')]
           .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < least - 0.5
                           && !each.closest('.problems'))
           .map(each => each.outerHTML.slice(0, 90))""",
        SMALLEST_TARGET,
    )
    assert not small, small
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll('input:not([type=hidden]), select')]
           .filter(each => !each.labels.length && !each.ariaLabel).map(each => each.outerHTML.slice(0, 90))"""
    )
    assert not unnamed, unnamed


def test_a_resident_goes_all_the_way_by_touch(
    phone_page: Page, live_server: LiveServer, august_2020: date, tmp_path: Path
) -> None:
    page = phone_page
    begin(page, live_server)
    for _question in range(40):
        check_page(page)
        if step(page) == "summary":
            break
        answer(page)
    tap(page, page.locator("button.big").first)
    check_page(page)
    expect(page.locator(".card").first).to_contain_text("1,616.00 元/月")

    why = page.locator(".card").first.locator(".because")
    expect(why.get_by_text("低保金 1,616.00 元 =").last).not_to_be_visible()
    why.locator("summary").first.tap()
    expect(why.get_by_text("低保金 1,616.00 元 =").last).to_be_visible()
    page.locator(".refused > summary").tap()
    expect(page.locator(".card.not_eligible").first).to_be_visible()
    check_page(page)
    printed = page.pdf(path=tmp_path / "answer.pdf", format="A4")
    assert printed.startswith(b"%PDF")

    tap(page, page.get_by_role("button", name="返回修改回答"))
    tap(page, page.get_by_role("button", name="修改：工资性收入（月）"))
    page.fill("[name=m0-text]", "2894")
    tap(page, page.locator("button.big"))
    assert step(page) == "summary"
    tap(page, page.locator("button.big").first)
    expect(page.locator(".card").first).to_contain_text("616.00 元/月")
    assert page.url.removeprefix(f"{live_server.url}/check/").strip("/").isdecimal()
    tap(page, page.get_by_role("button", name="清空，重新开始"))
    expect(page.get_by_role("heading", name="看看您家能领什么")).to_be_visible()
    assert page.context.cookies() == [] or {each["name"] for each in page.context.cookies()} == {"csrftoken"}


def test_the_browsers_own_back_works(phone_page: Page, live_server: LiveServer, august_2020: date) -> None:
    page = phone_page
    begin(page, live_server)
    steps = []
    for _question in range(6):
        steps.append(step(page))
        answer(page)
    for expected in reversed(steps):
        page.go_back()
        assert step(page) == expected
    page.go_forward()
    assert step(page) == steps[1]
    page.go_back()
    answer(page)
    assert step(page) == steps[1]


def test_the_pages_own_back_works_without_scripts(browser: Browser, live_server: LiveServer, august_2020: date) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    begin(page, live_server)
    first = step(page)
    answer(page)
    tap(page, page.get_by_role("button", name="返回修改上一个回答"))
    assert step(page) == first
    assert page.locator("#h-no").is_checked()
    context.close()


def test_an_error_takes_the_focus(phone_page: Page, live_server: LiveServer, august_2020: date) -> None:
    page = phone_page
    begin(page, live_server)
    while step(page) != "wage":
        answer(page)
    choose(page, "m0-yes")
    page.fill("[name=m0-text]", "两千")
    page.locator("[name=m0-text]").press("Enter")
    expect(page.locator("[name=m0-text]")).to_be_focused()
    expect(page.locator("[name=m0-text]")).to_have_value("两千")
    expect(page.get_by_role("alert")).to_contain_text("“两千”不是数字")
    check_page(page)


@pytest.mark.parametrize("width", [320, 195])
def test_narrow_pages_do_not_scroll_sideways(
    browser: Browser, live_server: LiveServer, august_2020: date, width: int
) -> None:
    """320 points, and 390 points enlarged to 200 %."""
    context = browser.new_context(viewport={"width": width, "height": 700}, has_touch=True)
    page = context.new_page()
    begin(page, live_server)
    for _question in range(40):
        assert page.evaluate("document.documentElement.scrollWidth") <= width, step(page)
        if step(page) == "summary":
            break
        answer(page)
    tap(page, page.locator("button.big").first)
    for part in page.locator("main > .card > .because > summary").all():
        part.tap()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_larger_type_is_remembered(phone_page: Page, live_server: LiveServer) -> None:
    page = phone_page
    page.goto(live_server.url)
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    assert page.evaluate(size) == 18
    page.get_by_role("button", name="字大一点").tap()
    larger = page.evaluate(size)
    assert larger >= 22
    tap(page, page.get_by_role("button", name="开始"))
    assert page.evaluate(size) == larger
    expect(page.get_by_role("button", name="字大一点")).to_have_attribute("aria-pressed", "true")
    check_page(page)
    page.get_by_role("button", name="字大一点").tap()
    assert page.evaluate(size) == 18


def tab_to(page: Page, control: str) -> None:
    """Go to a field with Tab alone."""
    for _press in range(120):
        if page.evaluate("document.activeElement.id") == control:
            break
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == control


def type_in(page: Page, control: str, text: str) -> None:
    tab_to(page, control)
    page.keyboard.type(text)


def pick(page: Page, control: str, position: int) -> None:
    tab_to(page, control)
    for _press in range(position):
        page.keyboard.press("ArrowDown")


def press(page: Page, keys: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(keys)


def log_in(context: BrowserContext, address: str) -> None:
    """Someone with a post, by the cookie of a session."""
    place = rooms.make_district()
    staff = StaffMember.objects.create_user("clerk", name="甄经办")
    post = places.post("window_clerk", place.street.path)
    Appointment.objects.create(post=post, staff=staff, period=(date(2019, 1, 1), None))
    client = Client()
    client.force_login(staff.login, backend=BACKEND)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


def test_an_officer_needs_no_mouse(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    with rooms.everywhere():
        log_in(context, live_server.url)
    page = context.new_page()
    errors: list[Any] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(f"{live_server.url}/desk/check/")
    expect(page.locator("#day")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("2020-08-01")
    press(page, "Alt+n")
    expect(page.locator("#m1-relation")).to_be_focused()
    press(page, "Alt+n")
    page.locator("#day").focus()
    type_in(page, "h-homes", "1")
    pick(page, "h-has_heating", 1)
    type_in(page, "h-cars", "0")
    for number, relation in enumerate(("户主", "妻", "子")):
        type_in(page, f"m{number}-birth_date", "19800531")
        type_in(page, f"m{number}-relation", relation)
        type_in(page, f"m{number}-hukou", "110102")
        pick(page, f"m{number}-school_stage", 1)
        pick(page, f"m{number}-serious_illness", 2)
        type_in(page, f"m{number}-wage", "1894" if number == 0 else "0")
    press(page, "Alt+0")
    expect(page.locator("#m0-pension")).to_have_value("0")
    expect(page.locator("#results .get").first).to_contain_text("1,616.00 元/月")
    expect(page.locator("#hint")).to_be_hidden()

    page.locator("#m0-transfer_income").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("1000")
    page.keyboard.press("Tab")
    expect(page.locator("#results .get").first).to_contain_text("616.00 元/月")
    expect(page.locator("#hint")).to_contain_text("在业")
    page.locator("#results .because > summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#results .because .why").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    # What is typed next takes the place of an answer that is still on its way, and htmx says so.
    assert not [said for said in errors if not str(said).startswith(("htmx:sendAbort", "htmx:afterRequest"))]
    context.close()
