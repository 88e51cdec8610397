"""What the desk shows of records checks."""

from datetime import date, timedelta
from pathlib import Path

from django.core.management import call_command

from tests import rooms
from tests.records_checks.conftest import BALANCE, CASE, ON, Setting, collect, drop, request_of, workbook
from yihu.access.scope import acting
from yihu.households import actions as households
from yihu.records_checks import actions, queries
from yihu.records_checks.models import RecordsCheck


def test_the_overview_tells_of_each_source_what_it_said_of_whom_and_how_old_it_is(
    family: Setting, folders: Path
) -> None:
    check = family.ask("banks", "vehicles")
    rows = family.rows(
        request_of(check, "banks"), {BALANCE: 1234.5, "账户数": 2}, None, None, on=ON - timedelta(days=20)
    )
    drop(folders, "banks", workbook(rows))
    collect()
    with acting(family.examiner):
        request = request_of(check, "vehicles")
        actions.give_up(request=request, reason="接口停用", by=family.examiner, on=ON)

        banks, vehicles = queries.answers_overview(RecordsCheck.objects.get(), on=ON + timedelta(days=1))

    assert (banks.label, banks.age, banks.is_waiting) == ("银行存款", 21, False)
    assert [(each.person.name, each.found, each.said) for each in banks.people] == [
        ("贾一鸣", True, ((BALANCE, "1,234.50 元"), ("账户数", "2"))),
        ("甄如玉", False, ()),
        ("贾小样", False, ()),
    ]
    assert "不当作没有存款" in banks.not_found
    assert (vehicles.is_failed, vehicles.request.failure, vehicles.age) == (True, "接口停用", None)
    assert [each.found for each in vehicles.people] == [None] * 3


def test_an_answer_set_aside_says_why(family: Setting, folders: Path) -> None:
    check = family.ask("banks")
    with rooms.everywhere() as by:
        households.withdraw_consent(person=family.people[1], reason="不愿意", by=by, on=ON)
    drop(folders, "banks", workbook(family.rows(request_of(check, "banks"), {BALANCE: 1}, {BALANCE: 2}, None)))
    collect()

    with acting(family.examiner):
        (banks,) = queries.answers_overview(RecordsCheck.objects.get(), on=ON)
    assert [(each.set_aside, each.said) for each in banks.people] == [
        ("", ((BALANCE, "1.00 元"),)),
        ("授权已撤回", ()),
        ("", ()),
    ]


def test_the_overview_takes_three_queries(family: Setting, django_assert_num_queries: object) -> None:
    family.ask()
    with acting(family.examiner):
        check = RecordsCheck.objects.get()
        with django_assert_num_queries(3):  # type: ignore[operator]
            assert len(queries.answers_overview(check, on=ON)) == 6


def test_a_source_that_is_silent_for_more_than_three_working_days_is_the_districts_business(family: Setting) -> None:
    call_command("load_calendar", verbosity=0)
    family.ask("banks")
    officer = rooms.actor("district_officer", family.district.district, 9)
    with acting(officer):
        # Asked on a Monday: three working days end on Thursday.
        assert queries.open_work(officer, on=date(2026, 3, 5)) == []
        (item,) = queries.open_work(officer, on=date(2026, 3, 6))
        assert (item.title, item.key, item.due_on) == ("部门未答复", CASE, date(2026, 3, 5))
        assert item.detail.startswith("银行存款 ")
        assert queries.open_work(family.examiner, on=date(2026, 3, 9)) == []


def test_the_district_hears_nothing_of_what_lies_elsewhere(family: Setting) -> None:
    call_command("load_calendar", verbosity=0)
    family.ask("banks")
    elsewhere = rooms.actor("district_officer", family.district.far_street, 9)
    with acting(elsewhere):
        assert queries.open_work(elsewhere, on=date(2026, 3, 20)) == []
        assert list(queries.of_subject(CASE)) == []


def test_the_timeline_tells_when_was_asked_and_what_never_came(family: Setting) -> None:
    check = family.ask("banks")
    with acting(family.examiner):
        request = request_of(check, "banks")
        actions.give_up(request=request, reason="接口停用", by=family.examiner, on=ON + timedelta(days=2))

        events = queries.events_of(family.household)

    assert [(event.on, event.title, event.detail) for event in events] == [
        (ON, "提请核对", "银行存款"),
        (ON + timedelta(days=2), "核对答复齐", "未能答复：银行存款"),
    ]
