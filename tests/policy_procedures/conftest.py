"""A small pack whose programme has a procedure, and letters, small enough to break in every way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import policy_packs
from tests.policy_files.conftest import PACKS

FILE = """\
title: 补助
application:
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
      confirm: {kind: confirmation, label: 定, posts: [street_director], after: [examine], not_by: [admit], clause: 四}
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
      examine: {within: {working_days: 3, of: visit}, clause: 三}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack folder of the test's own: ``small``, with a procedure for one of its programmes."""
    small = tmp_path / "small"
    shutil.copytree(PACKS / "small", small, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(policy_packs.load("cn").folder / "letters", small / "letters")
    # The whole way has had a limit there from the first day on.
    extension = small / "letters" / "extension.yaml"
    extension.write_text(extension.read_text(encoding="utf-8").replace("2021-07-01", "2013-01-01"), encoding="utf-8")
    (small / "procedures").mkdir()
    (small / "procedures" / "aid.yaml").write_text(FILE, encoding="utf-8")
    return tmp_path
