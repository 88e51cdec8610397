"""What is owed and not yet paid, in the database: what is due of every award, less what lines pay of it.

A line that stands pays what it says, in whatever district it was made; of a run that was given up, and what was left
out of one, nothing counts. What was written off in a run that is approved is settled as if it had been paid. Where less
is due than was paid, nothing is owed, and nothing is taken back here: `yihu.payments.queries.overpaid` tells of it.

A family is paid into its account, a person into that of the family in which he lives on the day of the money (or lived
when he died), whatever family the award came to him in.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from yihu.common.months import end_of_month
from yihu.payments.enums import RunPurpose
from yihu.payments.models import PaymentRun
from yihu.payments.planning import many_rows

# Of each award only what is open: not what was paid and is as it was then (`payments.models.Settlement`), unless a line
# of this run is about it. ``chosen``: awards that are looked at whatever their programme.
UNPAID = """
WITH mine AS MATERIALIZED (
    SELECT a.id FROM awards_award a JOIN households_household h ON h.id = a.household_id
    WHERE a.form = 'money' AND h.division_id ^@ %(district)s
        AND (a.programme = ANY (%(programmes)s::varchar[]) OR a.id = ANY (%(chosen)s::bigint[]))
),
own AS MATERIALIZED (
    SELECT award_id, min(period) AS first FROM payments_paymentline WHERE run_id = %(run)s GROUP BY award_id
),
asked AS MATERIALIZED (
    SELECT o.award_id, least(o.owed_from, own.first) AS since
    FROM payments_open_from((SELECT array_agg(id) FROM mine), %(known_on)s::date) o LEFT JOIN own USING (award_id)
),
due AS MATERIALIZED (
    SELECT * FROM awards_due(
        (SELECT array_agg(award_id ORDER BY award_id) FROM asked),
        (SELECT array_agg(since ORDER BY award_id) FROM asked), %(until)s::date, %(known_on)s::date
    )
),
reaching AS MATERIALIZED (
    SELECT award_id, min(period) AS first FROM due GROUP BY award_id
),
settled AS MATERIALIZED (
    SELECT award_id, period, settled AS amount
    FROM payments_settled(
        (SELECT array_agg(award_id ORDER BY award_id) FROM reaching),
        (SELECT array_agg(first ORDER BY award_id) FROM reaching), %(run)s::bigint
    )
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

FILL = (
    UNPAID
    + """,
former AS (
    SELECT l.award_id, sum(l.amount)::bigint AS amount, bool_or(r.month = %(month)s) AS of_this_month
    FROM payments_paymentline l JOIN payments_paymentrun r ON r.id = l.run_id JOIN awards_award a ON a.id = l.award_id
    WHERE l.run_id = ANY (%(former_runs)s::bigint[]) AND (l.run_id, a.programme) IN (
            SELECT * FROM unnest(%(former_runs)s::bigint[], %(former_programmes)s::varchar[])
        )
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
         WHEN former.of_this_month THEN 'raised'
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

STALE = (
    UNPAID
    + """,
paying AS (
    SELECT award_id, period, amount FROM payments_paymentline WHERE run_id = %(run)s AND NOT cancelled
),
beyond AS (
    SELECT least(paying.amount, paid.settled - coalesce(due.amount, 0)) AS amount
    FROM paying
    JOIN payments_settled(
        (SELECT array_agg(award_id ORDER BY award_id) FROM own),
        (SELECT array_agg(first ORDER BY award_id) FROM own), %(run)s::bigint
    ) paid ON paid.award_id = paying.award_id AND paid.period = paying.period
    LEFT JOIN due ON due.award_id = paying.award_id AND due.period = paying.period
    WHERE paid.settled > coalesce(due.amount, 0)
)
SELECT count(unpaid.amount), coalesce(sum(unpaid.amount), 0)::bigint,
    (SELECT count(*) FROM beyond), (SELECT coalesce(sum(amount), 0)::bigint FROM beyond)
FROM unpaid
"""
)

FIRST_OWED = (
    UNPAID
    + "SELECT a.programme, min(u.period) FROM unpaid u JOIN awards_award a ON a.id = u.award_id GROUP BY a.programme"
)


def write_lines(run: PaymentRun, *, on: date) -> None:
    """A line in a run for whatever is owed, as it is known on ``on``, with people, accounts and areas of that day."""
    _execute(FILL, _values(run, known_on=on, on=on))


@dataclass(frozen=True, slots=True)
class Stale:
    """How a draft would change if it were worked out again: so many lines, of so many fen, more; and as many that pay
    more than is due by now, of so many fen too much.
    """

    missing: int = 0
    missing_amount: int = 0
    beyond: int = 0
    beyond_amount: int = 0

    def __bool__(self) -> bool:
        return bool(self.missing or self.beyond)


def stale(run: PaymentRun, *, on: date) -> Stale:
    """What became of a run since it was worked out, as is known on a day."""
    return Stale(*_execute(STALE, _values(run, known_on=on)))


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


def former_runs(run: PaymentRun) -> dict[str, list[PaymentRun]]:
    """What this run is compared with, by programme: all runs, whatever for, of the last month before its own that was
    paid; for what cannot wait, of its own month where something was paid of it already.
    """
    earlier = Q(month__lt=run.month)
    if run.purpose == RunPurpose.URGENT:
        earlier |= Q(month=run.month, pk__lt=run.pk)
    runs = PaymentRun.objects.filter(earlier, programmes__overlap=run.programmes, division=run.division).standing()
    found: dict[str, list[PaymentRun]] = {}
    for former in runs.order_by("month", "pk"):
        for name in set(former.programmes) & set(run.programmes):
            same = [each for each in found.get(name, ()) if each.month == former.month]
            found[name] = [*same, former]
    return found


def _values(run: PaymentRun, **more: Any) -> dict[str, Any]:
    pairs = [(former.pk, name) for name, formers in former_runs(run).items() for former in formers]
    return {
        "run": run.pk,
        "former_runs": [former for former, _name in pairs],
        "former_programmes": [name for _former, name in pairs],
        "programmes": run.programmes,
        "chosen": [],
        "district": run.division_id,
        "month": run.month,
        "until": end_of_month(run.month),
        "pay_on": run.pay_on,
        **more,
    }


def _execute(statement: str, values: dict[str, Any]) -> Any:
    with many_rows(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else None
