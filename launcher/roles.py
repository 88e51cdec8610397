"""Who may do what in the database.

The superuser that initdb makes is for the launcher alone. `yihu_owner` owns the databases and migrates them.
`yihu_web` reads and writes rows, and that is all: it may neither empty a table nor pass row-level security by.
"""

from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

SUPERUSER = "yihu_launcher"
OWNER = "yihu_owner"
WEB = "yihu_web"

ROLES = {
    OWNER: "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE CREATEDB",
    WEB: "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB",
}
# Their functions belong to the administrator, and any role may call them unless he says otherwise.
CLOSE_LARGE_OBJECTS = """
DO $$
DECLARE one regprocedure;
BEGIN
    FOR one IN SELECT oid FROM pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^(lo_|loread$|lowrite$)'
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', one);
    END LOOP;
END $$
"""


def url(*, role: str, database: str, host: str, port: int) -> str:
    """An address that leaves nothing to PGHOST, PGPORT and their like."""
    return f"postgresql:///{quote(database)}?{urlencode({'host': host, 'port': port, 'user': role}, quote_via=quote)}"


def ensure(address: str) -> None:
    """Make the roles if this server lacks them. What the web may do with a table, `manage.py lock` grants."""
    with psycopg.connect(address) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [WEB]).fetchone():
            return
    with psycopg.connect(address) as connection:
        for name, powers in ROLES.items():
            connection.execute(sql.SQL("CREATE ROLE {} " + powers).format(sql.Identifier(name)))


def database_names(address: str) -> set[str]:
    """The databases of this server."""
    with psycopg.connect(address, autocommit=True) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def create_database(address: str, name: str, *, template: str = "template1") -> None:
    """A database that belongs to the owner; nobody but these roles may connect to it, and it has no large objects."""
    statements = (
        "CREATE DATABASE {name} OWNER {owner} TEMPLATE {template}",
        # What the template allows on itself is not copied.
        "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {name} TO {web}",
    )
    names = {"name": name, "owner": OWNER, "web": WEB, "template": template}
    identifiers = {key: sql.Identifier(value) for key, value in names.items()}
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(sql.SQL(statement).format(**identifiers))
    close_large_objects(address, name)


def close_large_objects(address: str, name: str) -> None:
    """Nobody but the administrator writes large objects in a database: what lies there is in no table, seen by no
    policy and remembered by no history. `manage.py lock` looks whether it is so.
    """
    with psycopg.connect(make_conninfo(address, dbname=name), autocommit=True) as connection:
        connection.execute(CLOSE_LARGE_OBJECTS)


def drop_database(address: str, name: str) -> None:
    """Remove a database if it exists, cutting whoever is connected."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
