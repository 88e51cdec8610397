"""The nightly look: one district does not keep another waiting, and the night is the night here."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from procrastinate.contrib.django import app

from tests import many
from tests.places import divisions
from tests.rooms import LOADS
from yihu.access.actor import Actor, service
from yihu.access.capabilities import Capability
from yihu.access.scope import acting
from yihu.awards import calendar, jobs
from yihu.awards.models import CalendarLook
from yihu.common.clock import each_day_at
from yihu.common.refusals import Refused

EMPTY, OTHER = "11/0101/", "11/0103/"


@pytest.fixture
def three(db: None) -> Actor:
    """The district of the tests between two others; nobody lives in the first."""
    by = service("tests", "11/", may=LOADS)
    with acting(by):
        many.make_district()
        for district in (EMPTY, OTHER):
            divisions({
                district: f"某区{district}", f"{district}001/": "某街道", f"{district}001/001/": f"某社区{district}",
            })  # fmt: skip
        many.make_family()
    return by


def test_a_district_without_families_is_noted_and_the_others_are_looked_at(three: Actor) -> None:
    jobs.look_at_calendar(timestamp=0)
    with acting(three):
        found = dict(CalendarLook.objects.values_list("division", "problem"))
    assert found[many.DISTRICT] == ""
    assert all("没有可以比较的家庭" in found[each] for each in (EMPTY, OTHER))
    # It is tried again the same day, and what was looked at is not.
    jobs.look_at_calendar(timestamp=0)
    with acting(three):
        assert CalendarLook.objects.filter(problem="").count() == 1


def test_a_district_that_fails_is_told_and_stops_nothing(three: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    look = calendar.look

    def failing(**asked: object) -> object:
        if asked["division"].pk == EMPTY:  # type: ignore[attr-defined]
            raise KeyError("张三")
        return look(**asked)  # type: ignore[arg-type]

    monkeypatch.setattr(calendar, "look", failing)
    with pytest.raises(ExceptionGroup):
        jobs.look_at_calendar(timestamp=0)
    with acting(three):
        found = dict(CalendarLook.objects.values_list("division", "problem"))
    assert found[many.DISTRICT] == ""
    assert "KeyError" in found[EMPTY]
    assert "张三" not in found[EMPTY]


def test_only_the_job_notes(three: Actor) -> None:
    with acting(three):
        division = many.make_family(first=7).division.parent
        assert division is not None
        with pytest.raises(Refused):
            calendar.note_problem(division=division, problem="无", by=three, on=datetime.now(tz=UTC).date())
    assert Capability.PROPOSE_CHANGES not in three.capabilities


def test_nights_are_those_of_the_place() -> None:
    minute, hour, *rest = each_day_at(2, 30).split()
    there = datetime(2026, 3, 1, int(hour), int(minute), tzinfo=UTC).astimezone(ZoneInfo("Asia/Shanghai"))
    assert (there.hour, there.minute, rest) == (2, 30, ["*", "*", "*"])
    crons = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    daily = {name: cron for name, cron in crons.items() if cron != "* * * * *"}
    assert set(daily.values()) == {each_day_at(2, 20), each_day_at(2, 30), each_day_at(3, 30)}
