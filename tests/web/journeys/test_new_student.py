"""高等教育新生入学救助: once, to a person, from the application to the payment."""

from datetime import date
from pathlib import Path

import pytest

from tests.web.journeys import walking
from tests.web.journeys.families import NOTHING, Someone, on_file
from tests.web.journeys.prepared import has_low_income
from tests.web.journeys.seats import Office

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TITLE = "高等教育新生入学救助"
HEAD = Someone("梅有余", "户主", 2, date(1980, 5, 1), 11, NOTHING | {"wage": "5400"})
WIFE = Someone("贾乐平", "妻子", 12, date(1982, 6, 2), 12)
SCHOOL = {"school_stage": "专科或本科", "new_student": "是", "tuition": "5500"}
SON = Someone("梅大满", "儿子", 20, date(2008, 2, 1), 15, NOTHING | SCHOOL)
ACCOUNT = "6222 0000 0000 0000 012"


def test_a_new_student_is_helped_once(office: Office, tmp_path: Path) -> None:
    household = on_file(HEAD, WIFE, SON, on=date(2025, 1, 2), account=ACCOUNT)
    has_low_income(household, date(2026, 5, 6))
    office.clock.today = date(2026, 9, 1)
    clerk = office["jingban"]
    walking.applied(clerk, HEAD.name, f"{TITLE}（{SON.name}）", ("书面申请", "录取通知书", "学费收费证明"))
    walking.admitted(clerk, HEAD.name)
    walking.examined(office["shenhe"], "审核", HEAD.name, "拟同意", "¥5,500.00")
    walking.confirmed(office["zhuren"], "确认", HEAD.name, "确认，一次性给予", "已确认", "¥5,500.00")
    walking.told_the_family(
        clerk, "确认通知", "确认通知书", HEAD.name, f"{SON.name}符合{TITLE}条件", "一次性发给 5,500.00 元"
    )
    worker = office["shegong"]
    worker.take_up("公布", of=HEAD.name)
    worker.press("公布")
    worker.told("已公布")

    [row] = walking.paid(office, "教育救助 2026-09", "¥5,500.00", tmp_path, household.number, SON.name)
    assert (row["户名"], row["金额（元）"]) == (HEAD.name, "5500.00")
    office.all_rest()

    # Asked for again, it is refused before anything is written down.
    walking.opened(clerk, HEAD.name)
    clerk.follow("新申请")
    walking.ask_for(clerk, f"{TITLE}（{SON.name}）")
    clerk.press("下一步")
    clerk.press("接收申请")
    clerk.refused("一生最多 1 次")
