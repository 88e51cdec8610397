"""The command run in this process, and a small pack for what the real one never does."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import policy_packs
from policy_engine import load_pack
from policy_files.cli import main

PACKS = Path(__file__).parent / "packs"


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


Yihu = Callable[..., Said]


@pytest.fixture
def yihu(capsys: pytest.CaptureFixture[str]) -> Yihu:
    """Runs ``yihu`` with arguments and gives what it said."""

    def run(*arguments: object) -> Said:
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def small_pack(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a pack with one rule that divides by a number of members that may be zero."""
    pack = load_pack("small", PACKS)
    monkeypatch.setattr(policy_packs, "names", lambda: ["small"])
    monkeypatch.setattr(policy_packs, "load", lambda name: pack)
    return "small"
