"""What only grows lies in a table for each month, and what holds for the whole holds for each of them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from tests.test_harness import needs_roles
from yihu.common.locking.bringing import NotBrought, bring
from yihu.common.locking.declared import declared

TABLES = ("common_change", "households_fileread")
BY_MONTH = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass ORDER BY 1"
READ = (
    "INSERT INTO households_fileread (household_id, at, actor_id, kind, purpose, detail) VALUES (7, %s, 1, '', '', '')"
)
WHERE = "SELECT tableoid::regclass::text, count(*) FROM households_fileread GROUP BY 1 ORDER BY 1"
FAR = datetime(2099, 5, 31, 16, tzinfo=UTC)


@pytest.fixture
def owner(django_db_setup: str) -> Iterator[psycopg.Cursor]:
    """The database of the tests as its owner has it, who is bound by no key; what is done here is undone."""
    with psycopg.connect(django_db_setup) as connected:
        cursor = connected.cursor()
        for (name,) in cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'households_fileread'::regclass AND contype = 'f'"
        ).fetchall():
            cursor.execute(f"ALTER TABLE households_fileread DROP CONSTRAINT {name}")
        yield cursor
        connected.rollback()


@pytest.mark.parametrize("table", TABLES)
def test_there_is_a_table_for_each_month_ahead_and_one_for_the_rest(owner: psycopg.Cursor, table: str) -> None:
    owner.execute("SELECT app_make_months()")
    found = [name for (name,) in owner.execute(BY_MONTH, [table]).fetchall()]
    months = owner.execute(
        "SELECT to_char(date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') + n * interval '1 month', 'YYYY_MM')"
        " FROM generate_series(-1, 13) n"
    ).fetchall()
    assert set(found) >= {f"{table}_{month}" for (month,) in months} | {f"{table}_default"}
    assert owner.execute("SELECT app_make_months()").fetchone() == (0,)


def test_a_month_ends_where_the_day_does_in_shanghai_and_takes_what_waited(owner: psycopg.Cursor) -> None:
    """One second before midnight, and midnight, of the months' end; neither has a month yet."""
    owner.execute(READ, [FAR])
    owner.execute(READ, [FAR.replace(hour=15)])
    assert owner.execute(WHERE).fetchall() == [("households_fileread_default", 2)]
    # As when the clock of the database gets there.
    source = next(part.sql for key, part in declared().parts.items() if key[2] == "app_make_months")
    owner.execute(source.replace("now()", f"'{FAR.isoformat()}'::timestamptz"))

    owner.execute("SELECT app_make_months()")

    assert owner.execute(WHERE).fetchall() == [("households_fileread_2099_05", 1), ("households_fileread_2099_06", 1)]
    owner.execute(READ, [FAR.replace(year=2150)])
    assert ("households_fileread_default", 1) in owner.execute(WHERE).fetchall()


@pytest.mark.parametrize("statement", ["UPDATE {} SET detail = 'y'", "DELETE FROM {}"])
@pytest.mark.parametrize("where", ["households_fileread", "households_fileread_default"])
def test_what_was_read_stays_in_whatever_month_it_lies(owner: psycopg.Cursor, where: str, statement: str) -> None:
    owner.execute(READ, [FAR])
    with pytest.raises(psycopg.Error, match="查看记录不能改动"):
        owner.execute(statement.format(where))


@needs_roles
@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["SELECT count(*) FROM {}", "DELETE FROM {}", "INSERT INTO {} DEFAULT VALUES"])
def test_the_web_gets_at_no_month_past_its_table(verb: str) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(BY_MONTH, [table])
            for (month,) in cursor.fetchall():
                with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                    cursor.execute(verb.format(month))


@needs_roles
@pytest.mark.django_db
def test_the_worker_makes_months_though_it_owns_none() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_make_months()")
        assert cursor.fetchone() is not None


def test_a_history_in_one_piece_is_refused(owner: psycopg.Cursor) -> None:
    owner.execute(
        "CREATE TABLE plain (LIKE common_change); DROP TABLE common_change; ALTER TABLE plain RENAME TO common_change"
    )
    with pytest.raises(NotBrought, match="没有按月分区：common_change"):
        bring(owner, declared())
