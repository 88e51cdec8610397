"""An invented county on top of the national pack, with facts, codes, a topic and programmes that nobody else has."""

from __future__ import annotations

import shutil
from pathlib import Path

import policy_packs
from policy_engine import Pack, load_pack

VALLEY = Path(__file__).parent / "packs" / "valley"


def load_valley(folder: Path) -> Pack:
    """The county's pack and the national one below it, from a folder of their own."""
    shutil.copytree(policy_packs.ROOT / "cn", folder / "cn")
    shutil.copytree(VALLEY, folder / "valley")
    return load_pack("valley", folder)
