"""The databases of a test run: one template, migrated once by the owner, and a copy of it for each worker."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from config.database import from_address
from launcher import roles
from launcher.places import ROOT, VAR
from launcher.postgres import Cluster


@dataclass(frozen=True)
class Server:
    """Who makes databases, who changes their tables and who uses them; with `DATABASE_URL` all three are one."""

    administrator: str
    owner: str
    web: str

    @property
    def has_roles(self) -> bool:
        """Whether the roles are told apart here."""
        return self.owner != self.web

    def create(self, name: str, *, template: str = "template1") -> None:
        """A new database, by the rules of the launcher where its roles exist."""
        if self.has_roles:
            roles.create_database(self.administrator, name, template=template)
            return
        with psycopg.connect(self.administrator, autocommit=True) as connection:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def drop(self, name: str) -> None:
        """Remove a database if there is one."""
        roles.drop_database(self.administrator, name)

    def names(self, start: str) -> list[str]:
        """The databases whose names start so."""
        return sorted(name for name in roles.database_names(self.administrator) if name.startswith(start))


@dataclass(frozen=True)
class Template:
    """A migrated database that nobody uses, so that it can be copied."""

    server: Server
    name: str

    def copy_to(self, name: str) -> None:
        """A fresh copy under this name, in place of any former one."""
        self.server.drop(name)
        self.server.create(name, template=self.name)

    def settings(self, name: str) -> dict[str, Any]:
        """What Django needs to use a copy as the web does."""
        # Tests commit all the time, and have nothing to lose.
        return from_address(make_conninfo(self.server.web, dbname=name, options="-c synchronous_commit=off"))


@contextmanager
def template(run: str) -> Iterator[Template]:
    """The template of this test run, made by the worker that asks first and removed by the one that leaves last."""
    made = f"yihu_test_{run}"
    with server() as found:
        with alone():
            remove_abandoned(found)
            users = open(VAR / f"test-{run}.lock", "a")  # noqa: SIM115 - it outlives this block
            fcntl.flock(users, fcntl.LOCK_SH)
            if not found.names(made):
                found.create(made)
                migrate(found, made)
        with users:
            try:
                yield Template(found, made)
            finally:
                with alone():
                    if is_unused(users):
                        remove(found, Path(users.name))


@contextmanager
def server() -> Iterator[Server]:
    """The server that `DATABASE_URL` names, as it is, else this checkout's own."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield Server(given, given, given)
        return
    with Cluster.under().running() as cluster:
        yield Server(cluster.superuser, *(cluster.url(role, "postgres") for role in (roles.OWNER, roles.WEB)))


def migrate(found: Server, name: str) -> None:
    """Make the tables, as the owner; with the keys of the tests, since the checkout's own are for its own data."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "DATABASE_URL": make_conninfo(found.owner, dbname=name),
        "DATABASE_OWNER_URL": "",
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=environment, check=True)


def remove_abandoned(found: Server) -> None:
    """Remove what killed runs left; the lock of a living one is held."""
    for path in VAR.glob("test-*.lock"):
        with open(path, "a") as users:
            if is_unused(users):
                remove(found, path)


def remove(found: Server, lock: Path) -> None:
    """Remove the databases of a run, and then its lock."""
    run = lock.stem.removeprefix("test-")
    for name in found.names(f"yihu_test_{run}"):
        found.drop(name)
    lock.unlink()


def is_unused(users: TextIO) -> bool:
    """Whether no other process holds the lock."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def alone() -> Iterator[None]:
    """One process at a time."""
    VAR.mkdir(exist_ok=True)
    with open(VAR / "test.lock", "w") as mutex:
        fcntl.flock(mutex, fcntl.LOCK_EX)
        yield
