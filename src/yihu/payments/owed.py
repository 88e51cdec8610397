"""What is owed and not yet paid, in the database: what is due of every award, less what lines pay of it.

A line that stands pays what it says, in whatever district it was made; of a run that was given up, and what was left
out of one, nothing counts. What was written off in a run that is approved is settled as if it had been paid. Where less
is due than was paid, nothing is owed, and nothing is taken back here: `yihu.payments.queries.overpaid` tells of it.

A family is paid into its account, a person into that of the family in which he lives on the day of the money (or lived
when he died), whatever family the award came to him in.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db import connection

from yihu.payments.models import PaymentRun
from yihu.payments.pay_day import next_month
from yihu.payments.planning import many_rows

DUE = "SELECT * FROM awards_due(%(programmes)s::text[], %(district)s, NULL, %(until)s::date, %(known_on)s::date)"
# The same of some awards alone; no others are looked at.
DUE_OF_CHOSEN = (
    "SELECT * FROM awards_due(NULL, %(district)s, %(chosen)s::bigint[], %(until)s::date, %(known_on)s::date)"
)

UNPAID_OF = """
WITH due AS MATERIALIZED (
    {due}
),
settled AS MATERIALIZED (
    SELECT award_id, period, settled AS amount
    FROM payments_settled((SELECT array_agg(DISTINCT award_id) FROM due), %(run)s::bigint)
),
left_out AS (
    SELECT award_id FROM payments_paymentline WHERE run_id = %(run)s AND left_out_because <> ''
),
unpaid AS (
    SELECT due.award_id, due.period, due.term_id, due.amount - coalesce(settled.amount, 0) AS amount
    FROM due LEFT JOIN settled USING (award_id, period)
    WHERE due.amount > coalesce(settled.amount, 0) AND due.award_id NOT IN (SELECT award_id FROM left_out)
)
"""
UNPAID = UNPAID_OF.format(due=DUE)

FILL = (
    UNPAID
    + """,
former AS (
    SELECT l.award_id, sum(l.amount)::bigint AS amount
    FROM payments_paymentline l JOIN payments_paymentrun r ON r.id = l.run_id JOIN awards_award a ON a.id = l.award_id
    WHERE (l.run_id, a.programme) IN (SELECT * FROM unnest(%(formers)s::bigint[], %(programmes)s::varchar[]))
        AND l.period = r.month AND a.kind = 'month' AND NOT l.cancelled
    GROUP BY l.award_id
),
owed AS (
    SELECT u.*, a.household_id, a.person_id, a.kind, a.programme
    FROM unpaid u JOIN awards_award a ON a.id = u.award_id
),
living AS (
    SELECT m.household_id, count(*) AS members, (array_agg(p.name ORDER BY m.relation <> 2, m.id))[1] AS first
    FROM households_member m JOIN households_person p ON p.id = m.person_id
    WHERE m.period @> %(on)s::date AND (p.died_on IS NULL OR p.died_on > %(on)s)
        AND m.household_id IN (SELECT household_id FROM owed)
    GROUP BY m.household_id
),
home AS (
    SELECT m.person_id, m.household_id
    FROM households_member m JOIN households_person p ON p.id = m.person_id
    WHERE m.period @> least(%(pay_on)s::date, p.died_on) AND m.person_id IN (SELECT person_id FROM owed)
)
INSERT INTO payments_paymentline
    (run_id, award_id, term_id, household_id, division_id, period, name, members, amount, before, change, account_id,
     holder, cancelled)
SELECT %(run)s, u.award_id, u.term_id, u.household_id, h.division_id, u.period, coalesce(p.name, living.first, ''),
    CASE WHEN u.person_id IS NULL THEN coalesce(living.members, 0) ELSE 1 END,
    u.amount, former.amount,
    CASE WHEN u.kind <> 'month' THEN 'once'
         WHEN u.period < %(month)s THEN 'arrears'
         WHEN former.amount IS NULL THEN 'new'
         WHEN u.amount > former.amount THEN 'raised'
         WHEN u.amount < former.amount THEN 'lowered'
         ELSE 'same' END,
    account.id, coalesce(holder.name, ''), false
FROM owed u
JOIN households_household h ON h.id = u.household_id
LEFT JOIN households_person p ON p.id = u.person_id
LEFT JOIN living ON living.household_id = u.household_id
LEFT JOIN home ON home.person_id = u.person_id
LEFT JOIN payments_account account ON account.period @> %(pay_on)s::date
    AND account.household_id = CASE WHEN u.person_id IS NULL THEN u.household_id ELSE home.household_id END
LEFT JOIN households_person holder ON holder.id = account.holder_id
LEFT JOIN former ON former.award_id = u.award_id
ORDER BY h.division_id, h.number, u.person_id NULLS FIRST, u.programme, u.award_id, u.period
"""
)

MISSING = UNPAID + "SELECT count(*), coalesce(sum(amount), 0)::bigint FROM unpaid"

FIRST_OWED = (
    UNPAID_OF.format(due=f"{DUE} UNION {DUE_OF_CHOSEN}")
    + "SELECT a.programme, min(u.period) FROM unpaid u JOIN awards_award a ON a.id = u.award_id GROUP BY a.programme"
)


def write_lines(run: PaymentRun, *, on: date) -> None:
    """A line in a run for whatever is owed, as it is known on ``on``, with people, accounts and areas of that day."""
    _execute(FILL, _values(run, known_on=on, on=on))


def missing(run: PaymentRun, *, on: date) -> tuple[int, int]:
    """How many lines, of how many fen, the run would gain if it were worked out again on a day."""
    count, amount = _execute(MISSING, _values(run, known_on=on))
    return count, amount


@many_rows()
def first_owed(
    *, programmes: Collection[str], chosen: Collection[int] = (), district: str, until: date, on: date
) -> dict[str, date]:
    """By programme the first day of the first pay period, up to ``until``, of which something is owed in a district, as
    it is known on a day, and in no run that stands; those of which nothing is owed are not in it. ``chosen``: awards of
    other programmes that are looked at as well.
    """
    values: dict[str, Any] = {
        "programmes": list(programmes),
        "chosen": list(chosen),
        "district": district,
        "until": until,
        "known_on": on,
        "run": None,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIRST_OWED, values)
        return dict(cursor.fetchall())


def former_runs(run: PaymentRun) -> dict[str, PaymentRun]:
    """What this run is compared with, by programme: the last one of the same purpose for an earlier month."""
    runs = PaymentRun.objects.filter(
        purpose=run.purpose, programmes__overlap=run.programmes, division=run.division, month__lt=run.month
    ).standing()
    found: dict[str, PaymentRun] = {}
    for former in runs.order_by("month", "pk"):
        found |= dict.fromkeys(set(former.programmes) & set(run.programmes), former)
    return found


def last_day(month: date) -> date:
    """The last day of the month that begins on a day."""
    return next_month(month) - timedelta(days=1)


def _values(run: PaymentRun, **more: Any) -> dict[str, Any]:
    formers = former_runs(run)
    return {
        "run": run.pk,
        "formers": [formers[name].pk if name in formers else None for name in run.programmes],
        "programmes": run.programmes,
        "district": run.division_id,
        "month": run.month,
        "until": last_day(run.month),
        "pay_on": run.pay_on,
        **more,
    }


def _execute(statement: str, values: dict[str, Any]) -> Any:
    with many_rows(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else None
