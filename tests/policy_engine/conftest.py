"""A county with two programmes, small enough to break in every way."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_engine import Family, Pack, load_pack

PACKS = Path(__file__).parent / "packs"


@pytest.fixture(scope="session")
def county() -> Pack:
    """The county's pack as it stands."""
    return load_pack("county", PACKS)


class PackFolder:
    """A copy of the county's pack that a test may change before it loads it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(PACKS / "county", root / "county")

    def change(self, path: str, old: str, new: str) -> None:
        """Replace a text that stands in a file of the county's pack exactly once."""
        file = self.root / "county" / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def add(self, path: str, text: str) -> None:
        """Append to a file under the root, making it and its folder if need be."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as stream:
            stream.write(text)

    def load(self, name: str = "county") -> Pack:
        """Load a pack of this folder."""
        return load_pack(name, self.root)

    def line(self, path: str, text: str) -> int:
        """The number of the first line in which a text stands."""
        lines = (self.root / path).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if text in line)


@pytest.fixture
def folder(tmp_path: Path) -> PackFolder:
    """A pack folder of the test's own."""
    return PackFolder(tmp_path)


@pytest.fixture
def person() -> Callable[..., dict[str, int | None]]:
    """Makes a member of whom everything is known, with what the test says otherwise."""

    def make(**facts: int | None) -> dict[str, int | None]:
        usual: dict[str, int | None] = {
            "wage": 0,
            "counted": 1,
            "birth_date": 19740302,
            "stage": 0,
            "limb_grade": 0,
            "mental_grade": 0,
        }
        return usual | facts

    return make


@pytest.fixture
def three(person: Callable[..., dict[str, int | None]]) -> Callable[..., Family]:
    """Makes a family of three that earns 1,894.00 yuan, with household facts as the test says."""

    def make(**household: int | None) -> Family:
        facts: dict[str, int | None] = {"assets": 0, "area": 5000}
        return Family(facts | household, [person(wage=189400), person(), person()])

    return make
