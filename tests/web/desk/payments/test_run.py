"""A run from maker to checker to the bank's file, and the ways back."""

import re
from collections.abc import Sequence
from datetime import date

import pytest

from tests.payments.conftest import award
from tests.web.desk.payments.conftest import MARCH, NEW, Money, page
from tests.web.desk.reading import shown
from yihu.households.enums import ReadKind
from yihu.households.models import FileRead, Household
from yihu.payments.models import PaymentLine, PaymentRun
from yihu.web import policy


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


def test_a_draft_that_has_become_stale_says_so_beside_its_button(money: Money, three: Sequence[Household]) -> None:
    run = money.make()
    assert 'form="refresh"' not in page(money, run)
    award([three[0]], 161_500, start=MARCH)

    html = page(money, run)
    assert "1 笔停发或者减少，本批次多列了 ¥1.00" in html
    assert re.search(r'<button[^>]*form="refresh"[^>]*>刷新</button>', html)
    money.press(run, "refresh")
    assert 'form="refresh"' not in page(money, run)


def test_an_urgent_run_says_so_and_what_was_paid_before(money: Money, three: Sequence[Household]) -> None:
    money.approve()
    award([three[0]], 162_600, start=MARCH)
    money.maker.post("/desk/runs/new/", {**NEW, "purpose": "urgent"})

    html = page(money, PaymentRun.objects.get(purpose="urgent"))
    assert html.count("低保 2026 年 3 月即时发放批次") == 2
    assert "低保 2026 年 3 月已发 3 户、¥2,666.00" in html
    assert "第一个批次" not in html
    assert "没有批次" not in html
