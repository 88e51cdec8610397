"""What was approved stands under its seal, and a line is paid once."""

import json
from datetime import date
from hashlib import sha256

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from tests.payments.conftest import (
    OCTOBER,
    SEPTEMBER,
    Office,
    award,
    families,
)
from yihu.common.refusals import Refused
from yihu.payments import actions, queries
from yihu.payments.enums import LineChange, RunState
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
            run=run, award=line.award, household=line.household, division=line.division, month=OCTOBER, name="甄",
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


def test_an_earlier_seal_still_holds(office: Office) -> None:
    award(families(1), 1_000)
    run = office.make(SEPTEMBER)
    latest = queries.seal_of(run)
    run.seal_version = 1

    # What earlier versions wrote, character by character.
    line = run.lines.get()
    written = [
        [run.number, run.programme, "110102", "2026-09-01", "2026-09-10", run.maker_id, None, None, 1, 1, 1_000],
        [
            line.pk, line.award_id, line.household_id, "110102007001", "2026-09-01", line.name, 1, 1_000, None, "new",
            line.account_id, bytes(line.account.number_digest).hex(), line.holder, False, "",
        ],
    ]  # fmt: skip
    text = "".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) + "\n" for each in written)
    assert queries.seal_of(run) == sha256(text.encode()).hexdigest() != latest


def test_sums_that_do_not_fit_the_lines_are_not_approved(office: Office) -> None:
    award(families(1), 1_000)
    run = office.make(SEPTEMBER)
    actions.submit(run=run, by=office.maker, on=SEPTEMBER)
    PaymentLine.objects.update(amount=900)

    with pytest.raises(Refused, match=r"写的是 10\.00 元，明细合计 9\.00 元"):
        office.check(run, on=SEPTEMBER)


def test_a_line_is_paid_once(office: Office) -> None:
    [family] = families(1)
    award([family], 1_000)
    line = office.pay(SEPTEMBER).lines.get()
    award(families(1, first=2), 1)
    run = office.make(OCTOBER)

    with pytest.raises(IntegrityError, match="award_paid_once_a_month"), transaction.atomic():
        PaymentLine.objects.create(
            run=run, award=line.award, household=family, division=line.division, month=SEPTEMBER, name="甄",
            members=1, amount=1, change=LineChange.ARREARS,
        )  # fmt: skip
