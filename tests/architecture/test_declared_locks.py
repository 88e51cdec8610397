"""The catalog of the database and what the rooms declare in their locks.py are the same, and stay so."""

import re
from collections.abc import Iterator
from importlib import import_module

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from launcher import roles
from tests.databases import Template
from tests.test_harness import needs_roles
from yihu.common.locking.bringing import NotBrought, bring, differences
from yihu.common.locking.declarations import (
    WEB_ROLE,
    Frozen,
    Function,
    History,
    Lock,
    NotRemembered,
    Policy,
    SeenByAll,
    TableGrant,
    Trigger,
    by_area,
)
from yihu.common.locking.declared import BadDeclaration, Declared, declared, gather

ROOMS = [config for config in apps.get_app_configs() if config.name.startswith("yihu.")]
TABLES = sorted(model._meta.db_table for room in ROOMS for model in room.get_models())


@pytest.fixture
def owner(django_db_setup: str) -> Iterator[psycopg.Cursor]:
    """The database of the tests as its owner has it; what is done here is undone."""
    with psycopg.connect(django_db_setup) as connection:
        yield connection.cursor()
        connection.rollback()


@pytest.fixture
def administrator(django_db_setup: str, template: Template) -> Iterator[psycopg.Cursor]:
    """The same as its administrator has it; what is done here is undone."""
    name = conninfo_to_dict(django_db_setup)["dbname"]
    with psycopg.connect(make_conninfo(template.server.administrator, dbname=str(name))) as connection:
        yield connection.cursor()
        connection.rollback()


@pytest.fixture
def wanted() -> Declared:
    return declared()


def names(cursor: psycopg.Cursor, query: str) -> set[tuple[str, ...]]:
    return set(cursor.execute(query).fetchall())


def test_the_catalog_holds_what_is_declared_and_nothing_else(owner: psycopg.Cursor, wanted: Declared) -> None:
    of = {kind: {key[1:] for key in wanted.parts if key[0] == kind} for kind in ("policy", "trigger", "function")}

    assert names(owner, "SELECT tablename::text, policyname::text FROM pg_policies") == of["policy"]
    assert (
        names(
            owner,
            "SELECT relname::text, tgname::text FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
            " WHERE NOT tgisinternal AND tgparentid = 0 AND relname NOT LIKE 'procrastinate%' AND tgenabled = 'O'",
        )
        == of["trigger"]
    )
    assert (
        names(
            owner,
            "SELECT '', proname::text FROM pg_proc p WHERE pronamespace = 'public'::regnamespace"
            " AND proname NOT LIKE 'procrastinate%'"
            " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')",
        )
        == of["function"]
    )
    assert names(owner, "SELECT relname::text FROM pg_class WHERE relrowsecurity") == {
        (table,) for table in wanted.row_secured
    }


@needs_roles
def test_the_web_may_do_with_each_table_what_is_declared(owner: psycopg.Cursor, wanted: Declared) -> None:
    granted: dict[str, set[str]] = {table: set() for table in TABLES}
    for table, verb in names(
        owner,
        "SELECT relname::text, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a"
        f" WHERE relkind IN ('r', 'p') AND a.grantee = '{WEB_ROLE}'::regrole",
    ):
        granted.setdefault(table, set()).add(verb)

    assert granted == {table: set(wanted.verbs(table)) for table in granted}
    assert granted["common_change"] == granted["django_migrations"] == {"SELECT"}


@needs_roles
def test_the_web_calls_the_functions_that_are_declared_for_it_and_nobody_else_calls_any(
    owner: psycopg.Cursor, wanted: Declared
) -> None:
    declared_callers = {key[2]: set(part.callers) for key, part in wanted.parts.items() if isinstance(part, Function)}
    found: dict[str, set[str]] = {name: set() for name in declared_callers}
    for name, role in names(
        owner,
        "SELECT proname::text, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END"
        " FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
        " WHERE pronamespace = 'public'::regnamespace AND a.grantee <> p.proowner"
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')",
    ):
        found.setdefault(name, set()).add(role)

    of_the_queue = {name for name in found if name.startswith("procrastinate")}
    assert of_the_queue
    assert {name: found[name] for name in declared_callers} == declared_callers
    assert {name: found[name] for name in of_the_queue} == {name: {WEB_ROLE} for name in of_the_queue}
    assert set(found) == {*declared_callers, *of_the_queue}
    # What a trigger does is for triggers.
    assert declared_callers["keep_households_fact"] == set()
    assert declared_callers["app_areas"] == {WEB_ROLE}


@needs_roles
def test_nobody_writes_large_objects_and_the_command_says_where_the_web_may(
    owner: psycopg.Cursor, wanted: Declared, administrator: psycopg.Cursor
) -> None:
    owner.connection.rollback()
    for role in (WEB_ROLE, roles.OWNER):
        administrator.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
        for call in ("lo_create(0)", "lo_from_bytea(0, 'x')", "lo_open(1, 131072)", "lo_unlink(1)"):
            with (
                pytest.raises(psycopg.errors.InsufficientPrivilege),
                administrator.connection.transaction(),
            ):
                administrator.execute(f"SELECT {call}".encode())
        administrator.execute("RESET ROLE")
    assert differences(administrator, wanted) == []

    administrator.execute("GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC")
    assert [line for line in differences(administrator, wanted) if "大对象" in line]
    administrator.execute(f"SET LOCAL ROLE {roles.OWNER}".encode())
    with pytest.raises(NotBrought, match="two-database-roles"), administrator.connection.transaction():
        bring(administrator, wanted)


def test_every_table_says_who_sees_it_and_whether_its_changes_are_remembered(wanted: Declared) -> None:
    assert sorted(wanted.tables) == TABLES
    with pytest.raises(BadDeclaration, match="new_table：要么声明谁看得见"):
        gather([*TABLES, "new_table"], [*_locks(), NotRemembered(table="new_table", why="…")])
    with pytest.raises(BadDeclaration, match="new_table：要么记住变更"):
        gather([*TABLES, "new_table"], [*_locks(), SeenByAll(table="new_table", why="…")])


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (Policy(table="a", name="only_to_read", verb="SELECT", using="true"), "a：要么声明谁看得见"),
        (Policy(table="a", name="less", using="true", restrictive=True), "a：要么声明谁看得见"),
        (by_area("a"), None),
        (SeenByAll(table="a", why="…"), None),
        (SeenByAll(table="b", why="…"), "b 不是任何一室的表"),
    ],
)
def test_a_table_is_shown_by_a_policy_for_all_verbs_or_a_reason(extra: Policy | SeenByAll, words: str | None) -> None:
    locks = [extra, NotRemembered(table="a", why="…")]
    if words is None:
        assert gather(["a"], locks).tables == ("a",)
        return
    with pytest.raises(BadDeclaration, match=words):
        gather(["a"], locks)


def test_what_is_declared_twice_or_both_ways_is_refused() -> None:
    with pytest.raises(BadDeclaration, match="声明了两次：policy a by_area"):
        gather(["a"], [by_area("a"), by_area("a"), NotRemembered(table="a", why="…")])
    with pytest.raises(BadDeclaration, match="要么声明谁看得见"):
        gather(["a"], [by_area("a"), SeenByAll(table="a", why="…"), NotRemembered(table="a", why="…")])
    with pytest.raises(BadDeclaration, match="要么记住变更"):
        gather(["a"], [by_area("a"), History(table="a"), NotRemembered(table="a", why="…")])


def test_who_acts_is_asked_once_for_a_statement_and_not_for_each_row(wanted: Declared) -> None:
    policies = {key: part.sql for key, part in wanted.parts.items() if key[0] == "policy"}
    assert any("app_areas" in each for each in policies.values())
    for key, each in policies.items():
        assert not re.search(r"app_|current_setting", re.sub(r"\(SELECT app_\w+\(\)(::\w+)?\)", "", each)), key


def test_no_trigger_writes_a_table_of_another_room(wanted: Declared) -> None:
    rooms = {model._meta.db_table: room.name for room in ROOMS for model in room.get_models()}
    for (kind, table, name), _part in wanted.parts.items():
        if kind != "trigger" or name.startswith("remember_"):
            continue
        body = wanted.parts["function", "", name].sql
        written = set(re.findall(r"(?:INSERT INTO|UPDATE|DELETE FROM)\s+([a-z]+_[a-z_]+)", body))
        assert {rooms[each] for each in written} <= {rooms[table]}, name


# Each is done by hand to a database in order, and must be seen and mended.
TAMPERED = {
    "policy dropped": "DROP POLICY by_area ON households_household",
    "policy widened": "ALTER POLICY by_area ON households_household USING (true)",
    "policy added": "CREATE POLICY everybody ON households_person USING (true)",
    "row security off": "ALTER TABLE documents_document DISABLE ROW LEVEL SECURITY",
    "trigger dropped": "DROP TRIGGER keep_policy_determination ON policy_determination",
    "trigger disabled": "ALTER TABLE policy_determination DISABLE TRIGGER keep_policy_determination",
    "trigger added": "CREATE TRIGGER again BEFORE DELETE ON households_fact FOR EACH ROW"
    " EXECUTE FUNCTION keep_households_fact()",
    "function replaced": "CREATE OR REPLACE FUNCTION app_actor() RETURNS bigint LANGUAGE sql STABLE"
    " AS $$SELECT 1::bigint$$",
    "function overloaded": "CREATE FUNCTION app_areas(deep integer) RETURNS text[] LANGUAGE sql"
    " AS $$SELECT '{11/}'::text[]$$",
    "function dropped with what stands on it": "DROP FUNCTION app_areas() CASCADE",
    "function left of an earlier version": "CREATE FUNCTION former() RETURNS integer LANGUAGE sql AS $$SELECT 1$$;"
    " COMMENT ON FUNCTION former() IS 'yihu locks 1 2'",
    "function opened to all": "GRANT EXECUTE ON FUNCTION app_areas() TO PUBLIC",
    "function of a trigger opened to the web": f"GRANT EXECUTE ON FUNCTION keep_households_fact() TO {WEB_ROLE}",
    "function taken from the web": f"REVOKE EXECUTE ON FUNCTION app_areas() FROM {WEB_ROLE}",
    "function of somebody else left to all": "CREATE FUNCTION reach() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
    " AS $$SELECT count(*) FROM households_person$$",
    "history writable": f"GRANT INSERT ON common_change TO {WEB_ROLE}",
    "partition opened to the web": f"GRANT SELECT ON common_change_default TO {WEB_ROLE}",
    "partition opened to all": "GRANT SELECT ON households_fileread_default TO PUBLIC",
    "table readable by all": "GRANT SELECT ON households_person TO PUBLIC",
    "table emptied by the web": f"GRANT TRUNCATE ON households_person TO {WEB_ROLE}",
    "table taken from the web": f"REVOKE SELECT ON awards_award FROM {WEB_ROLE}",
    "numbers taken from the web": f"REVOKE ALL ON SEQUENCE awards_award_id_seq FROM {WEB_ROLE}",
}


@needs_roles
@pytest.mark.parametrize("tampering", TAMPERED.values(), ids=TAMPERED)
def test_whatever_is_done_by_hand_is_noticed_and_mended(
    owner: psycopg.Cursor, wanted: Declared, tampering: str
) -> None:
    assert differences(owner, wanted) == []

    owner.execute(sql.SQL(tampering))  # type: ignore[arg-type]

    seen = differences(owner, wanted)
    assert seen
    assert bring(owner, wanted) == seen
    assert differences(owner, wanted) == []
    assert bring(owner, wanted) == []


def test_what_is_declared_anew_or_no_more_is_made_and_removed(owner: psycopg.Cursor, wanted: Declared) -> None:
    more = gather(
        wanted.tables,
        [
            *_locks(),
            Trigger(
                table="awards_award", name="look", when="AFTER INSERT", deferred=True, body="BEGIN RETURN NULL; END"
            ),
            Function(name="one", returns="integer", language="sql", body="SELECT 1"),
            TableGrant(table="letters_letter", verbs=("SELECT", "INSERT")),
        ],
    )
    told = bring(owner, more)
    assert [line.split("：")[0] for line in told][:3] == ["缺少", "缺少", "缺少"]
    assert differences(owner, more) == []

    assert {line.split("：")[0] for line in bring(owner, wanted)} >= {"多余"}
    assert differences(owner, wanted) == []


def test_of_frozen_rows_the_named_columns_change() -> None:
    one = next(
        part for part in Frozen(table="a", but=("b", "c"), message="x'y 100%").parts() if isinstance(part, Function)
    )
    assert "to_jsonb(OLD) - 'b' - 'c' IS DISTINCT FROM to_jsonb(NEW) - 'b' - 'c'" in one.sql
    assert "'x''y 100%%'" in one.sql


@pytest.mark.django_db
def test_the_command_compares_as_whoever_asks(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("lock", "--check")
    assert capsys.readouterr().out == ""


def test_the_role_of_the_web_is_called_as_the_launcher_calls_it() -> None:
    assert WEB_ROLE == roles.WEB


def _locks() -> list[Lock]:
    return [lock for room in ROOMS if list(room.get_models()) for lock in import_module(f"{room.name}.locks").LOCKS]
