"""What each role may do in the database."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from launcher import roles
from launcher.postgres import Cluster


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server with one database, in which the owner made a table with rows, one of them nobody's business."""
    folder: Path = tmp_path_factory.mktemp("roles")
    with Cluster.under(folder).running() as running:
        roles.create_database(running.superuser, "district")
        with psycopg.connect(running.url(roles.OWNER, "district")) as connection:
            connection.execute("CREATE TABLE family (id int GENERATED ALWAYS AS IDENTITY, street text)")
            connection.execute("INSERT INTO family (street) VALUES ('月坛'), ('牛街')")
            connection.execute("ALTER TABLE family ENABLE ROW LEVEL SECURITY")
            connection.execute("CREATE POLICY own_street ON family USING (street = '月坛')")
            connection.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON family TO yihu_web")
            connection.execute("CREATE TABLE not_granted (id int)")
        yield running


@pytest.fixture
def web(cluster: Cluster) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    with psycopg.connect(cluster.url(roles.WEB, "district"), autocommit=True) as connection:
        yield connection


def test_the_web_writes_rows_of_tables_that_are_granted_to_it(web: "psycopg.Connection[tuple[object, ...]]") -> None:
    with web.transaction(force_rollback=True):
        web.execute("INSERT INTO family (street) VALUES ('月坛')")
        assert web.execute("UPDATE family SET street = '月坛'").rowcount == 2
        assert web.execute("DELETE FROM family").rowcount == 2


def test_the_web_does_not_pass_row_level_security_by(web: "psycopg.Connection[tuple[object, ...]]") -> None:
    assert web.execute("SELECT array_agg(street) FROM family").fetchone() == (["月坛"],)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT FROM not_granted",
        "TRUNCATE family",
        "DROP TABLE family",
        "ALTER TABLE family DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE other (id int)",
        "CREATE DATABASE other",
        "CREATE ROLE other",
        "ALTER ROLE yihu_web BYPASSRLS",
        "SET ROLE yihu_owner",
        "SET ROLE yihu_launcher",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT lowrite(0, 'x')",
    ],
)
def test_the_web_may_not(web: "psycopg.Connection[tuple[object, ...]]", statement: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        web.execute(statement.encode())


def test_the_owner_is_no_superuser(cluster: Cluster) -> None:
    with psycopg.connect(cluster.superuser) as connection:
        powers = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
            " WHERE rolname LIKE 'yihu_%' AND NOT rolsuper ORDER BY 1"
        ).fetchall()

    assert powers == [("yihu_owner", False, False, False, True), ("yihu_web", False, False, False, False)]


def test_a_copy_of_a_database_has_the_same_rules(cluster: Cluster) -> None:
    roles.create_database(cluster.superuser, "copy", template="district")
    try:
        with psycopg.connect(cluster.url(roles.WEB, "copy"), autocommit=True) as connection:
            assert connection.execute("SELECT count(*) FROM family").fetchone() == (1,)
            with pytest.raises(InsufficientPrivilege):
                connection.execute("TRUNCATE family")
    finally:
        roles.drop_database(cluster.superuser, "copy")
