"""Another state of this repository beside today's, each with an environment and a small demonstration of its own.

What is compared is served in the same way on both sides: files laid out in ``var/bench``, ``make setup`` there, and
the demonstration of that state with as many households. They stay, so that the next run need only start them.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.answer_page import site
from bench.report import FOLDER, Report

ROOT = Path(__file__).parents[1]
HOUSEHOLDS = 300
_MINUTES = 10
_KEPT = {".venv", "var"}
# A database, a key or a path given for this checkout is not for the others.
_NOT_FOR_OTHERS = {
    "DATABASE_URL", "DATABASE_OWNER_URL", "FIELD_KEYS", "SECRET_KEY", "PYTHONPATH", "VIRTUAL_ENV", "MAKEFLAGS",
    "MAKELEVEL", "DJANGO_SETTINGS_MODULE", "DEMONSTRATION",
}  # fmt: skip


@contextmanager
def beside(commit: str, report: Report) -> Iterator[tuple[str, str] | None]:
    """Addresses of the demonstration as it was at a commit and as it is, both running; None if not to be had."""
    surroundings = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_OTHERS}
    with ExitStack() as running:
        try:
            folders = _of_commit(commit), _of_today()
            for folder in folders:
                _run(["make", "setup"], folder, surroundings)
            before, today = (
                running.enter_context(
                    site(folder, ["--reset", f"--households={HOUSEHOLDS}"], surroundings=surroundings)
                )
                for folder in folders
            )
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            report.say(f"没有 {commit} 可比，略去：{error}")
            yield None
            return
        yield before, today


def _of_commit(commit: str) -> Path:
    """The files of a commit."""
    folder = FOLDER / commit
    if not folder.exists():
        packed = _run(["git", "archive", "--format=tar", commit], ROOT)
        unfinished = FOLDER / f"{commit}.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        with tarfile.open(fileobj=io.BytesIO(packed)) as files:
            files.extractall(unfinished, filter="data")
        unfinished.rename(folder)
    return folder


def _of_today() -> Path:
    """The files as they are now, committed or not."""
    folder = FOLDER / "today"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.name not in _KEPT:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    listed = _run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], ROOT)
    for name in listed.decode().split("\0"):
        if name and (ROOT / name).is_file():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place)
    return folder


def _run(command: list[str], folder: Path, surroundings: dict[str, str] | None = None) -> bytes:
    done = subprocess.run(
        command, cwd=folder, env=surroundings, capture_output=True, timeout=60 * _MINUTES, check=False
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise RuntimeError(f"{' '.join(command)}：{said[-1] if said else done.returncode}")
    return done.stdout
