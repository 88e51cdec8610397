"""采暖救助: for the season, without an application, from the nightly look to the bank's file."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.journeys import walking
from tests.web.journeys.families import NOTHING, Someone, on_file
from tests.web.journeys.prepared import has_low_income
from tests.web.journeys.seats import Office
from yihu.awards import jobs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

HEAD = Someone("梅有余", "户主", 2, date(1980, 5, 1), 11, NOTHING | {"wage": "5400"})
WIFE = Someone("贾乐平", "妻子", 12, date(1982, 6, 2), 12)
SON = Someone("梅大满", "儿子", 20, date(2005, 9, 1), 15)
ACCOUNT = "6222 0000 0000 0000 012"


def test_the_night_proposes_what_the_winter_brings(office: Office, tmp_path: Path) -> None:
    household = on_file(HEAD, WIFE, SON, on=date(2025, 1, 2), account=ACCOUNT)
    has_low_income(household, date(2026, 5, 6))
    office.clock.today = date(2026, 10, 12)
    jobs.look_at_calendar(timestamp=0)

    office.clock.today = date(2026, 11, 16)
    officer = office["quji"]
    officer.take_up("起的到期变动")
    expect(officer.page.locator("table.list tbody tr")).to_have_count(1)
    officer.sees(household.number, "全家", "采暖救助", "¥800.00", "不用申请，规则说符合")
    officer.page.get_by_role("checkbox", name=household.number).check()
    officer.press("采纳选中的")
    officer.told("已采纳 1 件")
    walking.opened(officer, HEAD.name, "监督检查")
    officer.sees("采暖救助 在享")

    [row] = walking.paid(office, "采暖救助 2026-11", "¥800.00", tmp_path, household.number, HEAD.name)
    assert (row["户名"], row["金额（元）"], row["户号"]) == (HEAD.name, "800.00", household.number)
    # Once a season.
    office.clock.today = date(2026, 12, 3)
    jobs.look_at_calendar(timestamp=0)
    office.all_rest()
