"""No real person's number anywhere; invented identity numbers come from an area that was never issued."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
IDENTITY_NUMBER = re.compile(
    r"(?<!\d)([1-8]\d{5})(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
)
MOBILE_NUMBER = re.compile(r"(?<!\d)1[3-9]\d(?!0{8})\d{8}(?!\d)")
TEXT = {".py", ".md", ".yaml", ".toml", ".html", ".js", ".css", ".txt", ".csv", ".json"}


def tracked() -> list[Path]:
    """Every text file that the project holds, but lock files: their hashes look like anything."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix in TEXT]


def test_no_identity_number_of_an_area_that_exists() -> None:
    found = {path.name: IDENTITY_NUMBER.findall(path.read_text(encoding="utf-8")) for path in tracked()}

    assert not {name: hits for name, hits in found.items() if hits}


def test_no_mobile_number() -> None:
    found = {path.name: MOBILE_NUMBER.findall(path.read_text(encoding="utf-8")) for path in tracked()}

    assert not {name: hits for name, hits in found.items() if hits}
