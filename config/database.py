"""Reads a database address for Django."""

from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

# Django names these itself; the rest goes to the driver as it stands.
NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}

# A statement that a connection has run so often is prepared on it.
PREPARED_AFTER = 5


def from_address(address: str, *, pool: dict[str, Any] | None = None) -> dict[str, Any]:
    """Django's settings for a `postgresql://` address, read as the driver itself reads it."""
    try:
        parts = conninfo_to_dict(address)
    except ProgrammingError as error:
        raise ValueError(f"DATABASE_URL 不是可用的数据库地址：{error}") from None
    settings: dict[str, Any] = {django: str(parts.pop(name)) for name, django in NAMES.items() if name in parts}
    options: dict[str, Any] = {key: value for key, value in parts.items() if value is not None}
    # What is asked again is planned once: with the row policies of five tables in it, planning a statement takes ten
    # times as long as doing it. Values travel beside the statement and never in its text.
    options |= {"server_side_binding": True, "prepare_threshold": PREPARED_AFTER}
    if pool:
        options["pool"] = pool
    return {"ENGINE": "config.postgres", **settings, "OPTIONS": options, "CONN_HEALTH_CHECKS": True}
