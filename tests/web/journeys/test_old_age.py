"""高龄津贴: a month to a person of 80, 90, 100, from the family's page to the bank's file."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect
from psycopg.types.range import Range

from tests import rooms
from tests.web.journeys import walking
from tests.web.journeys.families import NOTHING, Someone, on_file
from tests.web.journeys.prepared import people, walk_of
from tests.web.journeys.seats import Office
from yihu.awards import actions as awards
from yihu.awards import jobs
from yihu.households.models import Household
from yihu.policy import actions as policy

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PROGRAMME, TITLE = "old_age_allowance", "高龄老年人津贴"
PAPERS = ("申请", "居民身份证或者户口簿原件")
HEAD = Someone("吴一", "户主", 2, date(1970, 5, 1), 101, NOTHING | {"wage": "9000"})
ACCOUNT = "6222 0000 0000 0000 012"
LONG_AGO = date(2020, 1, 2)


def family_of(born: date) -> Household:
    """Somebody with enough, whose mother was born on a day."""
    mother = Someone("郝老", "母亲", 52, born, 102, NOTHING | {"pension": "1500"})
    return on_file(HEAD, mother, on=LONG_AGO, account=ACCOUNT)


def test_who_asks_late_is_paid_from_the_month_in_which_she_was_eighty(office: Office, tmp_path: Path) -> None:
    household = family_of(date(1945, 11, 20))
    office.clock.today = date(2026, 4, 7)
    clerk = office["jingban"]
    walking.applied(clerk, HEAD.name, f"{TITLE}（郝老）", PAPERS)
    walking.admitted(clerk, HEAD.name)
    examiner = office["shenhe"]
    walking.examined(examiner, "初审", HEAD.name, "拟同意", "¥100.00")
    # Nobody was checked or visited, and nobody says so.
    examiner.sees("经审核，郝老：80 岁，每月 100.00 元。")
    walking.confirmed(office["quji"], "审定", HEAD.name, "确认，自 2025-11 起发放", "待遇自 2025-11 起", "¥100.00")
    walking.told_the_family(
        clerk, "告知", "确认通知书", HEAD.name, f"郝老符合{TITLE}条件", "自 2025-11 起按月发放 100.00 元"
    )
    walking.opened(clerk, HEAD.name)
    clerk.sees("高龄津贴 在享")

    # From November to April.
    [row] = walking.paid(office, "高龄津贴 2026-04", "¥600.00", tmp_path, household.number, "郝老")
    assert (row["户名"], row["金额（元）"], row["户号"]) == (HEAD.name, "600.00", household.number)
    assert row["账号"] == ACCOUNT.replace(" ", "")
    office.all_rest()


@pytest.mark.parametrize(
    ("born", "amount", "start"),
    [
        (date(1946, 3, 31), "100.00", "2026-03"),
        # She could have asked when she was 80, more than half a year ago, and gets nothing for the past.
        (date(1935, 12, 1), "500.00", "2026-03"),
        (date(1926, 3, 2), "800.00", "2026-03"),
    ],
)
def test_the_age_says_how_much(office: Office, born: date, amount: str, start: str) -> None:
    household, asked = family_of(born), date(2026, 3, 31)
    with rooms.everywhere() as service:
        walk = walk_of(household, PROGRAMME, service)
        walk.apply(asked, person=household.people.get(name="郝老"))
        walk.begin(asked)
        walk.examine(asked)
    office.clock.today = asked
    walking.confirmed(office["quji"], "审定", HEAD.name, f"确认，自 {start} 起发放", f"待遇自 {start} 起", f"¥{amount}")
    walking.told_the_family(office["jingban"], "告知", "确认通知书", HEAD.name, f"自 {start} 起按月发放 {amount} 元")


def test_at_ninety_the_calendar_raises_it(office: Office, tmp_path: Path) -> None:
    household, found_on = family_of(date(1936, 10, 20)), date(2026, 10, 5)
    with rooms.everywhere() as service:
        mother, officer = household.people.get(name="郝老"), people().officer
        found = policy.determine(
            household=household, programme=PROGRAMME, person=mother, on=found_on, known_on=found_on, held={},
            by=service,
        )  # fmt: skip
        awards.grant(
            household=household, person=mother, programme=PROGRAMME, key="running",
            period=Range(date(2026, 9, 1), None), amount=found.amount, determination=found, by=officer, on=found_on,
        )  # fmt: skip
    office.clock.today = found_on
    jobs.look_at_calendar(timestamp=0)
    assert found.amount == 10_000
    officer = office["quji"]
    officer.take_up("起的到期变动")
    expect(officer.page.locator("table.list tbody tr")).to_have_count(1)
    officer.sees("郝老", "2026-10-01", "¥100.00", "¥500.00", "从 100.00 元到 500.00 元")
    officer.page.get_by_role("checkbox", name=household.number).check()
    officer.press("采纳选中的")
    officer.told("已采纳 1 件")

    # September's 100.00 and, in the month of her birthday, 500.00.
    [row] = walking.paid(office, "高龄津贴 2026-10", "¥600.00", tmp_path, household.number, "郝老")
    assert (row["户名"], row["金额（元）"]) == (HEAD.name, "600.00")
