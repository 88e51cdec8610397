"""What is running on this machine, told apart from what only looks so."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

PROC = Path("/proc")


def is_running(pid: int) -> bool:
    """Whether the process lives; one that was killed but never reaped (state Z) does not.

    In a container without an init nobody reaps: such a process keeps its number and answers signals for ever.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return not _state(pid).startswith("Z")


def command_line(pid: int) -> list[str]:
    """The arguments it was started with; empty if it is gone or not ours to see."""
    if PROC.is_dir():
        try:
            return os.fsdecode((PROC / str(pid) / "cmdline").read_bytes()).rstrip("\0").split("\0")
        except OSError:
            return []
    return _ps("-o", "command=", "-p", str(pid)).split()


def with_argument(argument: str) -> list[int]:
    """The living processes that carry this very argument."""
    return [pid for pid in _all() if argument in command_line(pid) and is_running(pid)]


def working_in(folder: Path) -> list[int]:
    """The living processes whose working folder this is. Without /proc nothing is known, and none is named."""
    found = []
    for pid in _all() if PROC.is_dir() else ():
        try:
            if os.readlink(PROC / str(pid) / "cwd") == str(folder) and is_running(pid):
                found.append(pid)
        except OSError:
            continue
    return found


def end(pids: Iterable[int], *, first: signal.Signals, patience: float) -> None:
    """Ask the processes to leave and, after so many seconds, make them."""
    pids = list(pids)
    for asked, wait in ((first, patience), (signal.SIGKILL, 5.0)):
        for pid in pids:
            try:
                os.kill(pid, asked)
            except ProcessLookupError:
                continue
        if wait_until(lambda: not any(map(is_running, pids)), seconds=wait):
            return


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def last_words(log: Path) -> str:
    """How a log ends."""
    if not log.exists():
        return f"（{os.path.relpath(log)} 是空的）"
    return "\n".join(log.read_text(errors="replace").splitlines()[-20:])


def _all() -> list[int]:
    if PROC.is_dir():
        return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]
    return [int(pid) for pid in _ps("-A", "-o", "pid=").split()]


def _state(pid: int) -> str:
    if PROC.is_dir():
        try:
            # The name stands in brackets and may itself hold a bracket.
            return (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].strip()
        except OSError:
            return "Z"
    return _ps("-o", "stat=", "-p", str(pid)).strip() or "Z"


def _ps(*arguments: str) -> str:
    return subprocess.run(["ps", *arguments], capture_output=True, text=True, check=False).stdout
