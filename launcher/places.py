"""Where the checkout is and where it keeps what it makes."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
# Cluster, logs, keys and locks: everything that outlives a run, and nothing that is tracked.
VAR = ROOT / "var"
