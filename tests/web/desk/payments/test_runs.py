"""The list of runs, and how a month's run is made."""

import re
from collections.abc import Sequence
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.payments.conftest import FAMILY_PROGRAMME, award, families
from tests.web.desk.conftest import Desk
from tests.web.desk.payments.conftest import MARCH, NEW, Money, page
from tests.web.desk.reading import shown
from yihu.households.models import Household
from yihu.payments.models import PaymentRun
from yihu.web import policy


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
    assert "没有上一批次可比" in html


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


def test_what_missed_the_months_run_comes_with_its_purpose_chosen(
    money: Money, three: Sequence[Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    money.approve()
    monkeypatch.setattr(policy, "today", lambda: date(2026, 3, 11))
    award(families(1, first=50), 5_000, start=MARCH, known_on=date(2026, 3, 9))

    proposal = f"/desk/runs/new/{FAMILY_PROGRAMME}/2026-03/urgent/"
    assert f'href="{proposal}"' in shown(money.maker, "/desk/runs/")
    html = shown(money.maker, proposal)
    assert re.search(r'value="urgent"[^>]*checked', html)
    assert not re.search(r'value="monthly"[^>]*checked', html)
    assert "都已制单" not in html
    assert "没有还要新做的批次" not in html
