"""What cannot be taken, and whether it is said why."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from tests import rooms
from tests.policy_files import damage
from tests.records_checks.conftest import (
    BALANCE,
    CARS,
    Setting,
    collect,
    drop,
    reasons,
    received,
    request_of,
    seen,
    workbook,
)
from yihu.records_checks.enums import RequestState
from yihu.records_checks.models import SourceAnswer, SourceRequest

REST = "身份证号,是否查到,数据截止日期"


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
        (without("是否查到"), "没有表头：缺少“是否查到”。"),
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
        (f"请求号,请 求 号,{REST}\n1,2\n".encode(), "a.csv", "表头“请求号”出现了两次"),
        (f"请求号,,{REST}\n1,2,3\n".encode(), "a.csv", "“a.csv”B2 有内容，但上面没有表头"),
        (f"请求号,{REST}\n1,2,3,4,5\n".encode(), "a.csv", "“a.csv”E2 有内容，但上面没有表头"),
        (f"请求号,{REST}\n1,#n/a,3,4\n".encode(), "a.csv", "“a.csv”B2 是“#n/a”，不是内容"),
    ],
)
def test_what_is_no_table_is_put_aside_with_its_reason(
    family: Setting, folders: Path, content: bytes, name: str, reason: str
) -> None:
    family.ask("banks")
    drop(folders, "banks", content, name)

    assert collect().refused == (name,)

    assert re.search(reason, reasons(folders, "banks")), reasons(folders, "banks")


def test_a_grade_that_excel_could_not_work_out_is_no_grade(family: Setting, folders: Path) -> None:
    check = family.ask("disability")
    rows = family.rows(request_of(check, "disability"), {"肢体残疾等级": 2, "视力残疾等级": damage.NA}, None, None)
    titles = list({title: None for each in rows for title in each})
    lines = [titles, *([each.get(title, "") for title in titles] for each in rows)]
    drop(folders, "disability", damage.workbook({"核对": lines}))

    assert collect().refused == ("答复.xlsx",)
    assert "是“#N/A”：Excel 没有算出这一格" in reasons(folders, "disability")
    assert received() == []


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2062-03-01", "2062-03-01 晚于数据截止日期 2026-03-02"),
        ("2026-03-03", "2026-03-03 晚于数据截止日期 2026-03-02"),
        ("1910-05-01", "1910-05-01 早于贾一鸣的出生日期 1980-05-01"),
        ("1980-04-30", "早于贾一鸣的出生日期"),
        ("2026-03-02", ""),
        ("1980-05-01", ""),
    ],
)
def test_nobody_dies_before_birth_or_after_the_day_of_the_data(
    family: Setting, folders: Path, day: str, why: str
) -> None:
    check = family.ask("household_register")
    drop(
        folders,
        "household_register",
        workbook(family.rows(request_of(check, "household_register"), {"死亡注销日期": day}, None, None)),
    )

    assert bool(collect().refused) == bool(why)
    assert why in reasons(folders, "household_register")


def test_a_file_larger_than_may_be_kept_is_refused(family: Setting, folders: Path, settings: Settings) -> None:
    family.ask("banks")
    settings.DOCUMENT_MOST_BYTES = 1000
    drop(folders, "banks", b"x" * 2000, "a.csv")

    assert collect().refused == ("a.csv",)


def test_all_faults_are_named_at_once(family: Setting, folders: Path) -> None:
    check = family.ask("banks")
    rows = family.rows(request_of(check, "banks"), {BALANCE: "?"}, {BALANCE: "1.234"}, None)
    drop(folders, "banks", workbook(rows))

    collect()

    assert "\n1. " in reasons(folders, "banks")
    assert "\n2. " in reasons(folders, "banks")


def test_a_second_answer_to_one_request_is_refused(family: Setting, folders: Path) -> None:
    check = family.ask("banks")
    request = request_of(check, "banks")
    drop(folders, "banks", workbook(family.rows(request, {BALANCE: 1}, None, None)))
    collect()
    drop(folders, "banks", workbook(family.rows(request, {BALANCE: 2}, None, None)))

    assert collect().refused

    assert f"请求 {request.number} 已于 2026-03-02 答复" in reasons(folders, "banks")


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
