"""Months that nobody can be paid are written off: proposed by the maker, confirmed by the checker with the run."""

from datetime import date

import pytest

from tests import many
from tests.payments.conftest import AUGUST, NOVEMBER, OCTOBER, SEPTEMBER, Office, award, families, stop
from tests.payments.test_problems import dies
from yihu.common.refusals import Refused
from yihu.households.models import Household
from yihu.payments import actions, queries
from yihu.payments.enums import LineChange, RunState
from yihu.payments.models import PaymentLine, PaymentRun
from yihu.payments.queries import Stale


@pytest.fixture
def homes(office: Office) -> list[Household]:
    """Two families, each paid its August; of the first nobody is left afterwards, and its award ends with October."""
    homes = families(2)
    [mine, _other] = award(homes, [1_000, 5], start=AUGUST)
    office.pay(AUGUST)
    dies(many.people_of(homes[0])[0], date(2026, 9, 2))
    stop(mine, OCTOBER, "died")
    return homes


def written_off(office: Office, family: Household, month: date = SEPTEMBER) -> PaymentRun:
    """A draft of a month in which a family's September is to be written off."""
    run = office.make(month, on=month.replace(day=5))
    chosen = run.lines.filter(household=family, period=SEPTEMBER)
    return actions.write_off(run=run, chosen=list(chosen), reason="户内已没有人可以领", by=office.maker)


def test_what_is_written_off_is_settled_once_the_run_is_approved(office: Office, homes: list[Household]) -> None:
    run = written_off(office, homes[0])
    assert queries.problems_of(run) == []
    assert (run.total, run.households_count, queries.stale(run, on=run.made_on)) == (5, 1, Stale())
    actions.refresh(run=run, by=office.maker, on=run.made_on)
    [off] = queries.written_off_in(run)
    assert (off.household, off.period, off.amount, off.reason) == (
        homes[0].number, SEPTEMBER, 1_000, "户内已没有人可以领",
    )  # fmt: skip
    [change] = queries.changes_of(run)
    assert [(step.cause, step.amount) for step in change.steps] == [(LineChange.WRITTEN_OFF, -1_000)]
    assert change.before + sum(step.amount for step in change.steps) == change.total == 5
    assert [row.label for row in queries.gone_from(run)] == ["不再补发"]

    run = office.approve(run)
    assert queries.verify(PaymentRun.objects.get(pk=run.pk))
    assert actions.make_bank_file(run=run, profile="csv_utf8", by=office.maker, on=SEPTEMBER).total == 5
    assert [line.household for line in office.make(OCTOBER).lines.select_related("household")] == [homes[1]]
    assert ("不再补发低保 2026-09", "10.00 元：户内已没有人可以领") in [
        (event.title, event.detail) for event in queries.events_of(homes[0])
    ]


def test_before_that_it_stays_owed(office: Office, homes: list[Household]) -> None:
    run = written_off(office, homes[0])
    actions.cancel(run=run, reason="重做", by=office.maker)
    october = office.make(OCTOBER, on=OCTOBER)
    assert october.lines.filter(household=homes[0], cancelled=False).get().period == SEPTEMBER
    actions.cancel(run=october, reason="重做", by=office.maker)

    # Made again for its month, it is proposed again, and can be put back.
    run = office.make(SEPTEMBER, on=date(2026, 9, 6))
    [off] = queries.written_off_in(run)
    run = actions.put_back(run=run, line=run.lines.get(pk=off.line), by=office.maker, on=run.made_on)
    assert (run.total, queries.written_off_in(run)) == (1_005, ())


def test_a_run_may_do_nothing_but_write_off(office: Office) -> None:
    [family] = families(1)
    [mine] = award([family], 1_000)
    dies(many.people_of(family)[0], date(2026, 9, 2))
    stop(mine, OCTOBER, "died")
    run = office.approve(written_off(office, family))

    assert (run.state, run.total) == (RunState.APPROVED, 0)
    with pytest.raises(Refused, match="没有要发的，不用生成"):
        actions.make_bank_file(run=run, profile="csv_utf8", by=office.maker, on=SEPTEMBER)
    assert queries.open_work(office.maker, on=NOVEMBER) == []


def test_what_was_left_out_can_be_written_off(office: Office, homes: list[Household]) -> None:
    run = office.make(SEPTEMBER, on=date(2026, 9, 5))
    line = run.lines.get(household=homes[0])
    actions.remove_line(run=run, line=line, reason="已故", by=office.maker)
    for _again in range(2):
        chosen = list(run.lines.filter(household=homes[0], written_off_because=""))
        if chosen:
            actions.write_off(run=run, chosen=chosen, reason="无人可领", by=office.maker)
    assert queries.left_out_of(run) == ()

    with pytest.raises(Refused, match="已不在批次里"):
        actions.write_off(run=run, chosen=[line], reason="再来", by=office.maker)
    with pytest.raises(Refused, match="请选择"):
        actions.write_off(run=run, chosen=[], reason="再来", by=office.maker)
    with pytest.raises(Refused, match="岗位不能修改"):
        actions.write_off(run=run, chosen=[line], reason="再来", by=office.checker)


def test_of_what_is_raised_after_the_fact_only_the_rest_is_owed(office: Office) -> None:
    one, other = families(2)
    [mine, _other] = award([one, other], [1_000, 5])
    office.approve(written_off(office, one))
    stop(mine, SEPTEMBER, "renounced")
    award([one], 1_200)

    lines = office.make(OCTOBER).lines.filter(household=one).order_by("period")
    assert [(line.period.month, line.amount) for line in lines] == [(9, 200), (10, 1_200)]


def test_the_seal_covers_it(office: Office, homes: list[Household]) -> None:
    run = written_off(office, homes[0])
    before = queries.seal_of(run)
    PaymentLine.objects.filter(run=run, household=homes[0]).update(written_off_because="别的原因")

    assert queries.seal_of(run) != before
