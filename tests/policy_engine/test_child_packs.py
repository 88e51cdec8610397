"""What a child pack may replace, and what it is told when it replaces anything in silence."""

from __future__ import annotations

import pytest

from policy_engine import PackError
from tests.policy_engine.conftest import PackFolder


def child(folder: PackFolder, **files: str) -> None:
    folder.add("town/pack.yaml", "name: town\ntitle: 甲镇\nextends: county\n")
    for path, text in files.items():
        folder.add("town/" + path.replace("__", "/"), text)


STANDARD_OF_TOWN = """
title: 标准
unit: fen / person / month
values:
  2013-01-01: {value: 60000, source: {document: 镇通知}, confidence: seen}
"""


def test_a_child_pack_replaces_nothing_silently(folder: PackFolder) -> None:
    child(folder)
    folder.add("town/parameters/aid/standard.yaml", STANDARD_OF_TOWN)

    with pytest.raises(PackError, match="overrides: county"):
        folder.load("town")


def test_a_child_pack_replaces_for_all_dates_what_it_says_it_replaces(folder: PackFolder) -> None:
    child(folder)
    folder.add("town/parameters/aid/standard.yaml", STANDARD_OF_TOWN + "overrides: county\n")

    parameter = folder.load("town").parameters["standard"]

    assert [figure.value for figure in parameter.figures] == [60000]
    assert folder.load().parameters["standard"].figures[0].value == 58000, "the parent is untouched"


def test_a_child_pack_keeps_the_unit_of_what_it_replaces(folder: PackFolder) -> None:
    child(folder)
    text = STANDARD_OF_TOWN.replace("fen / person / month", "fen / person") + "overrides: county\n"
    folder.add("town/parameters/aid/standard.yaml", text)

    with pytest.raises(PackError, match="同一单位 fen/person/month"):
        folder.load("town")


def test_a_child_pack_replaces_a_rule_only_by_name_of_its_pack(folder: PackFolder) -> None:
    text = (
        "from policy_engine import rule\n"
        '@rule(label="人数", unit="person", clause="一", since="2013-01-01"{})\n'
        'def size(standard: int) -> int:\n    """人数 {{size}}"""\n    return 4\n'
    )
    child(folder)
    folder.add("town/rules/aid.py", text.format(""))
    with pytest.raises(PackError, match='overrides="county"'):
        folder.load("town")


def test_a_pack_that_stands_on_itself_is_refused(folder: PackFolder) -> None:
    folder.change("pack.yaml", "covers:", "extends: county\ncovers:")

    with pytest.raises(PackError, match="county → county"):
        folder.load()


def test_a_pack_that_is_not_there_is_named(folder: PackFolder) -> None:
    with pytest.raises(PackError, match="没有政策包 nowhere"):
        folder.load("nowhere")
