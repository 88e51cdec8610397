"""The first account of a real installation, and no second one."""

import io
from datetime import date

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.test import Client
from psycopg.types.range import Range

from tests import rooms
from tests.web.test_login import log_in
from yihu.access.models import Login
from yihu.common.models import Change
from yihu.organisations.models import Appointment, StaffMember

pytestmark = pytest.mark.django_db


def install(**options: str) -> str:
    said = io.StringIO()
    values = {"username": "first", "name": "甄第一", "division": "110102", **options}
    call_command("install", stdout=said, **values)
    return said.getvalue()


def test_the_first_account_logs_in_and_makes_the_others(client: Client) -> None:
    call_command("load_organisations", verbosity=0)
    said = install()

    password = said.splitlines()[0].rpartition("：")[2]
    appointment = Appointment.objects.get()
    assert (appointment.staff.name, str(appointment.post.division)) == ("甄第一", "西城区")
    assert Change.objects.filter(table="access_login", actor__kind="service", actor__name="install").exists()
    assert log_in(client, "first", password).status_code == 302
    assert client.get("/desk/staff/new/").status_code == 200


def test_it_refuses_a_second_time_and_leaves_nothing(client: Client) -> None:
    call_command("load_organisations", verbosity=0)
    install()

    with pytest.raises(CommandError, match="已经有人管理账号"):
        install(username="second", name="贾第二")
    assert StaffMember.objects.count() == Login.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"division": "110108"}, "load_organisations"),
        ({"division": "110102007"}, "不是区"),
        ({"username": "X"}, "账号以小写字母开头"),
        ({"name": " "}, "请填写姓名"),
    ],
)
def test_what_does_not_fit_is_said(options: dict[str, str], words: str) -> None:
    call_command("load_organisations", verbosity=0)

    with pytest.raises(CommandError, match=words):
        install(**options)
    assert not Login.objects.exists()


@pytest.mark.parametrize("left", ["switched off", "no password", "post given up"])
def test_it_helps_where_nobody_can_make_accounts_any_more(left: str) -> None:
    call_command("load_organisations", verbosity=0)
    install()
    with rooms.everywhere():
        if left == "switched off":
            StaffMember.objects.update(is_active=False)
        elif left == "no password":
            Login.objects.update(password=make_password(None))
        else:
            Appointment.objects.update(period=Range(date(2020, 1, 1), Appointment.objects.get().period.lower))

    assert "second" in install(username="second", name="贾第二")
