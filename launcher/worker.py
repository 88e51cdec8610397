"""The worker of the demonstration: it does what runs by itself, beside the web."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from launcher import processes
from launcher.places import ROOT, VAR

LOG = VAR / "worker.log"
# The worker's name carries the checkout, by which those of this checkout are known.
MARK = f"--name={VAR / 'worker'}"
# Whoever does not live for so many seconds, so many times in a row, is not started again.
SHORT_LIFE = 10
ATTEMPTS = 3


class WorkerFailed(Exception):
    """The worker does not stay up; the message holds what it said."""


@dataclass
class Worker:
    """A running worker, started again when it was killed: what it was doing is done by the next."""

    environment: dict[str, str]
    process: "subprocess.Popen[bytes]"
    began: float = field(default_factory=time.monotonic)
    short_lives: int = 0

    def keep(self) -> bool:
        """Start it again if it is gone; whether it was. Raises WorkerFailed when that is no use."""
        if self.process.poll() is None:
            return False
        self.short_lives = self.short_lives + 1 if time.monotonic() - self.began < SHORT_LIFE else 0
        if self.short_lives >= ATTEMPTS:
            raise WorkerFailed(f"后台任务一再停止：\n{processes.last_words(LOG)}")
        self.process, self.began = _launch(self.environment), time.monotonic()
        return True

    def stop(self) -> None:
        """Let the job under way finish, then end the worker and whatever it left."""
        processes.end([self.process.pid], first=signal.SIGTERM, patience=10)
        self.process.wait()
        end_orphans()


def start(environment: dict[str, str]) -> Worker:
    """Start the worker; it finds its work when it is up, and nobody waits for that."""
    LOG.unlink(missing_ok=True)
    return Worker(environment, _launch(environment))


def end_orphans() -> None:
    """End what an earlier run left when it was killed."""
    processes.end(processes.with_argument(MARK), first=signal.SIGTERM, patience=3)


def _launch(environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    with open(LOG, "ab", opener=_private) as log:
        return subprocess.Popen(
            [sys.executable, "manage.py", "procrastinate", "worker", MARK],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)
