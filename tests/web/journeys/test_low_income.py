"""低收入: granted as a status that brings no money and opens the heating."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.web.journeys import departments, walking
from tests.web.journeys.families import HUKOU, NOTHING, Someone, on_file
from tests.web.journeys.seats import NAMES, Office

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TITLE = "低收入家庭认定"
HEAD = Someone("梅有余", "户主", 2, date(1980, 5, 1), 11, NOTHING | {"wage": "5400"})
WIFE = Someone("贾乐平", "妻子", 12, date(1982, 6, 2), 12)
CHILD = Someone("梅小满", "女儿", 30, date(2015, 9, 1), 14, NOTHING | {"school_stage": "小学", "tuition": "300"})
ANSWERS: departments.Known = {
    "household_register": {"": {"户籍所在区县代码": HUKOU}},
    "social_insurance": {HEAD.name: {"在职参保": "是", "月工资（元）": "5400"}},
    "real_estate": {HEAD.name: {"自有住房（套）": "1"}},
}
PAPERS = ("书面申请", "家庭经济状况核对授权书 · 梅有余", "家庭经济状况核对授权书 · 贾乐平")


def test_a_status_is_granted_and_opens_the_heating(office: Office) -> None:
    on_file(HEAD, WIFE, CHILD, on=date(2025, 1, 2))
    office.clock.today = date(2026, 5, 6)
    clerk, examiner, director = office["jingban"], office["shenhe"], office["zhuren"]
    walking.applied(clerk, HEAD.name, TITLE, PAPERS)
    walking.admitted(clerk, HEAD.name)

    examiner.take_up("信息核对", of=HEAD.name)
    examiner.press("提请核对")
    examiner.told("已提请核对")
    departments.answer_everything(ANSWERS, on=office.clock.today, as_of=date(2026, 5, 5))
    examiner.take_up("信息核对", of=HEAD.name)
    examiner.press("核对完成")
    examiner.told("核对已办结")
    walking.examined(examiner, "审核", HEAD.name, "拟同意", TITLE, "3 人", reason="经核对，人均收入低于低收入认定线。")

    office.clock.today = date(2026, 5, 7)
    walking.confirmed(director, "确认", HEAD.name, "确认，自 2026-05-07 起", "已确认，自 2026-05-07 起", TITLE)
    walking.told_the_family(
        clerk,
        "确认通知",
        "确认通知书",
        HEAD.name,
        f"您家符合{TITLE}条件，予以确认。",
        "自 2026-05-07 起生效。",
        "可以享受采暖救助、高等教育新生入学救助等专项救助；本身不发钱。",
    )
    office.all_rest()

    walking.opened(clerk, HEAD.name)
    clerk.sees("低收入 在享")
    status = clerk.offer(TITLE)
    expect(status).to_contain_text(f"在享：2026-05-07 起，没有定到期日，{NAMES['zhuren']}决定")
    heating = clerk.offer("冬季采暖救助")
    expect(heating).to_contain_text("符合 · 无需申请")
    expect(heating).to_contain_text("800.00 元/采暖季")
