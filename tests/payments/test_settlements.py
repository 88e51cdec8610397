"""What was paid and not touched since is not looked at again, and yet nothing that is owed or overpaid is missed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from psycopg.types.range import Range

from tests import many
from tests.awards.conftest import determined
from tests.due import due_of
from tests.payments.conftest import FAMILY_PROGRAMME, MEMBER_PROGRAMME, Office, award, families, stop
from yihu.access.actor import service
from yihu.awards.models import Award, AwardTerm
from yihu.awards.periods import pay_period_of
from yihu.common.refusals import Refused
from yihu.households.models import Household, Person
from yihu.payments import actions, owed, queries
from yihu.payments.enums import RunPurpose, RunState
from yihu.payments.models import PaymentLine, PaymentRun, Settlement

ONCE = "temporary_assistance"
PROGRAMMES = {FAMILY_PROGRAMME: "month", MEMBER_PROGRAMME: "month", ONCE: "once"}
MONTHS = [date(2026, month, 1) for month in range(1, 9)]
END = date(2026, 12, 31)
NAMES = list(PROGRAMMES)
ALL = ("paid", "paid", "paid")


@dataclass(frozen=True)
class Decided:
    """A term of one of the awards: from, until, fen or a stop, and when it became known; places in MONTHS."""

    programme: str
    first: int
    until: int | None
    amount: int | None
    known: int


@dataclass(frozen=True)
class Died:
    """A death that becomes known, or turns out to be another day, or no death at all."""

    month: int | None


@dataclass(frozen=True)
class Paid:
    """A run of a month as it was known in another: what becomes of the lines of each award, and of the run itself."""

    month: int
    known: int
    fates: tuple[str, str, str]
    then: str


PAID_UP = Paid(3, 0, ALL, "approved")
LOWERED = Decided(FAMILY_PROGRAMME, 2, None, 1, 0)
places = st.integers(0, len(MONTHS) - 1)
decided = st.builds(
    Decided, st.sampled_from(NAMES), places, st.none() | st.integers(1, 8), st.none() | st.integers(1, 5), places
)
fate = st.sampled_from(["paid", "paid", "paid", "left_out", "written_off"])
paid = st.builds(Paid, places, places, st.tuples(fate, fate, fate), st.sampled_from(["approved", "waits", "given_up"]))
# Mostly runs and terms, of which some reach back.
happens = st.lists(decided | paid | paid | st.builds(Died, st.none() | places), min_size=3, max_size=10)


class Books:
    """One family with an award of each kind, and what happens to it."""

    def __init__(self, family: Household, office: Office) -> None:
        self.office, self.family = office, family
        self.person = many.people_of(family)[0]
        self.waiting: dict[date, PaymentRun] = {}
        self.awards = {name: self._claim(name, kind) for name, kind in PROGRAMMES.items()}
        for name in NAMES:
            self.decide(Decided(name, 0, None, 3, 0))

    def _claim(self, name: str, kind: str) -> Award:
        person = self.person if name == MEMBER_PROGRAMME else None
        return Award.objects.create(
            household=self.family, person=person, programme=name, key="1", kind=kind, form="money",
            pay_period=pay_period_of(kind, MONTHS[0]),
        )  # fmt: skip

    def decide(self, said: Decided) -> None:
        until = None if said.until is None else date(2026, said.until + 1, 1)
        died = Person.objects.get(pk=self.person.pk).died_on
        claim = self.awards[said.programme]
        if (until and until <= MONTHS[said.first]) or (claim.person_id and died and MONTHS[said.first] > died):
            return
        AwardTerm.objects.create(
            award=claim,
            period=Range(MONTHS[said.first], until),
            amount=said.amount,
            stops=said.amount is None,
            reason="not_eligible" if said.amount is None else "",
            determination=determined(self.family, 9, programme=said.programme, person=claim.person),
            granted_in_id=many.DISTRICT,
            known_on=MONTHS[said.known],
            made_by_id=service("tests").principal,
        )

    def pay(self, paid: Paid) -> None:
        month, on = MONTHS[paid.month], MONTHS[paid.known] + timedelta(days=4)
        if month in self.waiting:
            self.finish(self.waiting.pop(month), on)
        run = PaymentRun.objects.create(
            number=f"test-{PaymentRun.objects.count()}", purpose=RunPurpose.URGENT, programmes=sorted(NAMES),
            division_id=many.DISTRICT, month=month, pay_on=on, made_on=on, maker_id=self.office.maker.staff,
        )  # fmt: skip
        owed.write_lines(run, on=on)
        for name, becomes in zip(NAMES, paid.fates, strict=True):
            lines = PaymentLine.objects.filter(run=run, award=self.awards[name])
            if becomes != "paid":
                lines.update(cancelled=True, **{f"{becomes}_because": "查"})
        if paid.then == "waits":
            self.waiting[month] = run
        else:
            self.finish(run, on, given_up=paid.then == "given_up")

    def finish(self, run: PaymentRun, on: date, *, given_up: bool = False) -> None:
        """Approve a run, unless it would pay more than is due by now, or give it up."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                if not given_up:
                    run.state, run.checker_id, run.approved_on = RunState.APPROVED, self.office.checker.staff, on
                    run.hash = "0" * 64
                    run.save()
                    cursor.execute("SET CONSTRAINTS hold_run_to_what_is_due IMMEDIATE")
                    cursor.execute("SET CONSTRAINTS hold_run_to_what_is_due DEFERRED")
                    return
        except IntegrityError:
            pass
        PaymentLine.objects.filter(run=run, cancelled=False).update(cancelled=True)
        PaymentRun.objects.filter(pk=run.pk).update(state=RunState.CANCELLED)

    def owed(self, known_on: date) -> tuple[dict[tuple[int, date], int], dict[tuple[int, date], tuple[int, int]]]:
        """What is owed, and of what was overpaid what is due and what was paid: by all that was ever due and paid."""
        settled: dict[tuple[int, date], int] = defaultdict(int)
        taken: dict[tuple[int, date], int] = defaultdict(int)
        for line in PaymentLine.objects.select_related("run"):
            of, is_approved = (line.award_id, line.period), line.run.state == RunState.APPROVED
            if not line.cancelled or (line.written_off_because and is_approved):
                settled[of] += line.amount
            if not line.cancelled and is_approved:
                taken[of] += line.amount
        ids = [claim.pk for claim in self.awards.values()]
        due = {(each.award, each.period): each.amount for each in due_of(ids, until=END, known_on=known_on)}
        open_ones = {of: amount - settled[of] for of, amount in due.items() if amount > settled[of]}
        return open_ones, {of: (due.get(of, 0), fen) for of, fen in taken.items() if fen > due.get(of, 0)}


def found(known_on: date) -> dict[tuple[int, date], int]:
    """What is owed, as a run finds it."""
    values: dict[str, Any] = {
        "programmes": NAMES, "chosen": [], "district": many.DISTRICT, "until": END, "known_on": known_on, "run": None,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(owed.UNPAID + "SELECT award_id, period, amount FROM unpaid", values)
        return {(claim, period): amount for claim, period, amount in cursor.fetchall()}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happens, places)
# A death between the last month that was due and the stop, which turns out to be none.
@example([Decided(MEMBER_PROGRAMME, 6, None, None, 0), Died(2), Paid(7, 0, ALL, "approved"), Died(None)], 0)
# What was paid is asked for as it was known before the term that lowered it.
@example([Decided(FAMILY_PROGRAMME, 2, None, 1, 5), Paid(7, 6, ALL, "approved")], 3)
# What was overpaid once is told of also after two more runs.
@example([PAID_UP, LOWERED, Paid(5, 0, ALL, "approved"), Paid(6, 0, ALL, "approved")], 0)
# A death that becomes known after all was paid, and a month that another run had taken, which is given up.
@example([Paid(7, 0, ALL, "approved"), Decided(MEMBER_PROGRAMME, 6, None, None, 0), Died(2)], 0)
@example([Paid(3, 0, ALL, "waits"), Paid(5, 0, ALL, "approved"), Paid(3, 0, ALL, "given_up")], 0)
def test_nothing_owed_and_nothing_overpaid_is_missed(
    office: Office, happened: list[Decided | Died | Paid], known: int
) -> None:
    with transaction.atomic():
        books = Books(families(1)[0], office)
        for each in happened:
            match each:
                case Decided():
                    books.decide(each)
                case Died():
                    died_on = None if each.month is None else MONTHS[each.month] + timedelta(days=14)
                    Person.objects.filter(pk=books.person.pk).update(died_on=died_on)
                case Paid():
                    books.pay(each)
            for known_on in (MONTHS[known], END):
                is_owed, overpaid = books.owed(known_on)
                assert found(known_on) == is_owed
                assert {
                    (one.award, one.period): (one.due, one.paid)
                    for one in queries.overpaid(many.DISTRICT, known_on=known_on)
                } == overpaid
        transaction.set_rollback(True)


def looked_at(month: date) -> tuple[int, int, int]:
    """How many months a run reckons, of how many it adds up what was paid, and how many were ever paid."""
    asked = (
        "SELECT array_agg(award_id ORDER BY award_id), array_agg(owed_from ORDER BY award_id), count(*)"
        " FROM payments_open_from(ARRAY(SELECT id FROM awards_award), %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH asked (award, since, count) AS ({asked})"
            " SELECT (SELECT count(*) FROM awards_due(award, since, %s, %s)),"
            " (SELECT count(*) FROM payments_settled(award, since, NULL)),"
            " (SELECT count(*) FROM payments_settled(award, array_fill('-infinity'::date, ARRAY[count::int]), NULL))"
            " FROM asked",
            [END, month, END],
        )
        return cursor.fetchone()


@pytest.fixture
def years(office: Office) -> tuple[Office, list[date]]:
    """Some families, of which one was stopped early, and the months of five years."""
    several = award(families(4), start=date(2021, 9, 1))
    stop(several[0], date(2021, 12, 1))
    return office, [date(2021 + at // 12, at % 12 + 1, 1) for at in range(8, 68)]


def test_a_run_after_five_years_looks_at_as_much_as_after_one(years: tuple[Office, list[date]]) -> None:
    office, months = years
    looked = {}
    for month in months:
        looked[month] = looked_at(month)
        office.pay(month)

    # One month of each of the three that go on; of the one that was stopped nothing.
    assert looked[date(2022, 9, 1)] == (3, 0, 3 * 12 + 3)
    assert looked[date(2026, 8, 1)] == (3, 0, 3 * 59 + 3)


def test_a_term_that_reaches_back_is_paid_from_where_it_begins(office: Office) -> None:
    claim = award(families(1), 100_00, start=date(2026, 5, 1))[0]
    for month in (5, 6, 7, 8):
        office.pay(date(2026, month, 1))
    assert Settlement.objects.get(award=claim).owed_from == date(2026, 9, 1)

    award([claim.household], 120_00, start=date(2026, 6, 1))
    run = office.pay(date(2026, 9, 1))

    amounts = run.lines.order_by("period").values_list("period__month", "amount")
    assert list(amounts) == [(6, 20_00), (7, 20_00), (8, 20_00), (9, 120_00)]


def test_what_was_left_out_stays_open_and_what_is_settled_is_told_by_the_database_alone(office: Office) -> None:
    here, there = award(families(2), start=date(2026, 7, 1))
    run = office.make(date(2026, 7, 1))
    line = run.lines.get(award=here)
    office.approve(actions.remove_line(run=run, line=line, reason="账户待核", by=office.maker))

    assert dict(Settlement.objects.values_list("award", "owed_from")) == {
        here.pk: date(2026, 7, 1),
        there.pk: date(2026, 8, 1),
    }
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        Settlement.objects.update(owed_from=date(2030, 1, 1))
    with pytest.raises(Refused, match="已有一个批次"):
        office.make(date(2026, 7, 1))
