"""What was paid beyond what is due, as it is known on a day. Nothing is done about it here."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from yihu.payments.planning import many_rows

OVERPAID = """
WITH paid AS (
    SELECT l.award_id, l.period, sum(l.amount)::bigint AS amount
    FROM payments_paymentline l JOIN payments_paymentrun r ON r.id = l.run_id
    JOIN households_household h ON h.id = l.household_id
    WHERE NOT l.cancelled AND r.state = 'approved' AND h.division_id ^@ %(area)s
        AND (%(household)s::bigint IS NULL OR l.household_id = %(household)s)
    GROUP BY l.award_id, l.period
),
due AS MATERIALIZED (
    SELECT * FROM awards_due(
        NULL, NULL, (SELECT array_agg(DISTINCT award_id) FROM paid), (SELECT max(period) FROM paid), %(known_on)s::date
    )
)
SELECT paid.award_id, paid.period, coalesce(due.amount, 0), paid.amount
FROM paid LEFT JOIN due USING (award_id, period)
WHERE paid.amount > coalesce(due.amount, 0) ORDER BY paid.award_id, paid.period
"""


@dataclass(frozen=True, slots=True)
class Overpaid:
    """A pay period of an award, by its first day, of which more was paid than is due; both in fen."""

    award: int
    period: date
    due: int
    paid: int

    @property
    def amount(self) -> int:
        """How many fen too much."""
        return self.paid - self.due


@many_rows()
def overpaid(area: str, *, known_on: date, household: int | None = None) -> list[Overpaid]:
    """What approved runs paid too much in an area, or to one household in it, by what is known on a day."""
    with connection.cursor() as cursor:
        cursor.execute(OVERPAID, {"area": area, "household": household, "known_on": known_on})
        return [Overpaid(*row) for row in cursor.fetchall()]
