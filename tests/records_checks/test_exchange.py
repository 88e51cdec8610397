"""Files as they are dropped, taken and put away, once each."""

import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from tests import rooms
from tests.records_checks.conftest import (
    BALANCE,
    CARS,
    CASE,
    COLLECTOR,
    ON,
    Setting,
    collect,
    drop,
    make_setting,
    received,
    request_of,
    seen,
    workbook,
)
from yihu.access.scope import acting
from yihu.documents.models import Document
from yihu.households import actions as households
from yihu.records_checks import actions
from yihu.records_checks.enums import CheckState, RequestState
from yihu.records_checks.models import RecordsCheck, SourceAnswer


def test_the_same_file_again_changes_nothing_and_is_put_away(family: Setting, folders: Path) -> None:
    """What a kill between commit and putting away leaves behind, or a department that sends twice."""
    check = family.ask("vehicles")
    content = workbook(family.rows(request_of(check, "vehicles"), {CARS: 1}, None, None))
    drop(folders, "vehicles", content)
    collect()
    drop(folders, "vehicles", content, "again.xlsx")

    assert collect() == actions.Collected((), ("again.xlsx",), ())

    assert len(received()) == 1
    with seen():
        assert SourceAnswer.objects.count() == 3
    assert not list((folders / "vehicles" / "answers").iterdir())
    assert not list((folders / "vehicles").glob("refused/*"))


def test_a_file_that_is_still_being_written_waits(family: Setting, folders: Path) -> None:
    check = family.ask("vehicles")
    content = workbook(family.rows(request_of(check, "vehicles"), {CARS: 1}, None, None))
    path = drop(folders, "vehicles", content)
    path.touch()
    drop(folders, "vehicles", content, "~$答复.xlsx")
    drop(folders, "vehicles", content, "答复.xlsx.part")

    assert collect() == actions.Collected((), (), ())
    assert path.exists()


@pytest.mark.parametrize("name", ["长" * 80 + ".xlsx", "\udcb4\udcf0.xlsx", "a.b'c d.xlsx"])
def test_a_file_is_taken_whatever_it_is_called(family: Setting, folders: Path, name: str) -> None:
    check = family.ask("banks")
    drop(folders, "banks", workbook(family.rows(request_of(check, "banks"), {BALANCE: 1}, None, None)), name)

    assert collect().taken
    assert len(list((folders / "banks" / "taken").iterdir())) == 1
    assert not list((folders / "banks" / "answers").iterdir())


def test_one_file_that_cannot_be_put_away_keeps_no_other_from_being_taken(family: Setting, folders: Path) -> None:
    check = family.ask("banks", "vehicles")
    drop(folders, "banks", workbook(family.rows(request_of(check, "banks"), {BALANCE: 1}, None, None)))
    (folders / "banks" / "taken").write_text("在文件夹的位置上有一个文件")
    drop(folders, "vehicles", workbook(family.rows(request_of(check, "vehicles"), {CARS: 1}, None, None)))

    with pytest.raises(ExceptionGroup):
        collect()
    assert [fact.value for fact in received("cars")] == [{"cars": 1}]

    (folders / "banks" / "taken").unlink()
    assert collect().known == ("答复.xlsx",)


def test_a_mended_file_under_the_same_name_is_taken(family: Setting, folders: Path) -> None:
    check = family.ask("banks")
    rows = family.rows(request_of(check, "banks"), {BALANCE: "?"}, None, None)
    drop(folders, "banks", workbook(rows))
    assert collect().refused
    rows[0][BALANCE] = 1
    drop(folders, "banks", workbook(rows))

    assert collect().taken


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_that_offices_use(family: Setting, folders: Path, encoding: str) -> None:
    check = family.ask("vehicles")
    rows = family.rows(request_of(check, "vehicles"), {CARS: 1}, {CARS: 0}, {CARS: 0})
    lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
    drop(folders, "vehicles", "\r\n".join([*lines, ",,,,,", ""]).encode(encoding), "答复.csv")

    assert collect().taken
    assert [fact.value for fact in received()] == [{"cars": 1}]


@pytest.mark.django_db(transaction=True)
def test_two_collectors_at_once_take_a_file_once(folders: Path) -> None:
    with rooms.everywhere():
        district = rooms.make_district()
    family = make_setting(district)
    check = family.ask("vehicles", "banks")
    drop(folders, "vehicles", workbook(family.rows(request_of(check, "vehicles"), {CARS: 1}, None, None)))
    drop(folders, "banks", workbook(family.rows(request_of(check, "banks"), {BALANCE: "?"}, None, None)))
    together = threading.Barrier(4)
    found: list[actions.Collected] = []

    def work() -> None:
        together.wait()
        try:
            found.append(collect())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(found) == 4
    assert [each.taken for each in found].count(("答复.xlsx",)) == 1
    assert len(received()) == 1
    assert not list((folders / "vehicles" / "answers").iterdir())


@pytest.mark.django_db(transaction=True)
def test_the_database_lost_in_the_middle_leaves_the_file_and_nothing_of_it(folders: Path) -> None:
    with rooms.everywhere():
        district = rooms.make_district()
    family = make_setting(district)
    check = family.ask("vehicles")
    path = drop(folders, "vehicles", workbook(family.rows(request_of(check, "vehicles"), {CARS: 1}, None, None)))
    errors: list[BaseException] = []

    def work() -> None:
        try:
            collect()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    with rooms.everywhere(), connection.cursor() as cursor:
        # The collector stops at the lock on this row, in the middle of its transaction.
        RecordsCheck.objects.select_for_update().get(pk=check.pk)
        worker.start()
        ended = False
        while not ended and worker.is_alive():
            time.sleep(0.05)
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'"
            )
            ended = bool(cursor.fetchall())
    worker.join()

    assert isinstance(errors[0], ExceptionGroup)
    assert path.exists()
    assert received() == []
    with seen():
        assert not Document.objects.filter(name="答复.xlsx").exists()
    assert collect().taken
    assert len(received()) == 1


@pytest.mark.django_db(transaction=True)
def test_files_are_not_put_away_inside_someone_elses_transaction(folders: Path) -> None:
    with acting(COLLECTOR), pytest.raises(RuntimeError, match="durable"):
        actions.send_questions(by=COLLECTOR, on=ON)


def test_a_question_about_somebody_who_took_his_consent_back_is_not_laid_out(family: Setting, folders: Path) -> None:
    with acting(family.examiner):
        check = actions.ask(household=family.household, people=family.people, subject=CASE, by=family.examiner, on=ON)
    with rooms.everywhere() as by:
        households.withdraw_consent(person=family.people[1], reason="不愿意", by=by, on=ON)

    assert actions.send_questions(by=COLLECTOR, on=ON) == 0

    assert not list(folders.rglob("questions/*"))
    with seen():
        assert set(check.requests.values_list("state", flat=True)) == {RequestState.CANCELLED}
        check.refresh_from_db()
        assert (check.state, check.closed_on) == (CheckState.CANCELLED, ON)
