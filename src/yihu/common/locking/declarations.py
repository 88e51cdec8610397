"""What a room may declare in its ``locks.py``, as data: ``LOCKS`` is a tuple of these.

Rows are shown by policies (`Policy`, `by_area`, `with_household`), changes are remembered with who, when, from where
and why (`History`), some rows never change (`Frozen`), and some columns bear the name of who acts (`Signed`). What none
of them says is a `Trigger` or a `Function` of its own. A table whose rows everybody may see says so with its reason
(`SeenByAll`), and so does one whose changes are not remembered (`NotRemembered`). No trigger writes a table of another
room.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

# The role that the web and the worker run as, where roles are told apart (docs/how-to/two-database-roles.md).
WEB_ROLE = "yihu_web"
# Who may call a function that policies, triggers and queries of the web need.
WEB = (WEB_ROLE,)
# How the policy is called that every table has.
OUTSIDERS = "closed_to_outsiders"
# Asked once for a statement, not once for a row. Said so that the planner expects it to hold: of a mere condition it
# expects that it holds for half of the rows, and looks up the families of thousands of rows one by one.
WORKS_HERE = "(SELECT app_is_outside()::int) <> 1"
VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")


class Part(Protocol):
    """One object of the catalog: what it is, of which table, by which name, and the SQL that makes it."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Kind (function, policy or trigger), table (empty for a function) and name."""

    @property
    def sql(self) -> str:
        """The statement that makes it."""


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function of the database. ``definer``: it runs as the owner of the tables, past row security.

    ``arguments`` and ``returns`` are SQL, ``settings`` more settings of its own. ``callers`` are the roles that may
    call it besides the owner of the tables: nobody unless it says so. A trigger calls its function for whoever writes.
    """

    name: str
    body: str
    arguments: str = ""
    returns: str = "trigger"
    language: str = "plpgsql"
    volatility: str = ""
    definer: bool = False
    settings: Sequence[str] = ()
    callers: Sequence[str] = ()

    def parts(self) -> Iterator[Part]:
        """Itself."""
        yield self

    @property
    def key(self) -> tuple[str, str, str]:
        """A function has no table, and of one name there is one."""
        return "function", "", self.name

    @property
    def sql(self) -> str:
        """The statement that makes it or puts it in the place of the former one."""
        settings = [*(("search_path = public, pg_temp",) if self.definer else ()), *self.settings]
        words = [
            f"CREATE OR REPLACE FUNCTION {self.name}({self.arguments}) RETURNS {self.returns}",
            f"LANGUAGE {self.language} {self.volatility}",
            "SECURITY DEFINER" if self.definer else "",
            *(f"SET {setting}" for setting in settings),
            f"AS $body$\n{self.body.strip()}\n$body$;",
        ]
        return "\n".join(filter(str.strip, words))


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """A trigger with the function behind it, which bears the same name. ``when``: such as ``BEFORE UPDATE OF period``.

    ``deferred``: a constraint trigger that looks at the end of the transaction, one row at a time. ``condition`` is SQL
    over OLD and NEW. ``definer``: it sees what whoever acts does not see; it reads, and writes no other room's table.
    ``settings`` are those of its function.
    """

    table: str
    name: str
    when: str
    body: str
    each: str = "ROW"
    referencing: str = ""
    condition: str = ""
    deferred: bool = False
    definer: bool = False
    settings: Sequence[str] = ()

    def parts(self) -> Iterator[Part]:
        """The function and the trigger."""
        yield Function(name=self.name, body=self.body, definer=self.definer, settings=self.settings)
        yield self

    @property
    def key(self) -> tuple[str, str, str]:
        """Of one name there is one for each table."""
        return "trigger", self.table, self.name

    @property
    def sql(self) -> str:
        """The statement that makes it."""
        words = [
            f"CREATE {'CONSTRAINT TRIGGER' if self.deferred else 'TRIGGER'} {self.name} {self.when} ON {self.table}",
            "DEFERRABLE INITIALLY DEFERRED" if self.deferred else "",
            f"REFERENCING {self.referencing}" if self.referencing else "",
            f"FOR EACH {self.each}",
            f"WHEN ({self.condition})" if self.condition else "",
            f"EXECUTE FUNCTION {self.name}();",
        ]
        return " ".join(filter(None, words))


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Only rows for which ``using`` holds are seen or written; ``using`` is SQL over the row, ``verb`` one verb or ALL.

    Of several one is enough; ``restrictive`` ones must hold besides. The owner of the tables is not bound by any.
    """

    table: str
    name: str
    using: str
    verb: str = "ALL"
    restrictive: bool = False

    def parts(self) -> Iterator[Part]:
        """Itself."""
        yield self

    @property
    def key(self) -> tuple[str, str, str]:
        """Of one name there is one for each table."""
        return "policy", self.table, self.name

    @property
    def sql(self) -> str:
        """The statement that makes it; what may be seen may be written."""
        kind = " AS RESTRICTIVE" if self.restrictive else ""
        held = [] if self.verb == "INSERT" else [f"USING ({self.using})"]
        if self.verb in ("ALL", "INSERT", "UPDATE"):
            held.append(f"WITH CHECK ({self.using})")
        return f"CREATE POLICY {self.name} ON {self.table}{kind} FOR {self.verb} {' '.join(held)};"


def reaches(division: str) -> str:
    """SQL that holds where who acts reaches a division, which is SQL too; his areas are read once for a statement."""
    return f"{division} ^@ ANY ((SELECT app_areas())::text[])"


def by_area(table: str, column: str = "division_id") -> Policy:
    """Rows that are seen by whoever reaches their division."""
    return Policy(table=table, name="by_area", using=reaches(column))


def with_row(table: str, column: str, of: str, *, key: str = "id") -> Policy:
    """Rows that are seen by whoever sees the row of another table that they point at."""
    return Policy(table=table, name="by_area", using=f"EXISTS (SELECT FROM {of} o WHERE o.{key} = {table}.{column})")


def with_household(table: str, column: str = "household_id") -> Policy:
    """Rows that are seen by whoever sees their household."""
    return with_row(table, column, "households_household")


def closed_to_outsiders(table: str) -> Policy:
    """No row is seen or written by who does not work here (a resident, a partner), whatever else lets him; every table
    of a room has this, unless it is `open_to_read`.
    """
    return Policy(table=table, name=OUTSIDERS, using=WORKS_HERE, restrictive=True)


def open_to_read(table: str, rows: str) -> tuple[Policy, ...]:
    """Of the rows that he is let see otherwise, who does not work here reads those for which ``rows`` holds, which is
    SQL over the row; he writes none.
    """
    writing = (
        Policy(table=table, name=f"{OUTSIDERS}_{verb.lower()}", verb=verb, using=WORKS_HERE, restrictive=True)
        for verb in ("INSERT", "UPDATE", "DELETE")
    )
    reading = Policy(table=table, name=OUTSIDERS, verb="SELECT", using=f"{WORKS_HERE} OR {rows}", restrictive=True)
    return (reading, *writing)


@dataclass(frozen=True, kw_only=True)
class History:
    """Every change of a row is remembered, and none is possible without an actor.

    ``household`` is SQL for the id of the family that a row belongs to, over the row named ``r``; empty if to none.
    ``key`` is the column that tells one row from another. Of an inserted row only the fact is kept: what it held is in
    the row, or in the first change after it. Either way the hash of the row as it was written is kept with the change,
    so that a row which was altered past its triggers is found out.
    """

    table: str
    household: str = ""
    key: str = "id"

    def parts(self) -> Iterator[Part]:
        """A trigger for each verb."""
        changed = f"changed r LEFT JOIN written w ON w.{self.key} = r.{self.key}"
        for verb, tables, rows, kept, written in (
            ("INSERT", "NEW TABLE AS changed", "changed r", "NULL::jsonb", "r"),
            ("UPDATE", "OLD TABLE AS changed NEW TABLE AS written", changed, "to_jsonb(r)", "w"),
            ("DELETE", "OLD TABLE AS changed", "changed r", "to_jsonb(r)", ""),
        ):
            yield from Trigger(
                table=self.table,
                name=f"remember_{self.table}_{verb.lower()}",
                when=f"AFTER {verb}",
                each="STATEMENT",
                referencing=tables,
                definer=True,
                # A time is written with its zone, and a hash must come out the same whoever asks for it.
                settings=("timezone = 'UTC'",),
                body=f"""
                BEGIN
                    INSERT INTO common_change
                        (at, transaction, actor_id, reason, origin,
                        "table", row_id, operation, before, written, household)
                    SELECT clock_timestamp(), pg_current_xact_id()::text::bigint, (SELECT app_actor()),
                        coalesce(current_setting('app.reason', true), ''),
                        coalesce(current_setting('app.origin', true), ''), '{self.table}', r.{self.key},
                        '{verb.lower()}', {kept}, {hash_of(written)}, {self.household or "NULL::bigint"}
                    FROM {rows};
                    RETURN NULL;
                END
                """,
            ).parts()


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """Rows are never removed, and of their columns only ``but`` may change; ``message`` says so to whoever tries.

    TRUNCATE needs a right that the role of the web does not have.
    """

    table: str
    message: str
    but: Sequence[str] = ()

    def parts(self) -> Iterator[Part]:
        """A trigger on each row."""
        kept = " - ".join(["to_jsonb(OLD)", *(f"'{name}'" for name in self.but)])
        now = " - ".join(["to_jsonb(NEW)", *(f"'{name}'" for name in self.but)])
        yield from Trigger(
            table=self.table,
            name=f"keep_{self.table}",
            when="BEFORE UPDATE OR DELETE",
            body=f"""
            BEGIN
                IF TG_OP = 'DELETE' OR {kept} IS DISTINCT FROM {now} THEN
                    {refuse(self.message)}
                END IF;
                RETURN NEW;
            END
            """,
        ).parts()


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A column names who did something: the role of the web writes there whoever acts, and nobody else's name.

    Where two people are needed, one of the two columns at least is signed; else one would write both. The owner of the
    tables, who brings in what happened before, is not bound. ``message`` says so to whoever tries.
    """

    table: str
    column: str
    message: str

    def parts(self) -> Iterator[Part]:
        """A trigger on each row that names somebody whom it did not name before."""
        yield from Trigger(
            table=self.table,
            name=f"sign_{self.table}_{self.column}",
            when=f"BEFORE INSERT OR UPDATE OF {self.column}",
            body=f"""
            BEGIN
                IF NEW.{self.column} IS NULL OR NEW.{self.column} = app_who()
                    OR TG_OP = 'UPDATE' AND OLD.{self.column} = NEW.{self.column}
                    OR pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
                    RETURN NEW;
                END IF;
                {refuse(self.message)}
            END
            """,
        ).parts()


@dataclass(frozen=True, kw_only=True)
class TableGrant:
    """What the role of the web may do with a table, where that is less than reading, adding, changing and removing."""

    table: str
    verbs: Sequence[str]

    def parts(self) -> Iterator[Part]:
        """Nothing of its own: grants belong to the table."""
        yield from ()


@dataclass(frozen=True, kw_only=True)
class SeenByAll:
    """Rows of a table that everybody who works here may see, and why."""

    table: str
    why: str

    def parts(self) -> Iterator[Part]:
        """A policy that lets everybody by whom the other ones let."""
        yield Policy(table=self.table, name="everybody", using="true")


@dataclass(frozen=True, kw_only=True)
class NotRemembered:
    """A table whose changes are not remembered, and why."""

    table: str
    why: str

    def parts(self) -> Iterator[Part]:
        """Nothing: it is the lack of a lock."""
        yield from ()


@dataclass(frozen=True, kw_only=True)
class ByMonth:
    """A table that lies in a partition for each month of ``column``, a time; its migration made it so. Whoever may use
    the table may not use a partition, where the table's policies do not hold.
    """

    table: str
    column: str

    def parts(self) -> Iterator[Part]:
        """Nothing: a table is made by its migration, its months by `app_make_months`."""
        yield from ()


Lock = Function | Trigger | Policy | History | Frozen | Signed | TableGrant | SeenByAll | NotRemembered | ByMonth


def hash_of(row: str) -> str:
    """SQL for the SHA-256 of a row as JSON writes it, its times in UTC; of no row, none."""
    return f"sha256(convert_to(row_to_json({row})::text, 'UTF8'))" if row else "NULL::bytea"


def refuse(message: str) -> str:
    """The statement by which a trigger refuses, in Chinese words that the desk shows as they are."""
    quoted = message.replace("'", "''").replace("%", "%%")
    return f"RAISE EXCEPTION '{quoted}' USING ERRCODE = 'restrict_violation';"
