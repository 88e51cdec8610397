"""What was approved stands under its seal, and a line is paid once."""

import json
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.payments.conftest import (
    FAMILY_PROGRAMME,
    MEMBER_PROGRAMME,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    Office,
    award,
    families,
)
from yihu.common.refusals import Refused
from yihu.payments import actions, lines, queries
from yihu.payments.enums import LineChange, RunPurpose, RunState
from yihu.payments.models import PaymentLine, PaymentRun


def test_an_approved_run_is_frozen_under_its_seal(office: Office) -> None:
    award(families(2), [1_000, 70])
    run = office.pay(SEPTEMBER)
    line = run.lines.order_by("pk")[0]
    draft = office.make(OCTOBER)

    assert queries.verify(PaymentRun.objects.get(pk=run.pk))
    assert (run.checker_id, run.approved_on, len(run.hash)) == (office.checker.staff, date(2026, 9, 3), 64)
    for write in (
        lambda: PaymentRun.objects.filter(pk=run.pk).update(total=1),
        lambda: PaymentRun.objects.filter(pk=run.pk).update(state=RunState.DRAFT),
        lambda: PaymentRun.objects.filter(pk=run.pk)._raw_delete("default"),
        lambda: PaymentLine.objects.filter(pk=line.pk).update(amount=1),
        lambda: PaymentLine.objects.filter(pk=line.pk).update(cancelled=True),
        lambda: PaymentLine.objects.filter(pk=line.pk).delete(),
        lambda: PaymentLine.objects.filter(run=draft).update(run=run),
        lambda: PaymentLine.objects.filter(pk=line.pk).update(run=draft),
        lambda: PaymentLine.objects.create(
            run=run, award=line.award, term=line.term, household=line.household, division=line.division,
            period=OCTOBER, name="甄",
            members=1, amount=1, change="same",
        ),
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="已经复核"), transaction.atomic():
            write()
    for again in (
        lambda: office.check(run, on=SEPTEMBER),
        lambda: actions.refresh(run=run, by=office.maker, on=SEPTEMBER),
        lambda: actions.cancel(run=run, reason="错", by=office.maker),
    ):
        with pytest.raises(Refused, match="现在是“已复核”"):
            again()


def test_the_seal_tells_any_change(office: Office) -> None:
    award(families(1), 1_000)
    run = office.make(SEPTEMBER)
    first = queries.seal_of(run)
    for name, value in (("amount", 999), ("name", "甄"), ("holder", "甄"), ("members", 2)):
        former = PaymentLine.objects.values_list(name, flat=True).get()
        PaymentLine.objects.update(**{name: value})
        assert queries.seal_of(run) != first, name
        PaymentLine.objects.update(**{name: former})
    assert queries.seal_of(run) == first
    run.total = 999
    assert queries.seal_of(run) != first


def test_what_stands_under_the_seal_is_written_character_by_character(office: Office) -> None:
    award(families(1), 1_000)
    run = office.make(SEPTEMBER)

    line = run.lines.get()
    written = [
        [
            1, run.number, "monthly", [FAMILY_PROGRAMME], "11/0102/", "2026-09-01", "2026-09-10", run.maker_id, None,
            None, 1, 1, 1_000,
        ],
        [
            line.pk, line.award_id, FAMILY_PROGRAMME, "month", "running", None, line.term_id,
            line.term.determination_id, None, line.household_id, line.household.number, "11/0102/007/001/",
            "2026-09-01", line.name, 1, 1_000, None, "new", line.account_id, bytes(line.account.number_digest).hex(),
            line.account.bank, line.holder, False, "", "",
        ],
    ]  # fmt: skip
    text = "".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) + "\n" for each in written)
    assert queries.seal_of(run) == sha256(text.encode()).hexdigest()


def test_sums_that_do_not_fit_the_lines_are_not_approved(office: Office) -> None:
    award(families(1), 1_000)
    run = office.make(SEPTEMBER)
    actions.submit(run=run, by=office.maker, on=SEPTEMBER)
    PaymentLine.objects.update(amount=900)

    with pytest.raises(Refused, match=r"写的是 10\.00 元，明细合计 9\.00 元"):
        office.check(run, on=SEPTEMBER)


def test_a_line_stands_once_in_a_run(office: Office) -> None:
    [family] = families(1)
    award([family], 1_000)
    run = office.make(SEPTEMBER)
    line = run.lines.get()

    with pytest.raises(IntegrityError, match="line_once_a_run_and_period"), transaction.atomic():
        forged(run, line)


def forged(run: PaymentRun, line: PaymentLine, **changed: Any) -> PaymentLine:
    """A line like another, written past the actions."""
    values = {"period": line.period, "amount": line.amount, "term": line.term, "change": LineChange.ARREARS, **changed}
    return PaymentLine.objects.create(
        run=run, award=line.award, household=line.household, division=line.division, name="甄", members=1,
        account=line.account, holder=line.holder, **values,
    )  # fmt: skip


def approved_past_the_actions(run: PaymentRun, office: Office) -> None:
    """What a program that calls no action would do."""
    PaymentRun.objects.filter(pk=run.pk).update(
        state=RunState.APPROVED, checker=office.checker.staff, approved_on=run.made_on, hash="0" * 64
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_approves_no_more_than_what_is_due(office: Office) -> None:
    one, two = families(2)
    award([one, two], 1_000)
    paid = office.pay(SEPTEMBER).lines.get(household=one)
    run = office.make(OCTOBER)
    line = run.lines.get(household=one)

    def refused(said: str) -> None:
        with pytest.raises(IntegrityError, match=said), transaction.atomic():
            approved_past_the_actions(run, office)

    with transaction.atomic():
        forged(run, paid, amount=1)
        refused(f"待遇 {line.award_id} 的 2026-09-01 期一共发 1001 分，应发只有 1000 分")
        transaction.set_rollback(True)
    with transaction.atomic():
        forged(run, line, period=NOVEMBER)
        refused("2026-11-01 期一共发 1000 分，应发只有 0 分")
        transaction.set_rollback(True)
    with transaction.atomic():
        PaymentLine.objects.filter(pk=line.pk).update(amount=1_001)
        refused("一共发 1001 分")
        transaction.set_rollback(True)
    with transaction.atomic():
        PaymentLine.objects.filter(pk=line.pk).update(term=run.lines.get(household=two).term)
        refused("不属于它的明细")
        transaction.set_rollback(True)
    approved_past_the_actions(run, office)


def test_of_two_drafts_that_pay_the_same_only_the_first_is_approved(office: Office) -> None:
    [family] = families(1)
    award([family], 1_000)
    first = office.make(SEPTEMBER)
    line = first.lines.get()
    award(families(1, first=2), 5)
    second = office.make(SEPTEMBER, purpose=RunPurpose.URGENT)
    forged(second, line)
    lines.add_up(second)
    office.approve(first)

    with pytest.raises(Refused, match="待遇已经终止或变更"):
        office.approve(second)
    with pytest.raises(IntegrityError, match="一共发 2000 分"), transaction.atomic():
        approved_past_the_actions(second, office)


def test_what_was_lowered_after_the_draft_is_not_approved(office: Office) -> None:
    [family] = families(1)
    award([family], 1_000)
    run = office.make(SEPTEMBER)
    award([family], 900)

    with pytest.raises(Refused, match="待遇已经终止或变更"):
        office.approve(run)
    with pytest.raises(IntegrityError, match="应发只有 900 分"), transaction.atomic():
        approved_past_the_actions(run, office)
    actions.refresh(run=run, by=office.maker, on=run.made_on)
    assert office.approve(run).total == 900


def test_the_database_keeps_one_run_a_month_and_programme(office: Office) -> None:
    award(families(2), [1_000, 70])
    run = office.make(SEPTEMBER)
    run.pk, run.number = None, "FF-x"
    run.programmes = [*run.programmes, MEMBER_PROGRAMME]

    with pytest.raises(IntegrityError, match="已有一个批次"), transaction.atomic():
        run.save(force_insert=True)
    run.purpose = RunPurpose.URGENT
    run.save(force_insert=True)
