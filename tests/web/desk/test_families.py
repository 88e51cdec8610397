"""The list of families and the page of one: what stands there, who reaches it, and that looking is written down."""

from datetime import date

import pytest
from django.test import Client

from tests import rooms
from tests.web.desk.conftest import Desk
from yihu.common.actor import Actor
from yihu.households.models import FileRead, Household
from yihu.organisations.enums import PostKind


def open_file(client: Client, household: Household, purpose: str = "visitor") -> str:
    """The page of a family, the purpose given first."""
    address = f"/desk/families/{household.number}/"
    client.post(f"{address}purpose/", {"purpose": purpose, "detail": "来问低保"})
    response = client.get(address)
    assert response.status_code == 200, response
    return str(response.content.decode())


def test_the_file_opens_after_the_purpose_and_the_look_is_written_down(desk_of: Desk, family: Household) -> None:
    clerk = desk_of()
    address = f"/desk/families/{family.number}/"

    first = clerk.get(address)
    assert first.status_code == 302
    assert first.url.startswith(f"{address}purpose/")
    html = open_file(clerk, family)

    assert "贾一鸣 家庭" in html
    (read,) = FileRead.objects.filter(household=family)
    assert (read.kind, read.purpose, read.detail) == ("file", "visitor", "来问低保")
