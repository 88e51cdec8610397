"""The published holidays, and their loading."""

import io
from datetime import date

import pytest
from django.core.management import call_command

from yihu.common.calendar import working_days
from yihu.common.models import CalendarDay

pytestmark = pytest.mark.django_db


def load() -> str:
    said = io.StringIO()
    call_command("load_calendar", stdout=said)
    return said.getvalue()


def test_loads_every_published_year_and_nothing_twice() -> None:
    load()
    known = working_days().known_years

    assert {2004, 2021, 2026} <= known
    assert not working_days().is_working(date(2021, 10, 1))
    assert working_days().is_working(date(2021, 10, 9))
    assert "新增 0 天，修改 0 天" in load()


def test_what_the_district_entered_itself_stays() -> None:
    CalendarDay.objects.create(day=date(2021, 10, 1), is_working=True, name="值守", source="区政府通知")
    load()

    assert CalendarDay.objects.get(day=date(2021, 10, 1)).name == "值守"


def test_a_day_of_this_source_that_differs_is_put_right() -> None:
    load()
    CalendarDay.objects.filter(day=date(2021, 10, 1)).update(is_working=True)

    assert "修改 1 天" in load()
    assert not CalendarDay.objects.get(day=date(2021, 10, 1)).is_working
