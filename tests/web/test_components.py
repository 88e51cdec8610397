"""The parts of desk pages: each draws what it was given, and nothing in them is styled or scripted inline."""

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory, override_settings
from django.urls import include, path
from playwright.sync_api import Page, Route, expect

from tests.places import division
from tests.web import samples
from yihu.access.actor import Actor, service
from yihu.access.posts import actor_at
from yihu.access.scope import acting
from yihu.organisations.models import Appointment, Post, StaffMember
from yihu.organisations.queries import actor_of, appointments_of
from yihu.web import pictures
from yihu.web.desk import shell
from yihu.web.parts import Choice, Filter


def nothing(request: HttpRequest) -> HttpResponse:
    """Stands at the addresses that the parts lead to."""
    return HttpResponse()


urlpatterns = [
    path("desk/", include("yihu.web.desk.urls")),
    path("accounts/login/", nothing, name="account_login"),
    path("accounts/logout/", nothing, name="account_logout"),
    path("accounts/post/", nothing, name="switch_post"),
    path("accounts/password/", nothing, name="account_change_password"),
    path("accounts/again/", nothing, name="account_reauthenticate"),
    path("", include("yihu.web.urls")),
]

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "rect", "line", "path", "source"}


class LoginForm(forms.Form):
    """What allauth's form shows."""

    login = forms.CharField(label="用户名")
    password = forms.CharField(label="密码", widget=forms.PasswordInput)


class Reader(HTMLParser):
    """Reads a page strictly: every element closed in its turn, every id once."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self.open.pop() == tag, tag


@pytest.fixture(autouse=True)
def addresses() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def render(source: str, address: str = "/desk/", **context: object) -> str:
    template = engines["django"].from_string("{% load desk %}" + source)
    return template.render(context, RequestFactory().get(address))


ENTRANCES = ("login", "logout", "password_change", "reauthenticate", "account_inactive", "lockout")


def every_page() -> dict[str, str]:
    found = {page: samples.draw(page) for page in samples.PAGES}
    found |= {name: samples.draw(f"account/{name}.html", form=LoginForm({"login": "a"})) for name in ENTRANCES}
    return found | {"found": samples.draw("web/desk/families/_found.html")}


@pytest.mark.parametrize("page", [*samples.PAGES, *ENTRANCES, "found"])
def test_pages_of_all_parts_are_sound(page: str) -> None:
    html = every_page()[page]
    tags = Reader(html.replace("<!DOCTYPE html>", "")).tags
    names = [attrs["id"] for _tag, attrs in tags if "id" in attrs]
    assert len(names) == len(set(names))
    for tag, attrs in tags:
        assert "style" not in attrs, attrs
        assert not [name for name in attrs if name.startswith("on")], attrs
        assert tag != "script" or attrs.get("src"), attrs
        if attrs.get("role") == "img":
            assert attrs.get("aria-label") or attrs.get("aria-labelledby")
        if tag == "label" and attrs.get("for"):
            assert attrs["for"] in names
        for name in (attrs.get("aria-describedby") or "").split():
            assert name in names, name


def test_the_rail_shows_where_one_is_and_counts_what_waits() -> None:
    html = samples.draw("inbox")
    assert re.search(r'class="on" aria-current="true">待办<span>12</span>', html)
    assert html.count('aria-current="true">待办') == 1
    assert "月坛街道 · 审核" in html
    assert 'name="post" value="7">月坛街道 · 救助窗口' in html


def at(post: str) -> Actor:
    return actor_at("staff:1", "甄一", post, ("110102",), 1)


def test_a_page_belongs_to_the_room_whose_address_it_continues() -> None:
    def current(path: str) -> list[str]:
        return [item.label for item in shell.rail(path, at("auditor")) if item.is_current]

    assert current("/desk/check/") == ["政策"]
    assert current("/desk/cases/DB2026-007-0001/") == ["受理"]
    assert current("/desk/") == ["待办"]
    assert current("/desk/relatives/") == current("/elsewhere/") == []


def test_the_rail_leads_only_to_rooms_that_a_post_may_enter() -> None:
    def rooms(post: str) -> list[str]:
        return [item.label for item in shell.rail("/desk/", at(post))]

    assert {"受理", "监督"} <= set(rooms("auditor"))
    assert not {"发放", "监督"} & set(rooms("window_clerk"))
    assert rooms("") == []


@pytest.mark.django_db
def test_the_bar_names_the_post_that_someone_acts_at() -> None:
    request = RequestFactory().get("/desk/")
    assert shell.officer(request) is None
    with acting(service("tests", "11/0102/")):
        street = division("11/0102/007/")
        staff = StaffMember.objects.create_user("clerk", name="贾经办")
        for kind in ("window_clerk", "street_examiner"):
            post = Post.objects.create(kind=kind, division=street)
            Appointment.objects.create(post=post, staff=staff, period=(date(2020, 1, 1), None))
    request.user = staff
    request.session = {"post": post.pk}
    request.actor = actor_of(staff, on=date(2026, 11, 21))
    request.held = list(appointments_of(staff, on=date(2026, 11, 21)))
    now = shell.officer(request)
    assert now
    assert (now.name, now.office, now.post) == ("贾经办", "月坛街道", "街道审核")
    assert [label for _value, label in now.other_posts] == ["月坛街道 · 窗口经办"]


def test_nobody_is_offered_search_who_is_not_logged_in() -> None:
    html = samples.draw("inbox", officer=None)
    assert 'id="search"' not in html
    assert "退出登录" not in html


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (-1, "逾期 1 个工作日", "bad"),
        (0, "今天", "warn"),
        (3, "剩 3 个工作日", "warn"),
        (4, "剩 4 个工作日", "plain"),
    ],
)
def test_deadlines_say_it_in_a_word_and_a_colour(left: int, words: str, tone: str) -> None:
    html = render("{% deadline left due %}", left=left, due=date(2026, 11, 21))
    assert f">{words}<" in html
    assert f"chip {tone}" in html
    assert 'title="2026-11-21"' in html


def test_a_deadline_past_the_known_holidays_is_provisional() -> None:
    html = render("{% deadline 9 due True %}", due=date(2028, 2, 3))
    assert "剩 9 个工作日 · 暂定" in html
    assert "2028-02-03（那一年的放假安排还没有公布" in html
    assert "剩 2 天" in render('{% deadline 2 unit="天" %}')
    assert "不计时" in render("{% deadline None %}")


@pytest.mark.parametrize(
    ("fen", "text"), [(117000, "¥1,170.00"), (0, "¥0.00"), (5, "¥0.05"), (-123456789, "−¥1,234,567.89")]
)
def test_money_never_stands_without_its_unit(fen: int, text: str) -> None:
    assert text in render("{{ fen|money }}", fen=fen)
    assert ("minus" in render("{{ fen|money }}", fen=fen)) == (fen < 0)


def test_unknown_money_is_not_nought() -> None:
    assert "¥" not in render("{{ fen|money }}", fen=None)
    assert render("{{ fen|change }}", fen=61420) == "+¥614.20"
    assert "+" not in render("{{ fen|change }}", fen=0)


def test_sources_name_who_says_so() -> None:
    assert ">部门 · 社保 2020-08<" in render('{% source "received" "社保" "2020-08" %}')
    assert ">申报 2020-07-20<" in render('{% source "declared" on=day %}', day=date(2020, 7, 20))


def test_what_people_typed_is_escaped() -> None:
    evil = "<script>alert(1)</script>"
    for part in (
        "{% chip text %}",
        "{% crumb text %}",
        "{% difference text %}",
        "{% panel text %}{{ text }}{% endpanel %}",
    ):
        html = render(part, text=evil)
        assert "<script" not in html
        assert "&lt;script" in html


def test_filters_keep_one_another_and_leave_the_page() -> None:
    every = (
        Filter("whose", (Choice("", "全部"), Choice("me", "我的", 1234))),
        Filter("task", (Choice("", "全部"), Choice("visit", "入户调查")), "事项"),
    )
    html = render("{% filters every %}", "/desk/?task=visit&page=3&sort=due", every=every)
    assert 'href="/desk/?task=visit&amp;sort=due&amp;whose=me">我的 1,234' in html
    assert "事项 <b>入户调查</b>" in html
    assert 'href="/desk/?sort=due"' in html
    assert "清除筛选" in html
    assert "清除筛选" not in render("{% filters every %}", "/desk/?sort=due", every=every)


def test_pages_say_how_many_there_are_in_all() -> None:
    html = samples.draw("inbox")
    assert "第 9–16，共 <b>56</b> 件" in html
    assert "whose=street&amp;task=examine&amp;page=3" in html


def test_a_form_keeps_what_was_typed_and_says_what_is_wrong_beside_it() -> None:
    html = samples.draw("case")
    amount = re.search(r'<input[^>]*name="amount"[^>]*>', html)
    assert amount
    assert 'value="三百"' in amount[0]
    assert 'type="text"' in amount[0]
    assert 'aria-invalid="true"' in amount[0]
    assert 'id="id_amount_error">输入一个数字。' in html
    assert "有 4 处要改" in html
    assert '<a href="#id_day">下次复核</a>' in html


def test_one_refusal_of_the_whole_is_said_without_a_list() -> None:
    form = LoginForm({"login": "a", "password": "b"})
    form.add_error(None, "这一户不在您负责的区域内。")
    html = render("{% problems form %}", form=form)
    assert "<h2>这一户不在您负责的区域内。</h2>" in html
    assert "<ul" not in html
    assert not render("{% problems form %}", form=LoginForm({"login": "a", "password": "b"})).strip()


def test_work_is_watched_only_while_it_goes_on() -> None:
    running, done, failed = (render("{% progress work %}", work=work, csrf_token="t") for work in samples.WORKS)
    assert 'hx-get="/jobs/1/"' in running
    assert "1,200 / 3,184 户" in running
    assert 'action="/jobs/1/stop/"' in running
    assert "hx-get" not in done + failed
    assert 'href="/jobs/2/result/"' in done
    assert "身份证号校验码不对" in failed


def test_demo_accounts_stand_on_the_login_page_of_a_demo_alone() -> None:
    assert 'name="login" value="examiner"' in samples.draw("account/login.html", form=LoginForm())
    shown = samples.draw("account/login.html", form=LoginForm(), demo_accounts=())
    assert "演示账号" not in shown
    assert "examiner" not in shown


def widths(html: str, style: str) -> list[tuple[int, int]]:
    found = re.findall(rf'<rect class="{style}" x="(-?\d+)" y="\d+" width="(-?\d+)"', html)
    return [(int(x), int(width)) for x, width in found]


def test_the_income_bar_is_in_proportion() -> None:
    below = pictures.income_bar(58500, 117000, "低保标准")
    assert widths(below, "under") == [(0, 300)]
    assert not widths(below, "over")
    assert "人均 ¥585.00，比低保标准 ¥1,170.00 低 ¥585.00" in below
    above = pictures.income_bar(234000, 117000, "低保标准")
    assert widths(above, "under") == [(0, 300)]
    assert widths(above, "over") == [(300, 300)]
    assert "高 ¥1,170.00" in above


def test_the_income_bar_stands_losses_and_what_is_not_known() -> None:
    assert widths(pictures.income_bar(-5000, 117000, "低保标准"), "under") == [(0, 0)]
    assert widths(pictures.income_bar(0, 0, "低保标准"), "under") == [(0, 0)]
    unknown = pictures.income_bar(None, 117000, "低保标准")
    assert "<svg" not in unknown
    assert "还不知道" in unknown


def heights(html: str) -> list[tuple[str, int, int]]:
    found = re.findall(r'<rect class="(\w+)" x="\d+" y="(\d+)" width="\d+" height="(\d+)"', html)
    return [(style, int(top), int(height)) for style, top, height in found]


def test_the_waterfall_leads_from_one_total_to_the_other() -> None:
    before, new, gone, less, late, after = heights(pictures.waterfall(samples.CHANGE))
    assert [each[0] for each in (before, new, gone, less, late, after)] == [
        "before", "rise", "fall", "fall", "rise", "after",
    ]  # fmt: skip
    assert new[1] + new[2] == before[1]
    assert gone[1] == new[1]
    assert less[1] == gone[1] + gone[2]
    assert late[1] == after[1]
    assert new[2] / gone[2] == pytest.approx(61420 / 19804, rel=0.05)
    assert samples.CHANGE.unexplained == 0


def test_totals_that_are_cut_are_drawn_as_cut() -> None:
    assert samples.CHANGE.is_cut
    assert pictures.waterfall(samples.CHANGE).count('class="cut"') == 2
    first = pictures.Change("8 月", 0, "9 月", 5000, (pictures.Cause("新增", 5000, 1),))
    assert not first.is_cut
    assert 'class="cut"' not in pictures.waterfall(first)
    assert heights(pictures.waterfall(first))[0] == ("before", pictures.FLOOR, 0)


def test_a_run_without_causes_or_money_is_still_a_picture() -> None:
    for change in (pictures.Change("8 月", 0, "9 月", 0, ()), pictures.Change("8 月", 7, "9 月", 7, ())):
        assert pictures.waterfall(change).startswith("<svg")


def test_what_no_cause_explains_is_said() -> None:
    change = pictures.Change("8 月", 1000, "9 月", 1500, (pictures.Cause("新增", 400, 1),))
    html = render("{% waterfall change %}", change=change)
    assert "没有归到原因" in html
    assert "+¥1.00" in html
    assert "没有归到原因" not in render("{% waterfall change %}", change=samples.CHANGE)


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


@pytest.mark.parametrize("width", [1440, 1024])
@pytest.mark.parametrize("name", samples.PAGES)
def test_nothing_scrolls_sideways(desk_page: Page, name: str, width: int) -> None:
    desk_page.set_viewport_size({"width": width, "height": 900})
    desk_page.route("**/shown/", lambda route: route.fulfill(body=samples.draw(name), content_type="text/html"))
    desk_page.goto("http://desk.test/shown/")
    assert desk_page.evaluate("document.documentElement.scrollWidth") <= width
    wide = """() => [...document.querySelectorAll('.panel > *')].filter(
        each => each.getBoundingClientRect().right > each.parentElement.getBoundingClientRect().right + 1
    ).map(each => each.outerHTML.slice(0, 80))"""
    assert desk_page.evaluate(wide) == []
