"""What people do in every journey, by clicking: open a file, take an application, decide, write to the family, pay."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import expect

from tests.web.journeys.seats import Office, Seat, sheets

CSV = "代发明细（CSV，UTF-8）"


def opened(seat: Seat, head: str, purpose: str = "办理申请") -> None:
    """The family's page, by the list of families; why is asked once a day."""
    seat.follow("家庭", on=seat.page.get_by_role("navigation", name="各室"))
    expect(seat.heading("家庭")).to_be_visible()
    with seat.page.expect_navigation():
        seat.follow(head, on=seat.page.locator("table.list"))
    if seat.heading("查看家庭档案").count():
        seat.purpose(purpose)
    expect(seat.heading(f"{head} 家庭")).to_be_visible()


def ask_for(seat: Seat, asked: str) -> None:
    """Tick a programme, be it among those that are folded away."""
    for folded in seat.page.locator("fieldset details:not([open]) > summary").all():
        folded.click()
    seat.page.get_by_label(asked, exact=True).check()


def applied(seat: Seat, head: str, asked: str, papers: Sequence[str], applicant: str = "", **happened: str) -> str:
    """The family asks for one programme and brings papers along, and tells what happened, by the labels; the number of
    the case.
    """
    opened(seat, head)
    seat.follow("新申请")
    ask_for(seat, asked)
    seat.press("下一步")
    seat.page.get_by_role("radio", name=applicant or head, exact=True).check()
    seat.fill(happened)
    for paper in papers:
        seat.page.get_by_label(_called(paper)).set_input_files(sheets(paper))
    seat.press("接收申请")
    seat.told("已接收申请")
    return last(seat, "cases")


def admitted(clerk: Seat, of: str) -> None:
    """The clerk takes the application in, with all papers, and hands over the letter that says so."""
    clerk.take_up("受理", of=of)
    clerk.press("受理，开出通知书")
    clerk.told("已受理")
    delivered(clerk, "受理通知书")


def examined(examiner: Seat, task: str, of: str, *seen: str, reason: str = "") -> None:
    """The examiner proposes what the rules say."""
    examiner.take_up(task, of=of)
    for words in seen:
        expect(examiner.page.locator("output")).to_contain_text(words)
    if reason:
        examiner.fill({"理由": reason})
    examiner.press("提交，拟同意")
    examiner.told("审核意见已提交")


def confirmed(officer: Seat, task: str, of: str, button: str, told: str, *seen: str, reason: str = "同意。") -> None:
    """Whoever decides agrees, with his reason."""
    officer.take_up(task, of=of)
    for words in seen:
        expect(officer.page.locator("output")).to_contain_text(words)
    officer.fill({"理由": reason}, on=officer.panel(task))
    officer.press(button)
    officer.told(told)


def told_the_family(clerk: Seat, task: str, letter: str, of: str, *said: str) -> None:
    """The letter that grants it is written, handed over at the window, and says this."""
    clerk.take_up(task, of=of)
    clerk.press("开出通知书")
    clerk.told("已开出")
    delivered(clerk, letter, *said)


def delivered(clerk: Seat, letter: str, *said: str) -> None:
    """Hand the letter over at the window, and back to the case."""
    clerk.follow(letter, on=clerk.panel("通知书"))
    for words in said:
        expect(clerk.page.locator("main, body").first).to_contain_text(words)
    clerk.press("登记送达")
    clerk.told("送达已登记")
    clerk.follow("回到案件")


def drafted(maker: Seat, month: str, *seen: str) -> None:
    """The run that waits to be made is made, looked at and handed over to be checked."""
    maker.take_up(f"制作{month} 发放批次")
    maker.press("生成草稿")
    maker.sees(*seen)
    maker.press("提交复核")
    maker.told("已提交复核")
    expect(maker.page.get_by_text("复核通过并冻结")).to_have_count(0)


def frozen(checker: Seat, sums: str) -> None:
    """The run that is open before somebody else than its maker is approved."""
    freezing = checker.unfold("复核通过并冻结")
    expect(freezing).to_contain_text(sums)
    checker.press("确认冻结", on=freezing)
    checker.told("已复核并冻结")


def told_to_the_bank(maker: Seat, month: str, amount: str, folder: Path) -> Path:
    """The file for the bank, as it was downloaded."""
    maker.take_up(f"生成{month} 银行文件")
    maker.fill({"格式": CSV})
    maker.press("生成银行文件")
    maker.told("银行文件已生成")
    expect(maker.panel("银行文件")).to_contain_text(amount)
    with maker.page.expect_download() as downloading:
        maker.follow("下载")
    file = folder / downloading.value.suggested_filename
    downloading.value.save_as(file)
    return file


def paid(office: Office, month: str, amount: str, folder: Path, *seen: str) -> list[dict[str, str]]:
    """A run of one family from the draft to the bank; the rows of the file, by the titles of its columns."""
    maker, checker = office["zhidan"], office["fuhe"]
    drafted(maker, month, amount, *seen)
    checker.take_up(f"复核{month} 发放批次")
    checker.sees(amount, *seen)
    frozen(checker, f"1 户，{amount}")
    file = told_to_the_bank(maker, month, amount, folder)
    *rows, _total = csv.DictReader(file.read_text("utf-8-sig").splitlines())
    return rows


def last(seat: Seat, room: str) -> str:
    """The number in the address of the page, in a room."""
    found = re.search(rf"/{room}/([^/]+)/", seat.page.url)
    assert found, seat.page.url
    return found[1]


def _called(label: str) -> re.Pattern[str]:
    """An entry by its whole label, also where it says that it may stay empty."""
    return re.compile(f"^{label}( 可不填)?$")
