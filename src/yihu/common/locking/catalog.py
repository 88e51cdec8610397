"""What a database has of the locks, read from its catalog.

Whatever this system makes bears a comment with two fingerprints: of the statement that made it, and of what the catalog
said of it then. So a difference is seen whether the declaration changed or somebody altered the object by hand.
"""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

MARK = "yihu locks"


class Cursor(Protocol):
    """What is needed of a cursor, Django's or psycopg's."""

    def execute(self, query: Any, params: Any = None) -> Any:
        """Run a statement."""

    def fetchall(self) -> list[Any]:
        """All rows of the last one."""


@dataclass(frozen=True)
class Found:
    """One object of the catalog: how it is called in a statement, what it is, and its comment."""

    address: str
    definition: str
    comment: str

    @property
    def is_ours(self) -> bool:
        """Whether this system made it."""
        return self.comment.startswith(MARK)

    def comment_for(self, sql: str) -> str:
        """The comment that it bears if this statement made it and nobody altered it since."""
        return f"{MARK} {fingerprint(sql)} {fingerprint(self.definition)}"

    def is_as_made_by(self, sql: str) -> bool:
        """Whether this statement made it and nobody altered it since."""
        return self.comment == self.comment_for(sql)


def fingerprint(text: str) -> str:
    """A short name of a text."""
    return sha256(text.encode()).hexdigest()[:16]


# An extension's functions are its own, and so are those of the tables of work, whose names all begin alike.
FUNCTIONS = """
    SELECT 'function', '', p.proname::text, 'FUNCTION ' || p.oid::regprocedure::text,
        pg_get_functiondef(p.oid), coalesce(obj_description(p.oid, 'pg_proc'), '')
    FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f' AND p.proname NOT LIKE 'procrastinate%'
        AND NOT EXISTS (
            SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
        )
"""
# Whoever but its owner may call a function; a new one is everybody's until that is taken away.
CALLERS = """
    SELECT p.proname::text, p.oid::regprocedure::text, ARRAY(
        SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END
        FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee <> p.proowner ORDER BY 1
    )
    FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    )
    ORDER BY 2
"""
# What would be written into these lies past every policy and every trigger.
LARGE_OBJECTS = """
    SELECT count(*) FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ '^(lo_|loread$|lowrite$)'
        AND has_function_privilege(%s, p.oid, 'EXECUTE')
"""
TRIGGERS = """
    SELECT 'trigger', c.relname::text, t.tgname::text, format('TRIGGER %I ON %I', t.tgname, c.relname),
        pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text, coalesce(obj_description(t.oid, 'pg_trigger'), '')
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND c.relnamespace = 'public'::regnamespace
"""
POLICIES = """
    SELECT 'policy', c.relname::text, p.polname::text, format('POLICY %I ON %I', p.polname, c.relname),
        concat_ws(' | ', p.polcmd::text, p.polpermissive, p.polroles::regrole[]::text,
            pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)),
        coalesce(obj_description(p.oid, 'pg_policy'), '')
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    WHERE c.relnamespace = 'public'::regnamespace
"""
TABLES = """
    SELECT c.relname::text, c.relrowsecurity, ARRAY(
        SELECT a.privilege_type FROM aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee WHERE r.rolname = %s
    ), EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = 0)
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
"""
PARTITIONED = """
    SELECT c.relname::text, pg_get_partkeydef(c.oid) FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'p' AND NOT c.relispartition
"""
# What the owner may, everybody knows.
OPEN_PARTITIONS = """
    SELECT DISTINCT c.relname::text, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END
    FROM pg_class c, aclexplode(c.relacl) a
    WHERE c.relnamespace = 'public'::regnamespace AND c.relispartition AND c.relkind = 'r' AND a.grantee <> c.relowner
    ORDER BY 1, 2
"""
SEQUENCES = """
    SELECT c.relname::text FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'
        AND (SELECT count(*) FROM aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
            WHERE r.rolname = %s AND a.privilege_type IN ('USAGE', 'SELECT')) < 2
"""


def objects(cursor: Cursor, tables: Collection[str]) -> dict[tuple[str, str, str, str], Found]:
    """All policies and triggers of these tables and all functions, by kind, table, name and address."""
    found = {}
    for query in (FUNCTIONS, TRIGGERS, POLICIES):
        cursor.execute(query)
        for kind, table, name, address, definition, comment in cursor.fetchall():
            if kind == "function" or table in tables:
                found[kind, table, name, address] = Found(address, definition, comment)
    return found


@dataclass(frozen=True)
class Table:
    """How open a table is: row security, and what the role of the web and everybody may do."""

    row_security: bool
    verbs: frozenset[str]
    is_public: bool


def tables(cursor: Cursor, web: str) -> dict[str, Table]:
    """All tables of the database, those of other applications too."""
    cursor.execute(TABLES, [web])
    return {name: Table(secured, frozenset(verbs), public) for name, secured, verbs, public in cursor.fetchall()}


def partitioned(cursor: Cursor) -> dict[str, str]:
    """The tables that lie in partitions, with the key as the catalog says it: RANGE (at)."""
    cursor.execute(PARTITIONED)
    return dict(cursor.fetchall())


def open_partitions(cursor: Cursor) -> list[tuple[str, str]]:
    """Partitions that anybody but their owner may use directly, past the policies of their table, and who may."""
    cursor.execute(OPEN_PARTITIONS)
    return cursor.fetchall()


def callers(cursor: Cursor) -> list[tuple[str, str, frozenset[str]]]:
    """Each function, those of extensions aside, by name and address, with the roles that may call it besides its owner;
    PUBLIC is everybody.
    """
    cursor.execute(CALLERS)
    return [(name, address, frozenset(roles)) for name, address, roles in cursor.fetchall()]


def may_use_large_objects(cursor: Cursor, web: str) -> bool:
    """Whether the role of the web can write what lies in no table."""
    cursor.execute(LARGE_OBJECTS, [web])
    return cursor.fetchall() != [(0,)]


def closed_sequences(cursor: Cursor, web: str) -> list[str]:
    """Sequences from which the role of the web cannot take a number."""
    cursor.execute(SEQUENCES, [web])
    return [name for (name,) in cursor.fetchall()]


def has_web_role(cursor: Cursor, web: str) -> bool:
    """Whether the web runs here as a role of its own, which does not own the tables."""
    owner = "SELECT relowner FROM pg_class WHERE oid = to_regclass('public.common_change')"
    cursor.execute(f"SELECT 1 FROM pg_roles WHERE rolname = %s AND oid IS DISTINCT FROM ({owner})", [web])
    return bool(cursor.fetchall())
