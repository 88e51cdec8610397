"""What is due, worked out in one place: the text of the database function, and how Python asks it.

Of a money programme by the month each month has a due. Whichever term covers its first day last, of those known by the
day asked for, decides: what it gives is due, and where it stops nothing is. What came in as an opening balance is due
from the day on from which it is paid here.

Of one by the season or the year, and of help that is given once, there is one due, on the day that the claim keeps as
its pay period. The last term known decides, whatever days it covers. Who renounces it, or turns out not to qualify,
is not due it whatever day that happens; who died or moved away after that day had a claim to it, and it stays due.

What an award that was stopped would owe a person for months that began after his death is not due; as long as it runs
on paper it is, and stands in the way of the run, so that somebody stops it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

ARGUMENTS = "programmes text[], area text, chosen bigint[], until date, known date"

FOUND = "TABLE (award_id bigint, period date, term_id bigint, amount bigint)"

FUNCTION = """
    WITH terms AS (
        SELECT a.id AS award_id, a.kind, a.person_id, a.pays_from, a.pay_period, t.id, t.period, t.stops, t.reason,
            t.amount
        FROM awards_award a
        JOIN awards_awardterm t ON t.award_id = a.id AND t.known_on <= known
        JOIN households_household h ON h.id = a.household_id
        WHERE a.form = 'money' AND (programmes IS NULL OR a.programme = ANY (programmes))
            AND (area IS NULL OR h.division_id ^@ area) AND (chosen IS NULL OR a.id = ANY (chosen))
    ),
    decided AS (
        SELECT DISTINCT ON (t.award_id, day.period) t.award_id, t.person_id, day.period, t.id, t.stops, t.amount
        FROM terms t
        CROSS JOIN LATERAL (
            SELECT month::date AS period
            FROM generate_series(
                greatest(lower(t.period), t.pays_from)::timestamp,
                least(until, upper(t.period) - 1)::timestamp,
                '1 month'
            ) AS month
            WHERE t.kind = 'month'
            UNION ALL
            SELECT t.pay_period
            WHERE t.kind <> 'month' AND t.pay_period <= until
                AND (NOT t.stops OR t.reason IN ('renounced', 'not_eligible') OR t.period @> t.pay_period)
                AND (t.pays_from IS NULL OR t.pay_period >= t.pays_from)
        ) AS day
        ORDER BY t.award_id, day.period, t.id DESC
    )
    SELECT d.award_id, d.period, d.id, d.amount
    FROM decided d LEFT JOIN households_person p ON p.id = d.person_id
    WHERE NOT d.stops
        AND (p.died_on IS NULL OR d.period <= p.died_on OR coalesce((
            SELECT NOT t.stops FROM terms t
            WHERE t.award_id = d.award_id AND upper_inf(t.period) ORDER BY t.id DESC LIMIT 1
        ), false))
"""


@dataclass(frozen=True, slots=True)
class Due:
    """What is due for one pay period: its first day, the fen, and the term that says so."""

    award: int
    period: date
    term: int
    amount: int


def due_of(awards: Collection[int], *, until: date, known_on: date) -> list[Due]:
    """What is due of some awards for periods that begin by ``until``, as it was known on a day; in order of time."""
    return _rows({"programmes": None, "area": None, "chosen": list(awards), "until": until, "known": known_on})


def due_in(area: str, *, programmes: Collection[str], until: date, known_on: date) -> list[Due]:
    """The same of all awards of some programmes in an area."""
    return _rows({"programmes": list(programmes), "area": area, "chosen": None, "until": until, "known": known_on})


def _rows(values: dict[str, Any]) -> list[Due]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT award_id, period, term_id, amount FROM awards_due("
            "%(programmes)s::text[], %(area)s::text, %(chosen)s::bigint[], %(until)s::date, %(known)s::date"
            ") ORDER BY award_id, period",
            values,
        )
        return [Due(*row) for row in cursor.fetchall()]
