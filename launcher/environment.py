"""What Django is told by the environment when the launcher starts it."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from launcher import binaries, roles
from launcher.places import VAR
from launcher.postgres import Cluster

DATABASE = "yihu_demo"
SECRET_KEY = VAR / "secret-key"
FIELD_KEY = VAR / "field-key"

# Encrypted values are the only bytes in the tables.
HOLDS_ENCRYPTED_COLUMNS = """
    SELECT FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND atttypid = 'bytea'::regtype
    LIMIT 1
"""

# Whoever owns a table, or may become its owner, passes its policies by.
BOUND_BY_ROW_SECURITY = """
    SELECT NOT (rolsuper OR rolbypassrls OR pg_has_role(current_user, %s::name, 'MEMBER'))
    FROM pg_roles WHERE rolname = current_user
"""


@dataclass(frozen=True)
class Database:
    """Its address for those who change its tables and for those who use them, and whether it still lives.

    ``is_locked_twice``: the database itself keeps rows of other areas from those who use it.
    """

    owner: str
    web: str
    is_running: Callable[[], bool]
    is_locked_twice: bool = True


@contextmanager
def database(*, empty: bool = False) -> Iterator[Database]:
    """The database of the demonstration: the one `DATABASE_URL` names, else one in this checkout's own server."""
    given = os.environ.get("DATABASE_URL")
    if given:
        if empty:
            raise SystemExit("DATABASE_URL 指定的数据库不归演示所有，不会清空它。请去掉 DATABASE_URL，或自行清空。")
        _require_version(given)
        owner = os.environ.get("DATABASE_OWNER_URL") or given
        # Whoever runs it also restarts it; the web connects again by itself.
        yield Database(owner, given, is_running=lambda: True, is_locked_twice=_is_bound_by_row_security(given, owner))
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
    made = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": os.environ.get("SECRET_KEY") or made_once(SECRET_KEY, lambda: secrets.token_urlsafe(50)),
        "FIELD_KEYS": os.environ.get("FIELD_KEYS") or field_key(address),
        **os.environ,
        "DATABASE_URL": address,
    }
    # Who owns the tables is the launcher's to know: the web gets by without.
    made.pop("DATABASE_OWNER_URL", None)
    return made


def field_key(address: str) -> str:
    """The key of this checkout's encrypted columns; a new one only for a database that has none under a lost key."""
    if not FIELD_KEY.exists() and _holds_encrypted_columns(address):
        raise SystemExit(
            "找不到密钥文件 var/field-key，而这个数据库已有用它加密的证件号码、银行账号和电话，换一把新的就再也读不出。"
            "请把备份的 field-key 放回 var/，或用环境变量 FIELD_KEYS 给出；"
            "没有备份时，演示数据可用 make demo-reset 清空重来。"
        )
    return made_once(FIELD_KEY, lambda: secrets.token_hex(32))


def made_once(path: Path, make: Callable[[], str]) -> str:
    """What is kept in this file, for its owner's eyes only; made when it is first asked for."""
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_suffix(".new")
        unfinished.touch(mode=0o600)
        unfinished.write_text(make())
        unfinished.rename(path)
    return path.read_text()


def _holds_encrypted_columns(address: str) -> bool:
    with psycopg.connect(address, connect_timeout=10) as connection:
        return connection.execute(HOLDS_ENCRYPTED_COLUMNS).fetchone() is not None


def _is_bound_by_row_security(web: str, owner: str) -> bool:
    with psycopg.connect(owner, connect_timeout=10) as connection:
        owning = connection.execute("SELECT current_user::text").fetchone()
    with psycopg.connect(web, connect_timeout=10) as connection:
        return connection.execute(BOUND_BY_ROW_SECURITY, owning).fetchone() == (True,)


def _require_version(address: str) -> None:
    try:
        with psycopg.connect(address, connect_timeout=10) as connection:
            major = connection.info.server_version // 10000
    except psycopg.Error as error:
        raise SystemExit(f"连不上 DATABASE_URL 指定的数据库：{error}") from None
    if major < binaries.LOWEST:
        raise SystemExit(f"DATABASE_URL 指定的是 PostgreSQL {major}，一户需要 {binaries.LOWEST} 或更新。")
