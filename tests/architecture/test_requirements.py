"""What is installed: pinned with hashes, what runs apart from what tests, and under which licences."""

from __future__ import annotations

import ast
import re
import sys
from importlib import metadata
from pathlib import Path

import pytest
from django.conf import settings

from launcher import install

ROOT = Path(__file__).parents[2]
OURS = {"config", "demo", "launcher", "policy_engine", "policy_files", "policy_packs", "policy_procedures", "yihu"}
RUNS = [
    ROOT / "manage.py",
    *(path for folder in ("src", "config", "demo", "launcher") for path in (ROOT / folder).rglob("*.py")),
]

MAY_BE_LGPL = {
    "psycopg": "用作独立的库，未作改动，可以换成同版或新版；别的驱动没有成熟的服务器端参数和 COPY。",
    "psycopg-binary": "psycopg 的一部分，同上。",
    "psycopg-pool": "psycopg 的一部分，同上。",
    "python-stdnum": "用作独立的库，未作改动，可以替换；证件号、银行账号和统一社会信用代码的校验算法。",
}
"""What runs under the LGPL, and why it may."""


def pinned(name: str) -> dict[str, set[str]]:
    """The versions that a lock pins, by normalised name; two where Python's version decides."""
    found: dict[str, set[str]] = {}
    for line in install.lock_of(name).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)==(\S+)", line):
            found.setdefault(normalised(match[1]), set()).add(match[2])
    return found


def normalised(name: str) -> str:
    """A distribution's name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licences(distribution: metadata.Distribution) -> str:
    """Whatever a distribution's metadata says about its licence, in one text."""
    said = distribution.metadata
    classifiers = [line for line in said.get_all("Classifier", []) if line.startswith("License ::")]
    return "\n".join([said.get("License-Expression") or "", said.get("License") or "", *classifiers]).strip()


def is_gpl(text: str) -> bool:
    """Whether a licence's text speaks of the GPL or AGPL, which is not the LGPL."""
    lesser = r"\bLGPL\S*|(GNU )?(Lesser|Library) General Public License[^\n]*"
    return bool(re.search(r"\bA?GPL|General Public License", re.sub(lesser, "", text, flags=re.I), flags=re.I))


def is_lgpl(text: str) -> bool:
    """Whether a licence's text speaks of the LGPL."""
    return bool(re.search(r"\bLGPL|(Lesser|Library) General Public", text, flags=re.I))


@pytest.mark.parametrize("name", ["run", "test"])
def test_a_lock_names_no_index_and_hashes_everything(name: str) -> None:
    lines = install.lock_of(name).read_text(encoding="utf-8").splitlines()

    assert not [line for line in lines if "://" in line]
    numbers = [number for number, line in enumerate(lines) if line[:1].isalnum()]
    assert numbers
    assert all("--hash=sha256:" in lines[number + 1] for number in numbers)


def test_what_both_locks_hold_they_hold_in_the_same_version() -> None:
    run, test = pinned("run"), pinned("test")

    assert {name: versions for name, versions in test.items() if name in run and versions != run[name]} == {}


def test_a_lock_follows_from_what_is_asked_for() -> None:
    for name in ("run", "test"):
        lines = (install.REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8").splitlines()
        asked = {normalised(re.split(r"[\[~=<>! ]", line)[0]) for line in lines if line[:1].isalnum()}
        assert asked - set(pinned(name)) == set(), f"{name}.lock 不是由 {name}.in 得来的：请运行 make lock"


def imported() -> set[str]:
    """The first part of every module that anything which runs imports."""
    found: set[str] = set()
    for path in RUNS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found


def loaded_by_name() -> set[str]:
    """What settings, the launcher and the kernels' own text name, and no file imports."""
    named = [*settings.INSTALLED_APPS, *settings.MIDDLEWARE, *settings.AUTHENTICATION_BACKENDS]
    return {name.partition(".")[0] for name in named} | {"gunicorn", "numba", "whitenoise"}


def test_what_runs_comes_from_the_lock_of_what_runs() -> None:
    foreign = (imported() | loaded_by_name()) - set(sys.stdlib_module_names) - OURS
    distributions = metadata.packages_distributions()
    runs = set(pinned("run"))

    assert {"PIL", "django", "numpy", "psycopg"} <= foreign
    assert {
        module: distributions.get(module, [])
        for module in foreign
        if not {normalised(name) for name in distributions.get(module, [])} & runs
    } == {}


def test_what_runs_is_under_neither_gpl_nor_agpl() -> None:
    here = {normalised(found.name): licences(found) for found in metadata.distributions()}
    # Some are pinned for another system alone, as colorama for Windows.
    said = {name: here[name] for name in pinned("run") if name in here}

    assert len(said) > 40
    assert [name for name, text in said.items() if not text] == [], "说不出许可的不用"
    assert [name for name, text in said.items() if is_gpl(text)] == []
    assert {name for name, text in said.items() if is_lgpl(text)} == set(MAY_BE_LGPL)


@pytest.mark.parametrize(
    ("text", "gpl", "lgpl"),
    [
        ("GPL-3.0-or-later", True, False),
        ("AGPL-3.0-only", True, False),
        ("License :: OSI Approved :: GNU General Public License v2 (GPLv2)", True, False),
        ("License :: OSI Approved :: GNU Affero General Public License v3", True, False),
        ("License :: OSI Approved :: GNU Lesser General Public License v2 or later (LGPLv2+)", False, True),
        ("LGPL-3.0-only", False, True),
        ("LGPL-2.1-only AND GPL-2.0-only", True, True),
        ("MIT License", False, False),
        ("Apache-2.0", False, False),
    ],
)
def test_licences_are_told_apart(text: str, gpl: bool, lgpl: bool) -> None:
    assert (is_gpl(text), is_lgpl(text)) == (gpl, lgpl)


def test_what_tests_is_known_to_hold_gpl_which_is_why_it_stands_apart() -> None:
    assert is_gpl(licences(metadata.distribution("djlint")))
    assert "djlint" not in pinned("run")
