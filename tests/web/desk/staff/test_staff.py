"""工作人员 at the desk: who sees whom, what the district changes, and everybody's own relatives."""

import re
from datetime import date
from io import BytesIO

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tests import places, rooms
from tests.cases.street import People
from tests.cases.walk import Walk
from tests.web.desk.conftest import BACKEND, Desk
from tests.web.desk.seats import Desks
from yihu.access.actor import Actor
from yihu.access.models import Login
from yihu.access.posts import posts
from yihu.common import secrets
from yihu.organisations.enums import Kinship
from yihu.organisations.models import Appointment, Relative, StaffMember

NUMBER = rooms.identity_number(date(1955, 3, 7))
LIST = "/desk/staff/"
RELATIVE = {"do": "declare", "kinship": "parent", "name": "郝母", "identity_number": NUMBER}


@pytest.fixture
def officer(desk_of: Desk) -> Client:
    return desk_of("district_officer", name="甄区级")


@pytest.fixture
def director(desk_of: Desk) -> Client:
    return desk_of("street_director", name="郝主任")


@pytest.fixture
def clerk(district: rooms.District, service: Actor) -> StaffMember:
    return member("clerk", "贾一", "window_clerk", district.street.path)


def member(username: str, name: str, kind: str, code: str) -> StaffMember:
    """Someone at a post since 2019."""
    staff = StaffMember.objects.create_user(username, name=name)
    post = places.post(kind, code)
    Appointment.objects.create(post=post, staff=staff, period=(date(2019, 1, 2), None))
    return staff


def page_of(staff: StaffMember) -> str:
    return f"{LIST}{staff.pk}/"


def shown(client: Client, address: str = LIST) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def names(html: str) -> list[str]:
    """Who stands in the list, in its order."""
    return re.findall(r'<a href="/desk/staff/\d+/">([^<]+)</a>', html)


def sent(client: Client, address: str, **typed: object) -> str:
    answer = client.post(address, typed, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def problem(html: str, field: str) -> str:
    """What stands at a field as wrong with it."""
    found = re.search(rf'id="id_{field}_error">([^<]*)<', html)
    return found[1] if found else ""


# ---- the list


def test_a_director_sees_who_works_in_his_street_today(
    officer: Client, director: Client, clerk: StaffMember, district: rooms.District
) -> None:
    member("worker", "贾二", "community_worker", district.community.path)
    member("far", "贾三", "window_clerk", district.far_street.path)
    gone = member("gone", "贾四", "window_clerk", district.street.path)
    gone.appointments.update(period=(date(2019, 1, 2), rooms.ON))
    StaffMember.objects.create_user("new", name="贾五")

    assert names(shown(director)) == ["郝主任", "贾一", "贾二"]
    assert "贾三" not in shown(director, f"{LIST}?street={district.far_street.path}")
    html = shown(officer)
    assert names(html) == ["甄区级", "郝主任", "贾一", "贾二", "贾三", "贾四", "贾五"]
    assert html.count("今天没有岗位") == 2
    for staff in (gone, StaffMember.objects.get(login__username="far")):
        assert director.get(page_of(staff)).status_code == 404
        assert director.post(page_of(staff), RELATIVE).status_code == 404
    assert not Relative.objects.exists()


def test_the_list_is_narrowed_by_post_street_account_and_name(
    officer: Client, clerk: StaffMember, district: rooms.District
) -> None:
    member("far", "贾三", "street_examiner", district.far_street.path)
    off = member("off", "贾停", "window_clerk", district.street.path)
    StaffMember.objects.filter(pk=off.pk).update(is_active=False)
    StaffMember.objects.create_user("new", name="贾五", password="an invented password")

    for query, found in (
        ("post=street_examiner", ["贾三"]),
        (f"street={district.street.path}", ["贾一"]),
        (f"street={district.street.path}&post=street_examiner", []),
        ("state=no_post", ["贾五"]),
        ("state=no_login", ["甄区级", "贾一", "贾三"]),
        ("state=inactive", ["贾停"]),
        ("state=nonsense", []),
    ):
        assert names(shown(officer, f"{LIST}?{query}")) == found, query
    assert "已停用 1" in shown(officer)
    assert "已停用 0" in shown(officer, f"{LIST}?street={district.far_street.path}")
    officer.post(LIST, {"text": "CLE"})
    assert names(shown(officer)) == ["贾一"]
    officer.post(LIST, {"text": "三"})
    assert names(shown(officer)) == ["贾三"]


def test_who_comes_next_is_shown_with_the_post_and_who_left_without(
    officer: Client, clerk: StaffMember, district: rooms.District
) -> None:
    post = places.post("street_examiner", district.far_street.path)
    for start, end in (((2026, 3, 3), None), ((2019, 1, 2), (2026, 3, 2))):
        Appointment.objects.create(post=post, staff=clerk, period=(date(*start), end and date(*end)))
    html = shown(officer)

    assert html.count("牛街街道 · 街道审核") == 1
    assert "未到任" in html
    assert "2026-03-03 起" in html
    assert names(shown(officer, f"{LIST}?post=street_examiner")) == []


def test_more_people_take_no_more_queries(officer: Client, clerk: StaffMember, district: rooms.District) -> None:
    def queries() -> int:
        shown(officer)
        with CaptureQueriesContext(connection) as caught:
            shown(officer)
        return len(caught)

    before = queries()
    for number in range(30):
        staff = member(f"more{number}", "贾众", "window_clerk", district.street.path)
        Relative.objects.create(
            staff=staff, kinship=Kinship.CHILD, name="贾子", identity_digest=bytes([number] * 32), declared_on=rooms.ON
        )

    assert queries() == before
    assert before < 25


def test_the_workbook_is_what_the_list_shows(
    officer: Client, director: Client, clerk: StaffMember, district: rooms.District
) -> None:
    member("far", "贾三", "street_examiner", district.far_street.path)
    Relative.objects.create(
        staff=clerk, kinship=Kinship.CHILD, name="贾子", identity_digest=b"0" * 32, declared_on=rooms.ON
    )

    def rows(client: Client, query: str = "") -> list[list[object]]:
        content = client.get(f"{LIST}export/{query}").content
        return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()

    assert [row[0] for row in rows(director)] == ["姓名", "郝主任", "贾一"]
    assert rows(officer, "?post=window_clerk")[1:] == [
        ["贾一", "clerk", "月坛街道", "窗口经办", date(2019, 1, 2), "", "不登录", 1.0]
    ]


# ---- someone new


def new(client: Client, **changed: str) -> str:
    typed = {"name": "贾新人", "post_kind": "street_examiner", "office": "11/0102/007/", "since": "2026-03-02"}
    typed |= {"login": "password"} | changed
    return sent(client, f"{LIST}new/", **typed | {"office": places.office(typed["office"]).pk})


def test_someone_new_has_his_account_and_his_post_and_then_a_password(officer: Client) -> None:
    html = new(officer, until="2026-12-31")

    made = StaffMember.objects.get(name="贾新人")
    held = made.appointments.get()
    assert (made.username, made.login.has_usable_password()) == ("jiaxinren", False)
    assert (str(held.post), held.shown_period) == ("月坛街道 · 街道审核", "2026-03-02 至 2026-12-31")
    assert "给初始密码？" in html


def test_a_member_of_a_residents_committee_needs_no_login(officer: Client) -> None:
    html = new(officer, post_kind="community_worker", office="11/0102/007/001/", login="none", username="juwei")

    assert "不登录" in html
    assert "给初始密码" in html
    assert not Login.objects.get(username="juwei").has_usable_password()


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"office": "11/0102/"}, "office", "街道审核设在街道，而西城区是区"),
        ({"username": "clerk"}, "username", "账号“clerk”已有人使用"),
        ({"username": "贾"}, "username", "账号以小写字母开头"),
        ({"until": "2026-03-01"}, "until", "最后一天不能早于开始的那一天"),
        ({"since": "昨天"}, "since", "这不是日期"),
        ({"until": "9999-12-31"}, "until", "2999-12-31"),
    ],
)
def test_nothing_is_half_saved_and_what_was_typed_stays(
    officer: Client, clerk: StaffMember, changed: dict[str, str], field: str, words: str
) -> None:
    html = new(officer, **changed)

    assert words in problem(html, field)
    assert 'value="贾新人"' in html
    assert not StaffMember.objects.filter(name="贾新人").exists()


# ---- one person


def test_a_post_is_given_and_given_up(officer: Client, clerk: StaffMember) -> None:
    typed = {"do": "appoint", "post_kind": "street_examiner", "office": places.office("11/0102/018/").pk}
    assert "已任命：牛街街道 · 街道审核，2026-03-09 至 2026-03-31" in sent(
        officer, page_of(clerk), since="2026-03-09", until="2026-03-31", **typed
    )
    html = sent(officer, page_of(clerk), since="2026-03-31", **typed)
    assert "已经担任牛街街道 · 街道审核" in problem(html, "since")
    assert 'value="2026-03-31"' in html
    assert sent(officer, page_of(clerk), since="2026-04-01", **typed).count("任命：牛街街道 · 街道审核") >= 2

    held = clerk.appointments.get(post__kind="window_clerk")
    end = f"{page_of(clerk)}appointments/{held.pk}/end/"
    assert "这个岗位今天没有别人担任" in shown(officer, end)
    assert "最后一天不能早于它" in problem(sent(officer, end, until="2019-01-01"), "until")
    html = sent(officer, end, until="2026-03-01")
    assert "担任月坛街道 · 窗口经办到 2026-03-01 为止" in html
    assert "原来2019-01-02 起" in html
    held.refresh_from_db()
    assert held.period.upper == rooms.ON


def test_a_post_not_yet_taken_up_can_be_cancelled(officer: Client, clerk: StaffMember) -> None:
    typed = {
        "do": "appoint",
        "post_kind": "street_examiner",
        "office": places.office("11/0102/018/").pk,
        "since": "2026-03-03",
    }
    assert 'value="cancel"' in sent(officer, page_of(clerk), **typed)
    coming, begun = (clerk.appointments.order_by("-id")[at] for at in (0, 1))
    html = sent(officer, page_of(clerk), do="cancel", appointment=coming.pk)

    assert "已撤销任命：牛街街道 · 街道审核，2026-03-03 起" in html
    assert "撤销任命：牛街街道 · 街道审核<" in html
    assert officer.post(page_of(clerk), {"do": "cancel", "appointment": begun.pk}).status_code == 409
    assert officer.post(page_of(clerk), {"do": "cancel", "appointment": coming.pk}).status_code == 404
    assert clerk.appointments.get() == begun


def test_whoever_makes_out_payments_is_not_made_their_checker(
    officer: Client, clerk: StaffMember, district: rooms.District
) -> None:
    maker = member("maker", "贾制单", "finance_maker", district.district.path)
    html = sent(
        officer,
        page_of(maker),
        do="appoint",
        post_kind="finance_checker",
        office=places.office("11/0102/").pk,
        since="2026-03-02",
    )

    assert "2019-01-02 起担任西城区 · 发放制单" in problem(html, "post_kind")
    assert "请先结束那项任职" in problem(html, "post_kind")


def test_switched_off_and_on_again(officer: Client, clerk: StaffMember) -> None:
    him = Client()
    him.force_login(clerk.login, backend=BACKEND)
    assert him.get("/desk/").status_code == 200
    assert "月坛街道 · 窗口经办今天没有别人担任" in shown(officer, page_of(clerk))

    assert "账号已停用" in sent(officer, page_of(clerk), do="deactivate")
    assert him.get("/desk/").status_code == 302
    html = sent(officer, page_of(clerk), do="reactivate")
    assert "停用账号" in html
    assert "恢复账号" in html
    clerk.refresh_from_db()
    assert clerk.is_active


def test_a_password_is_shown_once_and_opens_what_was_locked(officer: Client, clerk: StaffMember) -> None:
    Login.objects.filter(pk=clerk.pk).update(password=make_password("an invented password"))
    him = Client()
    for _again in range(6):
        him.post("/accounts/login/", {"login": "clerk", "password": "wrong"})
    assert AccessAttempt.objects.filter(username="clerk").exists()

    address = f"{page_of(clerk)}password/"
    assert "原来的密码马上作废" in shown(officer, address)
    html = sent(officer, address)
    given = re.search(r"<dd>(\w{4}-\w{4}-\w{4})</dd>", html)
    assert given
    assert given[1] not in shown(officer, address)
    history = shown(officer, page_of(clerk))
    assert "给了新密码" in history
    assert "scrypt" not in history
    assert "pbkdf2" not in history

    login = {"login": "clerk", "password": given[1]}
    assert him.post("/accounts/login/", login).headers["Location"] == "/desk/"
    own = {"oldpassword": given[1], "password1": "another invented one", "password2": "another invented one"}
    him.post("/accounts/password/change/", own)
    assert "自己改了密码" in shown(officer, page_of(clerk))
    assert Login.objects.get(pk=clerk.pk).check_password("another invented one")


@pytest.mark.parametrize("kind", ["street_director", "auditor"])
@pytest.mark.parametrize("do", ["appoint", "cancel", "deactivate", "reactivate", "", "nonsense"])
def test_who_only_looks_changes_nothing(desk_of: Desk, clerk: StaffMember, kind: str, do: str) -> None:
    looking = desk_of(kind)
    html = shown(looking, page_of(clerk))
    assert "停用账号" not in html
    assert "任命岗位" not in html
    typed = {"do": do, "post_kind": "auditor", "office": places.office("11/0102/").pk, "since": "2026-03-02"}

    assert looking.post(page_of(clerk), typed).status_code == 409
    for page in ("password/", f"appointments/{clerk.appointments.get().pk}/end/"):
        assert looking.post(page_of(clerk) + page, {"until": "2026-03-02"}).status_code == 403
    clerk.refresh_from_db()
    assert clerk.is_active
    assert not clerk.appointments.exclude(period__endswith=None).exists()


def test_nobody_changes_his_own_account_and_posts(officer: Client) -> None:
    own = StaffMember.objects.get(name="甄区级")
    html = shown(officer, page_of(own))

    assert "这是您自己" in html
    assert "任命岗位" not in html
    assert officer.post(page_of(own), {"do": "deactivate"}).status_code == 409
    assert officer.post(f"{page_of(own)}password/").status_code == 409


# ---- relatives


def test_a_director_declares_for_those_of_his_street_and_the_number_stands_nowhere(
    director: Client, clerk: StaffMember
) -> None:
    html = sent(director, page_of(clerk), **RELATIVE | {"identity_number": NUMBER[:-1] + "0"})
    assert "校验位" in problem(html, "identity_number")
    assert 'value="郝母"' in html
    html = sent(director, page_of(clerk), **RELATIVE)

    assert "已申报父母 郝母" in html
    assert "身份证号只存摘要" in html
    assert NUMBER[-4:] not in html
    assert "已经申报过" in problem(sent(director, page_of(clerk), **RELATIVE), "identity_number")
    assert "请写明为什么撤销" in sent(director, page_of(clerk), do="withdraw", relative=clerk.relatives.get().pk)
    html = sent(director, page_of(clerk), do="withdraw", relative=clerk.relatives.get().pk, reason="填错了人")
    assert "已撤销郝母的申报" in html
    assert "撤销申报：父母 郝母" in html
    assert clerk.relatives.get().withdrawn_on == rooms.ON


def test_the_auditor_declares_for_nobody_but_himself(desk_of: Desk, clerk: StaffMember) -> None:
    auditor = desk_of("auditor")
    assert auditor.post(page_of(clerk), RELATIVE).status_code == 409
    sent(auditor, "/desk/relatives/", **RELATIVE)

    assert Relative.objects.get().staff.name == "甄经办"


def test_everybody_finds_his_own_relatives_in_his_menu(desk_of: Desk, clerk: StaffMember) -> None:
    for kind in posts():
        assert 'href="/desk/relatives/"' in shown(desk_of(kind), "/desk/")
    him, other = Client(), desk_of("window_clerk")
    him.force_login(clerk.login, backend=BACKEND)
    assert "还没有申报" in shown(him, "/desk/relatives/")
    assert "郝母" in sent(him, "/desk/relatives/", **RELATIVE)
    assert "郝母" not in shown(other, "/desk/relatives/")

    declared = clerk.relatives.get()
    for typed in (str(declared.pk), "x", ""):
        assert other.post("/desk/relatives/", {"do": "withdraw", "relative": typed}).status_code == 404
    assert "不能自己撤销" in sent(him, "/desk/relatives/", do="withdraw", relative=declared.pk, reason="填错")
    assert clerk.relatives.get().withdrawn_on is None


def test_a_declared_relative_keeps_the_case_from_him(walk: Walk, desks: Desks, people: People) -> None:
    clerk = desks.of(people.clerk)
    address = f"/desk/cases/{walk.number}/"
    assert clerk.get(address).status_code == 200
    head = walk.household.people.earliest("id")
    number = secrets.decrypt(secrets.Kind.IDENTITY, head.identity_number)
    html = sent(clerk, "/desk/relatives/", **RELATIVE | {"identity_number": number})

    answer = clerk.get(address)
    assert answer.status_code == 403
    assert "您须回避" in answer.content.decode()
    assert walk.number not in shown(clerk, "/desk/cases/")
    assert "从现在起由别人办理" in html


@pytest.mark.parametrize("kind", list(posts()))
def test_the_room_stands_in_the_rail_of_those_who_may(desk_of: Desk, kind: str) -> None:
    sees = kind in ("district_officer", "street_director", "auditor")

    assert (f'href="{LIST}"' in shown(desk_of(kind), "/desk/")) == sees
