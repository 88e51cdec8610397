"""What is written about the project stays true of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps

import policy_packs

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def test_every_programme_fact_and_table_is_in_the_glossary() -> None:
    words = set(re.findall(r"`([A-Za-z_0-9]+)`", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")))
    pack = policy_packs.load("xicheng")
    models = {model.__name__ for model in apps.get_models() if model.__module__.startswith("yihu.")}

    assert not (set(pack.programmes) | set(pack.inputs) | models) - words


def test_the_glossary_gives_programmes_and_facts_the_names_that_screens_show() -> None:
    rows = re.findall(r"^\| ([^|]+) \| `([a-z_0-9]+)` \|", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"), re.M)
    written = {identifier: chinese for chinese, identifier in rows}
    pack = policy_packs.load("xicheng")
    shown = {name: programme.title for name, programme in pack.programmes.items()}
    shown |= {name: spec.label for name, spec in pack.inputs.items()}

    assert {name: written[name] for name in shown} == shown


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


def test_the_map_of_folders_names_folders_that_exist() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        for folder in re.findall(r"^\| `([a-z_/]+)` \|", (ROOT / name).read_text(encoding="utf-8"), re.M):
            assert (ROOT / folder).is_dir(), folder


def test_decisions_are_numbered_one_after_the_other_and_named_by_their_number() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        assert page.read_text(encoding="utf-8").startswith(f"# {page.name[:4]} "), page.name


def test_every_decision_that_is_referred_to_is_there() -> None:
    there = {page.name[:4] for page in (ROOT / "docs" / "decisions").glob("*.md")}
    code = [path for folder in ("src", "tests", "demo", "bench", "config") for path in (ROOT / folder).rglob("*.py")]
    for path in [*DOCUMENTS, *code]:
        named = re.findall(r"\bdecisions?[ /](\d{4})\b", path.read_text(encoding="utf-8"))
        assert set(named) <= there, path.relative_to(ROOT)
