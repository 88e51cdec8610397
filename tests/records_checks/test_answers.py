"""What departments answer, and what becomes of it."""

import re
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from tests import rooms
from tests.records_checks.conftest import (
    COLLECTOR,
    ON,
    Setting,
    collect,
    drop,
    make_setting,
    reasons,
    request_of,
    seen,
    workbook,
)
from yihu.common.scope import acting
from yihu.documents.models import Document
from yihu.households import actions as households
from yihu.households import queries as families
from yihu.households.actions import NewFact, NewMember
from yihu.households.enums import FactSource
from yihu.households.models import Fact
from yihu.organisations.enums import PostKind
from yihu.records_checks import actions
from yihu.records_checks.enums import CheckState, RequestState, SetAside
from yihu.records_checks.models import RecordsCheck, SourceAnswer, SourceRequest

NEXT_DAY = ON + timedelta(days=1)
BALANCE, CARS, WAGE, PENSION = "存款余额合计（元）", "机动车辆数（残疾人代步车不计）", "月工资（元）", "月养老金（元）"


def declare(family: Setting, **values: int) -> None:
    with rooms.everywhere() as by:
        facts = [NewFact(name, {name: value}) for name, value in values.items()]
        households.record_facts(household=family.household, facts=facts, source=FactSource.DECLARED, by=by, on=ON)


def received(name: str = "") -> list[Fact]:
    with seen():
        facts = Fact.objects.filter(source=FactSource.RECEIVED).select_related("evidence", "person").order_by("pk")
        return list(facts.filter(name=name) if name else facts)


def test_an_answer_becomes_facts_with_its_source_its_evidence_and_its_day(family: Setting, folders: Path) -> None:
    check = family.ask("social_insurance")
    rows = family.rows(
        request_of(check, "social_insurance"),
        {WAGE: 1894.1, "在职参保": "是"},
        {PENSION: "2,300.00", "月工资（元）": 0},
        None,
        on=date(2026, 2, 20),
    )
    content = workbook(rows)
    drop(folders, "social_insurance", content)

    found = collect(ON)

    assert found == actions.Collected(("答复.xlsx",), (), ())
    facts = received()
    assert [(fact.name, fact.value, fact.person) for fact in facts] == [
        ("employed", {"employed": 1}, family.people[0]),
        ("wage", {"wage": 189410}, family.people[0]),
        ("wage", {"wage": 0}, family.people[1]),
        ("pension", {"pension": 230000}, family.people[1]),
    ]
    assert {fact.department for fact in facts} == {"人力社保"}
    assert {fact.known_on for fact in facts} == {ON}
    assert [fact.period.lower for fact in facts] == [date(2026, 2, 20), *[date(2026, 2, 1)] * 3]
    request = request_of(check, "social_insurance")
    assert (request.state, request.answered_on, request.data_as_of) == ("answered", ON, date(2026, 2, 20))
    assert {fact.evidence_id for fact in facts} == {request.answered_in_id}
    with seen():
        assert RecordsCheck.objects.get().state == CheckState.DONE
        assert list(SourceAnswer.objects.values_list("found", flat=True).order_by("pk")) == [True, True, False]
    assert not list((folders / "social_insurance" / "answers").iterdir())
    (taken,) = (folders / "social_insurance" / "taken").iterdir()
    assert (taken.read_bytes(), taken.stat().st_mode & 0o777) == (content, 0o600)


def test_balances_are_added_up_and_outrank_a_smaller_declaration(family: Setting, folders: Path) -> None:
    declare(family, monetary_assets=1_000_00)
    check = family.ask("banks")
    rows = family.rows(request_of(check, "banks"), {BALANCE: 1200.5}, {BALANCE: "300"}, None)
    drop(folders, "banks", workbook(rows))

    collect()

    assert [fact.value for fact in received()] == [{"monetary_assets": 1500_50}]
    with seen():
        (chosen,) = families.facts_on([family.household.pk], on=ON, known_on=ON)
        assert chosen.source == FactSource.RECEIVED
        assert [each.name for each in families.discrepancies(family.household, on=ON)] == ["monetary_assets"]


def test_a_higher_declaration_stands_where_a_source_sees_only_a_part(family: Setting, folders: Path) -> None:
    declare(family, monetary_assets=90_000_00, cars=1)
    check = family.ask("banks", "vehicles")
    drop(folders, "banks", workbook(family.rows(request_of(check, "banks"), {BALANCE: 1}, {BALANCE: 2}, {BALANCE: 3})))
    drop(folders, "vehicles", workbook(family.rows(request_of(check, "vehicles"), None, None, None)))

    assert len(collect().taken) == 2

    assert received() == []
    with seen():
        assert SourceAnswer.objects.count() == 6


def test_not_found_is_zero_only_where_the_source_says_so(family: Setting, folders: Path) -> None:
    check = family.ask()
    with seen():
        requests = list(check.requests.all())
    for request in requests:
        drop(folders, request.source, workbook(family.rows(request, None, None, None)))

    assert len(collect().taken) == 6

    assert sorted((fact.name, fact.value[fact.name]) for fact in received()) == [("cars", 0), ("non_residential", 0)]


def test_a_later_answer_takes_the_place_of_an_earlier_one_of_the_same_source(family: Setting, folders: Path) -> None:
    declare(family, monetary_assets=1_000_00)
    for balance in (200_000, 500):
        rows = family.rows(request_of(family.ask("banks"), "banks"), {BALANCE: balance}, None, None)
        drop(folders, "banks", workbook(rows))
        collect()

    assert [fact.value for fact in received()] == [{"monetary_assets": 200_000_00}, {"monetary_assets": 500_00}]
    with seen():
        assert [each.other.value for each in families.discrepancies(family.household, on=ON)] == [
            {"monetary_assets": 500_00}
        ]


def test_disabilities_are_the_grades_on_the_certificate_and_no_others(family: Setting, folders: Path) -> None:
    check = family.ask("disability")
    drop(folders, "disability", workbook(family.rows(request_of(check, "disability"), {"肢体残疾等级": 2}, None, None)))

    collect()

    (fact,) = received()
    assert {name for name, grade in fact.value.items() if grade} == {"limb_grade"}
    assert len(fact.value) == 7


def test_homes_owned_and_rented_are_one_number(family: Setting, folders: Path) -> None:
    declare(family, homes=1)
    check = family.ask("real_estate")
    said = {"自有住房（套）": 1, "承租直管公房（套）": 1, "以上住房面积合计（平方米）": 80.25}
    drop(folders, "real_estate", workbook(family.rows(request_of(check, "real_estate"), said, None, None)))

    collect()

    assert {fact.name: fact.value for fact in received()}["homes"] == {"homes": 2}


def test_a_death_is_shown_and_never_recorded_by_itself(family: Setting, folders: Path) -> None:
    check = family.ask("household_register")
    said = {"户籍所在区县代码": "110102", "死亡注销日期": "2026-02-01"}
    drop(
        folders, "household_register", workbook(family.rows(request_of(check, "household_register"), said, None, None))
    )

    collect()

    assert [fact.name for fact in received()] == ["hukou"]
    with seen():
        assert SourceAnswer.objects.get(person=family.people[0]).said == {"hukou": 110102, "died_on": 20260201}
        family.people[0].refresh_from_db()
        assert family.people[0].died_on is None


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


def test_two_families_in_one_file_each_get_only_their_own_rows(family: Setting, folders: Path) -> None:
    with rooms.everywhere() as by:
        other = rooms.make_family(
            family.district.far_community,
            by=by,
            members=[NewMember("郝大海", 2, rooms.identity_number(date(1990, 1, 1), 1))],
        )
        person = other.people.get()
        households.sign_consent(person=person, document=None, by=by, on=ON)
    examiner = rooms.actor(PostKind.STREET_EXAMINER, family.district.far_street, 2)
    first = family.ask("vehicles")
    with acting(examiner):
        second = actions.ask(
            household=other, people=[person], subject="another", sources=["vehicles"], by=examiner, on=ON
        )
    rows = family.rows(request_of(first, "vehicles"), {CARS: 1}, None, None)
    number = rooms.identity_number(date(1990, 1, 1), 1)
    rows.append(
        {**rows[0], "请求号": request_of(second, "vehicles").number, "姓名": "郝大海", "身份证号": number, CARS: 2}
    )
    drop(folders, "vehicles", workbook(rows))

    collect()

    assert [fact.value for fact in received("cars")] == [{"cars": 1}, {"cars": 2}]
    with acting(examiner):
        assert [document.name for document in Document.objects.filter(name__endswith=".csv")] == [
            f"{request_of(second, 'vehicles').number} 车辆登记.csv"
        ]
        assert not Document.objects.filter(name="答复.xlsx").exists()
    assert [fact.evidence.division_id for fact in received("cars")] == ["110102007001", "110102018001"]


def test_whoever_left_the_family_or_took_the_consent_back_is_set_aside(family: Setting, folders: Path) -> None:
    check = family.ask("banks", "social_insurance")
    with rooms.everywhere() as by:
        households.withdraw_consent(person=family.people[1], reason="不愿意", by=by, on=ON)
    wages = family.rows(request_of(check, "social_insurance"), {WAGE: 100}, {WAGE: 200}, None)
    drop(folders, "social_insurance", workbook(wages))
    money = family.rows(request_of(check, "banks"), {BALANCE: 100}, {BALANCE: 200}, {BALANCE: 5})
    drop(folders, "banks", workbook(money))

    collect()

    # The family's sum would lack one of them, and nobody declared anything that it could be held against.
    assert [(fact.name, fact.person) for fact in received()] == [("wage", family.people[0])]
    with seen():
        aside = SourceAnswer.objects.exclude(set_aside="")
        assert {(answer.person_id, answer.set_aside) for answer in aside} == {
            (family.people[1].pk, SetAside.NO_CONSENT)
        }
        assert [answer.said for answer in aside] == [{}, {}]


def test_an_answer_about_someone_who_left_is_not_kept(family: Setting, folders: Path) -> None:
    declare(family, monetary_assets=0)
    check = family.ask("banks")
    with rooms.everywhere() as by:
        member = family.household.members.get(person=family.people[1])
        households.end_membership(member=member, left_on=NEXT_DAY, reason="离婚", by=by, on=NEXT_DAY)
    rows = family.rows(request_of(check, "banks"), {BALANCE: 100}, {BALANCE: 200}, {BALANCE: 5})
    drop(folders, "banks", workbook(rows))

    collect(NEXT_DAY)

    assert [fact.value for fact in received()] == [{"monetary_assets": 105_00}]
    with seen():
        assert SourceAnswer.objects.get(person=family.people[1]).set_aside == SetAside.LEFT


def test_a_late_answer_to_a_question_given_up_is_taken(family: Setting, folders: Path) -> None:
    check = family.ask("vehicles")
    with acting(family.examiner):
        actions.give_up(request=request_of(check, "vehicles"), reason="接口停用", by=family.examiner, on=ON)
    drop(folders, "vehicles", workbook(family.rows(request_of(check, "vehicles"), {CARS: 1}, None, None)))

    assert collect(ON + timedelta(days=9)).taken

    request = request_of(check, "vehicles")
    assert (request.state, request.failure) == (RequestState.ANSWERED, "接口停用")
    with seen():
        assert RecordsCheck.objects.get().closed_on == ON


def edit(row: int, **cells: object) -> Callable[[list[dict[str, object]]], None]:
    def change(rows: list[dict[str, object]]) -> None:
        rows[row] |= cells

    return change


def without(title: str) -> Callable[[list[dict[str, object]]], None]:
    def change(rows: list[dict[str, object]]) -> None:
        for row in rows:
            row.pop(title, None)

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (edit(0, 请求号="HD99999999"), "工作表“核对”第 2 行“请求号”：没有向银行存款提过“HD99999999”"),
        (edit(0, 请求号="不知道"), "没有向银行存款提过“不知道”"),
        (edit(0, 身份证号="000000199001010011"), "第 2 行“身份证号”：“000000********0011”不在请求"),
        (edit(0, 身份证号=198005010011223344), "第 2 行“身份证号”：号码被 Excel 改成了数字"),
        (edit(0, 姓名="甄如玉"), "第 2 行“姓名”：“甄如玉”与提请的姓名不一致"),
        (edit(1, **{BALANCE: "一万"}), "第 3 行“存款余额合计（元）”：金额“一万”请写成以元为单位的数字"),
        (edit(1, **{BALANCE: "1.234"}), "“1.234”的小数多于两位"),
        (edit(1, **{BALANCE: -5}), "第 3 行“存款余额合计（元）”：“-5”超出范围"),
        (edit(1, 账户数="1.5"), "第 3 行“账户数”：“1.5”不是整数"),
        (edit(1, 是否查到="有"), "第 3 行“是否查到”：“有”既不是“是”也不是“否”"),
        (edit(1, 是否查到="否"), "第 3 行“是否查到”：填了“否”，后面却有内容"),
        (edit(1, **{BALANCE: ""}), "第 3 行“是否查到”：填了“是”，后面却是空的"),
        (edit(2, 数据截止日期="2026-03-03"), "第 4 行“数据截止日期”：2026-03-03 晚于今天 2026-03-02"),
        (edit(2, 数据截止日期="2026-02-30"), "第 4 行“数据截止日期”：“2026-02-30”不是日期"),
        (edit(2, 数据截止日期="2006-03-02"), "第 4 行“数据截止日期”：2006-03-02 是 5 年多以前"),
        (edit(2, 数据截止日期=""), "第 4 行“数据截止日期”：“”不是日期"),
        (edit(2, 身份证号=rooms.identity_number(date(1980, 5, 1), 1), 姓名=""), "答复了不止一次，在第 2、4 行"),
        (lambda rows: rows.pop(), "缺贾小样的答复。没有查到的也请写一行"),
        (lambda rows: rows.clear(), "一列答复的内容也没有"),
        (without("是否查到"), "缺少“是否查到”这一列"),
        (edit(0, 备注="加急"), "第 1 行“备注”不是银行存款的列"),
    ],
)
def test_a_bad_file_is_put_aside_whole_and_each_fault_named(
    family: Setting, folders: Path, change: Callable[[list[dict[str, object]]], object], reason: str
) -> None:
    check = family.ask("banks")
    rows = family.rows(request_of(check, "banks"), {BALANCE: 1}, {BALANCE: 2}, None)
    change(rows)
    drop(folders, "banks", workbook(rows))

    assert collect().refused == ("答复.xlsx",)

    assert reason in reasons(folders, "banks")
    assert received() == []
    with seen():
        assert not SourceAnswer.objects.exists()
        assert SourceRequest.objects.get().state == RequestState.SENT
    names = sorted(path.name for path in (folders / "banks" / "refused").iterdir())
    assert [name.partition(".")[2] for name in names] == ["xlsx", "xlsx.txt"]
    assert not list((folders / "banks" / "answers").iterdir())


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"\x00\x01\x02\x03", "a.xlsx", "“a.xlsx”不是能识别的文件"),
        (b"%PDF-1.7\n%%EOF", "a.pdf", "“a.pdf”是PDF，这里不收"),
        (b"PK\x03\x04 cut off", "a.xlsx", "“a.xlsx”不完整或已损坏"),
        (b"", "a.csv", "“a.csv”"),
        ('请求号,身份证号\n1,"2\n'.encode(), "a.csv", "第 [23] 行的引号不成对"),
        ("请求号,请求号\n1,2\n".encode(), "a.csv", "表头“请求号”出现了两次"),
        ("请求号,,身份证号\n1,2,3\n".encode(), "a.csv", "表头第 2 列没有名称"),
        ("请求号,身份证号\n1,2,3\n".encode(), "a.csv", "第 2 行的内容超出了表头的列数"),
    ],
)
def test_what_is_no_table_is_put_aside_with_its_reason(
    family: Setting, folders: Path, content: bytes, name: str, reason: str
) -> None:
    family.ask("banks")
    drop(folders, "banks", content, name)

    assert collect().refused == (name,)

    assert re.search(reason, reasons(folders, "banks")), reasons(folders, "banks")


def test_a_file_larger_than_may_be_kept_is_refused(family: Setting, folders: Path, settings: Settings) -> None:
    family.ask("banks")
    settings.DOCUMENT_MOST_BYTES = 1000
    drop(folders, "banks", b"x" * 2000, "a.csv")

    assert collect().refused == ("a.csv",)


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


def test_all_faults_are_named_at_once(family: Setting, folders: Path) -> None:
    check = family.ask("banks")
    rows = family.rows(request_of(check, "banks"), {BALANCE: "?"}, {BALANCE: "1.234"}, None)
    drop(folders, "banks", workbook(rows))

    collect()

    assert "\n1. " in reasons(folders, "banks")
    assert "\n2. " in reasons(folders, "banks")


def test_a_mended_file_under_the_same_name_is_taken(family: Setting, folders: Path) -> None:
    check = family.ask("banks")
    rows = family.rows(request_of(check, "banks"), {BALANCE: "?"}, None, None)
    drop(folders, "banks", workbook(rows))
    assert collect().refused
    rows[0][BALANCE] = 1
    drop(folders, "banks", workbook(rows))

    assert collect().taken


def test_a_second_answer_to_one_request_is_refused(family: Setting, folders: Path) -> None:
    check = family.ask("banks")
    request = request_of(check, "banks")
    drop(folders, "banks", workbook(family.rows(request, {BALANCE: 1}, None, None)))
    collect()
    drop(folders, "banks", workbook(family.rows(request, {BALANCE: 2}, None, None)))

    assert collect().refused

    assert f"请求 {request.number} 已于 2026-03-02 答复" in reasons(folders, "banks")


def test_an_answer_to_a_round_taken_back_is_refused(family: Setting, folders: Path) -> None:
    check = family.ask("banks")
    request = request_of(check, "banks")
    with acting(family.examiner):
        actions.cancel(check=check, reason="撤回申请", by=family.examiner, on=ON)
    drop(folders, "banks", workbook(family.rows(request, {BALANCE: 1}, None, None)))

    assert collect().refused
    assert f"请求 {request.number} 已撤回" in reasons(folders, "banks")


def test_an_answer_in_the_folder_of_another_source_is_refused(family: Setting, folders: Path) -> None:
    check = family.ask("banks", "vehicles")
    rows = family.rows(request_of(check, "vehicles"), {CARS: 1}, None, None)
    for row in rows:
        row["请求号"] = request_of(check, "banks").number
    drop(folders, "vehicles", workbook(rows))

    assert collect().refused
    assert "没有向车辆登记提过" in reasons(folders, "vehicles")


def test_the_question_sent_back_unanswered_is_not_taken_for_an_answer(family: Setting, folders: Path) -> None:
    check = family.ask("banks")
    number = request_of(check, "banks").number
    question = (folders / "banks" / "questions" / f"{number}.xlsx").read_bytes()
    drop(folders, "banks", question)

    assert collect().refused
    assert "“是否查到”：“”既不是“是”也不是“否”" in reasons(folders, "banks")


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
