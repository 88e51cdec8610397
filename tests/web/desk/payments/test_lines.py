"""What a run's page says of its lines: problems, changes with their causes, sums, and the workbook."""

import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from tests import many
from tests.payments.conftest import FAMILY_PROGRAMME, MEMBER_PROGRAMME, award, families, opening, stop
from tests.web.desk.payments.conftest import MARCH, NEW, Money, page
from tests.web.desk.reading import shown
from yihu.awards.models import Award
from yihu.common import secrets
from yihu.households.enums import ReadKind
from yihu.households.models import FileRead, Household, Person
from yihu.payments.models import Account, PaymentLine, PaymentRun
from yihu.web import policy


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

    assert "与 2026-03 相比，差在哪里" in html
    assert "新增" in html
    assert "+¥300.00" in html
    assert "2026-03 ¥2,666.00" in html
    assert "上月" not in html
    assert "没有归到原因" not in html
    assert "合计 1 行" in page(money, following, "?change=new")
    assert run.number in shown(money.checker, "/desk/runs/?year=2026&state=approved")


def test_a_total_of_the_lines_is_the_total_above_them(money: Money, three: Sequence[Household]) -> None:
    money.approve()
    stop(Award.objects.get(household=three[0]), date(2026, 4, 1))
    money.maker.post("/desk/runs/new/", {**NEW, "month": "2026-04", "pay_on": "2026-04-10"})
    html = page(money, PaymentRun.objects.get(month=date(2026, 4, 1)))

    totals = re.sub(r"<[^>]+>|\s+", " ", html[html.index("合计 2 行") :])
    assert re.search(r"¥1,050\.00 +¥1,050\.00", totals)
    assert re.search(r"2026-03 另有：本月没有的、补发的、不按月的 +¥1,616\.00 +2026-03 一共 +¥2,666\.00", totals)


def test_no_month_is_named_over_a_sum_of_several(
    money: Money, three: Sequence[Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    money.approve()
    award([three[0]], 70_000, start=date(2026, 4, 1), programme=MEMBER_PROGRAMME, person=True)
    april = {**NEW, "programmes": [MEMBER_PROGRAMME], "month": "2026-04", "pay_on": "2026-04-10"}
    money.maker.post("/desk/runs/new/", april)
    run = PaymentRun.objects.get(month=date(2026, 4, 1))
    money.press(run, "submit")
    money.press(run, "approve", money.checker)
    monkeypatch.setattr(policy, "today", lambda: date(2026, 4, 13))
    both = {**april, "programmes": [FAMILY_PROGRAMME, MEMBER_PROGRAMME], "month": "2026-05", "pay_on": "2026-05-08"}
    money.maker.post("/desk/runs/new/", both)
    html = page(money, PaymentRun.objects.get(month=date(2026, 5, 1)))

    assert "：与 2026-04 相比，差在哪里" in html
    assert "低保：与 2026-03 相比，差在哪里" in html
    assert "¥3,366.00" not in html
    assert "与上次相比见下" in html


def test_where_nothing_changed_there_is_no_picture(money: Money, three: Sequence[Household]) -> None:
    money.approve()
    money.maker.post("/desk/runs/new/", {**NEW, "month": "2026-04", "pay_on": "2026-04-10"})
    html = page(money, PaymentRun.objects.get(month=date(2026, 4, 1)))

    assert "与 2026-03 相同，都是 ¥2,666.00。" in html
    assert "waterfall" not in html


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
