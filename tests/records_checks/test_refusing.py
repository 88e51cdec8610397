"""A file that was not taken, from the day it was dropped until somebody has seen to it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests import rooms
from tests.cases.street import appoint
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
    request_of,
    seen,
    workbook,
)
from tests.test_harness import needs_roles
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.common.calendar import working_days
from yihu.common.models import Change
from yihu.common.refusals import Refused
from yihu.households import actions as households
from yihu.households.actions import NewMember
from yihu.organisations.enums import Kinship
from yihu.organisations.models import Relative
from yihu.records_checks import actions, exchange, queries
from yihu.records_checks.answers import MOST_FAULTS
from yihu.records_checks.models import RefusedFile, SourceRequest

OTHER_NUMBER = rooms.identity_number(date(1990, 1, 1), 1)


@pytest.fixture(autouse=True)
def calendar(db: None) -> None:
    call_command("load_calendar", verbosity=0)


def files() -> list[RefusedFile]:
    with seen():
        return list(RefusedFile.objects.select_related("division").order_by("id"))


def refused_for(family: Setting, folders: Path) -> RefusedFile:
    """A file with one wrong amount that was dropped and refused."""
    check = family.ask("banks")
    rows = family.rows(request_of(check, "banks"), {BALANCE: "一万"}, None, None)
    drop(folders, "banks", workbook(rows))
    assert collect().refused
    (file,) = files()
    return file


def officer_of(family: Setting) -> Actor:
    return rooms.actor("district_officer", family.district.district, 9)


def other_family(family: Setting) -> SourceRequest:
    """Another family in another street, about which the banks are asked."""
    with rooms.everywhere() as by:
        member = NewMember("郝大海", 2, OTHER_NUMBER)
        household = rooms.make_family(family.district.far_community, by=by, members=[member])
        person = household.people.get()
        households.sign_consent(person=person, document=None, by=by, on=ON)
    examiner = rooms.actor("street_examiner", family.district.far_street, 2)
    with acting(examiner):
        check = actions.ask(
            household=household, people=[person], subject="other", sources=["banks"], by=examiner, on=ON
        )
    return request_of(check, "banks")


def test_a_file_that_was_not_taken_is_kept_in_mind_with_its_reasons(family: Setting, folders: Path) -> None:
    file = refused_for(family, folders)

    assert (file.source, file.name, file.refused_on, file.settled_on) == ("banks", "答复.xlsx", ON, None)
    assert file.division == family.district.community
    assert (file.requests, file.households) == ([request_of_case().pk], [family.household.pk])
    (fault,) = file.faults
    assert fault.startswith("工作表“核对”第 2 行“存款余额合计（元）”：金额“一万”")
    assert file.faults_count == 1
    (kept,) = folders.glob("banks/refused/*.xlsx")
    assert file.sha256[:8] in kept.name


def request_of_case() -> SourceRequest:
    with seen():
        return SourceRequest.objects.get(check_round__subject=CASE)


def test_the_same_file_again_is_the_same_work_until_it_was_settled(family: Setting, folders: Path) -> None:
    file = refused_for(family, folders)
    content = next(folders.glob("banks/refused/*.xlsx")).read_bytes()
    drop(folders, "banks", content, "再交.xlsx")
    assert collect().refused
    assert len(files()) == 1

    with acting(family.examiner):
        actions.settle_refused(file=file, reason="已电话告知", by=family.examiner, on=ON)
    drop(folders, "banks", content, "又交.xlsx")
    assert collect(ON + timedelta(days=1)).refused
    assert [(each.name, each.settled_on) for each in files()] == [("答复.xlsx", ON), ("又交.xlsx", None)]


def test_a_kill_before_the_file_is_put_away_leaves_one_row(
    family: Setting, folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    check = family.ask("banks")
    path = drop(folders, "banks", workbook(family.rows(request_of(check, "banks"), {BALANCE: "?"}, None, None)))
    with monkeypatch.context() as patched:
        patched.setattr(exchange, "refuse", killed)
        with pytest.raises(KeyboardInterrupt):
            collect()
    assert path.exists()
    assert len(files()) == 1

    assert collect().refused == ("答复.xlsx",)
    assert not path.exists()
    assert len(files()) == 1


def test_a_file_of_two_streets_is_the_districts(family: Setting, folders: Path) -> None:
    check, other = family.ask("banks"), other_family(family)
    rows = family.rows(request_of(check, "banks"), {BALANCE: "?"}, None, None)
    rows.append({**rows[1], "请求号": other.number, "姓名": "郝大海", "身份证号": OTHER_NUMBER})
    drop(folders, "banks", workbook(rows))
    collect()

    (file,) = files()
    assert file.division == family.district.district
    assert set(file.requests) == {request_of_case().pk, other.pk}


def test_a_file_that_names_nobody_is_the_districts(family: Setting, folders: Path) -> None:
    drop(folders, "banks", b"%PDF-1.7\n%%EOF", "答复.pdf")
    collect()

    (file,) = files()
    assert (file.division, file.requests) == (family.district.district, [])
    with acting(family.examiner):
        assert not RefusedFile.objects.exists()


def test_a_file_in_the_wrong_folder_still_belongs_to_its_family(family: Setting, folders: Path) -> None:
    check = family.ask("vehicles")
    drop(folders, "banks", workbook(family.rows(request_of(check, "vehicles"), {CARS: 1}, None, None)))
    collect()

    (file,) = files()
    assert (file.source, file.division) == ("banks", family.district.community)


@pytest.mark.parametrize(
    "cells",
    [
        {"身份证号": "00000019900101001"},
        {"姓名": "000000199001010011"},
        {"请求号": "000000 19900101 0011"},
        {BALANCE: "6222000000001234567"},
    ],
)
def test_no_long_number_is_kept_whole(family: Setting, folders: Path, cells: dict[str, str]) -> None:
    (number,) = cells.values()
    check = family.ask("banks")
    rows = family.rows(request_of(check, "banks"), {BALANCE: 1}, None, None)
    rows[0] |= cells
    drop(folders, "banks", workbook(rows), f"{number.replace(' ', '')}.xlsx")
    collect()

    (file,) = files()
    assert "********" in file.name
    assert number not in "".join(file.faults)
    assert "********" in "".join(file.faults)


def test_only_the_first_faults_are_kept_and_none_is_a_page_long(family: Setting, folders: Path) -> None:
    check = family.ask("banks")
    row = family.rows(request_of(check, "banks"), {BALANCE: "长" * 5000}, None, None)[0]
    drop(folders, "banks", workbook([row] * (MOST_FAULTS + 5)))
    collect()

    (file,) = files()
    assert len(file.faults) == MOST_FAULTS < file.faults_count
    assert max(map(len, file.faults)) < 400


# ---- who hears of it, and who settles it


def test_it_waits_for_the_examiner_and_the_officer_until_it_is_settled(family: Setting, folders: Path) -> None:
    file = refused_for(family, folders)
    for actor in (family.examiner, officer_of(family)):
        with acting(actor):
            (item,) = [each for each in queries.open_work(actor, on=ON) if each.page == "refused_file"]
            assert (item.title, item.detail, item.key) == ("答复文件没有采用", "银行存款 答复.xlsx", str(file.pk))
            assert (item.opened_on, item.due_on) == (ON, date(2026, 3, 5))

    with acting(family.examiner):
        settled = actions.settle_refused(file=file, reason=" 已电话告知 ", by=family.examiner, on=ON)
        assert (settled.settled_on, settled.settled_by_id, settled.settled_note) == (
            ON,
            family.examiner.principal,
            "已电话告知",
        )
        assert queries.open_work(family.examiner, on=ON) == []


def test_other_posts_and_other_streets_hear_nothing(family: Setting, folders: Path) -> None:
    refused_for(family, folders)
    for actor in (
        rooms.actor("window_clerk", family.district.street, 4),
        rooms.actor("street_examiner", family.district.far_street, 5),
    ):
        with acting(actor):
            assert queries.open_work(actor, on=ON) == []


@needs_roles
def test_the_database_shows_it_to_nobody_else(family: Setting, folders: Path) -> None:
    refused_for(family, folders)
    with acting(rooms.actor("street_examiner", family.district.far_street, 5)):
        assert not RefusedFile.objects.exists()


def test_a_file_that_names_a_relatives_family_is_somebody_elses(family: Setting, folders: Path) -> None:
    file = refused_for(family, folders)
    with seen():
        examiner = appoint("kin", "贾亲属", "street_examiner", family.district.street)
        digest = family.people[0].identity_digest
        assert digest is not None
        Relative.objects.create(
            staff_id=examiner.person,
            kinship=Kinship.SIBLING,
            name="贾一鸣",
            identity_digest=bytes(digest),
            declared_on=date(2020, 1, 1),
        )
    with acting(examiner):
        assert queries.open_work(examiner, on=ON) == []
        assert not queries.refused_files(examiner, on=ON).exists()
        assert not queries.asked_in(examiner, on=ON).exists()
        with pytest.raises(Refused, match="近亲属"):
            actions.settle_refused(file=file, reason="好了", by=examiner, on=ON)


@pytest.mark.parametrize(
    ("post", "far", "reason", "why"),
    [
        ("window_clerk", False, "好了", "不能处理没有采用的答复文件"),
        ("street_examiner", True, "好了", "不在您负责的区域内"),
        ("street_examiner", False, "  ", "怎样处理"),
    ],
)
def test_who_may_not_or_says_nothing_settles_nothing(
    family: Setting, folders: Path, post: str, far: bool, reason: str, why: str
) -> None:
    file = refused_for(family, folders)
    by = rooms.actor(post, family.district.far_street if far else family.district.street, 6)
    with acting(by), pytest.raises(Refused, match=why):
        actions.settle_refused(file=file, reason=reason, by=by, on=ON)

    assert files()[0].settled_on is None


def test_it_is_settled_once(family: Setting, folders: Path) -> None:
    file = refused_for(family, folders)
    with acting(family.examiner):
        actions.settle_refused(file=file, reason="好了", by=family.examiner, on=ON)
        with pytest.raises(Refused, match="已于 2026-03-02 处理"):
            actions.settle_refused(file=file, reason="又好了", by=family.examiner, on=ON)


def test_why_it_was_not_taken_never_changes_and_is_remembered_with_its_family(family: Setting, folders: Path) -> None:
    file = refused_for(family, folders)
    with acting(family.examiner):
        with pytest.raises(IntegrityError, match="不能改动"), transaction.atomic():
            RefusedFile.objects.filter(pk=file.pk).update(faults=["没有什么"])
        actions.settle_refused(file=file, reason="好了", by=family.examiner, on=ON)
        changes = Change.objects.filter(table="records_checks_refusedfile", row_id=file.pk).order_by("id")
        assert [(each.operation, each.household, each.actor_id) for each in changes] == [
            ("insert", family.household.pk, COLLECTOR.principal),
            ("update", family.household.pk, family.examiner.principal),
        ]


def test_where_nothing_waits_each_kind_is_asked_for_once_and_no_calendar_is_read(family: Setting) -> None:
    with acting(family.examiner), CaptureQueriesContext(connection) as caught:
        assert queries.open_work(family.examiner, on=ON) == []
    # Files that were not taken, and departments that are silent.
    assert len(caught) == 2
    assert not [query for query in caught if "calendarday" in query["sql"]]


# ---- how sources stand


def test_a_source_is_late_on_the_fourth_working_day(family: Setting) -> None:
    family.ask("banks")
    officer = officer_of(family)
    with acting(officer):
        for on, late in ((date(2026, 3, 5), 0), (date(2026, 3, 6), 1), (date(2026, 3, 7), 1)):
            requests = queries.asked_in(officer, on=on)
            day = queries.late_since(working_days(), on)
            banks = next(each for each in queries.standings(requests, late=day, on=on) if each.name == "banks")
            assert (banks.waiting, banks.late, banks.oldest, banks.answered) == (1, late, ON, 0)


def test_answers_count_for_thirty_days(family: Setting, folders: Path) -> None:
    check = family.ask("banks")
    drop(folders, "banks", workbook(family.rows(request_of(check, "banks"), {BALANCE: 1}, None, None)))
    collect()
    with acting(family.examiner):
        for days, count in ((0, 1), (29, 1), (30, 0)):
            on = ON + timedelta(days=days)
            standings = queries.standings(queries.asked_in(family.examiner, on=on), late=ON, on=on)
            assert [each.answered for each in standings if each.name == "banks"] == [count]


@pytest.mark.django_db(transaction=True)
def test_it_stays_known_when_nothing_else_of_the_file_does(folders: Path) -> None:
    """The transaction that read the file was rolled back; the one that keeps it in mind is another."""
    with rooms.everywhere():
        district = rooms.make_district()
    family = make_setting(district)
    refused_for(family, folders)

    assert len(files()) == 1
