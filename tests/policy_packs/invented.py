"""Invented places on top of real packs, each copied with what it stands on into a folder of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import policy_packs
from policy_engine import Pack, load_pack

PACKS = Path(__file__).parent / "packs"


def copy_pack(name: str, folder: Path) -> Path:
    """The files of an invented pack beside those of every real one."""
    for real in policy_packs.names():
        shutil.copytree(policy_packs.ROOT / real, folder / real)
    shutil.copytree(PACKS / name, folder / name)
    return folder


def load_valley(folder: Path) -> Pack:
    """A county with facts, codes, a topic and programmes that nobody else has."""
    return load_pack("valley", copy_pack("valley", folder))
