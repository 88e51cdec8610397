"""What the tables of a test database follow from, as one hash: a template made from the same is taken again."""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from launcher.places import ROOT

SOURCES = (ROOT / "src", ROOT)
# What makes tables, or changes them after `migrate`; whatever these import counts too.
SEEDS = (
    "src/yihu/*/migrations/*.py",
    "src/yihu/*/models.py",
    "src/yihu/*/models/*.py",
    "src/yihu/*/locks.py",
    "src/yihu/*/locks/*.py",
    "src/yihu/*/apps.py",
    "src/yihu/common/management/commands/*.py",
    "config/settings.py",
    "tests/settings.py",
    "tests/databases.py",
    "launcher/roles.py",
    "manage.py",
)
# Other people's migrations, and the server that runs them.
PINS = ("requirements/run.lock",)


def of_the_tables() -> str:
    """The hash of every file that the tables follow from, and of where this checkout is."""
    return digest([*closure(path for seed in SEEDS for path in ROOT.glob(seed)), *(ROOT / pin for pin in PINS)])


def digest(paths: Iterable[Path]) -> str:
    """One short hash of names and contents."""
    # Checkouts may share a server.
    found = hashlib.sha256(str(ROOT).encode())
    for path in sorted(paths):
        content = path.read_bytes()
        found.update(f"\0{path.relative_to(ROOT)}\0{len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()[:12]


def closure(seeds: Iterable[Path]) -> set[Path]:
    """These modules, every module of this checkout that they import, and the data files that lie beside them."""
    found: set[Path] = set()
    waiting = list(seeds)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        waiting += [*imported_by(path), *path.parent.glob("__init__.py")]
    beside = {folder for folder in {path.parent for path in found} if folder != ROOT}
    return found | {path for folder in beside for path in folder.iterdir() if path.suffix in {".yaml", ".csv", ".sql"}}


def imported_by(path: Path) -> Iterator[Path]:
    """The files of this checkout that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            # What is imported from a package may be a module of it.
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            for source in SOURCES:
                place = source.joinpath(*name.split("."))
                yield from (file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file())
