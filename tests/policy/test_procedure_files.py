"""A procedure file that is not as it must be is refused with its file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from policy_engine import PackError, load_pack
from tests.policy_files.conftest import PACKS
from yihu.policy.procedures import read_procedures

FILE = """\
title: 补助
versions:
  2013-01-01:
    until: 2019-12-31
    source: {document: 办法, clause: 二}
    confidence: seen
    steps:
      admit: {kind: admission, label: 受理, posts: [window_clerk], clause: 一}
      visit: {kind: home_visit, label: 入户, posts: [street_examiner], after: [admit], people: 2, clause: 二}
      examine:
        kind: examination
        label: 初审
        posts: [street_examiner]
        after: [visit]
        not_by: [admit]
        within: {working_days: 5, of: visit}
        clause: 三
      confirm: {kind: confirmation, label: 确认, posts: [street_director], after: [examine], clause: 四}
      pay: {kind: award, label: 待遇, by_itself: true, after: [confirm], when: [granted], months_after: 1, clause: 五}
      ok: {kind: letter, label: 信, posts: [auditor], after: [confirm], when: [granted], letters: [grant], clause: 五}
      no: {kind: letter, label: 信, posts: [auditor], after: [confirm], when: [refused], letters: [refusal], clause: 六}
    total: {working_days: 20, extended: 30, when: [special], of: admit, clause: 六}
    checked_papers: {asked: false, clause: 七}
    closings:
      withdrawn: {posts: [window_clerk], letter: withdrawal, clause: 八}
  2020-01-01:
    like: {version: 2013-01-01}
    source: {document: 办法（修订）, clause: 二}
    confidence: memory
    steps:
      examine: {within: {working_days: 3, of: visit}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small pack whose programme has a procedure."""
    shutil.copytree(PACKS / "small", tmp_path / "small", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "small" / "procedures").mkdir()
    (tmp_path / "small" / "procedures" / "aid.yaml").write_text(FILE, encoding="utf-8")
    return tmp_path


def test_a_later_version_takes_over_what_it_does_not_say(folder: Path) -> None:
    first, second = read_procedures(load_pack("small", folder))["aid"]

    assert (first.steps["examine"].within[0].days, second.steps["examine"].within[0].days) == (5, 3)
    assert second.steps["examine"].clause == "办法 三"
    assert second.total == first.total
    assert second.until is None


FAULTS = [
    ("step kind", "kind: home_visit", "kind: visiting", 9, "不认识“visiting”"),
    ("post", "posts: [street_director]", "posts: [mayor]", 18, "不认识的岗位“mayor”"),
    ("nobody", "posts: [street_director], ", "", 18, "须写明由谁办"),
    ("somebody and nobody", "by_itself: true", "by_itself: true, posts: [finance_maker]", 19, "须写明由谁办"),
    ("unknown step", "after: [visit]", "after: [call]", 14, "“examine”要等的步骤“call”不存在"),
    ("cycle", "after: [admit], people", "after: [examine], people", 9, "步骤互相等待：visit、examine"),
    ("nothing leads to it", "after: [admit], people", "people", 9, "没有一步通到“visit”"),
    ("starts otherwise", "kind: admission", "kind: submission", 7, "须正好有一个“受理”步骤，现有 0 个"),
    ("two decide", "kind: home_visit, label: 入户", "kind: confirmation, label: 入户", 9, "确认没有 people"),
    ("no article", "months_after: 1, clause: 五", "months_after: 1", 19, "缺少“clause”"),
    ("no source", "    source: {document: 办法, clause: 二}\n", "", 3, "缺少“source”"),
    ("no document", "{document: 办法, clause: 二}", "{clause: 二}", 5, "缺少“document”"),
    ("confidence", "confidence: seen", "confidence: hearsay", 6, "不认识“hearsay”"),
    ("misspelt", "months_after", "month_after", 19, "不认识的项“month_after”"),
    (
        "clock before its start",
        "of: visit}\n        clause",
        "of: confirm}\n        clause",
        16,
        "“confirm”不在“examine”之前",
    ),
    ("clock without unit", "{working_days: 5, of: visit}", "{weeks: 5, of: visit}", 16, "不认识的项“weeks”"),
    ("no days", "{working_days: 5, of: visit}", "{working_days: 0, of: visit}", 16, "“0”不是一个正整数"),
    ("not by a later step", "not_by: [admit]", "not_by: [confirm]", 15, "“confirm”不在“examine”之前"),
    ("circumstance", "when: [special]", "when: [rain]", 22, "不认识“rain”"),
    ("refused too early", "after: [visit]", "after: [visit]\n        when: [refused]", 15, "还不会有“不予确认”"),
    (
        "objection from nowhere",
        "after: [visit]",
        "after: [visit]\n        when: [objection]",
        15,
        "还不会有“公示有异议”",
    ),
    ("never", "after: [visit]", "after: [visit]\n        when: [doubt]\n        unless: [doubt]", 16, "永远不会有"),
    ("a sample of no size", "after: [visit]", "after: [visit]\n        when: [sampled]", 15, "sample_percent"),
    ("award for all", "when: [granted], months", "when: [doubt], months", 19, "待遇只在确认同意"),
    ("refusal untold", "letters: [refusal]", "letters: [grant]", 7, "不予确认的，须有一步书面告知"),
    ("grant untold", "letters: [grant]", "letters: [extension]", 7, "确认同意的，须有一步"),
    ("visit by how many", "people: 2, ", "", 9, "入户调查须写明 people"),
    ("no month", "months_after: 1, ", "", 19, "待遇须写明 months_after"),
    ("shorter when longer", "extended: 30", "extended: 10", 22, "不少于它的 extended"),
    ("total from nowhere", "of: admit, clause: 六", "of: apply, clause: 六", 22, "没有步骤“apply”"),
    ("papers unsaid", "    checked_papers: {asked: false, clause: 七}\n", "", 3, "缺少“checked_papers”"),
    ("closing", "withdrawn: {", "forgotten: {", 25, "不认识“forgotten”"),
    ("closing until nowhere", "letter: withdrawal,", "letter: withdrawal, until: apply,", 25, "没有步骤“apply”"),
    ("two versions on a day", "    until: 2019-12-31\n", "", 25, "2020-01-01 有两个版本同时有效"),
    ("gap", "until: 2019-12-31", "until: 2019-11-30", 26, "从 2019-12-01 到 2019-12-31 没有版本"),
    ("ends before it starts", "until: 2019-12-31", "until: 2012-12-31", 26, "没有版本"),
    ("late", "  2013-01-01:\n", "  2014-01-01:\n", 27, "没有 2013-01-01 的版本可以沿用"),
    ("like a later one", "like: {version: 2013-01-01}", "like: {version: 2021-01-01}", 27, "没有 2021-01-01 的版本"),
    ("like another pack", "like: {version", "like: {pack: cn, version", 27, "不是本文件所代替的政策包"),
    (
        "drops what is not there",
        "      examine: {within: {working_days: 3, of: visit}}",
        "      call: null",
        31,
        "没有可以去掉的“call”",
    ),
    ("overrides nobody", "title: 补助", "title: 补助\noverrides: cn", 2, "没有可以代替的程序"),
    (
        "drops what others wait for",
        "examine: {within: {working_days: 3, of: visit}}",
        "visit: null",
        26,
        "“examine”要等的",
    ),
    ("same name twice", "not_by: [admit]", "not_by: [admit, admit]", 15, "有写了两遍的名称"),
    ("twice", "      visit: {kind", "      admit: {kind", 9, "YAML 读不懂"),
]


@pytest.mark.parametrize(
    ("old_text", "new", "line", "message"), [case[1:] for case in FAULTS], ids=[c[0] for c in FAULTS]
)
def test_a_fault_is_told_with_its_line(folder: Path, old_text: str, new: str, line: int, message: str) -> None:
    path = folder / "small" / "procedures" / "aid.yaml"
    assert old_text in FILE
    path.write_text(FILE.replace(old_text, new, 1), encoding="utf-8")

    with pytest.raises(PackError) as caught:
        read_procedures(load_pack("small", folder))

    assert message in caught.value.message
    assert (caught.value.file, caught.value.line) == (path, line)


def test_a_declared_gap_is_allowed(folder: Path) -> None:
    path = folder / "small" / "procedures" / "aid.yaml"
    path.write_text(FILE.replace("until: 2019-12-31", "until: 2019-11-30"), encoding="utf-8")
    with (folder / "small" / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write("gaps: [{name: procedures/aid, from: 2019-12-01, because: 停办一个月}]\n")

    assert len(read_procedures(load_pack("small", folder))["aid"]) == 2


@pytest.mark.parametrize(
    ("old_text", "new", "line", "day"),
    [
        ("2013-01-01", "2014-01-01", 3, "2013-01-01"),
        ("    like:", "    until: 2024-12-31\n    like:", 26, "2025-01-01"),
    ],
    ids=["too late", "too short"],
)
def test_a_programme_is_not_left_without_a_procedure_on_any_of_its_days(
    folder: Path, old_text: str, new: str, line: int, day: str
) -> None:
    path = folder / "small" / "procedures" / "aid.yaml"
    path.write_text(FILE.replace(old_text, new), encoding="utf-8")

    with pytest.raises(PackError, match=f"项目在 {day} 有效，那天却没有程序") as caught:
        read_procedures(load_pack("small", folder))

    assert (caught.value.file, caught.value.line) == (path, line)


def test_a_procedure_needs_a_programme_that_is_applied_for(folder: Path) -> None:
    procedures = folder / "small" / "procedures"
    (procedures / "aid.yaml").rename(procedures / "gifts.yaml")

    with pytest.raises(PackError, match="甲地 没有要申请的项目 gifts"):
        read_procedures(load_pack("small", folder))


def test_a_child_pack_replaces_only_what_it_says_it_replaces(folder: Path) -> None:
    child = folder / "child"
    (child / "procedures").mkdir(parents=True)
    (child / "pack.yaml").write_text("name: child\ntitle: 乙地\nextends: small\n", encoding="utf-8")
    path = child / "procedures" / "aid.yaml"
    text = """\
overrides: small
versions:
  2013-01-01:
    like: {pack: small, version: 2020-01-01}
    source: {document: 细则, clause: 一}
    confidence: seen
    steps:
      confirm: {posts: [district_officer], also: [{document: 细则, clause: 二}]}
"""
    path.write_text(text, encoding="utf-8")

    (found,) = read_procedures(load_pack("child", folder))["aid"]

    assert str(found.key) == "child/aid/2013-01-01"
    assert found.title == "补助"
    assert found.confirmation.posts == ("district_officer",)
    assert found.confirmation.clause == "办法 四；细则 二"
    path.write_text(text.replace("overrides: small\n", ""), encoding="utf-8")
    with pytest.raises(PackError, match="须写明 overrides: small"):
        read_procedures(load_pack("child", folder))
