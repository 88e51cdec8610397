"""What was paid beyond what is due, as it is known on a day. Nothing is done about it here."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from yihu.payments.planning import many_rows

OVERPAID = """
SELECT award_id, period, due, paid, beyond
FROM payments_overpaid(%(area)s, %(household)s, %(known_on)s::date) ORDER BY award_id, period
"""


@dataclass(frozen=True, slots=True)
class Overpaid:
    """A pay period of an award, by its first day, of which more was paid than is due; all in fen.

    ``due`` and ``paid`` are the whole of it; ``amount`` is what was paid too much in the area that was asked about.
    """

    award: int
    period: date
    due: int
    paid: int
    amount: int


@many_rows()
def overpaid(area: str, *, known_on: date, household: int | None = None) -> list[Overpaid]:
    """What approved runs paid too much in an area, or to one household in it, by what is known on a day.

    The area is where it was paid, which does not change: whoever moved to another district is told of here, and what is
    paid there since is not. Of an area that whoever acts does not reach nothing is told.
    """
    with connection.cursor() as cursor:
        cursor.execute(OVERPAID, {"area": area, "household": household, "known_on": known_on})
        return [Overpaid(*row) for row in cursor.fetchall()]
