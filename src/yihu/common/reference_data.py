"""Reads the reference data that comes with the code."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


def read(path: Path) -> Any:
    """The content of a YAML 1.2 file; a key that stands twice is an error, and `on` is a word."""
    return YAML(typ="safe", pure=True).load(path)
