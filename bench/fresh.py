"""What a fresh process does, for the benchmarks that measure whole processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence


def run(arguments: Sequence[str], extra: Mapping[str, str] | None = None) -> str:
    """Run this Python with the given arguments; gives what it printed."""
    done = subprocess.run(
        [sys.executable, *arguments], env={**os.environ, **(extra or {})}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout
