"""Whoever looked into a file has looked, though his page ended in an error and all it did is undone."""

from contextlib import suppress
from datetime import date

import pytest
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from config.urls import urlpatterns as real
from tests import rooms
from tests.web.desk.conftest import Desk
from yihu.access.capabilities import Capability
from yihu.common.refusals import Refused
from yihu.households import actions
from yihu.households.actions import NewMember
from yihu.households.enums import HEAD, ReadKind
from yihu.households.models import FileRead, Household
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.families.purpose import look

ADDRESS = "改过的住址"


@desk_page(Capability.OPEN_FAMILIES)
def broken(request: DeskRequest, number: str, how: str) -> HttpResponse:
    """A page that looks into a file, changes it, and then ends as it is asked to."""
    found = Household.objects.get(number=number)
    look(request, found, ReadKind.FILE, detail=how)
    Household.objects.filter(pk=found.pk).update(address=ADDRESS)
    if how == "new":
        made = rooms.make_family(
            found.division, by=request.actor, on=date(2026, 3, 2),
            members=[NewMember("吴名", HEAD, rooms.identity_number(date(1950, 1, 1), 3))],
        )  # fmt: skip
        actions.record_read(household=made, kind=ReadKind.FILE, purpose="visitor", by=request.actor)
    if how == "export":
        actions.record_export(households=[found], purpose="visitor", by=request.actor)
        actions.record_read(household=found, kind=ReadKind.EXPORT, purpose="visitor", by=request.actor)
    if how == "elsewhere":
        taken = [NewMember("贾一鸣", HEAD, rooms.identity_number(date(1980, 5, 1), 1))]
        rooms.make_family(found.division, by=request.actor, on=date(2026, 3, 2), members=taken)
    if how == "late":
        # Only the end of the transaction finds out.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return HttpResponse("好")
    if how == "refused":
        raise Refused("不能这样办。")
    if how == "status":
        return HttpResponse(status=503)
    if how != "fine":
        raise ZeroDivisionError
    return HttpResponse("好")


urlpatterns = [path("desk/broken/<str:number>/<str:how>/", broken), *real]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def clerk(desk_of: Desk, family: Household) -> Client:
    client = desk_of()
    client.raise_request_exception = False
    client.post(f"/desk/families/{family.number}/purpose/", {"purpose": "visitor", "detail": ""})
    return client


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ("fine", 200),
        ("refused", 409),
        ("error", 500),
        ("status", 503),
        ("late", 500),
        ("new", 500),
        ("export", 500),
    ],
)
def test_what_was_looked_into_stays_on_file_and_nothing_else_does(
    clerk: Client, family: Household, how: str, status: int
) -> None:
    assert clerk.get(f"/desk/broken/{family.number}/{how}/").status_code == status

    (read,) = FileRead.objects.all()
    assert (read.household, read.kind, read.purpose, read.detail) == (family, "file", "visitor", how)
    assert read.actor.name == "甄经办"
    family.refresh_from_db()
    assert (family.address == ADDRESS) is (how == "fine")
    assert Household.objects.count() == 1


def test_that_somebody_was_found_elsewhere_stays_too(
    desk_of: Desk, family: Household, district: rooms.District, service: object
) -> None:
    """A refusal that names the file in which he is leaves a line there."""
    with rooms.everywhere() as by:
        number = rooms.identity_number(date(1950, 1, 1), 3)
        own = rooms.make_family(district.far_community, by=by, members=[NewMember("郝独居", HEAD, number)])
    far = desk_of("window_clerk", district.far_street, name="吴远社")
    far.raise_request_exception = False
    far.post(f"/desk/families/{own.number}/purpose/", {"purpose": "visitor", "detail": ""})

    html = far.get(f"/desk/broken/{own.number}/elsewhere/").content.decode()

    assert family.number in html
    assert list(FileRead.objects.order_by("pk").values_list("household", "kind", "detail")) == [
        (own.pk, "file", "elsewhere"),
        (family.pk, "comparison", "贾一鸣"),
    ]


def test_a_stranger_looks_into_nothing(family: Household, service: object) -> None:
    assert Client().get(f"/desk/broken/{family.number}/fine/").status_code == 302
    assert not FileRead.objects.exists()
