"""Lists on their way in: checked and taken over in the background, and never half."""

import threading
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from python_calamine import CalamineWorkbook

from tests import many
from tests.awards.test_opening import HEADINGS, LOW, NUMBER, OLD, ON, row, workbook
from tests.policy_files import damage
from yihu.access.actor import Actor, service
from yihu.access.scope import acting
from yihu.awards import jobs
from yihu.awards.enums import ListState
from yihu.awards.models import Award, OpeningImport, OpeningList
from yihu.awards.opening import lists
from yihu.awards.opening.trials import MOST_SHOWN, Trial
from yihu.common import numbers
from yihu.common.refusals import Refused
from yihu.documents import storage
from yihu.documents.models import Document
from yihu.households.models import Household
from yihu.organisations.enums import Kinship
from yihu.organisations.models import Appointment, Division, Relative
from yihu.organisations.queries import service_everywhere

NEW = {"户主身份证号": NUMBER, "户主姓名": "吴名氏", "社区代码": "110102009001", "住址": "某胡同 9 号"}


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, settings: Any) -> None:
    settings.DOCUMENT_ROOT = tmp_path


@pytest.fixture
def officer(actor: Actor) -> Actor:
    return many.make_actor("district_officer", name="甄监督")


def hand_in(by: Actor, *rows: list[Any], content: bytes | None = None, name: str = "在册.xlsx") -> OpeningList:
    division = Division.objects.get(path=many.DISTRICT)
    return lists.hand_in(content=content or workbook(*rows), name=name, division=division, by=by, on=ON)


def worked(one: OpeningList) -> OpeningList:
    """The list after the worker has looked after all of them."""
    lists.take_up(by=service_everywhere("opening lists"), on=ON)
    one.refresh_from_db()
    return one


def test_rows_with_unreadable_numbers_are_bad_once_and_count_for_nothing(officer: Actor) -> None:
    opened = {"起始月份": "2020-03", "社区代码": "110102007002", "住址": "某街1号"}
    rows = [
        row("", amount=800, **{"户主姓名": name, "户主身份证号": number, **opened})
        for name, number in (("甄一", NUMBER), ("甄二", NUMBER[:-1]), ("甄三", f"{NUMBER[:-2]}31"))
    ]
    one = checked(officer, *rows)
    found = Trial.read(one.found)

    assert [(bad.row, bad.column) for bad in found.bad] == [(3, "户主身份证号"), (4, "户主身份证号")]
    assert (found.count, found.total) == (1, 800_00)


def test_an_unreadable_recipient_is_not_the_head(officer: Actor, family: Household) -> None:
    found = Trial.read(checked(officer, row(family, OLD, 100, 领取人身份证号=NUMBER[:-1])).found)

    assert [(bad.row, bad.column) for bad in found.bad] == [(2, "领取人身份证号")]
    assert found.count == 0


def test_nobody_takes_over_an_award_of_his_own_relatives(officer: Actor, family: Household) -> None:
    """The worker does it later, where no page keeps him away."""
    head = many.people_of(family)[0]
    with acting(service("tests", many.DISTRICT)):
        Relative.objects.create(
            staff_id=officer.person, kinship=Kinship.SIBLING, name=head.name,
            identity_digest=head.identity_digest, declared_on=ON,
        )  # fmt: skip
    found = Trial.read(checked(officer, row(family)).found)

    assert [(bad.row, bad.column) for bad in found.bad] == [(2, "户号")]
    assert "是您近亲属的家庭" in found.bad[0].message
    assert found.count == 0


def test_what_a_list_hides_is_said_with_its_check(officer: Actor, family: Household) -> None:
    lines = [HEADINGS, row(family), [""] * len(HEADINGS)]
    content = damage.workbook({"在册": damage.Sheet(lines, hidden_rows=(2,))})
    one = worked(hand_in(officer, content=content))

    assert one.state == ListState.READY
    assert Trial.read(one.found).said == ("工作表“在册”第 2 行是隐藏的，也读了。",)


def checked(by: Actor, *rows: list[Any]) -> OpeningList:
    return worked(hand_in(by, *rows))


def test_a_list_is_checked_and_then_taken_over(officer: Actor, family: Household) -> None:
    one = checked(officer, row(family, 金额说明="按2019年标准"), row("", OLD, 100, **NEW))
    trial = Trial.read(one.found)
    assert (one.state, one.done, one.total) == (ListState.READY, 2, 2)
    assert (trial.count, trial.total, trial.opened, trial.already, trial.marked) == (2, 171_600, 1, 0, 1)
    assert not Award.objects.exists()

    one = worked(lists.take_over(opening_list=one, by=officer))
    assert (one.state, one.opening, one.found["opened"]) == (ListState.LOADED, OpeningImport.objects.get(), 1)
    assert (Award.objects.count(), OpeningImport.objects.get().imported_by_id) == (2, officer.principal)
    assert OpeningImport.objects.get().pays_from == date(2026, 9, 1)
    with pytest.raises(Refused, match="现在是“已载入”"):
        lists.take_over(opening_list=one, by=officer)


@pytest.mark.parametrize(
    ("month", "said"), [(date(2026, 9, 2), "写成月份的 1 日"), (date(2028, 9, 1), "离载入的日期超过一年")]
)
def test_from_which_month_on_it_is_paid_here_is_asked(
    officer: Actor, family: Household, month: date, said: str
) -> None:
    one = checked(officer, row(family))
    with pytest.raises(Refused, match=said):
        lists.take_over(opening_list=one, pays_from=month, by=officer)
    worked(lists.take_over(opening_list=one, pays_from=date(2026, 11, 1), by=officer))

    assert OpeningImport.objects.get().pays_from == date(2026, 11, 1)


def test_five_hundred_bad_rows_are_named_and_come_back_in_a_workbook(officer: Actor, family: Household) -> None:
    bad = [row("XC-007-000000", start=f"{1900 + at}-13") for at in range(600)]
    one = checked(officer, row(family), *bad)

    trial = Trial.read(one.found)
    assert (one.state, trial.bad_count, trial.bad_rows, len(trial.bad)) == (ListState.BAD, 1_200, 600, MOST_SHOWN)
    book = CalamineWorkbook.from_filelike(BytesIO(storage.open(Document(sha256=one.bad_rows))))
    headings, first, *others = book.get_sheet_by_index(0).to_python()
    assert headings[3:] == [heading.removesuffix("（元）") for heading in HEADINGS]
    assert first[:2] == ["在册名单", 3.0]
    assert "户号：没有户号“XC-007-000000”" in str(first[2])
    assert "起始月份：“1900-13”不是月份" in str(first[2])
    assert (first[3], first[7], len(others)) == ("XC-007-000000", LOW, 599)
    with pytest.raises(Refused, match="现在是“要改”"):
        lists.take_over(opening_list=one, by=officer)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "是空的"), (b"\x89PNG\r\n\x1a\n", "不收|损坏"), (b"PK\x03\x04 cut off", "损坏"), (b"\xff\xfe\x00", "不收")],
)
def test_what_is_no_table_is_not_taken_in(officer: Actor, content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        lists.hand_in(
            content=content, name="在册.xlsx", division=Division.objects.get(path=many.DISTRICT), by=officer, on=ON
        )
    assert not OpeningList.objects.exists()


def test_a_table_that_is_no_such_list_says_why(officer: Actor) -> None:
    one = worked(hand_in(officer, content="甲,乙\n1,2\n".encode(), name="名单.csv"))
    assert (one.state, "没有找到表头" in one.problem) == (ListState.FAILED, True)
    assert lists.drop(opening_list=one, by=officer).state == ListState.DROPPED


def test_the_same_list_twice_is_one(officer: Actor, family: Household) -> None:
    content = workbook(row(family))
    one = hand_in(officer, content=content)
    assert hand_in(officer, content=content) == one
    worked(one)
    worked(lists.take_over(opening_list=one, by=officer))

    again = worked(hand_in(officer, content=content))
    assert again != one
    trial = Trial.read(again.found)
    assert (again.state, trial.count, trial.already) == (ListState.READY, 0, 1)
    assert Award.objects.count() == 1


def test_of_two_lists_at_once_the_second_finds_what_the_first_brought(officer: Actor, family: Household) -> None:
    other = many.make_actor("district_officer", name="郝监督")
    one, two = checked(officer, row(family)), checked(other, row(family), row("", OLD, 100, **NEW))
    three = checked(officer, row(family, amount=1700))
    for each, by in ((one, officer), (two, other), (three, officer)):
        assert each.state == ListState.READY
        lists.take_over(opening_list=each, by=by)

    for each in (one, two, three):
        worked(each)
    assert (one.state, two.state, two.found["already"]) == (ListState.LOADED, ListState.LOADED, 1)
    assert (three.state, "已有这个项目" in three.found["bad"][0]["message"]) == (ListState.BAD, True)
    assert (Award.objects.count(), Household.objects.count()) == (2, 2)


def test_whoever_left_his_post_takes_nothing_over(officer: Actor, family: Household) -> None:
    one = checked(officer, row(family))
    lists.take_over(opening_list=one, by=officer)
    Appointment.objects.filter(staff=officer.staff).update(period=(many.SINCE, ON))

    worked(one)
    assert (one.state, "甄监督已不在" in one.problem) == (ListState.FAILED, True)
    assert not Award.objects.exists()
    other = many.make_actor("district_officer", name="郝监督")
    assert worked(lists.check_again(opening_list=one, by=other)).state == ListState.READY


def test_only_the_district_hands_lists_in(officer: Actor, family: Household) -> None:
    with pytest.raises(Refused, match="岗位不能载入在册名单"):
        hand_in(many.make_actor("street_director"), row(family))
    with pytest.raises(Refused, match="不在您负责的区域"):
        lists.take_over(opening_list=checked(officer, row(family)), by=replace(officer, areas=("11/0108/",)))


def test_a_list_that_was_given_up_is_not_worked_at(officer: Actor, family: Household) -> None:
    one = hand_in(officer, row(family))
    lists.drop(opening_list=one, by=officer)
    assert worked(one).state == ListState.DROPPED
    one = checked(officer, row(family))
    lists.take_over(opening_list=one, by=officer)
    lists.drop(opening_list=one, by=officer)
    assert worked(one).state == ListState.DROPPED
    assert not Award.objects.exists()


def test_what_brought_the_worker_down_three_times_is_not_tried_again(officer: Actor, family: Household) -> None:
    one = hand_in(officer, row(family))
    OpeningList.objects.update(tries=3)
    worked(one)
    assert (one.state, "试了 3 次" in one.problem) == (ListState.FAILED, True)
    assert worked(lists.check_again(opening_list=one, by=officer)).state == ListState.READY


def test_a_list_that_someone_works_at_is_left_to_him(officer: Actor, family: Household) -> None:
    one = checked(officer, row(family))
    lists.take_over(opening_list=one, by=officer)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [lists.LOCKS, one.pk])
        assert worked(one).state == ListState.TO_LOAD
        for do in (lists.drop, lists.check_again):
            with pytest.raises(Refused, match="请等它办完"):
                do(opening_list=one, by=officer)
        # A server lets go of what a closed connection held only when it gets to know.
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [lists.LOCKS, one.pk])
    finally:
        other.close()
    assert worked(one).state == ListState.LOADED


def test_handing_in_calls_the_worker_and_every_minute_it_comes_by_itself(officer: Actor, family: Household) -> None:
    hand_in(officer, row(family))
    hand_in(officer, row(family, amount=5))
    assert ProcrastinateJob.objects.filter(task_name=lists.JOB, status="todo").count() == 1
    assert (lists.JOB, "* * * * *") in {
        (each.task.name, each.cron) for each in app.periodic_registry.periodic_tasks.values()
    }


def test_a_check_asks_as_often_for_many_rows(officer: Actor, django_assert_max_num_queries: Any) -> None:
    families = many.make_families(300)
    one = hand_in(officer, *(row(family, OLD) for family in families), *(row(family, LOW) for family in families))
    with django_assert_max_num_queries(60):
        assert worked(one).state == ListState.READY
    lists.take_over(opening_list=one, by=officer)
    with django_assert_max_num_queries(80):
        assert worked(one).state == ListState.LOADED


# ---- killed in the middle


@pytest.fixture
def committed(transactional_db: None, settings: Any) -> OpeningList:
    """A list that waits to be loaded, as another session sees it."""
    with many.district_at_work():
        many.make_district()
        officer = many.make_actor("district_officer", name="甄监督")
    with acting(officer):
        one = hand_in(officer, row("", OLD, 100, **NEW))
    jobs.take_up_lists(timestamp=0)
    with acting(officer):
        lists.take_over(opening_list=one, by=officer)
    return one


def test_a_worker_killed_in_the_middle_leaves_nothing_and_its_work_is_taken_up(committed: OpeningList) -> None:
    failures: list[Exception] = []

    def work() -> None:
        try:
            jobs.take_up_lists(timestamp=0)
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        # The load stops where it needs the next number of a family, the import and its paper being written already.
        numbers.take("household 11/0102/009/")
        worker = threading.Thread(target=work)
        worker.start()
        assert killed_while_waiting(worker), failures
        worker.join(60)
    assert failures

    with many.district_at_work():
        assert lists.is_at_work(committed) is False
        assert OpeningList.objects.get().state == ListState.TO_LOAD
        assert [model.objects.count() for model in (Award, Household, OpeningImport, Document)] == [0, 0, 0, 0]
    for _again in range(2):
        jobs.take_up_lists(timestamp=60)
    with many.district_at_work():
        assert OpeningList.objects.get().state == ListState.LOADED
        assert [model.objects.count() for model in (Award, Household, OpeningImport, Document)] == [1, 1, 1, 1]


def killed_while_waiting(worker: threading.Thread) -> bool:
    """End the session of a worker that waits for ours, as soon as it does."""
    while worker.is_alive():
        with connection.cursor() as cursor:
            # Within a transaction the sessions are else those of the first look.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)) AND datname = current_database()"
            )
            if cursor.fetchone():
                return True
            cursor.execute("SELECT pg_sleep(0.05)")
    return False
