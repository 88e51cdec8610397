"""The databases of a test run: a template, migrated by the owner and kept, and a copy of it for each worker."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
from tests import fingerprint

# Tests act under a name that is no work of the service, which only the owner of the tables can put on file.
THE_TESTS = """
    WITH made AS (SELECT set_config('app.actor', nextval('access_principal_id_seq')::text, true)::bigint AS id)
    INSERT INTO access_principal (id, kind, name, is_active) SELECT id, 'service', 'tests', true FROM made
"""

TEMPLATE, COPY = "yihu_template_", "yihu_test_"


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
        self._change(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), name, template)

    def rename(self, name: str, other: str) -> None:
        """Give a database another name."""
        self._change(sql.SQL("ALTER DATABASE {} RENAME TO {}"), name, other)

    def drop(self, name: str) -> None:
        """Remove a database if there is one."""
        roles.drop_database(self.administrator, name)

    def names(self, start: str) -> list[str]:
        """The databases whose names start so."""
        return sorted(name for name in roles.database_names(self.administrator) if name.startswith(start))

    def _change(self, statement: sql.SQL, *names: str) -> None:
        with psycopg.connect(self.administrator, autocommit=True) as connection:
            connection.execute(statement.format(*map(sql.Identifier, names)))


@dataclass(frozen=True)
class Template:
    """A migrated database that nobody uses, so that it can be copied; ``copies`` begins the names of the copies."""

    server: Server
    name: str
    copies: str

    def copy_to(self, name: str, *, of: str = "") -> None:
        """A fresh copy under this name, in place of any former one: of this, or of another that nobody is using."""
        self.server.drop(name)
        self.server.create(name, template=of or self.name)

    def settings(self, name: str) -> dict[str, Any]:
        """What Django needs to use a copy as the web does."""
        # Tests commit all the time, and have nothing to lose.
        return from_address(make_conninfo(self.server.web, dbname=name, options="-c synchronous_commit=off"))


@contextmanager
def template(run: str) -> Iterator[Template]:
    """The template that this checkout's code asks for, to be copied by the workers of one test run.

    The worker that asks first makes it, unless an earlier run of the same code has; the one that leaves last
    removes what copies are left.
    """
    hashed = fingerprint.of_the_tables()
    found_or_made = TEMPLATE + hashed
    with server() as found, ExitStack() as held:
        with alone():
            users = held.enter_context(hold(f"test-{run}.lock"))
            held.enter_context(hold(f"template-{hashed}.lock"))
            remove_abandoned(found)
            if found_or_made not in found.names(TEMPLATE):
                make(found, found_or_made)
        try:
            yield Template(found, found_or_made, f"{COPY}{run}_")
        finally:
            with alone():
                if is_unused(users):
                    remove(found, COPY, Path(users.name))


@contextmanager
def hold(name: str) -> Iterator[TextIO]:
    """A lock file by which others see that something is in use."""
    with open(VAR / name, "a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        yield users


def make(found: Server, name: str) -> None:
    """A migrated database, which gets its name when it is whole."""
    unfinished = f"{name}_unfinished"
    found.drop(unfinished)
    found.create(unfinished)
    migrate(found, unfinished)
    found.rename(unfinished, name)


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
    """Make the tables and their locks, as the owner; with the keys of the tests: the checkout's are for its data."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "DATABASE_URL": make_conninfo(found.owner, dbname=name),
        "DATABASE_OWNER_URL": "",
    }
    for command in ("migrate", "lock"):
        subprocess.run([sys.executable, "manage.py", command, "--verbosity=0"], cwd=ROOT, env=environment, check=True)
    with psycopg.connect(make_conninfo(found.owner, dbname=name)) as connection:
        connection.execute(THE_TESTS)


def remove_abandoned(found: Server) -> None:
    """Remove what killed runs left, and templates of other code; the locks of those in use are held."""
    for start, pattern in ((COPY, "test-*.lock"), (TEMPLATE, "template-*.lock")):
        for path in VAR.glob(pattern):
            with open(path, "a") as users:
                if is_unused(users):
                    remove(found, start, path)


def remove(found: Server, start: str, lock: Path) -> None:
    """Remove the databases that a lock stands for, and then the lock."""
    for name in found.names(start + lock.stem.partition("-")[2]):
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
