"""A procedure file that is not as it must be is refused with its file and line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from policy_engine import PackError, load_pack
from policy_procedures import CaseKind, Circumstance, Procedure, StepKind, checks, faults_of, proof, read_procedures
from policy_procedures.words import BROUGHT_BY, OF_STEPS
from tests.policy_procedures.conftest import FILE


def test_a_later_version_takes_over_what_it_does_not_say(folder: Path) -> None:
    first, second = read_procedures(load_pack("small", folder))["aid", CaseKind.APPLICATION]

    assert (first.steps["examine"].within[0].days, second.steps["examine"].within[0].days) == (5, 3)
    assert second.steps["examine"].clause == "办法（修订） 三"
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
    (
        "admits twice",
        "kind: home_visit, label: 入户, posts: [street_examiner], after: [admit], people: 2",
        "kind: admission, label: 入户, posts: [street_examiner], after: [admit]",
        7,
        "“受理”最多一步，现有 2 步",
    ),
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
    ("not in each month", "{working_days: 5, of: visit}", "{day_of_month: 29, of: visit}", 16, "1 至 28 日"),
    ("no days", "{working_days: 5, of: visit}", "{working_days: 0, of: visit}", 16, "“0”不是不小于 1 的整数"),
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
    ("no month", "months_after: 1, ", "", 19, "补助按月给，须写明 months_after"),
    ("shorter when longer", "extended: 30", "extended: 10", 22, "不少于它的 extended"),
    ("total from nowhere", "of: admit, clause: 六", "of: apply, clause: 六", 22, "没有步骤“apply”"),
    ("papers unsaid", "    checked_papers: {asked: false, clause: 七}\n", "", 3, "缺少“checked_papers”"),
    (
        "a paper that nobody asks for afterwards",
        "    checked_papers:",
        "    papers:\n      form: {label: 表, may_follow: [urgent], clause: 七}\n    checked_papers:",
        24,
        "“表”在“情况紧急，须先行救助”时可以后补，却没有一步去补齐",
    ),
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
        "      examine: {within: {working_days: 3, of: visit}, clause: 三}",
        "      call: null",
        31,
        "没有可以去掉的“call”",
    ),
    ("overrides nobody", "title: 补助", "title: 补助\noverrides: cn", 2, "没有可以代替的程序"),
    (
        "drops what others wait for",
        "examine: {within: {working_days: 3, of: visit}, clause: 三}",
        "visit: null",
        26,
        "“examine”要等的",
    ),
    ("a clock without a clause", ", clause: 三}", "}", 31, "改了期限，须写明依据的条文"),
    ("decides alone", "after: [examine], not_by: [admit]", "after: [examine]", 18, "不能由一个人从头办到确认"),
    ("nobody decides", "kind: confirmation", "kind: submission", 7, "申请须有一步作出决定"),
    (
        "visits by itself",
        "posts: [street_examiner], after: [admit], people: 2",
        "by_itself: true, after: [admit], people: 2",
        9,
        "入户调查要有人办",
    ),
    ("somebody pays", "by_itself: true", "posts: [finance_maker]", 19, "待遇随确认开始，没有人另办"),
    ("a letter without one", "letters: [grant], ", "", 20, "是哪封信"),
    ("like another kind", "like: {version", "like: {kind: review, version", 27, "没有 2013-01-01 的版本"),
    ("like no kind", "like: {version", "like: {kind: party, version", 27, "不认识“party”"),
    ("like a programme without one", "like: {version", "like: {programme: roomy, version", 27, "没有项目 roomy"),
    ("like itself", "like: {version", "like: {programme: aid, version", 27, "程序互相沿用：aid → aid"),
    ("no kind of case", "application:", "versions:", 2, "不认识的项“versions”"),
    ("a whole month of nothing", "months_after: 1", "months_after: 1, whole_month: [well]", 19, "补助没有条件“well”"),
    ("made up for from nowhere", "months_after: 1", "months_after: 1, back_months: 6", 19, "须写 from_application"),
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


# Each is sound part by part; only the walk finds it.
DEAD_ENDS = [
    (
        "a way of ending that is never open",
        "letter: withdrawal,",
        "letter: withdrawal, since: confirm,",
        25,
        "“申请人撤回”什么时候也用不上",
    ),
    (
        "a decision that is passed over",
        "not_by: [admit], clause: 四",
        "not_by: [admit], unless: [complaint], clause: 四",
        18,
        "没有决定就办完（有投诉、举报）",
    ),
    (
        "an award that some do not get",
        "when: [granted], months_after: 1",
        "when: [granted], unless: [relatives], months_after: 1",
        19,
        "没有待遇就办完",
    ),
    (
        "a letter that some do not get",
        "when: [refused], letters",
        "when: [refused], unless: [doubt], letters",
        7,
        "不予确认以后，案件会没有告知就办完",
    ),
    (
        "a clock whose start may be passed over",
        "after: [admit], people: 2, clause: 二",
        "after: [admit], when: [doubt], people: 2, clause: 二",
        16,
        "轮到“examine”时“visit”可能没有办",
    ),
    (
        "an objection that nobody looks into",
        "kind: home_visit, label: 入户, posts: [street_examiner], after: [admit], people: 2",
        "kind: notice, label: 公示, posts: [auditor], after: [admit], notice_days: 7, "
        "objection: objection, shows: [opinion]",
        9,
        "有了“公示有异议”，没有一步去查清",
    ),
    (
        "an objection that is sent on and not looked into",
        """visit: {kind: home_visit, label: 入户, posts: [street_examiner], after: [admit], people: 2, clause: 二}
      examine:
        kind: examination
        label: 初审
        posts: [street_examiner]
        after: [visit]""",
        """visit: {kind: notice, label: 公示, posts: [auditor], after: [admit], notice_days: 7, """
        """objection: objection, shows: [opinion], clause: 二}
      send: {kind: submission, label: 报送, posts: [auditor], after: [visit], when: [objection], clause: 二}
      examine:
        kind: examination
        label: 初审
        posts: [street_examiner]
        after: [send]""",
        9,
        "有了“公示有异议”，没有一步去查清",
    ),
    (
        "a step whose case cannot be",
        "after: [confirm], when: [refused], letters: [refusal], clause: 六}",
        "after: [confirm], when: [refused], letters: [refusal], clause: 六}\n"
        "      judge: {kind: community_appraisal, label: 评, posts: [auditor], after: [admit], "
        "when: [complaint], clause: 七}\n"
        "      again:\n"
        "        {kind: home_visit, label: 又, posts: [auditor], after: [judge], people: 2, "
        "when: [disputed_appraisal], unless: [complaint], clause: 七}",
        23,
        "没有哪个案件会走到“again”",
    ),
]


@pytest.mark.parametrize(
    ("old_text", "new", "line", "message"), [case[1:] for case in DEAD_ENDS], ids=[c[0] for c in DEAD_ENDS]
)
def test_a_way_without_an_end_is_found_by_walking_it(
    folder: Path, old_text: str, new: str, line: int, message: str
) -> None:
    path = folder / "small" / "procedures" / "aid.yaml"
    assert FILE.count(old_text) == 1
    path.write_text(FILE.replace(old_text, new), encoding="utf-8")
    pack = load_pack("small", folder)

    read_procedures(pack)
    (fault,) = faults_of(pack)

    assert message in fault.message
    assert (fault.file, fault.line) == (path, line)


def test_every_way_of_the_sound_file_ends(folder: Path) -> None:
    assert list(faults_of(load_pack("small", folder))) == []


# Only of a case that was to be refused the appraisal asks, and only a second opinion in its favour leads to the visit.
SECOND_OPINION = """\
      hear:
        {kind: community_appraisal, label: 评, posts: [auditor], after: [examine], when: [proposed_refusal], clause: 七}
      second: {kind: examination, label: 复审, posts: [auditor], after: [hear], not_by: [examine], clause: 七}
      again:
        kind: home_visit
        label: 又
        posts: [auditor]
        after: [second]
        people: 2
        when: [disputed_appraisal]
        unless: [proposed_refusal]
        clause: 七
      confirm: {kind: confirmation, label: 定, posts: [street_director], after: [again], not_by: [admit], clause: 四}
"""


def test_a_later_opinion_stands_in_the_place_of_the_earlier_one(folder: Path) -> None:
    confirm = next(line for line in FILE.splitlines(keepends=True) if "kind: confirmation" in line)
    path = folder / "small" / "procedures" / "aid.yaml"
    path.write_text(FILE.replace(confirm, SECOND_OPINION), encoding="utf-8")
    pack = load_pack("small", folder)

    assert "again" in read_procedures(pack)["aid", CaseKind.APPLICATION][0].steps
    assert [fault.message for fault in faults_of(pack)] == []


# A second visit, where the first brought about what no kind of step brought about before.
THIRD_VISIT = """\
      again: {kind: submission, label: 再报, posts: [auditor], after: [visit], when: [special], clause: 七}
      examine:
"""


def test_a_new_kind_of_step_may_bring_about_what_opens_another(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "small" / "procedures" / "aid.yaml"
    path.write_text(FILE.replace("      examine:\n", THIRD_VISIT, 1), encoding="utf-8")
    pack = load_pack("small", folder)
    brought = {**BROUGHT_BY, StepKind.HOME_VISIT: frozenset({Circumstance.SPECIAL})}
    for module in (proof, checks):
        monkeypatch.setattr(module, "BROUGHT_BY", brought)
        monkeypatch.setattr(module, "OF_STEPS", OF_STEPS | {Circumstance.SPECIAL})

    assert [fault.message for fault in faults_of(pack)] == []
    monkeypatch.setattr(proof, "BROUGHT_BY", BROUGHT_BY)
    assert {fault.message for fault in faults_of(pack)} == {"没有哪个案件会走到“again”"}


ROOMY = """\
title: 住得宽
application:
  2013-01-01:
    source: {document: 办法, clause: 二}
    confidence: seen
    steps:
      admit: {kind: admission, label: 受理, posts: [window_clerk], clause: 一}
      confirm: {kind: confirmation, label: 定, posts: [street_director], after: [admit], not_by: [admit], clause: 四}
      ok: {kind: letter, label: 信, posts: [auditor], after: [confirm], when: [granted], letters: [grant], clause: 五}
      no: {kind: letter, label: 信, posts: [auditor], after: [confirm], when: [refused], letters: [refusal], clause: 六}
    checked_papers: {asked: false, clause: 七}
review:
  2013-01-01:
    like: {kind: application, version: 2013-01-01}
    source: {document: 办法, clause: 二}
    confidence: seen
    steps:
      admit: null
      look: {kind: home_visit, label: 看, posts: [street_examiner], people: 2, clause: 八}
      confirm: {after: [look], not_by: [look], clause: 四}
"""


def roomy(folder: Path, text: str = ROOMY) -> Mapping[tuple[str, CaseKind], tuple[Procedure, ...]]:
    """The procedures of the small pack with a status among them."""
    (folder / "small" / "procedures" / "roomy.yaml").write_text(text, encoding="utf-8")
    pack = load_pack("small", folder)
    assert list(faults_of(pack)) == []
    return read_procedures(pack)


def test_a_status_needs_neither_examination_nor_notice_nor_award(folder: Path) -> None:
    (found,) = roomy(folder)["roomy", CaseKind.APPLICATION]

    assert not found.of_kind(StepKind.EXAMINATION)
    assert found.award_from(date(2026, 11, 22), asked_on=date(2026, 10, 1)) == date(2026, 11, 22), (
        "a status holds from the day of the decision"
    )
    assert [step.name for step in found.opened_by({"admit"}, set())] == ["confirm"]


def test_a_kind_of_case_may_be_like_another_and_start_without_admission(folder: Path) -> None:
    (found,) = roomy(folder)["roomy", CaseKind.REVIEW]

    assert str(found.key) == "small/roomy/review/2013-01-01"
    assert found.first.kind is StepKind.HOME_VISIT
    assert [step.clause for step in found.steps.values()] == ["办法 八", "办法 四", "办法 五", "办法 六"]


def test_a_programme_may_go_like_another(folder: Path) -> None:
    text = """\
title: 住得宽
application:
  2013-01-01:
    like: {programme: aid, version: 2020-01-01}
    source: {document: 通知, clause: 一}
    confidence: seen
    steps:
      pay: {months_after: null}
"""
    (found,) = roomy(folder, text)["roomy", CaseKind.APPLICATION]

    assert (found.title, str(found.key)) == ("住得宽", "small/roomy/application/2013-01-01")
    assert found.steps["examine"].clause == "办法（修订） 三"


def test_money_needs_an_award(folder: Path) -> None:
    path = folder / "small" / "procedures" / "aid.yaml"
    path.write_text("".join(line for line in FILE.splitlines(keepends=True) if "pay:" not in line), encoding="utf-8")

    with pytest.raises(PackError, match="补助是给钱的，须有一步“待遇”"):
        read_procedures(load_pack("small", folder))


def test_a_declared_gap_is_allowed(folder: Path) -> None:
    path = folder / "small" / "procedures" / "aid.yaml"
    path.write_text(FILE.replace("until: 2019-12-31", "until: 2019-11-30"), encoding="utf-8")
    with (folder / "small" / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write("gaps: [{name: procedures/aid/application, from: 2019-12-01, because: 停办一个月}]\n")

    assert len(read_procedures(load_pack("small", folder))["aid", CaseKind.APPLICATION]) == 2


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
application:
  2013-01-01:
    like: {pack: small, version: 2020-01-01}
    source: {document: 细则, clause: 一}
    confidence: seen
    steps:
      confirm: {posts: [district_officer], also: [{document: 细则, clause: 二}]}
"""
    path.write_text(text, encoding="utf-8")

    (found,) = read_procedures(load_pack("child", folder))["aid", CaseKind.APPLICATION]

    assert str(found.key) == "child/aid/application/2013-01-01"
    assert found.title == "补助"
    assert found.confirmation is not None
    assert found.confirmation.posts == ("district_officer",)
    assert found.confirmation.clause == "办法 四；细则 二"
    path.write_text(text.replace("overrides: small\n", ""), encoding="utf-8")
    with pytest.raises(PackError, match="须写明 overrides: small"):
        read_procedures(load_pack("child", folder))
