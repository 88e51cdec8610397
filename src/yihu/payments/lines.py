"""Works out what a run pays, in the database: every month of every award that is owed and not yet paid.

Owed is each month of an award from its start up to the run's month. Of an award that came in as an opening balance,
and of whatever took its place, only the months are owed that the balance says are paid here: whoever paid before paid
those before.

What was paid for a month to the same family (or person) under an award that a later determination replaced counts:
the rest of a month that a new award raises after the fact is made up for, and nothing is paid twice. Where the new
award is lower, more was paid than is owed; such a month gives no line. (Awards of one claim, which is a family's or a
person's, never overlap, so money for a month that another award covers lies past the end of the one it was paid for.)

A family is paid into its account, a person into that of the family in which he lives on the day of the money (or lived
when he died), whatever family the award came to him in.

What was written off in a run that is approved is settled as if it had been paid.

What an ended award would owe a person for months that began after his death is not owed; as long as the award runs on
paper, the line shows and stands in the way of the run, so that somebody ends it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, F, Max, QuerySet, Sum
from django.db.models.functions import Coalesce

from yihu.payments.models import PaymentLine, PaymentRun
from yihu.payments.planning import many_rows

# A family's claim is its id, a person's his own id below 0: it is his whatever family he is in.
CLAIM = Coalesce(-F("award__person"), F("household"), output_field=BigIntegerField())

UNPAID = """
WITH opened AS (
    SELECT a.id AS award_id, max(o.pays_from) AS pays_from
    FROM awards_award a
    JOIN awards_award b ON coalesce(-b.person_id, b.household_id) = coalesce(-a.person_id, a.household_id)
        AND lower(b.period) <= lower(a.period)
    JOIN awards_openingimport o ON o.id = b.opening_id
    WHERE a.programme = %(programme)s AND b.programme = %(programme)s
    GROUP BY a.id
),
owed AS (
    SELECT coalesce(-a.person_id, a.household_id) AS claim, a.id AS award_id, a.household_id, a.person_id,
        a.amount AS full_amount, due.month::date AS month
    FROM awards_award a
    JOIN households_household h ON h.id = a.household_id
    LEFT JOIN households_person p ON p.id = a.person_id
    LEFT JOIN opened ON opened.award_id = a.id
    CROSS JOIN LATERAL generate_series(
        greatest(lower(a.period), opened.pays_from)::timestamp,
        least(%(month)s::date, upper(a.period) - 1)::timestamp,
        '1 month'
    ) AS due(month)
    WHERE a.programme = %(programme)s AND h.division_id ^@ %(district)s AND lower(a.period) <= %(month)s
        AND (p.died_on IS NULL OR upper_inf(a.period) OR due.month <= p.died_on)
),
written_off AS (
    SELECT l.id, l.award_id, l.month FROM payments_paymentline l JOIN payments_paymentrun r ON r.id = l.run_id
    WHERE l.written_off_because <> '' AND (r.state = 'approved' OR r.id = %(run)s)
),
outlived AS (
    SELECT coalesce(-b.person_id, b.household_id) AS claim, l.month, sum(l.amount)::bigint AS amount
    FROM awards_award b JOIN payments_paymentline l ON l.award_id = b.id
    WHERE b.programme = %(programme)s AND (l.month >= upper(b.period) OR isempty(b.period))
        AND (NOT l.cancelled OR l.id IN (SELECT id FROM written_off))
    GROUP BY claim, l.month
),
left_out AS (
    SELECT coalesce(-b.person_id, b.household_id) AS claim
    FROM payments_paymentline l JOIN awards_award b ON b.id = l.award_id
    WHERE l.run_id = %(run)s AND l.left_out_because <> ''
),
unpaid AS (
    SELECT owed.*, owed.full_amount - coalesce(outlived.amount, 0) AS amount
    FROM owed LEFT JOIN outlived USING (claim, month)
    WHERE owed.full_amount > coalesce(outlived.amount, 0)
        AND owed.claim NOT IN (SELECT claim FROM left_out)
        AND NOT EXISTS (
            SELECT FROM payments_paymentline l
            WHERE l.award_id = owed.award_id AND l.month = owed.month AND NOT l.cancelled
        )
        AND NOT EXISTS (SELECT FROM written_off w WHERE w.award_id = owed.award_id AND w.month = owed.month)
)
"""

FILL = (
    UNPAID
    + """,
former AS (
    SELECT coalesce(-b.person_id, b.household_id) AS claim, sum(l.amount)::bigint AS amount
    FROM payments_paymentline l
    JOIN awards_award b ON b.id = l.award_id
    JOIN payments_paymentrun r ON r.id = l.run_id
    WHERE l.run_id = %(former)s AND l.month = r.month AND NOT l.cancelled
    GROUP BY claim
),
living AS (
    SELECT m.household_id, count(*) AS members, (array_agg(p.name ORDER BY m.relation <> 2, m.id))[1] AS first
    FROM households_member m JOIN households_person p ON p.id = m.person_id
    WHERE m.period @> %(on)s::date AND (p.died_on IS NULL OR p.died_on > %(on)s)
        AND m.household_id IN (SELECT household_id FROM unpaid)
    GROUP BY m.household_id
),
home AS (
    SELECT m.person_id, m.household_id
    FROM households_member m JOIN households_person p ON p.id = m.person_id
    WHERE m.period @> least(%(pay_on)s::date, p.died_on) AND m.person_id IN (SELECT person_id FROM unpaid)
)
INSERT INTO payments_paymentline
    (run_id, award_id, household_id, division_id, month, name, members, amount, before, change, account_id, holder,
     cancelled, left_out_because)
SELECT %(run)s, u.award_id, u.household_id, h.division_id, u.month, coalesce(p.name, living.first, ''),
    CASE WHEN u.person_id IS NULL THEN coalesce(living.members, 0) ELSE 1 END,
    u.amount, former.amount,
    CASE WHEN u.month < %(month)s THEN 'arrears'
         WHEN former.amount IS NULL THEN 'new'
         WHEN u.amount > former.amount THEN 'raised'
         WHEN u.amount < former.amount THEN 'lowered'
         ELSE 'same' END,
    account.id, coalesce(holder.name, ''), false, ''
FROM unpaid u
JOIN households_household h ON h.id = u.household_id
LEFT JOIN households_person p ON p.id = u.person_id
LEFT JOIN living ON living.household_id = u.household_id
LEFT JOIN home ON home.person_id = u.person_id
LEFT JOIN payments_account account ON account.period @> %(pay_on)s::date
    AND account.household_id = CASE WHEN u.person_id IS NULL THEN u.household_id ELSE home.household_id END
LEFT JOIN households_person holder ON holder.id = account.holder_id
LEFT JOIN former ON former.claim = u.claim
ORDER BY h.division_id, h.number, u.person_id NULLS FIRST, u.month
"""
)

MISSING = UNPAID + "SELECT count(*), coalesce(sum(amount), 0)::bigint FROM unpaid"

FIRST_OWED = UNPAID + "SELECT min(month) FROM unpaid"


@dataclass(frozen=True, slots=True)
class SetAside:
    """What a run does not pay though it is owed, and why: left out by claim, written off by award and month."""

    left_out: dict[int, str]
    written_off: dict[tuple[int, date], str]


def fill(run: PaymentRun, *, on: date, set_aside: SetAside) -> None:
    """Write the lines of a run anew, and its sums, with people, accounts and areas as of ``on``."""
    PaymentLine.objects.filter(run=run).delete()
    _execute(FILL, run, on=on)
    leave_out(run, set_aside.left_out)
    if set_aside.written_off:
        write_off(run, set_aside.written_off)


def leave_out(run: PaymentRun, left_out: Mapping[int, str]) -> None:
    """Leave out all lines of some claims, each with its reason, and add up what is paid."""
    if left_out:
        chosen = list(of_claims(run, left_out).filter(cancelled=False))
        for line in chosen:
            line.cancelled, line.left_out_because = True, left_out[line.claim]  # type: ignore[attr-defined]
        PaymentLine.objects.bulk_update(chosen, ["cancelled", "left_out_because"], batch_size=1_000)
    add_up(run)


def write_off(run: PaymentRun, written_off: Mapping[tuple[int, date], str]) -> None:
    """Write off some months of some awards, each with its reason, and add up what is paid."""
    of_awards = PaymentLine.objects.filter(run=run, award__in={award for award, _month in written_off})
    chosen = [line for line in of_awards if (line.award_id, line.month) in written_off]
    for line in chosen:
        line.cancelled, line.left_out_because = True, ""
        line.written_off_because = written_off[line.award_id, line.month]
    PaymentLine.objects.bulk_update(chosen, ["cancelled", "left_out_because", "written_off_because"], batch_size=1_000)
    add_up(run)


def set_aside_in(run: PaymentRun | None) -> SetAside:
    """What is left out of a run and written off in it."""
    lines = PaymentLine.objects.filter(run=run).annotate(claim=CLAIM)
    written_off = lines.exclude(written_off_because="").values_list("award", "month", "written_off_because")
    return SetAside(
        dict(lines.exclude(left_out_because="").values_list("claim", "left_out_because")),
        {(award, month): reason for award, month, reason in written_off},
    )


def of_claims(run: PaymentRun, claims: Collection[int]) -> QuerySet[PaymentLine]:
    """The lines of some claims, each with its ``claim``."""
    return PaymentLine.objects.filter(run=run).annotate(claim=CLAIM).filter(claim__in=list(claims))


def missing(run: PaymentRun) -> tuple[int, int]:
    """How many lines, of how many fen, the run would gain if it were worked out again now."""
    count, amount = _execute(MISSING, run)
    return count, amount


def first_owed(*, programme: str, district: str, until: date) -> date | None:
    """The first month, up to ``until``, of which something is owed in a district and in no run that stands."""
    values: dict[str, Any] = {"programme": programme, "district": district, "month": until, "run": None}
    with many_rows(), connection.cursor() as cursor:
        cursor.execute(FIRST_OWED, values)
        (month,) = cursor.fetchone()
    return month


def former_run(run: PaymentRun) -> PaymentRun | None:
    """The run that this one is compared with: the last one of the programme for an earlier month."""
    runs = PaymentRun.objects.filter(programme=run.programme, division=run.division, month__lt=run.month).standing()
    return runs.order_by("-month").first()


@many_rows()
def sums(run: PaymentRun) -> dict[str, int]:
    """Households, people and fen by the lines themselves."""
    lines = PaymentLine.objects.filter(run=run, cancelled=False)
    # A family that is also made up for a former month has two lines, and is counted once.
    claims = lines.order_by().values("household", "award__person").annotate(people=Max("members"), fen=Sum("amount"))
    rows = list(claims.values_list("household", "people", "fen"))
    return {
        "households_count": len({household for household, _people, _fen in rows}),
        "people_count": sum(people for _household, people, _fen in rows),
        "total": sum(fen for _household, _people, fen in rows),
    }


def add_up(run: PaymentRun) -> None:
    """Write the sums of the lines into the run."""
    for name, value in sums(run).items():
        setattr(run, name, value)
    run.save(update_fields=["households_count", "people_count", "total"])


def _execute(statement: str, run: PaymentRun, **more: Any) -> Any:
    former = former_run(run)
    values = {
        "run": run.pk,
        "former": former and former.pk,
        "programme": run.programme,
        "district": run.division_id,
        "month": run.month,
        "pay_on": run.pay_on,
        **more,
    }
    with many_rows(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else None
