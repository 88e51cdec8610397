"""Tells the database who acts and how far he reaches, for one transaction."""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from yihu.access.actor import Actor

SETTINGS = ("app.actor", "app.kind", "app.areas", "app.reason", "app.origin", "app.own", "app.file", "app.kept")


@contextmanager
def acting(actor: Actor, *, reason: str = "", origin: str = "") -> Iterator[None]:
    """One transaction as this actor: history is written in his name, and rows outside his areas do not exist.

    ``reason`` (why) and ``origin`` (from where: an address, a command) go into the history. Nested, the inner one holds
    until it ends. Without it the database shows no family and refuses every change that matters.
    """
    # Settings end with the transaction; within another one they are put back.
    is_within = connection.in_atomic_block
    with transaction.atomic():
        values = (str(actor.principal), actor.kind.value, _array(actor.areas), reason, origin, _ids(actor.own), "", "")
        before = _exchange(dict(zip(SETTINGS, values, strict=True)))
        yield
        # A block that failed, or that is to be undone, is rolled back, and the settings with it.
        if is_within and not connection.needs_rollback:
            _exchange(before)


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Within the scope that is set, the changes of this block are remembered with their own reason."""
    with _setting("app.reason", reason):
        yield


@contextmanager
def file_open(household_id: int) -> Iterator[None]:
    """Within the scope that is set, this block reads one more family's file, wherever the family lives.

    It is for whoever may read something in it all the same, such as the street that handled a past case. Nothing is
    changed in it meanwhile: the database refuses every change that is remembered.
    """
    with _setting("app.file", str(household_id)):
        yield


def keep_away(households: Collection[int]) -> None:
    """For the rest of the transaction these families do not exist: nothing of them is seen, nothing written."""
    if households:
        _exchange({"app.kept": _ids(households)})


@contextmanager
def _setting(name: str, value: str) -> Iterator[None]:
    before = _exchange({name: value})
    yield
    # What failed is rolled back with its transaction, and the setting with it.
    _exchange(before)


def _ids(households: Collection[int]) -> str:
    return "{" + ",".join(str(pk) for pk in households) + "}" if households else ""


def _array(areas: tuple[str, ...]) -> str:
    if not all(re.fullmatch(r"([0-9]+/)+", area) for area in areas):
        raise ValueError(areas)
    # An empty setting reaches nothing; the policies turn it into NULL.
    return "{" + ",".join(areas) + "}" if areas else ""


def _exchange(values: dict[str, str]) -> dict[str, str]:
    """Set these for the rest of the transaction; what they were before."""
    was = ", ".join(f"coalesce(current_setting(%s, true), '') AS v{place}" for place in range(len(values)))
    now = ", ".join(f"v{place}, set_config(%s, %s, true)" for place in range(len(values)))
    pairs = [word for pair in values.items() for word in pair]
    with connection.cursor() as cursor:
        # What they were is read before any is set.
        cursor.execute(f"WITH was AS MATERIALIZED (SELECT {was}) SELECT {now} FROM was", [*values, *pairs])
        row: tuple[str, ...] = cursor.fetchone()
    return dict(zip(values, row[::2], strict=True))
