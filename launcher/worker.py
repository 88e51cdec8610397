"""The worker of the demonstration: it does what runs by itself, beside the web."""

import os
import subprocess
import sys

from launcher.parts import Part
from launcher.places import ROOT, VAR

LOG = VAR / "worker.log"
# The worker's name carries the checkout, by which those of this checkout are known.
MARK = f"--name={VAR / 'worker'}"


def start(environment: dict[str, str]) -> Part:
    """Start the worker; it finds its work when it is up, and nobody waits for that."""
    LOG.unlink(missing_ok=True)
    return Part("后台任务", MARK, LOG, lambda: _launch(environment))


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
