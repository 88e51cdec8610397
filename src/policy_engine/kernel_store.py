"""Compiles kernels and keeps them on disk, each under the hash of its own text and of the compiler."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import sys
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

_VERSIONS = f"numba {version('numba')} numpy {version('numpy')} python {platform.python_version()}"


@cache
def folder() -> Path:
    """Where compiled kernels are kept: ``YIHU_KERNEL_CACHE``, else the user's cache folder.

    A folder that cannot be written falls back to one under the temporary folder that belongs to
    the user alone: what lies in it is run.
    """
    named = os.environ.get("YIHU_KERNEL_CACHE")
    base = Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "yihu"
    for place in (base / "kernels", Path(tempfile.gettempdir()) / f"yihu-kernels-{os.getuid()}"):
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            continue
        if os.access(place, os.W_OK) and place.stat().st_uid == os.getuid():
            return place
    return Path(tempfile.mkdtemp(prefix="yihu-kernels-"))


def is_compiled(text: str) -> bool:
    """Whether a module of this text lies compiled on disk."""
    return (folder() / f"{_name(text)}.compiled").exists()


@cache
def load(text: str) -> ModuleType:
    """The compiled module of a text: from memory, from disk, or compiled now."""
    place = folder()
    name = _name(text)
    path = place / f"{name}.py"
    if not path.exists():
        descriptor, written = tempfile.mkstemp(dir=place, suffix=".part")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(written).replace(path)
    spec = importlib.util.spec_from_file_location(f"_yihu_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Numba finds the module of a function by name when it reads a kernel back from disk.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    (place / f"{name}.compiled").touch()
    return module


def _name(text: str) -> str:
    return "k" + hashlib.sha256(f"{_VERSIONS}\n{text}".encode()).hexdigest()[:32]
