"""发放 at the desk: a month's run from its proposal to the bank's file, and the accounts that it pays into."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from python_calamine import CalamineWorkbook

from tests import many
from tests.payments.conftest import FAMILY_PROGRAMME, award, families, opening
from tests.web.desk.conftest import Desk
from yihu.common import secrets
from yihu.households.enums import ReadKind
from yihu.households.models import FileRead, Household, Person
from yihu.organisations.models import Division
from yihu.payments.models import Account, PaymentLine, PaymentRun
from yihu.web import policy

MARCH = date(2026, 3, 1)
NEW = {"programmes": [FAMILY_PROGRAMME], "purpose": "monthly", "month": "2026-03", "pay_on": "2026-03-10"}


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, settings: Settings) -> None:
    settings.DOCUMENT_ROOT = tmp_path / "documents"


@dataclass
class Money:
    """The two who deal with money, each in a browser of his own."""

    maker: Client
    checker: Client

    def make(self) -> PaymentRun:
        """A draft."""
        self.maker.post("/desk/runs/new/", NEW)
        return PaymentRun.objects.get()

    def press(self, run: PaymentRun, what: str, who: Client | None = None, **typed: str) -> str:
        """Press a button of the page; what it says then."""
        if what == "approve":
            html = shown(self.checker, f"/desk/runs/{run.number}/")
            [typed["seen"]] = re.findall(r'name="seen" value="([0-9a-f]{64})"', html)
        response = (who or self.maker).post(f"/desk/runs/{run.number}/{what}/", typed, follow=True)
        return response.content.decode()

    def approve(self) -> PaymentRun:
        """A run that was approved."""
        run = self.make()
        self.press(run, "submit")
        self.press(run, "approve", self.checker)
        return PaymentRun.objects.get()


@pytest.fixture
def money(desk_of: Desk) -> Money:
    return Money(desk_of("finance_maker", name="贾制单"), desk_of("finance_checker", name="甄复核"))


@pytest.fixture
def three(money: Money) -> Sequence[Household]:
    """Three families with accounts and awards from this month on."""
    households = families(3)
    award(households, [161_600, 100_000, 5_000], start=MARCH)
    return households


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def page(money: Money, run: PaymentRun, query: str = "") -> str:
    return shown(money.maker, f"/desk/runs/{run.number}/{query}")


def test_a_month_without_a_run_is_proposed_and_made(money: Money, three: Sequence[Household]) -> None:
    html = shown(money.maker, "/desk/runs/")
    assert "还没有制单的" in html
    assert f'href="/desk/runs/new/{FAMILY_PROGRAMME}/2026-03/"' in html
    assert 'value="2026-03"' in shown(money.maker, f"/desk/runs/new/{FAMILY_PROGRAMME}/2026-03/")

    run = money.make()

    html = page(money, run)
    assert "2026 年 3 月发放批次" in html
    assert "所属 <b>2026-03</b>" in html
    assert "应于 <b>2026-03-10</b> 前到账" in html
    assert "¥2,666.00" in html
    assert "3 户" in html
    assert "这是这个项目的第一个批次" in html


@pytest.mark.parametrize("programme", ["heating_assistance", "temporary_assistance"])
def test_what_does_not_come_by_the_month_is_offered_and_made_while_it_is_owed(money: Money, programme: str) -> None:
    choice = f'value="{programme}"'
    assert choice not in shown(money.maker, "/desk/runs/new/")
    award(families(1), 80_000, programme=programme, start=MARCH)

    proposal = f"/desk/runs/new/{programme}/2026-03/"
    assert f'href="{proposal}"' in shown(money.maker, "/desk/runs/")
    assert re.search(rf"{choice}[^>]*checked", shown(money.maker, proposal))
    money.maker.post("/desk/runs/new/", {**NEW, "programmes": [programme]})

    run = PaymentRun.objects.get()
    assert (run.programmes, run.total) == ([programme], 80_000)
    money.press(run, "submit")
    money.press(run, "approve")
    assert choice not in shown(money.maker, "/desk/runs/new/")


def test_what_was_typed_wrong_is_named_and_kept(money: Money, three: Sequence[Household]) -> None:
    response = money.maker.post("/desk/runs/new/", {**NEW, "month": "三月", "pay_on": "2026-03-01"})

    html = response.content.decode()
    assert "月份写成 2026-03 这样" in html
    assert 'value="2026-03-01"' in html
    assert not PaymentRun.objects.exists()


def test_what_the_room_refuses_stands_at_its_field(money: Money, three: Sequence[Household]) -> None:
    response = money.maker.post("/desk/runs/new/", {**NEW, "pay_on": "2026-03-01"})

    assert "2026-03-01 已经过了" in response.content.decode()


def test_maker_and_checker_take_it_to_the_bank_file(money: Money, three: Sequence[Household]) -> None:
    run = money.make()
    assert "已提交复核" in money.press(run, "submit")
    assert "复核通过并冻结" in shown(money.checker, f"/desk/runs/{run.number}/")
    assert "已复核并冻结" in money.press(run, "approve", money.checker)

    html = money.press(run, "bank-files", profile="csv_utf8")
    run.refresh_from_db()
    assert run.hash in html
    assert "3 笔" in html
    assert "贰仟陆佰陆拾陆元整" in html
    assert "核验一致" in money.press(run, "verify")

    response = money.checker.get(f"/desk/runs/{run.number}/bank-files/csv_utf8/")
    assert response["Content-Disposition"].startswith("attachment")
    assert "1616.00" in response.content.decode("utf-8-sig")
    assert FileRead.objects.filter(kind=ReadKind.EXPORT, detail=f"银行文件 {run.number}").count() == 3


def test_the_same_file_again_is_the_same(money: Money, three: Sequence[Household]) -> None:
    run = money.approve()
    for _again in range(2):
        money.press(run, "bank-files", profile="csv_utf8")

    assert run.bank_files.count() == 1


def test_another_format_withdraws_the_former_with_the_reason(
    money: Money, three: Sequence[Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = money.approve()
    money.press(run, "bank-files", profile="csv_utf8")
    assert "两份都交银行就会发两次" in money.press(run, "bank-files", profile="fixed_gb18030")
    monkeypatch.setattr(policy, "today", lambda: date(2026, 3, 11))
    html = money.press(run, "bank-files", profile="fixed_gb18030", withdrawn_because="银行要定长的")

    assert "2026-03-11 撤回：银行要定长的" in html
    assert "晚于应到账日期" in html
    assert "生成时已过应到账日期 2026-03-10" in html
    assert money.maker.get(f"/desk/runs/{run.number}/bank-files/csv_utf8/").status_code == 302
    assert money.maker.get(f"/desk/runs/{run.number}/bank-files/fixed_gb18030/").status_code == 200


def test_a_run_that_is_not_what_was_checked_is_told_of(money: Money, three: Sequence[Household]) -> None:
    run = money.make()
    frozen = {"state": "approved", "hash": "0" * 64, "approved_on": MARCH, "checker_id": run.maker_id + 1}
    PaymentRun.objects.filter(pk=run.pk).update(**frozen)

    html = money.press(run, "verify", money.checker)

    assert "核验不一致" in html
    assert "请立即报告区级监督" in html


def test_a_run_comes_back_with_the_reason(money: Money, three: Sequence[Household]) -> None:
    run = money.make()
    money.press(run, "submit")
    assert "这个字段是必填项" in money.press(run, "send-back", money.checker, reason="  ")
    html = money.press(run, "send-back", money.checker, reason="应到账日期不对")

    assert "已退回制单人" in html
    assert "复核人退回：应到账日期不对" in page(money, run)


def test_a_run_whose_day_went_by_while_it_waited_gets_another(
    money: Money, three: Sequence[Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = money.make()
    money.press(run, "submit")
    monkeypatch.setattr(policy, "today", lambda: date(2026, 3, 11))
    assert "请由制单人改期" in money.press(run, "approve", money.checker)
    money.press(run, "send-back", money.checker, reason="改期")

    assert 'name="pay_on" type="date" value="2026-03-10"' in page(money, run)
    assert "应到账日期写成" in money.press(run, "refresh", pay_on="十三日")
    assert "应于 <b>2026-03-13</b> 前到账" in money.press(run, "refresh", pay_on="2026-03-13")
    assert "已提交复核" in money.press(run, "submit")
    assert "已复核并冻结" in money.press(run, "approve", money.checker)


def test_a_run_is_given_up_with_the_reason_and_can_be_made_again(money: Money, three: Sequence[Household]) -> None:
    run = money.make()
    assert "已作废" in money.press(run, "cancel", reason="重做")
    assert "已作废：重做" in page(money, run)

    money.maker.post("/desk/runs/new/", NEW)

    assert PaymentRun.objects.count() == 2


def test_who_was_left_out_of_a_run_that_was_given_up_is_told_of(money: Money, three: Sequence[Household]) -> None:
    run = money.make()
    line = PaymentLine.objects.get(household=three[0])
    money.press(run, f"lines/{line.pk}/hold", reason="冒领待查")
    money.press(run, "cancel", reason="重做")
    html = money.maker.post("/desk/runs/new/", NEW, follow=True).content.decode()

    assert "暂缓的 1 笔仍然暂缓" in html
    assert "冒领待查" in html


def test_who_made_it_does_not_check_it(money: Money, three: Sequence[Household]) -> None:
    run = money.make()
    money.press(run, "submit")

    assert money.maker.post(f"/desk/runs/{run.number}/approve/").status_code == 403


def test_months_that_nobody_can_be_paid_are_written_off_with_the_run(money: Money, three: Sequence[Household]) -> None:
    run = money.make()
    line = PaymentLine.objects.get(household=three[0])
    address = f"/desk/runs/{run.number}/lines/{line.pk}/write-off/"
    assert "2026-03　1,616.00 元" in shown(money.maker, address)
    assert "这个字段是必填项" in money.maker.post(address, {"months": [], "reason": ""}).content.decode()
    html = money.press(run, f"lines/{line.pk}/write-off", months=str(line.pk), reason="户内已没有人")
    assert "已列为不再补发" in html
    assert "户内已没有人" in html
    assert "2 户" in html
    money.press(run, "submit")
    assert "同时确认 1 笔、¥1,616.00 不再补发" in shown(money.checker, f"/desk/runs/{run.number}/")
    money.press(run, "approve", money.checker)
    assert "复核确认，不再欠着" in page(money, run)


def test_what_was_not_looked_at_is_not_frozen(money: Money, three: Sequence[Household]) -> None:
    run = money.make()
    money.press(run, "submit")
    response = money.checker.post(f"/desk/runs/{run.number}/approve/", follow=True)

    assert "和您看到的不一样了" in response.content.decode()
    run.refresh_from_db()
    assert run.state == "submitted"


def test_problems_show_each_with_a_way_out(money: Money) -> None:
    lonely, shared, sharing = many.make_families(3)
    number = "9550000000000001"
    for household in (shared, sharing):
        Account.objects.create(
            household=household,
            holder=Person.objects.get(household=household),
            bank="某某银行",
            number=secrets.encrypt(secrets.Kind.ACCOUNT, number),
            number_digest=secrets.digest(secrets.Kind.ACCOUNT, number),
            tail="0001",
            period=(date(2020, 1, 1), None),
        )
    award([lonely, shared, sharing], 1_000, start=MARCH)
    run = money.make()

    html = page(money, run)
    assert "不处理不能提交" in html
    assert f'href="/desk/families/{lonely.number}/account/?run={run.number}"' in html
    line = PaymentLine.objects.get(household=lonely)
    assert f'href="/desk/runs/{run.number}/lines/{line.pk}/hold/"' in html
    assert "没有收款账户" in money.press(run, "submit")
    assert "合计 1 行" in page(money, run, "?problem=no_account")

    for household in (lonely, sharing, shared):
        line = PaymentLine.objects.filter(household=household, cancelled=False).get()
        money.maker.post(f"/desk/runs/{run.number}/lines/{line.pk}/hold/", {"reason": f"等{household.number}的账户"})
    html = page(money, run)
    assert f"等{lonely.number}的账户" in html
    assert "没有要处理的" in html

    held = PaymentLine.objects.get(household=lonely)
    money.press(run, f"lines/{held.pk}/put-back")
    assert "没有收款账户" in page(money, run)


def test_the_change_against_last_month_is_told_by_causes(money: Money, three: Sequence[Household]) -> None:
    run = money.approve()
    [new] = families(1, first=9)
    award([new], 30_000, start=date(2026, 4, 1))
    money.maker.post("/desk/runs/new/", {**NEW, "month": "2026-04", "pay_on": "2026-04-10"})
    following = PaymentRun.objects.get(month=date(2026, 4, 1))

    html = page(money, following)

    assert "与上月相比，差在哪里" in html
    assert "新增" in html
    assert "+¥300.00" in html
    assert "上月 ¥2,666.00" in html
    assert "没有归到原因" not in html
    assert "合计 1 行" in page(money, following, "?change=new")
    assert run.number in shown(money.checker, "/desk/runs/?year=2026&state=approved")


def test_lines_are_narrowed_and_summed(money: Money, three: Sequence[Household]) -> None:
    run = money.make()

    html = page(money, run, f"?number={three[0].number[-6:]}")

    assert "合计 1 行 1 人" in html
    assert "¥1,616.00" in html
    assert "没有符合条件的明细" in page(money, run, "?street=11/0102/018/")


def test_a_line_says_what_is_said_of_its_amount(money: Money, three: Sequence[Household]) -> None:
    noted, carried = families(2, first=7)
    award([noted], 20_000, start=MARCH, opening=opening(MARCH), mark="按2019年标准")
    award([carried], 30_000, start=MARCH, mark="按最近所见标准")
    run = money.make()

    html = page(money, run)
    assert '在册期初 <span class="chip info">按2019年标准</span>' in html
    assert '<span class="chip info">按最近所见标准</span>' in html
    assert "其中 2 行、¥500.00 的金额附有说明" in html
    assert "合计 2 行 2 人" in page(money, run, "?mark=any")
    assert "附有说明" not in page(money, run, f"?number={three[0].number}")

    response = money.maker.get(f"/desk/runs/{run.number}/export/?mark=any")
    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert [(row[0], row[9]) for row in rows[1:]] == [
        (noted.number, "按2019年标准"),
        (carried.number, "按最近所见标准"),
    ]

    line = PaymentLine.objects.get(household=carried)
    html = money.press(run, f"lines/{line.pk}/hold", reason="核实")
    assert "<small>按最近所见标准</small>" in html


def test_the_workbook_is_what_is_seen(money: Money, three: Sequence[Household]) -> None:
    run = money.make()
    response = money.maker.get(f"/desk/runs/{run.number}/export/?number={three[1].number}")

    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["户号", three[1].number]
    assert rows[1][6] == 1000.0
    assert FileRead.objects.filter(kind=ReadKind.EXPORT, household=three[1]).count() == 1
    assert not FileRead.objects.filter(household=three[0]).exists()


def test_lists_take_no_more_queries_for_more_rows(money: Money) -> None:
    households = families(2)
    award(households, 1_000, start=MARCH)
    run = money.make()

    def queries(address: str) -> int:
        shown(money.maker, address)
        with CaptureQueriesContext(connection) as caught:
            shown(money.maker, address)
        return len(caught)

    before = [queries(address) for address in (f"/desk/runs/{run.number}/", "/desk/runs/")]
    more = families(30, first=50)
    award(more, 1_000, start=MARCH)
    money.press(run, "refresh")

    assert [queries(address) for address in (f"/desk/runs/{run.number}/", "/desk/runs/")] == before


@pytest.mark.parametrize(
    ("year", "is_there"), [("2026", True), ("2025", False), ("0", True), ("99999", True), ("今年", True)]
)
def test_a_year_that_cannot_be_means_this_year(
    money: Money, three: Sequence[Household], year: str, is_there: bool
) -> None:
    run = money.make()

    assert (run.number in shown(money.checker, f"/desk/runs/?year={year}")) == is_there


@pytest.mark.parametrize("post", ["window_clerk", "street_director", "community_worker"])
def test_runs_are_not_for_the_street(desk_of: Desk, post: str) -> None:
    assert desk_of(post).get("/desk/runs/").status_code == 403


# ---- accounts


def purpose(client: Client, household: Household) -> None:
    client.post(f"/desk/families/{household.number}/purpose/", {"purpose": "payment", "detail": "登记账户"})


def opened(client: Client, household: Household, **typed: str) -> str:
    head = Person.objects.filter(household=household).earliest("id")
    data = {"do": "open", "holder": str(head.pk), "bank": "某某银行月坛支行", "number": "6222 0000 0000 1234"}
    return client.post(f"/desk/families/{household.number}/account/", {**data, **typed}, follow=True).content.decode()


def test_an_account_is_taken_down_masked_and_shown_whole_for_the_record(desk_of: Desk, family: Household) -> None:
    clerk = desk_of("window_clerk", name="甄经办")
    purpose(clerk, family)
    html = opened(clerk, family)
    assert "账户已登记" in html
    assert "**** 1234" in html
    assert "622200000000" not in html

    account = Account.objects.get()
    address = f"/desk/families/{family.number}/account/{account.pk}/"
    assert "622200000000" not in shown(clerk, address)
    response = clerk.post(address, {"purpose": "payment", "detail": "核对"})
    assert "6222000000001234" in response.content.decode()
    assert FileRead.objects.get(kind=ReadKind.ACCOUNT, detail="尾号 1234").purpose == "payment"


def test_a_bad_account_is_named_and_what_was_typed_stays(desk_of: Desk, family: Household) -> None:
    clerk = desk_of("window_clerk")
    purpose(clerk, family)
    html = opened(clerk, family, number="12345")

    assert "账号应为 8 至 32 位数字" in html
    assert 'value="12345"' in html
    assert not Account.objects.exists()


def test_the_way_from_a_run_leads_back_to_it(money: Money) -> None:
    [household] = many.make_families(1)
    award([household], 1_000, start=MARCH)
    run = money.make()
    purpose(money.maker, household)
    head = Person.objects.get(household=household)
    response = money.maker.post(
        f"/desk/families/{household.number}/account/?run={run.number}",
        {"do": "open", "holder": str(head.pk), "bank": "某某银行", "number": "9550000000000009"},
    )

    assert response["Location"] == f"/desk/runs/{run.number}/"


def test_why_families_share_an_account_is_written_down(desk_of: Desk, family: Household) -> None:
    clerk = desk_of("window_clerk")
    purpose(clerk, family)
    opened(clerk, family)
    address = f"/desk/families/{family.number}/account/"
    html = clerk.post(address, {"do": "explain", "because": "父子两户，父亲代管"}, follow=True).content.decode()

    assert "已登记几户共用的原因" in html
    assert "父子两户，父亲代管" in html


def test_a_foreign_familys_account_does_not_exist(desk_of: Desk, family: Household) -> None:
    far = desk_of("window_clerk", Division.objects.get(code="110102018"))

    assert far.get(f"/desk/families/{family.number}/account/").status_code == 404
