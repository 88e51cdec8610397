"""The self-check, page by page, without scripts."""

import itertools
import json
import re
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import yihu.web
from tests.web.conftest import usual_answer
from tests.web.walk import Page, Walk
from yihu.organisations.models import Office
from yihu.policy import NONE, Answers, HouseholdForm, NoAnswer
from yihu.web import policy


def answer_step(walk: Walk, form: HouseholdForm) -> Walk:
    """Answer the question before us as the three adults do."""
    question = form.questions[walk.step]
    page = Page(walk.html)
    if question.name != "wage" and "common" in page.buttons:
        return walk.press("common")
    typed: dict[str, Any] = {}
    for subject in range(3) if question.of_member else [None]:
        start = "h" if subject is None else f"m{subject}"
        text = usual_answer(question, subject)
        if question.kind == "date":
            year, month, day = text.split("-")
            typed |= {f"{start}__year": year, f"{start}__month": month, f"{start}__day": day}
        elif question.kind in ("money", "count", "area"):
            typed |= {f"{start}__has": "no" if text == "0" else "yes", f"{start}__text": text.strip("0") or ""}
        else:
            typed[f"{start}__has"] = "no" if text in ("", NONE) else text
    return walk.press("next", **typed)


def to_summary(walk: Walk, form: HouseholdForm) -> Walk:
    """Answer everything."""
    for _question in range(40):
        if walk.step == "summary":
            return walk
        answer_step(walk, form)
        assert walk.response.status_code == 200
    raise AssertionError(walk.step)


def test_the_whole_way_shows_the_right_amount(walk: Walk, form: HouseholdForm, august_2020: date) -> None:
    to_summary(walk.begin("12", "20"), form).press("next")
    assert "1,616.00 元<small>/月</small>" in walk.html
    assert "低保金 1,616.00 元 = 低保标准 1,170.00 元" in walk.html
    assert "家庭月人均收入 631.33 元 = 家庭月可计算收入 1,894.00 元 ÷ 3 人" in walk.html
    assert "按 2020 年 8 月 1 日的政策" in walk.html
    levels = [int(level) for level in re.findall(r"<h([1-6])", walk.html)]
    assert [level for before, level in itertools.pairwise(levels) if level > before + 1] == []
    assert "先认定低保" in walk.html
    assert "认定低保以后可以享受，每采暖季 1,800.00 元" in walk.html
    assert "不用申请，会直接发给您" not in walk.html, "as long as nobody granted it the allowance"
    assert 'href="tel:' not in walk.html, "no telephone directory is loaded here"


def test_telephones_stand_below_the_answer(walk: Walk, form: HouseholdForm, august_2020: date) -> None:
    call_command("load_organisations", stdout=StringIO())
    unknown = dict.fromkeys(("telephone", "source_document", "source_clause", "source_date"))
    Office.objects.filter(division="11/0102/007/").update(**unknown)
    to_summary(walk.begin(), form).press("next")
    assert walk.html.count('href="tel:010-') == 14
    assert "<span>月坛街道</span> 没有登记电话" in walk.html


def test_nothing_is_kept_anywhere(
    walk: Walk, form: HouseholdForm, august_2020: date, caplog: pytest.LogCaptureFixture
) -> None:
    addresses: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        walk.begin("12", "20")
        while walk.step != "summary":
            addresses.append(Page(walk.html).action)
            answer_step(walk, form)
            assert set(walk.client.cookies) <= {"csrftoken"}
        walk.press("next")
    assert [each["sql"] for each in queries if not each["sql"].startswith("SELECT")] == []
    assert all(address == f"/check/{address.split('/')[2]}/" for address in addresses)
    assert "1894" not in "".join(addresses) + caplog.text
    assert "1894" not in str(walk.client.cookies)
    assert "no-store" not in walk.response["Cache-Control"], "or the browser's Back would lose the page"
    assert "private" in walk.response["Cache-Control"]


def test_any_answer_can_be_changed_and_leads_back_to_the_list(
    walk: Walk, form: HouseholdForm, august_2020: date
) -> None:
    to_summary(walk.begin("12", "20"), form).press("to:wage")
    assert walk.step == "wage"
    assert 'value="1894"' in walk.html
    walk.press("next", m0__has="yes", m0__text="3600")
    assert walk.step == "summary"
    assert "3,600.00 元" in walk.html
    walk.press("next")
    assert "1,616.00 元" not in walk.html


def test_back_keeps_what_was_typed(walk: Walk, form: HouseholdForm, august_2020: date) -> None:
    walk.begin("12", "20")
    first = walk.step
    answer_step(walk, form)
    second = walk.step
    walk.press("back", m1__year="1979", m1__month="2", m1__day="3")
    assert walk.step == first
    walk.press("next")
    assert walk.step == second
    assert 'value="1979"' in walk.html


def test_back_from_the_first_question_leads_to_the_people(walk: Walk, august_2020: date) -> None:
    assert walk.begin("12").press("back").step == "people"


def test_back_from_a_change_leads_to_the_list(walk: Walk, form: HouseholdForm, august_2020: date) -> None:
    assert to_summary(walk.begin(), form).press("to:wage").press("back").step == "summary"


def test_someone_can_be_taken_off_again(walk: Walk, august_2020: date) -> None:
    walk.press("to:people").press("add:12").press("add:20").press("remove:1")
    assert "去掉了：妻子" in walk.html
    assert [each["relation"] for each in json.loads(walk.answers)["members"]] == ["2", "20"]


@pytest.mark.parametrize(
    ("step", "typed", "message", "kept"),
    [
        ("wage", {"m0__has": "yes", "m0__text": "两千"}, "“两千”不是数字。请用数字写", 'value="两千"'),
        ("wage", {"m0__has": "yes", "m0__text": "-5"}, "超出范围", 'value="-5"'),
        ("wage", {"m0__has": "yes", "m0__text": ""}, "请填是多少", 'value="yes" checked'),
        ("wage", {}, "还没有选", "还差一点"),
        ("birth_date", {"m0__year": "1950", "m0__month": "13", "m0__day": "1"}, "没有这一天", 'value="1950"'),
        ("birth_date", {"m0__year": "1950"}, "年、月、日要填全", 'value="1950"'),
        ("birth_date", {"m0__year": "2021", "m0__month": "1", "m0__day": "1"}, "2020-08-01 之后", 'value="2021"'),
        ("disabilities", {"m0__has": "yes", "m0__kind0": "4"}, "请照证件选类别和等级", 'value="4" selected'),
        ("hukou", {"m0__has": "999999"}, "还没有选", "还差一点"),
        ("current_awards", {"h__has": "no", "h__set": "low_income"}, "不能和别的一起选", "checked"),
        ("current_awards", {}, "都没有就选“没有”", "还差一点"),
    ],
)
def test_a_wrong_answer_says_how_to_mend_it(
    walk: Walk,
    form: HouseholdForm,
    august_2020: date,
    step: str,
    typed: dict[str, str],
    message: str,
    kept: str,
) -> None:
    walk.begin()
    while walk.step != step:
        answer_step_alone(walk, form)
    walk.press("next", **typed)
    assert walk.step == step
    assert message in walk.html
    assert kept in walk.html
    assert walk.html.count(" autofocus") == 1
    assert "<title>有错：" in walk.html.replace("\n", "")


def answer_step_alone(walk: Walk, form: HouseholdForm) -> None:
    """Answer a question that concerns one person."""
    question = form.questions[walk.step]
    start = "m0" if question.of_member else "h"
    if question.kind == "date":
        walk.press("next", **{f"{start}__year": "1980", f"{start}__month": "5", f"{start}__day": "1"})
    elif question.kind in ("money", "count", "area", "grades", "set"):
        walk.press("next", **{f"{start}__has": "no"})
    else:
        walk.press("next", **{f"{start}__has": question.common.value if question.common else ""})


def test_every_question_can_be_left_open(walk: Walk, form: HouseholdForm, august_2020: date) -> None:
    walk.begin("12")
    seen = set()
    while walk.step != "summary":
        seen.add(walk.step)
        assert "不清楚" in walk.html
        walk.press("next", h__has="?", m0__has="?", m1__has="?")
    assert {"birth_date", "disabilities", "cars"} <= seen
    walk.press("next")
    assert "还不知道" in walk.html
    assert "缺：" in walk.html


def test_a_single_person_is_called_you(walk: Walk, form: HouseholdForm, august_2020: date) -> None:
    walk.begin()
    headings = ""
    while walk.step != "summary":
        headings += walk.html
        answer_step_alone(walk, form)
    assert "您每月到手的工资有多少？" in headings
    assert "这位家人" not in headings
    assert "家里每个人" not in headings


def test_an_address_without_answers_leads_to_the_start(client: Client) -> None:
    for address in ("/check/", "/check/7/"):
        response = client.get(address)
        assert response["Location"] == "/"
        assert response["Clear-Site-Data"] == '"cache"'


@pytest.mark.parametrize("answers", ["", "{}", "null", "<script>"])
def test_answers_that_got_lost_lead_to_the_start(client: Client, answers: str) -> None:
    response = client.post("/check/3/", {"answers": answers, "at": "wage", "go": "next"})
    assert response.status_code == 400
    assert "从头开始" in response.content.decode()


def test_what_is_typed_is_shown_and_never_run(walk: Walk, form: HouseholdForm, august_2020: date) -> None:
    walk.begin()
    while walk.step != "wage":
        answer_step_alone(walk, form)
    walk.press("next", m0__has="yes", m0__text='"><script>alert(1)</script>')
    assert "<script>alert" not in walk.html
    assert "&lt;script&gt;alert(1)" in walk.html


def test_a_family_that_cannot_be_worked_out_is_told_so(
    walk: Walk, form: HouseholdForm, august_2020: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_summary(walk.begin(), form)

    def fail(*_arguments: object) -> None:
        raise NoAnswer("除数是零")

    monkeypatch.setattr(HouseholdForm, "answer", fail)
    walk.press("next")
    assert "这一户算不出来" in walk.html
    assert "除数是零" in walk.html


def test_pages_may_load_nothing_from_elsewhere(walk: Walk) -> None:
    assert "'unsafe-inline'" not in walk.response["Content-Security-Policy"]
    assert "<style" not in walk.html
    assert "style=" not in walk.html
    assert "onclick" not in walk.html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ask", "status", "said"),
    [
        (lambda client: client.get("/nothing/"), 404, "没有这一页"),
        (lambda client: client.post("/check/1/", {}), 403, "这一页放得太久了"),
    ],
)
def test_errors_speak_chinese(ask: Callable[[Client], Any], status: int, said: str) -> None:
    response = ask(Client(enforce_csrf_checks=True))
    assert response.status_code == status
    assert said in response.content.decode()


def test_a_fault_of_ours_says_so(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(policy, "household_form", fail)
    response = Client(raise_request_exception=False).post("/check/1/", {"answers": "1894"})
    assert response.status_code == 500
    assert "出了点问题" in response.content.decode()
    assert "1894" not in caplog.text


def test_no_page_speaks_of_a_programme_by_name(form: HouseholdForm) -> None:
    titles = {word for each in form.pack.programmes.values() for word in (each.title, each.name)}
    for path in Path(yihu.web.__file__).parent.rglob("*.*"):
        if path.suffix in (".py", ".html", ".js", ".css"):
            text = path.read_text(encoding="utf-8")
            assert not [word for word in titles if word in text], path


def test_carried_answers_are_all_there_is(three_adults: Answers) -> None:
    assert set(json.loads(three_adults.written())) == {"household", "members", "trail"}
