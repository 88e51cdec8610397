"""The policies of the places that Yihu serves; each pack is a folder of data, rules and worked examples."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from policy_engine import Pack, load_pack

ROOT = Path(__file__).parent


@cache
def load(name: str) -> Pack:
    """The pack of that name, loaded and checked once a process. Raises PackError."""
    return load_pack(name, ROOT)


def names() -> list[str]:
    """The packs that there are."""
    return sorted(path.parent.name for path in ROOT.glob("*/pack.yaml"))
