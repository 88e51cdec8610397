"""What the database itself refuses and remembers, as operations of migrations.

Rows are shown by area (`RowSecurity`), changes are remembered with who, when, from where and why (`History`), and some
rows never change (`AppendOnly`, `Frozen`). The functions behind them are made by the first migration of this room.
"""

from collections.abc import Sequence

from django.db.migrations import RunSQL

HOUSEHOLD_IS_SEEN = "EXISTS (SELECT FROM households_household h WHERE h.id = {table}.{column})"


def _names(table: str) -> str:
    return table.replace(".", "_")


class RowSecurity(RunSQL):
    """Only rows for which ``using`` holds are seen or written; ``using`` is SQL over the row.

    The owner of the tables, who migrates, is not bound by it; the role of the web is.
    """

    def __init__(self, table: str, using: str) -> None:
        super().__init__(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY by_area ON {table} USING ({using}) WITH CHECK ({using});",
            f"DROP POLICY by_area ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
        )


def seen_with_household(table: str, column: str = "household_id") -> RowSecurity:
    """Rows that are seen by whoever sees their household."""
    return RowSecurity(table, HOUSEHOLD_IS_SEEN.format(table=table, column=column))


class History(RunSQL):
    """Every change of a row is remembered, and none is possible without an actor.

    ``household`` is SQL for the id of the family that a row belongs to, over the row named ``r``; empty if to none.
    Of an inserted row only the fact is kept: what it held is in the row, or in the first change after it.
    """

    def __init__(self, table: str, household: str = "") -> None:
        key = household or "NULL::bigint"
        made = []
        for verb, rows in (
            ("INSERT", "NEW TABLE AS changed"),
            ("UPDATE", "OLD TABLE AS changed"),
            ("DELETE", "OLD TABLE AS changed"),
        ):
            kept = "NULL::jsonb" if verb == "INSERT" else "to_jsonb(r)"
            function = f"remember_{_names(table)}_{verb.lower()}"
            made.append(f"""
                CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
                SET search_path = public, pg_temp AS $$
                BEGIN
                    INSERT INTO common_change
                        (at, actor, reason, origin, "table", row_id, operation, before, household)
                    SELECT clock_timestamp(), app_actor(), coalesce(current_setting('app.reason', true), ''),
                        coalesce(current_setting('app.origin', true), ''), '{table}', r.id, '{verb.lower()}',
                        {kept}, {key}
                    FROM changed r;
                    RETURN NULL;
                END $$;
                CREATE TRIGGER {function} AFTER {verb} ON {table} REFERENCING {rows}
                FOR EACH STATEMENT EXECUTE FUNCTION {function}();
            """)
        undone = "".join(
            f"DROP TRIGGER remember_{_names(table)}_{verb} ON {table}; DROP FUNCTION remember_{_names(table)}_{verb}();"
            for verb in ("insert", "update", "delete")
        )
        super().__init__("".join(made), undone)


class Frozen(RunSQL):
    """Rows are never removed, and of their columns only ``but`` may change; ``message`` says so to whoever tries.

    TRUNCATE needs a right that the role of the web does not have.
    """

    def __init__(self, table: str, *, but: Sequence[str] = (), message: str) -> None:
        function = f"keep_{_names(table)}"
        kept = " - ".join(["to_jsonb(OLD)", *(f"'{name}'" for name in but)])
        now = " - ".join(["to_jsonb(NEW)", *(f"'{name}'" for name in but)])
        super().__init__(
            f"""
            CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' OR {kept} IS DISTINCT FROM {now} THEN
                    RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER {function} BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {function}();
            """,
            f"DROP TRIGGER {function} ON {table}; DROP FUNCTION {function}();",
        )
