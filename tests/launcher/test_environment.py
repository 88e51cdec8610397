"""Keys are made once, and never in place of one that is needed."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from launcher import environment, roles
from launcher.postgres import Cluster


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with Cluster.under(tmp_path_factory.mktemp("environment")).running() as running:
        yield running


@pytest.fixture
def address(cluster: Cluster) -> str:
    """A database without tables."""
    roles.drop_database(cluster.superuser, "district")
    roles.create_database(cluster.superuser, "district")
    return cluster.url(roles.OWNER, "district")


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this checkout keeps its keys, of which it has none yet."""
    folder = tmp_path / "var"
    monkeypatch.setattr(environment, "SECRET_KEY", folder / "secret-key")
    monkeypatch.setattr(environment, "FIELD_KEY", folder / "field-key")
    for name in ("SECRET_KEY", "FIELD_KEYS"):
        monkeypatch.delenv(name, raising=False)
    return folder


def create_people(address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE person (id int, number_encrypted bytea)")


def test_keys_are_made_once_and_for_the_owner_alone(var: Path, address: str) -> None:
    first = environment.environment(address)
    create_people(address)

    assert environment.environment(address) == first
    assert len(bytes.fromhex(first["FIELD_KEYS"])) == 32
    assert {path.name: path.stat().st_mode & 0o777 for path in var.iterdir()} == {
        "field-key": 0o600,
        "secret-key": 0o600,
    }


def test_keys_given_by_the_caller_stay_and_none_is_made(
    var: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_people(address)
    monkeypatch.setenv("SECRET_KEY", "given")
    monkeypatch.setenv("FIELD_KEYS", "ab" * 32)

    found = environment.environment(address)

    assert (found["SECRET_KEY"], found["FIELD_KEYS"]) == ("given", "ab" * 32)
    assert not var.exists()


def test_a_lost_key_is_not_replaced_while_the_database_needs_it(var: Path, address: str) -> None:
    environment.environment(address)
    create_people(address)
    (var / "field-key").unlink()

    with pytest.raises(SystemExit, match=r"var/field-key.*备份.*demo-reset"):
        environment.environment(address)

    assert not (var / "field-key").exists()


def test_tables_from_before_anything_was_encrypted_get_a_key(var: Path, address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE street (code text)")

    assert environment.field_key(address) == (var / "field-key").read_text()


def test_the_web_is_not_told_who_owns_the_tables(var: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql:///district?user=yihu_owner")

    assert "DATABASE_OWNER_URL" not in environment.environment(address)


@pytest.mark.parametrize(("owner", "is_locked_twice"), [(None, False), (roles.OWNER, True)])
def test_a_given_database_is_locked_twice_only_under_two_roles(
    cluster: Cluster, address: str, monkeypatch: pytest.MonkeyPatch, owner: str | None, is_locked_twice: bool
) -> None:
    web = cluster.url(roles.WEB, "district")
    monkeypatch.setenv("DATABASE_URL", web)
    if owner:
        monkeypatch.setenv("DATABASE_OWNER_URL", cluster.url(owner, "district"))
    else:
        monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)

    with environment.database() as database:
        assert (database.owner, database.web) == (cluster.url(owner, "district") if owner else web, web)
        assert database.is_locked_twice == is_locked_twice


def test_a_superuser_is_bound_by_no_lock(cluster: Cluster, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", cluster.url(roles.SUPERUSER, "district"))
    monkeypatch.setenv("DATABASE_OWNER_URL", address)

    with environment.database() as database:
        assert not database.is_locked_twice
