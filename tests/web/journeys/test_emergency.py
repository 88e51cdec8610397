"""临时救助（急难型）: once, below a ceiling, by two people who say why."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.journeys import walking
from tests.web.journeys.families import NOTHING, Someone, on_file
from tests.web.journeys.seats import NAMES, Office

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TITLE = "临时救助（急难型）"
HEAD = Someone("梅有余", "户主", 2, date(1980, 5, 1), 11, NOTHING | {"wage": "5400"})
WIFE = Someone("贾乐平", "妻子", 12, date(1982, 6, 2), 12)
ACCOUNT = "6222 0000 0000 0000 012"
PAPERS = ("申请", "申请人身份证或者其他身份证明材料", "意外事件相关材料")
WHY = "医院先收的押金已由亲友垫付一部分。"


def test_help_below_its_ceiling_is_given_with_a_reason(office: Office, tmp_path: Path) -> None:
    household = on_file(
        HEAD, WIFE, on=date(2025, 1, 2), account=ACCOUNT, emergency_need="10000", found={"emergency_confirmed": "是"}
    )
    office.clock.today = date(2026, 5, 6)
    clerk, examiner, director = office["jingban"], office["shenhe"], office["zhuren"]
    walking.applied(
        clerk, HEAD.name, TITLE, PAPERS, 类别="突发急难", 哪一天发生的="2026-05-05", 发生的情况="妻子突发急病住院"
    )
    walking.admitted(clerk, HEAD.name)
    examiner.take_up("调查了解", of=HEAD.name)
    examiner.fill({"入户所见": "妻子住院，家中存款已用尽。", "在场并签字的成员": HEAD.name})
    examiner.press("登记入户调查")
    examiner.told("入户调查已登记")

    examiner.take_up("审核", of=HEAD.name)
    expect(examiner.page.locator("output")).to_contain_text("最多 ¥8,700.00")
    examiner.fill({"拟给（元）": "8700.01", "理由": "妻子急病住院，家中存款已用尽。"})
    examiner.press("提交，拟同意")
    examiner.refused("8,700.01 元超过限额 8,700.00 元")
    examiner.fill({"拟给（元）": "4000"})
    examiner.press("提交，拟同意")
    examiner.refused("低于限额 8,700.00 元。请写明为什么不给到限额")
    examiner.fill({"为什么不给到限额": WHY})
    examiner.press("提交，拟同意")
    examiner.told("审核意见已提交")

    director.take_up("审批", of=HEAD.name)
    director.sees(NAMES["shenhe"], "¥4,000.00", WHY)
    expect(director.page.get_by_label("给多少（元）")).to_have_value("4,000.00")
    director.fill({"给多少（元）": "9000"})
    director.press("确认，一次性给予")
    director.refused("9,000.00 元超过限额 8,700.00 元")
    director.fill({"给多少（元）": "3000"})
    director.press("确认，一次性给予")
    director.told("已确认，一次性给 3,000.00 元")
    director.sees("¥3,000.00", "没有给到限额", WHY)
    walking.told_the_family(
        clerk,
        "确认通知",
        "确认通知书",
        HEAD.name,
        "一次性发给 3,000.00 元（人民币叁仟元整）",
        f"限额为 8,700.00 元，定为这个数的理由：{WHY}",
    )

    [row] = walking.paid(office, "临时救助 2026-05", "¥3,000.00", tmp_path, household.number, HEAD.name)
    assert (row["户名"], row["金额（元）"], row["户号"]) == (HEAD.name, "3000.00", household.number)
    office.all_rest()
