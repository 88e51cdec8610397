"""Who is left out of a run stays owed, and stays left out until somebody puts him back."""

from tests.payments.conftest import (
    AUGUST,
    OCTOBER,
    SEPTEMBER,
    Office,
    award,
    families,
)
from tests.payments.reading import paid
from yihu.payments import actions, queries
from yihu.payments.models import PaymentRun
from yihu.payments.queries import Stale


def test_what_is_left_out_stays_owed(office: Office) -> None:
    one, _two = families(2)
    award([one, _two], [1_000, 70])
    run = office.make(SEPTEMBER)
    actions.remove_line(run=run, line=run.lines.get(household=one), reason="等新账户", by=office.maker)

    assert (paid(run), PaymentRun.objects.get().total) == ([("02", 9, 70, "new")], 70)
    actions.refresh(run=run, by=office.maker, on=SEPTEMBER)
    assert [row.reason for row in queries.left_out_of(run)] == ["等新账户"]
    office.approve(run)
    assert paid(office.make(OCTOBER)) == [
        ("01", 9, 1_000, "arrears"), ("01", 10, 1_000, "new"), ("02", 10, 70, "same"),
    ]  # fmt: skip


def test_who_is_left_out_stays_so_when_his_award_changes(office: Office) -> None:
    one, two = families(2)
    award([one, two], [1_000, 70], start=AUGUST)
    office.pay(AUGUST)
    run = office.make(SEPTEMBER)
    actions.remove_line(run=run, line=run.lines.get(household=one), reason="冒领待查", by=office.maker)
    award([one], 1_200)

    assert queries.stale(run, on=run.made_on) == Stale()
    actions.refresh(run=run, by=office.maker, on=SEPTEMBER)
    assert paid(run) == [("02", 9, 70, "same")]
    assert [(row.amount, row.reason) for row in queries.left_out_of(run)] == [(1_200, "冒领待查")]


def test_who_is_left_out_stays_so_when_the_run_is_given_up_and_made_again(office: Office) -> None:
    one, two = families(2)
    award([one, two], [1_000, 70])
    for _again in range(2):
        run = office.make(SEPTEMBER)
        for line in run.lines.filter(household=one, cancelled=False):
            actions.remove_line(run=run, line=line, reason="冒领待查", by=office.maker)
        actions.cancel(run=run, reason="改期", by=office.maker)
    run = office.make(SEPTEMBER)

    assert paid(run) == [("02", 9, 70, "new")]
    [held] = queries.left_out_of(run)
    assert (held.household, held.reason) == (one.number, "冒领待查")
    run = actions.put_back(run=run, line=run.lines.get(pk=held.line), by=office.maker, on=SEPTEMBER)
    assert run.total == 1_070
    # A run of another month pays what was left out of this one.
    actions.cancel(run=run, reason="不发了", by=office.maker)
    assert [row[:2] for row in paid(office.make(OCTOBER))] == [("01", 9), ("01", 10), ("02", 9), ("02", 10)]


def test_what_is_left_out_can_be_put_back(office: Office) -> None:
    award(families(2), [1_000, 70], start=AUGUST)
    run = office.make(SEPTEMBER)
    before = paid(run)
    actions.remove_line(run=run, line=run.lines.order_by("pk")[0], reason="等新账户", by=office.maker)
    assert len(paid(run)) == 2
    actions.put_back(run=run, line=run.lines.exclude(left_out_because="")[0], by=office.maker, on=SEPTEMBER)

    assert paid(run) == before
    assert PaymentRun.objects.get().total == 2 * 1_070
