"""Asks the database what is due of awards, as runs do of all of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True, slots=True)
class Due:
    """What is due for one pay period: its first day, the fen, and the term that says so."""

    award: int
    period: date
    term: int
    amount: int


def due_of(awards: Collection[int], *, until: date, known_on: date, since: date | None = None) -> list[Due]:
    """What is due of some awards for periods that begin by ``until`` (and from ``since`` on), as it was known on a day;
    in order of time.
    """
    asked = sorted(set(awards))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT award_id, period, term_id, amount FROM awards_due("
            "%(awards)s::bigint[], %(since)s::date[], %(until)s::date, %(known)s::date"
            ") ORDER BY award_id, period",
            {"awards": asked, "since": [since] * len(asked), "until": until, "known": known_on},
        )
        return [Due(*row) for row in cursor.fetchall()]
