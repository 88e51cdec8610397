"""The texts of letters: what each says of which programme, and what is refused when a file is read."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import policy_packs
from policy_engine import HelpForm, PackError, ProgrammeKind, Scope, load_pack
from policy_procedures import Letter, faults_of
from policy_procedures.letters import About, NoLetter, everything, letter_text, letters_of, read_letters

DAY = date(2026, 8, 3)
CASE = {
    "programme": "高龄津贴", "number": "XC1", "day": "2026-08-03", "applicant": "甄一", "you": "您",
    "start_month": "2026-09", "start_day": "2026-08-03", "amount": "100.00", "capitals": "壹佰元整",
    "form": "", "opens": "", "mark": "",
}  # fmt: skip


def granted(kind: ProgrammeKind, help_form: HelpForm | None, of: Scope = Scope.MEMBER, **values: str) -> list[str]:
    return letter_text("xicheng", Letter.GRANT, DAY).told(About(kind, help_form, of), CASE | values)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ProgrammeKind.MONTH, "自 2026-09 起按月发放 100.00 元（人民币壹佰元整）。"),
        (ProgrammeKind.SEASON, "本季发给 100.00 元（人民币壹佰元整）。"),
        (ProgrammeKind.YEAR, "本年度发给 100.00 元（人民币壹佰元整）。"),
        (ProgrammeKind.ONCE, "一次性发给 100.00 元（人民币壹佰元整）。"),
    ],
)
def test_money_is_told_by_how_often_it_comes(kind: ProgrammeKind, said: str) -> None:
    told = granted(kind, HelpForm.MONEY)

    assert told[:2] == ["经审核，您符合高龄津贴条件，予以确认。", said]
    assert any("按月" in each for each in told) == (kind is ProgrammeKind.MONTH)


def test_a_status_says_since_when_and_what_it_opens_and_no_amount() -> None:
    told = granted(ProgrammeKind.STATUS, None, Scope.HOUSEHOLD, amount="", opens="可以享受采暖救助。", you="您家")

    assert told[:3] == ["经审核，您家符合高龄津贴条件，予以确认。", "自 2026-08-03 起生效。", "可以享受采暖救助。"]
    assert not any("元" in each or "发" in each for each in told[:3])


def test_what_is_no_money_is_told_by_its_form() -> None:
    assert "给予实物一次。" in granted(ProgrammeKind.ONCE, HelpForm.GOODS, form="实物", amount="")
    assert "自 2026-09 起按月给予服务。" in granted(ProgrammeKind.MONTH, HelpForm.SERVICE, form="服务", amount="")
    worth = granted(ProgrammeKind.YEAR, HelpForm.VOUCHER, form="消费券", amount="800.00")
    assert {"本年度给予消费券。", "每次价值 800.00 元。"} <= set(worth)


def test_every_letter_about_anything_leaves_no_blank() -> None:
    values = {name: f"<{name}>" for name in (*CASE, "applied_on", "due_on", "days", "note", "reason", "because")}
    for texts in letters_of("xicheng").values():
        for about in everything():
            told = texts[-1].told(about, values)
            assert told
            assert not any("{" in each for each in told)


def test_every_article_of_a_letter_is_in_the_sources() -> None:
    for pack in map(policy_packs.load, policy_packs.names()):
        anchors = {
            re.findall(r"^# (\S+)", text)[0]: set(re.findall(r"^## (\S+)", text, re.M))
            for member in pack.chain()
            for path in (member.folder / "sources").glob("*.md")
            for text in [path.read_text(encoding="utf-8")]
        }
        for texts in read_letters(pack).values():
            for text in texts:
                assert text.source.clause in anchors[text.source.document]


def test_a_letter_follows_the_law_of_its_day() -> None:
    days = [date(2020, 5, 1), date(2022, 5, 1), DAY]

    assert [str(letter_text("cn", Letter.REFUSAL, day).source) for day in days] == [
        *("民发〔2012〕220号 第二十六条", "民发〔2021〕57号 第二十一条", "社会救助法 第四十五条"),
    ]
    with pytest.raises(NoLetter, match="2020-05-01"):
        letter_text("cn", Letter.EXTENSION, days[0])


# Files that are not as they must be

REFUSAL = """\
versions:
  2013-01-01:
    until: 2019-12-31
    source: {document: 办法, clause: 六}
    paragraphs:
      - "{you}不符合{programme}条件：{reason}。"
      - {text: "{mark}作出。", with: [mark]}
  2020-01-01:
    source: {document: 办法, clause: 七}
    paragraphs: ["{you}不符合。"]
"""


@pytest.fixture
def written(folder: Path) -> Path:
    """The small pack with a letter of its own."""
    (folder / "small" / "letters" / "refusal.yaml").write_text(REFUSAL, encoding="utf-8")
    return folder


FAULTS = [
    ("an unknown blank", "{reason}", "{cause}", 6, "没有“cause”"),
    ("a blank of another letter", "{reason}", "{capitals}", 6, "没有“capitals”"),
    ("a hole", "with: [mark]", "without: [mark]", 7, "“mark”可能是空的"),
    ("an open brace", "{reason}", "{reason", 6, "花括号不成对"),
    ("no clause", ", clause: 六}", "}", 4, "缺少“clause”"),
    ("no document", "document: 办法, clause: 六", "clause: 六", 4, "缺少“document”"),
    ("nothing said", '["{you}不符合。"]', '[{text: "{you}不符合。", kind: [month]}]', 10, "没有一段话：status"),
    ("a kind that is none", "with: [mark]", "with: [mark], kind: [week]", 7, "不认识“week”"),
    ("a form that is none", "with: [mark]", "with: [mark], form: [cash]", 7, "不认识“cash”"),
    ("what is never asked", "with: [mark]", "with: [mark, lacking]", 7, "不认识“lacking”"),
    ("a misspelt key", "with: [mark]", "wiht: [mark]", 7, "不认识的项“wiht”"),
    ("a gap", "until: 2019-12-31", "until: 2019-11-30", 8, "须到 2019-12-31 为止"),
    ("an end", "  2020-01-01:\n", "  2020-01-01:\n    until: 2029-12-31\n", 9, "最后一个版本不能有 until"),
    ("replaces nobody", "versions:\n", "overrides: cn\nversions:\n", 1, "没有可以代替的信"),
]


@pytest.mark.parametrize(
    ("old_text", "new", "line", "message"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS]
)
def test_a_fault_is_told_with_its_line(written: Path, old_text: str, new: str, line: int, message: str) -> None:
    path = written / "small" / "letters" / "refusal.yaml"
    assert REFUSAL.count(old_text) == 1
    path.write_text(REFUSAL.replace(old_text, new), encoding="utf-8")

    with pytest.raises(PackError) as caught:
        read_letters(load_pack("small", written))

    assert message in caught.value.message
    assert (caught.value.file, caught.value.line) == (path, line)
    assert [fault.message for fault in faults_of(load_pack("small", written))] == [caught.value.message]


def test_a_file_of_no_letter_is_refused(written: Path) -> None:
    letters = written / "small" / "letters"
    (letters / "refusal.yaml").rename(letters / "regret.yaml")

    with pytest.raises(PackError, match="没有“regret”这种通知书"):
        read_letters(load_pack("small", written))


def test_a_procedure_that_sends_what_nobody_wrote_is_refused_at_its_step(written: Path) -> None:
    (written / "small" / "letters" / "grant.yaml").unlink()

    (fault,) = faults_of(load_pack("small", written))

    assert "letters 里没有 2013-01-01 起的“grant”" in fault.message
    assert (fault.file, fault.line) == (written / "small" / "procedures" / "aid.yaml", 20)


def test_a_child_pack_replaces_a_letter_only_if_it_says_so(written: Path) -> None:
    path = written / "child" / "letters" / "refusal.yaml"
    path.parent.mkdir(parents=True)
    (written / "child" / "pack.yaml").write_text("name: child\ntitle: 乙地\nextends: small\n", encoding="utf-8")
    text = 'versions:\n  2013-01-01:\n    source: {document: 细则, clause: 一}\n    paragraphs: ["对不起。"]\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match="须写明 overrides: small"):
        read_letters(load_pack("child", written))

    path.write_text("overrides: small\n" + text, encoding="utf-8")
    found = read_letters(load_pack("child", written))

    assert [each.pack for each in found[Letter.REFUSAL]] == ["child"]
    assert found[Letter.GRANT][0].pack == "small"
