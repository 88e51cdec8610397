"""What the district does: it visits relatives itself, pays, and can tell afterwards how everything came about."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from playwright.sync_api import expect

from tests.web.journeys import walking
from tests.web.journeys.first_family.family import HEAD
from tests.web.journeys.seats import NAMES, Office, Seat

MONTH = "低保 2026-04"
# What the trail calls the steps, and what was written where somebody had a choice.
STEPS = ("受理", "信息核对", "入户调查", "审核意见", "公示", "区级入户", "确认", "确认通知", "公布")
REASONS = (
    "以社保缴费工资为准，本人承认上月起涨了工资。",
    "公示期内没有人提出异议。",
    "与街道调查一致，未见隐瞒。",
    "同意审核意见。",
    f"{NAMES['quji']}、{NAMES['quji2']}",
)


def visited(office: Office) -> None:
    """Two officers of the district go themselves, since someone of the committee is a relative."""
    office.clock.today = date(2026, 3, 16)
    officer = office["quji"]
    officer.take_up("区级入户", of=HEAD.name)
    officer.sees("近亲属单独登记备案")
    officer.follow("家庭档案")
    officer.follow(HEAD.number[-4:])
    officer.press("显示号码")
    officer.sees(HEAD.number)
    officer.take_up("区级入户", of=HEAD.name)
    officer.page.get_by_label(NAMES["quji2"]).check()
    officer.fill({"入户所见": "与街道调查一致，未见隐瞒。", "在场并签字的成员": HEAD.name})
    officer.press("登记入户调查")
    officer.told("入户调查已登记")
    officer.sees("现在由街道主任办理")
    office.passes(office["zhuren"], by=officer, of=HEAD.name)


def paid(office: Office, household: str, amount: str, folder: Path) -> Path:
    """One makes the run and another checks it; the file for the bank, as it was downloaded."""
    office.clock.today = date(2026, 4, 1)
    maker, checker = office["zhidan"], office["fuhe"]
    office.passes(maker, by=checker, of=MONTH)
    walking.drafted(maker, MONTH, household, HEAD.name, f"¥{amount}", "没有要处理的")
    run = maker.page.url.removeprefix(maker.home)
    maker.send(maker.page.get_by_role("search"), f"{run}approve/")
    expect(maker.heading("这一页由其他岗位办理")).to_be_visible()
    maker.sees("可以打开它的岗位：发放复核。您现在的岗位是发放制单。")

    office.passes(checker, by=maker, of=MONTH)
    checker.take_up(f"复核{MONTH} 发放批次")
    checker.follow(household, on=checker.panel("明细"))
    checker.purpose("发放待遇", "复核 2026-04 批次")
    checker.sees(HEAD.name, "虚构银行月坛支行")
    checker.go(run)
    walking.frozen(checker, f"1 户，¥{amount}")

    office.passes(maker, by=checker, of=MONTH)
    file = walking.told_to_the_bank(maker, MONTH, f"¥{amount}", folder)
    office.all_rest()
    return file


def audited(office: Office, household: str, amount: str) -> None:
    """The auditor sees who did what and why, and works both determinations out again."""
    office.clock.today = date(2026, 4, 2)
    auditor = office["shenji"]
    auditor.follow("监督", on=auditor.page.get_by_role("navigation", name="各室"))
    auditor.fill({"户号": household})
    auditor.press("看留痕")
    auditor.purpose("审计", "抽查")
    expect(auditor.heading(f"{HEAD.name} 家庭的全部留痕")).to_be_visible()
    trail = auditor.page.url
    story = "".join(_pages(auditor))
    for words in (*(seat.name for seat in office.seats.values()), *STEPS, *REASONS):
        assert words in story, words

    auditor.page.goto(trail)
    again = auditor.panel("认定").get_by_role("link", name="复算")
    expect(again).to_have_count(2)
    for place in range(2):
        auditor.page.goto(trail)
        again.nth(place).click()
        expect(auditor.heading("认定")).to_be_visible()
        auditor.told("复算一致")
        auditor.sees(f"¥{amount}")


def _pages(seat: Seat) -> Iterator[str]:
    """The text of a list, page by page."""
    after = seat.page.get_by_role("link", name="下一页")
    while True:
        yield seat.page.locator("main").text_content() or ""
        if not after.count():
            return
        with seat.page.expect_navigation():
            after.click()
