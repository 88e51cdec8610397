"""Logging in, being kept out, and what is reachable without."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from demo import accounts as demo_accounts
from demo.management.commands.load_demo_accounts import Command as LoadAccounts
from tests import places
from tests.organisations.conftest import KEEPER, ON, hire, make_streets
from tests.web.desk.conftest import BACKEND
from yihu.access.enums import OUTSIDE, PrincipalKind
from yihu.access.models import Login, Principal
from yihu.access.posts import posts
from yihu.access.scope import acting
from yihu.common.models import Change
from yihu.organisations import actions
from yihu.organisations.models import StaffMember
from yihu.organisations.queries import without_post
from yihu.web import policy

pytestmark = pytest.mark.django_db

PASSWORD = "an invented password"
STREET = "11/0102/007/"
PAGE = "/desk/check/"


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> Iterator[date]:
    """The pages take this day for today; nothing is remembered of earlier attempts."""
    monkeypatch.setattr(policy, "today", lambda: ON)
    cache.clear()
    yield ON
    cache.clear()


@pytest.fixture
def clerk(db: None) -> StaffMember:
    """Someone at a window, who knows his password."""
    with acting(KEEPER):
        make_streets()
        staff = hire("贾一", ("window_clerk", STREET))
        Login.objects.filter(pk=staff.pk).update(password=make_password(PASSWORD))
    staff.refresh_from_db()
    return staff


def log_in(client: Client, username: str, password: str = PASSWORD, then: str = PAGE) -> HttpResponse:
    return client.post("/accounts/login/", {"login": username, "password": password, "next": then})


def words(response: HttpResponse) -> str:
    return response.content.decode()


def test_logs_in_with_name_and_password_and_out_again(client: Client, clerk: StaffMember) -> None:
    assert client.get(PAGE).headers["Location"] == f"/accounts/login/?next={PAGE}"
    assert log_in(client, clerk.username).headers["Location"] == PAGE
    html = words(client.get(PAGE))
    assert "月坛街道 · 窗口经办" in html
    assert "贾一" in html
    # The bar says who is there; nobody needs to be told twice.
    assert "成功登录" not in html

    assert client.post("/accounts/logout/").headers["Location"] == "/accounts/login/"
    assert client.get(PAGE).status_code == 302


def test_a_wrong_password_says_so_and_lets_nobody_in(client: Client, clerk: StaffMember) -> None:
    response = log_in(client, clerk.username, "wrong")

    assert response.status_code == 200
    assert "不正确" in words(response)
    assert client.get(PAGE).status_code == 302


def test_an_unknown_name_is_answered_as_a_wrong_password(client: Client, clerk: StaffMember) -> None:
    unknown, wrong = (words(log_in(client, name, "wrong")) for name in ("nobody", clerk.username))

    def problem(html: str) -> str:
        return html[html.index("不正确") - 60 : html.index("不正确") + 20]

    assert problem(unknown) == problem(wrong)


def test_five_wrong_passwords_lock_the_name_for_a_while(client: Client, clerk: StaffMember) -> None:
    for _again in range(4):
        assert log_in(client, clerk.username, "wrong").status_code == 200
    locked = log_in(client, clerk.username, "wrong")
    right = log_in(client, clerk.username)

    for response in (locked, right):
        assert response.status_code == 429
        assert "这个账号暂时锁住了" in words(response)
    assert client.get(PAGE).status_code == 302

    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert log_in(client, clerk.username).headers["Location"] == PAGE


def test_however_the_name_is_written_its_wrong_passwords_are_counted_together(
    client: Client, clerk: StaffMember
) -> None:
    name = clerk.username
    for written in (name, name.upper(), name.title(), f" {name}", name.swapcase()):
        log_in(client, written, "wrong")

    for written in (name, name.upper(), name.title()):
        assert log_in(Client(), written).status_code == 429
    assert {each.username for each in AccessAttempt.objects.all()} == {name}


def test_another_name_at_the_same_address_is_not_locked(client: Client, clerk: StaffMember) -> None:
    for _again in range(6):
        log_in(client, "somebody", "wrong")

    assert log_in(client, clerk.username).headers["Location"] == PAGE


def test_a_session_ends_after_half_a_day_and_with_the_window(client: Client, clerk: StaffMember) -> None:
    log_in(client, clerk.username)
    session = Session.objects.get()

    assert client.cookies["sessionid"]["max-age"] == ""
    assert session.expire_date - timezone.now() <= timedelta(hours=12)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get(PAGE).status_code == 302


def test_a_part_of_a_page_sends_the_window_to_log_in(client: Client) -> None:
    response = client.post(PAGE, headers={"HX-Request": "true"})

    assert response.headers["HX-Redirect"] == "/accounts/login/"


def test_whoever_is_switched_off_is_thrown_out_and_not_let_in(client: Client, clerk: StaffMember) -> None:
    log_in(client, clerk.username)
    with acting(KEEPER):
        actions.deactivate(staff=clerk, by=KEEPER, on=ON)

    assert client.get(PAGE).status_code == 302
    assert "这个账号已停用" in words(client.get(log_in(client, clerk.username).headers["Location"]))
    assert client.get(PAGE).status_code == 302


def test_whoever_has_no_post_today_is_told_so(client: Client, clerk: StaffMember) -> None:
    with acting(KEEPER):
        actions.end_appointment(appointment=clerk.appointments.get(), until=ON, by=KEEPER, on=ON)
    log_in(client, clerk.username)
    response = client.get(PAGE)

    assert response.status_code == 403
    assert "今天没有任职" in words(response)


@pytest.mark.parametrize("held", [True, False])
def test_one_changes_his_own_password_with_a_post_or_without(client: Client, clerk: StaffMember, held: bool) -> None:
    if not held:
        with acting(KEEPER):
            actions.end_appointment(appointment=clerk.appointments.get(), until=ON, by=KEEPER, on=ON)
    log_in(client, clerk.username)
    new = "another invented one"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}

    assert "改" in words(client.post("/accounts/password/change/", typed, follow=True))

    change = Change.objects.filter(table="access_login", row_id=clerk.pk).last()
    assert change
    assert change.actor_id == clerk.pk
    client.post("/accounts/logout/")
    assert log_in(client, clerk.username, new).headers["Location"] == PAGE


@pytest.mark.parametrize("kind", [PrincipalKind.PARTNER, PrincipalKind.STAFF])
def test_an_account_without_a_password_is_told_who_sets_it(client: Client, kind: PrincipalKind) -> None:
    with acting(KEEPER):
        who = Principal.objects.create(kind=kind, name="梅照料")
        login = Login.objects.create(principal=who, username="plum", password=make_password(None))
    client.force_login(login, backend=BACKEND)

    answer = client.get("/accounts/password/change/")
    assert answer.status_code == 409
    assert "请由管理账号的人设置" in words(answer)


@pytest.mark.parametrize("kind", [PrincipalKind.PARTNER, PrincipalKind.RESIDENT, PrincipalKind.STAFF])
def test_whoever_holds_no_post_is_to_the_database_what_he_is(kind: PrincipalKind) -> None:
    with acting(KEEPER):
        who = Principal.objects.create(kind=kind, name="梅照料")
    with acting(without_post(who)), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.kind'), app_is_outside()")
        assert cursor.fetchone() == (kind.value, kind in OUTSIDE)


def test_the_old_password_is_asked_for(client: Client, clerk: StaffMember) -> None:
    log_in(client, clerk.username)
    new = "another invented one"
    client.post("/accounts/password/change/", {"oldpassword": "wrong", "password1": new, "password2": new})

    assert Login.objects.get(pk=clerk.pk).check_password(PASSWORD)


def test_logging_in_where_the_hash_is_of_old_is_no_error(
    client: Client, clerk: StaffMember, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]

    assert log_in(client, clerk.username).headers["Location"] == PAGE
    assert Login.objects.get(pk=clerk.pk).password.startswith("scrypt$")


@pytest.mark.parametrize("address", ["signup", "email", "password/set", "password/reset", "login/code/confirm", ""])
def test_nobody_signs_up_and_nothing_goes_by_mail(client: Client, clerk: StaffMember, address: str) -> None:
    assert client.get(f"/accounts/{address}/".replace("//", "/")).status_code == 404
    client.force_login(clerk.login)
    assert client.get(f"/accounts/{address}/".replace("//", "/")).status_code == 404


@pytest.mark.parametrize("page", ["login", "logout", "inactive", "password/change", "reauthenticate"])
def test_the_pages_that_there_are_can_be_opened(client: Client, clerk: StaffMember, page: str) -> None:
    if page not in ("login", "inactive"):
        client.force_login(clerk.login)
    assert client.get(f"/accounts/{page}/").status_code == 200


def test_changing_to_another_post(client: Client, clerk: StaffMember) -> None:
    with acting(KEEPER):
        post = places.post("street_examiner", "11/0102/018/")
        actions.appoint(staff=clerk, post_kind="street_examiner", office=post.office, since=ON, by=KEEPER, on=ON)
    client.force_login(clerk.login)
    assert "月坛街道 · 窗口经办" in words(client.get(PAGE))

    assert client.get("/accounts/post/").status_code == 405
    assert client.post("/accounts/post/", {"post": post.pk}).headers["Location"] == "/desk/"

    assert '<span class="who-post">牛街街道 · 街道审核' in words(client.get(PAGE))


@pytest.mark.parametrize("post", ["", "x", "0", "another"])
def test_a_post_that_one_does_not_hold_cannot_be_chosen(client: Client, clerk: StaffMember, post: str) -> None:
    with acting(KEEPER):
        foreign = places.post("auditor", "11/0102/")
    client.force_login(clerk.login)
    response = client.post("/accounts/post/", {"post": foreign.pk if post == "another" else post})

    assert response.status_code == 409
    assert "您今天不担任这个岗位" in words(response)
    assert "post" not in client.session


def load_demonstration() -> None:
    for command in ("load_organisations", LoadAccounts()):
        call_command(command, verbosity=0)


def test_the_demonstration_shows_one_account_for_each_post(client: Client, settings: Settings) -> None:
    settings.OFFERED_ACCOUNTS = "demo.accounts.shown"
    load_demonstration()
    html = words(client.get("/accounts/login/"))

    assert [kind for _user, _name, kind, _code in demo_accounts.SHOWN] == list(posts())
    assert html.count('name="password" value="') == len(demo_accounts.SHOWN) == 8
    assert "月坛社区" in html
    for username, *_rest in demo_accounts.SHOWN:
        assert log_in(Client(), username, demo_accounts.PASSWORD).headers["Location"] == PAGE


def test_the_accounts_of_the_demonstration_are_made_once(settings: Settings) -> None:
    settings.OFFERED_ACCOUNTS = "demo.accounts.shown"
    load_demonstration()
    before = Change.objects.count()
    load_demonstration()

    assert Change.objects.count() == before
    assert StaffMember.objects.count() == 8 + len(demo_accounts.SECOND) + 14 * 3
    assert len(set(StaffMember.objects.values_list("name", flat=True))) == StaffMember.objects.count()


def test_outside_a_demonstration_there_are_none_and_none_is_shown(client: Client) -> None:
    with pytest.raises(CommandError, match="Unknown command"):
        call_command("load_demo_accounts")

    assert "演示账号" not in words(client.get("/accounts/login/"))
