"""Under whose name the database server runs: it refuses to run as root."""

import os
import pwd
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Inside a user namespace of its own, root is this number to PostgreSQL and still root to the file system.
NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")


@dataclass(frozen=True)
class Account:
    """How to start the server's programs."""

    prefix: tuple[str, ...] = ()
    user: pwd.struct_passwd | None = None

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a program under this account and wait for it; what it printed is in the answer."""
        # Its own session: Ctrl-C is the launcher's to handle.
        options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "start_new_session": True}
        if self.user:
            options |= {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": [], "cwd": "/"}
        options |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen([*self.prefix, *command], **options) as process:
            try:
                said, complained = process.communicate()
            except BaseException:
                # With its children: initdb's would go on writing into a folder that the next start clears.
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                raise
        return subprocess.CompletedProcess(process.args, process.returncode, said, complained)

    def own(self, path: Path) -> None:
        """Give the path to this account."""
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    @property
    def uid(self) -> int:
        """The owner of the server's files."""
        return self.user.pw_uid if self.user else os.getuid()


def choose(*, program: str, folder: Path) -> Account:
    """The account for a server with this program and this folder for its data.

    An ordinary user runs it as himself. Root runs it in a user namespace, which needs no other user and changes no
    permission; where namespaces are forbidden (most containers), as an existing user without privileges.
    """
    if os.geteuid() != 0:
        return Account()
    if namespace_works(program=program, folder=folder):
        return Account(prefix=NAMESPACE)
    return Account(user=unprivileged_user())


def namespace_works(*, program: str, folder: Path) -> bool:
    """Tried rather than guessed: inside it root has lost the power to pass other people's folders."""
    test = ["sh", "-c", 'test -x "$1" && test -w "$2"', "sh", program, str(folder)]
    try:
        return subprocess.run([*NAMESPACE, *test], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def unprivileged_user() -> pwd.struct_passwd:
    """PostgreSQL's own user where a package made one, else nobody."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise LookupError("没有可以运行 PostgreSQL 的普通用户（postgres 或 nobody）。请换一个普通用户运行。")
