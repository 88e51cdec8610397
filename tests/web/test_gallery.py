"""The pages of the gallery in a real Chromium: keyboard, menus, files, widths."""

from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Route, expect

from tests.web import samples

pytestmark = pytest.mark.urls("tests.web.parts")


@pytest.fixture
def desk_page(page: Page) -> Page:
    """A page whose every request is answered from the gallery."""

    def answer(route: Route) -> None:
        address = urlsplit(route.request.url).path
        if address.startswith("/static/"):
            route.fulfill(path=finders.find(address.removeprefix("/static/")))
        elif address == "/desk/search/":
            found = samples.FOUND if "q=jia" in (route.request.post_data or "") else ()
            html = samples.draw("web/desk/families/_found.html", found=found, more=0)
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            html = samples.draw("case" if address == "/desk/case/" else "inbox")
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route("**/*", answer)
    page.goto("http://desk.test/desk/")
    return page


def test_search_needs_no_mouse(desk_page: Page) -> None:
    page, found = desk_page, desk_page.locator("#found")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("jia")
    expect(found.locator("[role=option]")).to_have_count(3)
    expect(page.locator("#search")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#search")).to_have_attribute("aria-activedescendant", "found-3")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found-2")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
    expect(page.locator("#search")).to_have_value("jia")
    page.keyboard.press("ArrowDown")
    expect(found).to_be_visible()
    with page.expect_navigation(url="**/desk/families/1/"):
        page.keyboard.press("Enter")


def test_a_search_that_finds_nothing_says_what_to_try(desk_page: Page) -> None:
    desk_page.locator("#search").fill("zzz")
    expect(desk_page.locator("#found")).to_contain_text("没有找到")
    desk_page.locator("#search").fill("")
    expect(desk_page.locator("#found")).to_be_hidden()


def test_menus_close_when_they_are_left(desk_page: Page) -> None:
    page = desk_page
    page.get_by_text("事项").first.click()
    expect(page.locator(".pick[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".pick[open]")).to_have_count(0)
    page.get_by_text("事项").first.click()
    page.locator(".who summary").click()
    expect(page.locator(".pick[open]")).to_have_count(0)
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()


def test_a_file_that_is_too_large_is_named_before_it_is_sent(desk_page: Page) -> None:
    desk_page.goto("http://desk.test/desk/case/")
    field = desk_page.locator("[name=paper]")
    field.evaluate("each => { each.dataset.most = '1048576' }")
    field.set_input_files({"name": "记录.pdf", "mimeType": "application/pdf", "buffer": bytes(2 * 1048576)})
    expect(desk_page.locator(".picked")).to_have_text("记录.pdf 有 2.0 MB，最大 1.0 MB")


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("name", samples.PAGES)
def test_nothing_scrolls_sideways(desk_page: Page, name: str, width: int) -> None:
    desk_page.set_viewport_size({"width": width, "height": 900})
    desk_page.route("**/shown/", lambda route: route.fulfill(body=samples.draw(name), content_type="text/html"))
    desk_page.goto("http://desk.test/shown/")
    assert desk_page.evaluate("document.documentElement.scrollWidth") <= width
    # A panel that moves its table within itself may be narrower than it.
    wide = """() => [...document.querySelectorAll('.panel > *')].filter(each => {
        const panel = each.parentElement
        return getComputedStyle(panel).overflowX === 'visible'
            && each.getBoundingClientRect().right > panel.getBoundingClientRect().right + 1
    }).map(each => each.outerHTML.slice(0, 80))"""
    assert desk_page.evaluate(wide) == []
