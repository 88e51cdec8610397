"""What a run pays beside the one before it, cause by cause; the sums close to the fen, whatever happens."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.range import Range

from tests import many
from tests.awards.conftest import determined
from tests.payments.conftest import (
    AUGUST,
    FAMILY_PROGRAMME,
    JULY,
    MEMBER_PROGRAMME,
    OCTOBER,
    SEPTEMBER,
    Office,
    award,
    families,
    stop,
)
from tests.rooms import LOADS
from yihu.access.actor import service
from yihu.awards import actions as awards
from yihu.awards.models import Award, AwardTerm
from yihu.common.refusals import Refused
from yihu.payments import actions, queries
from yihu.payments.enums import LineChange, RunState
from yihu.payments.models import PaymentLine, PaymentRun

MONTHS = (JULY, AUGUST, SEPTEMBER, OCTOBER)


def test_each_cause_is_told_with_its_families_and_its_sum(office: Office) -> None:
    stays, leaves, rises, falls, late, held = families(6)
    given = award([stays, leaves, rises, falls, held], [100, 200, 300, 400, 600], start=AUGUST)
    office.pay(AUGUST)
    stop(given[1], SEPTEMBER)
    for former, amount in ((given[2], 350), (given[3], 390)):
        award([former.household], amount)
    award([late], 500, start=AUGUST)
    run = office.make(SEPTEMBER)
    actions.remove_line(run=run, line=run.lines.get(household=held), reason="等账户", by=office.maker)

    [change] = queries.changes_of(run)
    assert (change.before, change.before_households) == (1_600, 5)
    assert [(step.cause, step.households, step.amount) for step in change.steps] == [
        (LineChange.NEW, 1, 500),
        (LineChange.ENDED, 1, -200),
        (LineChange.HELD, 1, -600),
        (LineChange.RAISED, 1, 50),
        (LineChange.LOWERED, 1, -10),
        (LineChange.ARREARS, 1, 500),
    ]
    assert (change.total, change.households) == (1_840, 4)
    assert [(row.household, row.before, row.change, row.reason) for row in queries.gone_from(run)] == [
        (leaves.number, 200, LineChange.ENDED, "迁出"),
        (held.number, 600, LineChange.HELD, ""),
    ]
    assert {row.household: row.label for row in queries.lines_of(run).rows} == {
        stays.number: "不变", rises.number: "调增", falls.number: "调减", late.number: "补发 1 月",
    }  # fmt: skip

    office.approve(run)
    assert [(step.cause, step.amount) for step in queries.changes_of(office.make(OCTOBER))[0].steps] == [
        (LineChange.NEW, 600), (LineChange.FORMER_ARREARS, -500), (LineChange.ARREARS, 600),
    ]  # fmt: skip


def test_a_first_run_is_all_new(office: Office) -> None:
    award(families(2), [100, 50], start=SEPTEMBER)

    [change] = queries.changes_of(office.make(SEPTEMBER))
    assert (change.month, change.before, change.total) == (None, 0, 150)
    assert [(step.cause, step.households, step.amount) for step in change.steps] == [(LineChange.NEW, 2, 150)]


def test_whose_award_moved_with_him_is_counted_alike_everywhere(office: Office) -> None:
    home, other = families(2)
    [mine] = award([home], 1_000, start=AUGUST, programme=MEMBER_PROGRAMME, person=True)
    stop(mine, SEPTEMBER)
    again = determined(other, 1_000, programme=MEMBER_PROGRAMME, person=mine.person)
    moved = awards.grant(
        household=other, person=mine.person, programme=MEMBER_PROGRAMME, key="running", period=Range(SEPTEMBER, None),
        amount=1_000, determination=again, by=service("tests", many.DISTRICT, may=LOADS), on=AUGUST,
    ).award  # fmt: skip
    assert moved == mine
    run = office.make(SEPTEMBER, MEMBER_PROGRAMME)

    assert (run.households_count, run.people_count) == (queries.changes_of(run)[0].households, 1) == (1, 1)


def test_programmes_that_were_paid_in_different_months_are_compared_each_with_its_own(office: Office) -> None:
    one, two = families(2)
    award([one], 1_000, start=JULY, until=AUGUST)
    award([two], 300, start=AUGUST, programme=MEMBER_PROGRAMME, person=True)
    office.pay(JULY)
    office.pay(AUGUST, MEMBER_PROGRAMME)
    run = office.make(SEPTEMBER, FAMILY_PROGRAMME, MEMBER_PROGRAMME)

    assert [(each.programmes, each.month, each.before, each.total) for each in queries.changes_of(run)] == [
        ((MEMBER_PROGRAMME,), AUGUST, 300, 300),
        ((FAMILY_PROGRAMME,), JULY, 1_000, 0),
    ]
    assert {each.name: (each.month, each.before) for each in queries.by_programme(run)} == {
        FAMILY_PROGRAMME: (JULY, 1_000), MEMBER_PROGRAMME: (AUGUST, 300),
    }  # fmt: skip


def test_what_came_once_long_ago_is_compared_with_nothing(office: Office) -> None:
    one, two = families(2)
    award([one], 80_000, start=JULY, programme="heating_assistance")
    office.pay(JULY, "heating_assistance")
    award([two], 300, start=SEPTEMBER)

    [change] = queries.changes_of(office.make(SEPTEMBER, FAMILY_PROGRAMME, "heating_assistance"))
    assert (change.programmes, change.month, change.before, change.total) == ((FAMILY_PROGRAMME,), None, 0, 300)


amounts = st.integers(1, 200_000)
# What happens to one family before a month's run: nothing, an award begins or changes (from a month at most so many
# months ago), it ends, or its lines are left out or written off.
happenings = st.one_of(
    st.just(("nothing", 0, 0)),
    st.tuples(st.just("award"), amounts, st.integers(0, 2)),
    st.tuples(st.just("end"), st.just(0), st.integers(0, 2)),
    st.just(("hold", 0, 0)),
    st.just(("write off", 0, 0)),
)


@pytest.mark.usefixtures("office")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(happenings, min_size=4, max_size=4), min_size=1, max_size=4))
def test_whatever_happens_the_sums_close_and_nothing_is_paid_twice(
    office: Office, lives: list[list[tuple[str, int, int]]]
) -> None:
    with transaction.atomic():
        households = families(len(lives))
        for at, month in enumerate(MONTHS):
            holding, writing_off = [], []
            for household, life in zip(households, lives, strict=True):
                what, amount, back = life[at]
                start = MONTHS[max(0, at - back)]
                if what == "award":
                    begin(household, amount, start)
                elif what == "end":
                    end(household, start)
                elif what == "hold":
                    holding.append(household)
                elif what == "write off":
                    writing_off.append(household)
            pay(office, month, holding, writing_off)
        transaction.set_rollback(True)


def begin(household: many.Household, amount: int, start: date) -> None:
    award([household], amount, start=start)


def end(household: many.Household, on: date) -> None:
    for each in Award.objects.filter(household=household):
        stop(each, on)


def pay(office: Office, month: date, holding: list[many.Household], writing_off: list[many.Household]) -> None:
    try:
        with transaction.atomic():
            run = office.make(month)
    except Refused:
        return
    for household in holding:
        line = run.lines.filter(household=household, cancelled=False).first()
        if line:
            actions.remove_line(run=run, line=line, reason="等账户", by=office.maker)
    chosen = list(run.lines.filter(household__in=writing_off))
    if chosen:
        actions.write_off(run=run, chosen=chosen, reason="无人可领", by=office.maker)
    check(PaymentRun.objects.get(pk=run.pk))
    if PaymentRun.objects.get(pk=run.pk).total:
        office.approve(run)
    else:
        actions.cancel(run=run, reason="空", by=office.maker)


def check(run: PaymentRun) -> None:
    [change] = queries.changes_of(run)
    assert change.before + sum(step.amount for step in change.steps) == change.total == run.total
    former = PaymentRun.objects.filter(month=change.month, state=RunState.APPROVED).first()
    assert change.month is None or (former is not None and change.before == former.total)
    assert change.households == run.households_count
    page = queries.lines_of(run, size=1_000)
    assert sum(row.amount for row in page.rows) == run.total
    standing = PaymentLine.objects.filter(cancelled=False, run__state__in=(RunState.APPROVED, run.state))
    paid: dict[tuple[int, date], int] = {}
    for line in standing:
        paid[line.household_id, line.period] = paid.get((line.household_id, line.period), 0) + line.amount
    for (household, month), amount in paid.items():
        # Never more than the largest amount that was ever in force: what was lowered after the fact stays paid.
        most = max(
            AwardTerm.objects.filter(
                award__household=household, period__startswith__lte=month, stops=False
            ).values_list("amount", flat=True)
        )
        assert 0 < amount <= most


def test_the_rest_that_is_owed_is_what_the_awards_say(office: Office) -> None:
    """Over some months, paid is owed: every month of every award, to the fen, when nothing was lowered afterwards."""
    one, _two = families(2)
    award([one], 1_000, start=JULY)
    award([_two], 300, start=AUGUST)
    office.pay(JULY)
    award([one], 1_200, start=SEPTEMBER)
    office.pay(OCTOBER)

    assert sum(PaymentRun.objects.values_list("total", flat=True)) == 2 * 1_000 + 2 * 1_200 + 3 * 300
    assert PaymentRun.objects.filter(programmes=[FAMILY_PROGRAMME]).count() == 2
