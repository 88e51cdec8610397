"""What Django is told by the environment when the launcher starts it."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from launcher import binaries, roles
from launcher.places import VAR
from launcher.postgres import Cluster

DATABASE = "yihu_demo"
KEY = VAR / "secret-key"


@dataclass(frozen=True)
class Database:
    """Its address for those who change its tables and for those who use them, and whether it still lives."""

    owner: str
    web: str
    is_running: Callable[[], bool]


@contextmanager
def database(*, empty: bool = False) -> Iterator[Database]:
    """The database of the demonstration: the one `DATABASE_URL` names, else one in this checkout's own server."""
    given = os.environ.get("DATABASE_URL")
    if given:
        if empty:
            raise SystemExit("DATABASE_URL 指定的数据库不归演示所有，不会清空它。请去掉 DATABASE_URL，或自行清空。")
        _require_version(given)
        # Whoever runs it also restarts it; the web connects again by itself.
        yield Database(owner=given, web=given, is_running=lambda: True)
        return
    with Cluster.under().running() as cluster:
        if empty:
            roles.drop_database(cluster.superuser, DATABASE)
        if DATABASE not in roles.database_names(cluster.superuser):
            roles.create_database(cluster.superuser, DATABASE)
        owner, web = (cluster.url(role, DATABASE) for role in (roles.OWNER, roles.WEB))
        yield Database(owner=owner, web=web, is_running=cluster.is_running)


def environment(address: str) -> dict[str, str]:
    """The environment for a Django that uses this database; what the caller set himself stays."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secret_key(),
        **os.environ,
        "DATABASE_URL": address,
    }


def secret_key() -> str:
    """A key of this checkout's own, made once."""
    if not KEY.exists():
        VAR.mkdir(exist_ok=True)
        unfinished = KEY.with_suffix(".new")
        unfinished.touch(mode=0o600)
        unfinished.write_text(secrets.token_urlsafe(50))
        unfinished.rename(KEY)
    return KEY.read_text()


def _require_version(address: str) -> None:
    try:
        with psycopg.connect(address, connect_timeout=10) as connection:
            major = connection.info.server_version // 10000
    except psycopg.Error as error:
        raise SystemExit(f"连不上 DATABASE_URL 指定的数据库：{error}") from None
    if major < binaries.LOWEST:
        raise SystemExit(f"DATABASE_URL 指定的是 PostgreSQL {major}，一户需要 {binaries.LOWEST} 或更新。")
