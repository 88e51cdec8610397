"""The peer's environment, and its process as seen from our side."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.report import FOLDER, Options, Report
from bench.translate import translate
from policy_engine import Plan

VENV = FOLDER / "venv"
PYTHON = VENV / "bin" / "python"
_PEERS = Path(__file__).with_name("peers.txt")
_PROGRAM = Path(__file__).with_name("openfisca_peer.py")
_STAMP = VENV / "peers.sha256"
_MINUTES = 10


class Peer:
    """OpenFisca running beside us; it is idle while it is not asked."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        about = self._read()
        self.name = f"openfisca-core {about['versions']['openfisca-core']}"
        self.about = f"{self.name}，numpy {about['versions']['numpy']}，Python {about['python']}"

    def ask(self, do: str, folder: Path | None = None) -> dict[str, Any]:
        """Ask for one thing and wait for it."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, "folder": str(folder)}) + "\n")
        self.process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the peer ended with {self.process.wait()}")
        found: dict[str, Any] = json.loads(line)
        return found


@contextmanager
def openfisca(plan: Plan, options: Options, report: Report) -> Iterator[Peer | None]:
    """The peer with the rules of a plan, None when it is not to be had (which is said in one line)."""
    missing = _prepare(options)
    if missing:
        report.say(f"没有 openfisca-core，略去与它的比较：{missing}")
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules.py"
        rules.write_text(translate(plan), encoding="utf-8")
        command = [str(PYTHON), str(_PROGRAM), str(rules), f"{plan.day:%Y-%m}"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            # Leaving closes its standard input, at which it ends.
            yield Peer(process)


def _prepare(options: Options) -> str:
    """Make the environment if it is not there; gives why not, or nothing."""
    wanted = hashlib.sha256(_PEERS.read_bytes()).hexdigest()
    if _STAMP.is_file() and _STAMP.read_text(encoding="utf-8") == wanted and PYTHON.exists():
        return ""
    if options.quick:
        return "--quick 不安装"
    uv = shutil.which("uv")
    if uv:
        steps = [
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)],
            [uv, "pip", "install", "--quiet", "--python", str(PYTHON), "-r", str(_PEERS)],
        ]
    else:
        steps = [
            [sys.executable, "-m", "venv", "--clear", str(VENV)],
            [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(_PEERS)],
        ]
    for step in steps:
        try:
            done = subprocess.run(step, capture_output=True, text=True, timeout=60 * _MINUTES, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        if done.returncode:
            return (done.stderr.strip().splitlines() or [f"{step[0]} 返回 {done.returncode}"])[-1]
    _STAMP.write_text(wanted, encoding="utf-8")
    return ""
