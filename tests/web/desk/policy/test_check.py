"""政策试算: the same answer for staff on one page."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.organisations.conftest import KEEPER, hire, make_streets
from yihu.access.scope import acting
from yihu.policy import Answers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clerk(client: Client, db: None) -> None:
    """Someone at a window has the page open."""
    with acting(KEEPER):
        make_streets()
        client.force_login(hire("贾一", ("window_clerk", "11/0102/007/"), since=date(2019, 1, 1)).login)


@pytest.fixture
def typed(three_adults: Answers) -> dict[str, str]:
    """The three adults as an officer types them."""
    data = {"day": "2020-08-01", "members": "3"}
    data |= {f"h-{name}": text for name, text in three_adults.household.items()}
    for number, member in enumerate(three_adults.members):
        data |= {f"m{number}-{name}": text for name, text in member.items()}
    return data


def page(client: Client, data: dict[str, str]) -> str:
    response = client.post("/desk/check/", data)
    assert response.status_code == 200
    return response.content.decode()


def test_the_empty_page_says_what_to_do(client: Client) -> None:
    html = client.get("/desk/check/").content.decode()
    assert "左边填一户的情况" in html
    assert 'name="m0-wage"' in html


def test_the_three_adults_get_the_same_as_at_home(client: Client, typed: dict[str, str]) -> None:
    html = page(client, typed)
    assert "1,616.00 元<small>/月</small>" in html
    assert "家庭月人均收入 631.33 元 = 家庭月可计算收入 1,894.00 元 ÷ 3 人" in html
    assert "按 2020-08-01 有效政策" in html


def test_another_day_has_another_standard(client: Client, typed: dict[str, str]) -> None:
    assert "1,616.00 元" not in page(client, {**typed, "day": "2021-08-01"})


@pytest.mark.parametrize(
    ("day", "message"), [("2020-13-01", "不是日期"), ("八月", "不是日期"), ("1999-01-01", "最早可以选 2013-01-01")]
)
def test_a_day_without_policies_is_refused(client: Client, typed: dict[str, str], day: str, message: str) -> None:
    html = page(client, {**typed, "day": day})
    assert message in html
    assert f'value="{day}"' in html
    assert 'name="m0-wage" value="1894"' in html


def test_a_wrong_value_is_named_kept_and_focused(client: Client, typed: dict[str, str]) -> None:
    html = page(client, {**typed, "m1-wage": "三千"})
    assert "有 1 处要改" in html
    assert 'href="#m1-wage"' in html
    assert "妻子 工资性收入（月）：“三千”不是数" in html
    field = html[html.index('<input id="m1-wage"') :].split(">")[0]
    assert 'value="三千"' in field
    assert "autofocus" in field
    assert 'aria-invalid="true"' in field
    assert html.count("autofocus") == 1


def test_rows_come_and_go_without_losing_what_was_typed(client: Client, typed: dict[str, str]) -> None:
    html = page(client, {**typed, "do": "add", "m2-birth_date": "1980-05-3"})
    assert 'name="members" value="4"' in html
    assert 'value="1980-05-3"' in html
    assert "autofocus" in html[html.index('<input id="m3-relation"') :].split(">")[0]
    html = page(client, {**typed, "do": "remove:0"})
    assert 'name="members" value="2"' in html
    assert "1894" not in html
    assert 'id="m0-relation" name="m0-relation" value="12"' in html


def test_the_last_row_stays(client: Client) -> None:
    assert 'name="members" value="1"' in page(client, {"members": "1", "day": "2020-08-01", "do": "remove:0"})


@pytest.mark.parametrize("members", ["", "0", "-3", "many", "9999"])
def test_a_strange_number_of_rows_is_no_fault(client: Client, members: str) -> None:
    assert "政策试算" in page(client, {"members": members, "day": "2020-08-01"})


def test_blanks_become_what_most_say_on_request(client: Client) -> None:
    html = page(client, {"members": "1", "day": "2020-08-01", "m0-wage": "5", "m0-disabilities": "4:2", "do": "fill"})
    assert 'name="m0-wage" value="5"' in html
    assert 'name="m0-disabilities" value="4:2"' in html
    assert 'name="h-non_residential" value="0"' in html
    assert 'name="h-cars" value=""' in html
    assert 'name="m0-pension" value="0"' in html
    assert 'name="m0-birth_date" value=""' in html


def test_a_blank_is_not_known_and_is_named(client: Client, typed: dict[str, str]) -> None:
    html = page(client, {**typed, "m0-wage": ""})
    assert "还不知道" in html
    assert "工资性收入（月）" in html.split('id="results"')[1]


def test_names_of_codes_may_be_typed(client: Client, typed: dict[str, str]) -> None:
    html = page(client, {**typed, "m1-relation": "妻", "m2-relation": "长子"})
    assert "长子" in html.split('id="results"')[1] or "长子</legend>" in html


def test_changes_bring_the_results_alone(client: Client, typed: dict[str, str]) -> None:
    html = client.post("/desk/check/", typed, headers={"HX-Request": "true"}).content.decode()
    assert "1,616.00 元" in html
    assert "<html" not in html


def test_nothing_is_written(client: Client, typed: dict[str, str]) -> None:
    with CaptureQueriesContext(connection) as queries:
        page(client, typed)
    harmless = ("SELECT", "WITH was", "SAVEPOINT", "RELEASE SAVEPOINT")
    assert [each["sql"] for each in queries if not each["sql"].startswith(harmless)] == []
    assert set(client.cookies) <= {"csrftoken", "sessionid"}


def test_today_is_the_day_unless_another_is_chosen(client: Client, august_2020: date) -> None:
    assert 'name="day" value="2020-08-01"' in client.get("/desk/check/").content.decode()
