"""The parts of desk pages: each draws what it was given, and nothing in them is styled or scripted inline."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from django import forms
from django.test import RequestFactory

from tests import places
from tests.places import division
from tests.web import samples
from tests.web.parts import render
from yihu.access.actor import Actor, service
from yihu.access.posts import actor_at
from yihu.access.scope import acting
from yihu.organisations.models import Appointment, StaffMember
from yihu.organisations.queries import actor_of, appointments_of
from yihu.web.desk import shell
from yihu.web.parts import Choice, Filter

pytestmark = pytest.mark.urls("tests.web.parts")

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
    return actor_at(1, "甄一", post, ("110102",))


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
            post = places.post(kind, street.path)
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
