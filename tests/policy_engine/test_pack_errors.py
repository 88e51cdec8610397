"""Whatever is wrong with a pack is said when it loads, with the file and the line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from policy_engine import PackError
from tests.policy_engine.conftest import PackFolder
from tests.policy_engine.faults import CASES, RULES, rule, version


@pytest.mark.parametrize(("fault", "spoil", "file", "at", "says"), CASES, ids=[case[0] for case in CASES])
def test_a_fault_is_refused_with_file_and_line(
    folder: PackFolder, fault: str, spoil: Callable[[PackFolder], object], file: str, at: str, says: str
) -> None:
    spoil(folder)

    with pytest.raises(PackError) as caught:
        folder.load()

    assert says in caught.value.message
    assert caught.value.file == folder.root / file
    assert caught.value.line == folder.line(file, at), caught.value
    assert str(caught.value).startswith(f"{folder.root / file}:{caught.value.line}:")


def test_a_name_has_one_meaning(folder: PackFolder) -> None:
    folder.add(RULES, rule("standard", "    return total"))

    with pytest.raises(PackError, match="standard 既是参数又是规则"):
        folder.load()


def test_a_gap_that_the_pack_declares_is_let_through(folder: PackFolder) -> None:
    folder.add(RULES, version("2013-01-01", "2019-12-30") + version("2020-01-01", None))
    folder.add("county/pack.yaml", "gaps: [{name: dated, from: 2019-12-31, because: 旧办法废止后次日才有新办法}]\n")

    assert [rule.tag.since.year for rule in folder.load().rules["dated"]] == [2013, 2020]
