"""Tells the database who acts and how far he reaches, for one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from yihu.common.actor import Actor

SETTINGS = ("app.actor", "app.areas", "app.reason", "app.origin", "app.file")


@contextmanager
def acting(actor: Actor, *, reason: str = "", origin: str = "") -> Iterator[None]:
    """One transaction as this actor: history is written in his name, and rows outside his areas do not exist.

    ``reason`` (why) and ``origin`` (from where: an address, a command) go into the history. Nested, the inner one holds
    until it ends. Without it the database shows no family and refuses every change that matters.
    """
    with transaction.atomic():
        before = _now()
        _set((actor.id, _array(actor.areas), reason, origin, ""))
        yield
        # A block that failed, or that is to be undone, is rolled back, and the settings with it.
        if not connection.needs_rollback:
            _set(before)


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Within the scope that is set, the changes of this block are remembered with their own reason."""
    with _setting("app.reason", reason):
        yield


@contextmanager
def file_open(household_id: int) -> Iterator[None]:
    """Within the scope that is set, this block reads one more family's file, wherever the family lives.

    It is for whoever may read something in it all the same, such as the street that handled a past case.
    """
    with _setting("app.file", str(household_id)):
        yield


@contextmanager
def _setting(name: str, value: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [name])
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    yield
    # What failed is rolled back with its transaction, and the setting with it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, before])


def _array(areas: tuple[str, ...]) -> str:
    if not all(area.isdigit() for area in areas):
        raise ValueError(areas)
    # An empty setting reaches nothing; the policies turn it into NULL.
    return "{" + ",".join(areas) + "}" if areas else ""


def _now() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join("coalesce(current_setting(%s, true), '')" for _ in SETTINGS), SETTINGS)
        row: tuple[str, ...] = cursor.fetchone()
    return row


def _set(values: tuple[str, ...]) -> None:
    pairs = [word for pair in zip(SETTINGS, values, strict=True) for word in pair]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join("set_config(%s, %s, true)" for _ in SETTINGS), pairs)
