"""Every request of an officer is one transaction in his name and within his areas; what fails leaves nothing."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from tests.organisations.conftest import KEEPER, hire, make_streets
from yihu.access.capabilities import Capability
from yihu.access.scope import acting
from yihu.common.models import Change
from yihu.common.refusals import Refused
from yihu.organisations.models import StaffMember
from yihu.web.desk.access import DeskRequest, desk_page

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class Broken(Exception):
    """A fault of the program."""


def seen(request: HttpRequest) -> HttpResponse:
    """What the database is told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.actor', true), current_setting('app.areas', true)")
        return HttpResponse("|".join(value or "" for value in cursor.fetchone()))


def write(request: DeskRequest, outcome: str) -> HttpResponse:
    """Write something, and end in one of many ways."""
    StaffMember.objects.filter(pk=request.user.pk).update(name="改过")
    raised = {
        "refused": Refused("这件事现在不能办。"),
        "denied": PermissionDenied(),
        "missing": Http404(),
        "broken": Broken(),
    }
    if outcome in raised:
        raise raised[outcome]
    return HttpResponse(status=int(outcome))


@desk_page(Capability.READ_TRAILS)
def audit(request: DeskRequest) -> HttpResponse:
    """A page for two posts."""
    return HttpResponse("the trail")


urlpatterns = [
    path("seen/", seen),
    path("write/<str:outcome>/", desk_page(Capability.SEE_INBOX)(write)),
    path("audit/", audit),
    path("", include("config.urls")),
]


@pytest.fixture
def clerk(client: Client) -> StaffMember:
    with acting(KEEPER):
        make_streets()
        staff = hire("贾一", ("window_clerk", "11/0102/007/"))
    client.force_login(staff.login)
    client.raise_request_exception = False
    return staff


def test_the_database_knows_who_acts_and_how_far_and_forgets_it_after(client: Client, clerk: StaffMember) -> None:
    assert client.get("/seen/").content.decode() == f"{clerk.pk}|{{11/0102/007/}}"
    client.logout()
    assert client.get("/seen/").content.decode() == "|"


def test_what_succeeds_is_kept_with_who_and_from_where(client: Client, clerk: StaffMember) -> None:
    assert client.get("/write/200/").status_code == 200
    clerk.refresh_from_db()
    assert clerk.name == "改过"
    change = Change.objects.filter(table="access_principal").last()
    assert change
    assert (change.actor_id, change.origin) == (clerk.pk, "127.0.0.1")


@pytest.mark.parametrize(
    ("outcome", "status"),
    [("refused", 409), ("denied", 403), ("missing", 404), ("broken", 500), ("500", 500), ("503", 503)],
)
def test_what_fails_leaves_nothing(client: Client, clerk: StaffMember, outcome: str, status: int) -> None:
    assert client.get(f"/write/{outcome}/").status_code == status
    clerk.refresh_from_db()
    assert clerk.name == "贾一"


def test_a_refusal_is_told_in_its_own_words(client: Client, clerk: StaffMember) -> None:
    html = client.get("/write/refused/").content.decode()

    assert "这件事现在不能办。" in html
    assert "什么也没有改动" in html


def test_a_page_of_other_posts_names_them(client: Client, clerk: StaffMember) -> None:
    response = client.get("/audit/")

    assert response.status_code == 403
    assert "区级监督、审计" in response.content.decode()
    assert "您现在的岗位是窗口经办" in response.content.decode()


def test_pages_of_the_desk_are_not_kept_by_browsers(client: Client, clerk: StaffMember) -> None:
    assert "no-store" in client.get("/write/200/")["Cache-Control"]
