"""What every room tells of itself in the same words: work that waits for someone, and what happened in a family."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Something that waits for someone at a post. The inbox is a view over these, not a table.

    ``page`` and ``key`` name the page that it is done on. ``due_on`` None: no clock runs.
    ``urgent``: somebody is in need now; it comes before everything that has a day.
    """

    title: str
    page: str
    key: str
    division: str
    opened_on: date
    detail: str = ""
    household: str = ""
    name: str = ""
    programme: str = ""
    due_on: date | None = None
    provisional: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How much of something there is: so much is known, and the rows of these queries are still to be counted."""

    known: int = 0
    rows: tuple[QuerySet[Any, Any], ...] = ()


def counted(tallies: Sequence[Tally]) -> list[int]:
    """How much each comes to; the rows of all of them are counted in one query."""
    found = [tally.known for tally in tallies]
    places, parts, values = list[int](), list[str](), list[Any]()
    for place, tally in enumerate(tallies):
        for rows in tally.rows:
            slim = rows.order_by() if rows.query.distinct else rows.order_by().values("pk")
            try:
                sql, params = slim.query.sql_with_params()
            except EmptyResultSet:
                continue
            places.append(place)
            parts.append(f"(SELECT count(*) FROM ({sql}) rows)")
            values += params
    if parts:
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(parts), values)
            for place, count in zip(places, cursor.fetchone(), strict=True):
                found[place] += count
    return found


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happened in a family, for the timeline. ``tone`` is good, warn, bad, info or empty.

    ``order`` puts what happened on one day in its order.
    """

    on: date
    order: int
    title: str = field(compare=False)
    detail: str = field(default="", compare=False)
    page: str = field(default="", compare=False)
    key: str = field(default="", compare=False)
    tone: str = field(default="", compare=False)
