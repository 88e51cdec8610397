"""The four sentences that keep the house in order, and what the import contracts cannot say."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

import policy_packs

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
PACKS = SRC / "policy_packs"
OUTSIDE = [
    *(path for path in SRC.rglob("*") if PACKS not in path.parents and path.suffix in {".py", ".html", ".js"}),
    *(path for folder in ("config", "demo", "launcher") for path in (ROOT / folder).rglob("*.py")),
]


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_no_code_outside_a_pack_names_a_programme() -> None:
    names = set()
    for pack in policy_packs.names():
        names |= set(policy_packs.load(pack).programmes)
    pattern = re.compile(r"(?<![a-z_])(" + "|".join(sorted(names)) + r")(?![a-z_])")

    found = {path.relative_to(ROOT): pattern.findall(path.read_text(encoding="utf-8")) for path in OUTSIDE}

    assert not {path: hits for path, hits in found.items() if hits}


def test_no_code_outside_a_pack_names_a_fact_of_a_place() -> None:
    names = set()
    for pack in map(policy_packs.load, policy_packs.names()):
        national = pack.chain()[0]
        names |= {*pack.inputs, *pack.engine_inputs} - {*national.inputs, *national.engine_inputs}
    assert names, "no place asks for anything of its own, and nothing was looked for"
    pattern = re.compile(r"(?<![a-z_])(" + "|".join(sorted(names)) + r")(?![a-z_])")

    found = {path.relative_to(ROOT): pattern.findall(path.read_text(encoding="utf-8")) for path in OUTSIDE}

    assert not {path: hits for path, hits in found.items() if hits}


def test_a_template_is_read_without_scrolling_sideways() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SRC.rglob("*.html")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 160
    ]

    assert long == []


def test_one_place_says_which_district_follows_which_pack() -> None:
    asking = [
        path.relative_to(SRC) for path in OUTSIDE if SRC in path.parents and "POLICY_PACK" in path.read_text("utf-8")
    ]

    assert asking == [Path("yihu/policy/packs.py")]


def test_nobody_imports_the_engine_but_packs_procedures_files_and_the_bridge() -> None:
    allowed = ("policy_engine", "policy_packs", "policy_procedures", "policy_files", "yihu/policy")
    behind = {"policy_engine", "policy_packs", "policy_procedures"}
    strangers = [
        path.relative_to(ROOT)
        for path in OUTSIDE
        if path.suffix == ".py"
        and not str(path.relative_to(SRC if SRC in path.parents else ROOT)).startswith(allowed)
        and any(module.partition(".")[0] in behind for module in imports(path))
    ]

    assert not strangers


def test_every_room_has_its_place_among_those_that_import_downwards() -> None:
    rooms = {f"yihu.{path.parent.name}" for path in (SRC / "yihu").glob("*/__init__.py")}
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    downwards, policy = (
        contracts[0],
        next(each for each in contracts if "yihu.common" in each.get("source_modules", ())),
    )

    assert rooms == {name for layer in downwards["layers"] for name in layer.split(" | ")} - {"config"}
    assert rooms - {"yihu.policy"} == {name for name in policy["source_modules"] if name.startswith("yihu.")}


def test_no_modules_know_one_another_in_a_circle() -> None:
    rooms = ("config", "demo", "launcher", "policy_engine", "policy_files", "policy_packs", "policy_procedures", "yihu")
    graph = grimp.build_graph(*rooms, cache_dir=None)
    assert len(graph.modules) > len(OUTSIDE) / 2

    # Raises CycleError, which names them. What is imported for its type alone counts too.
    TopologicalSorter({each: graph.find_modules_directly_imported_by(each) for each in graph.modules}).prepare()


def test_the_engine_knows_neither_django_nor_packs_nor_the_clock() -> None:
    for path in (SRC / "policy_engine").glob("*.py"):
        roots = {module.partition(".")[0] for module in imports(path)}
        assert not roots & {"django", "policy_packs", "policy_files", "yihu", "time"}, path.name
        assert not re.search(r"\.(today|now|utcnow)\(", path.read_text(encoding="utf-8")), path.name


def test_numba_waits_until_a_batch_runs() -> None:
    quick = {path.name for path in (SRC / "policy_engine").glob("*.py")} - {
        "batch.py", "batch_opening.py", "batch_reasons.py", "driver.py", "kernel_store.py", "kernels.py", "layout.py",
        "population.py",
    }  # fmt: skip
    for name in quick:
        roots = {module.partition(".")[0] for module in imports(SRC / "policy_engine" / name)}
        assert not roots & {"numba", "numpy"}, name


def test_no_template_computes() -> None:
    for path in SRC.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*(add|divisibleby|floatformat|widthratio)\b|{%\s*widthratio", text), path


def test_no_file_is_a_drawer_for_everything() -> None:
    names = {path.stem for path in OUTSIDE if path.suffix == ".py"}

    assert not names & {"utils", "helpers", "misc", "signals"}


def test_files_stay_of_a_size_that_can_be_read() -> None:
    long = {
        path.relative_to(ROOT): lines
        for path in OUTSIDE
        # Django writes one migration for all tables of a room.
        if path.suffix == ".py"
        and path.parent.name != "migrations"
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 460
    }

    assert not long
