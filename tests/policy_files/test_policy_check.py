"""``yihu policy check`` and how worked cases are read and compared."""

import shutil
from datetime import date
from pathlib import Path

import pytest

import policy_packs
from policy_engine import load_pack
from policy_files import policy_check
from policy_files.examples import money, read_examples
from policy_files.worked import check_examples
from tests.policy_files.conftest import PACKS, Yihu

CASES = """
member_defaults: {wage: 0}
cases:
  - name: 一个人
    on: 2020-08-01
    household: {assets: 0}
    members: [{wage: 170.01}]
    expect:
      aid: {outcome: eligible, amount: 1170.00 - 170.01, confidence: memory}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small pack with one worked case."""
    shutil.copytree(PACKS / "small", tmp_path / "small")
    (tmp_path / "small" / "examples").mkdir()
    (tmp_path / "small" / "examples" / "aid.yaml").write_text(CASES, "utf-8")
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    """Put other words into the worked case."""
    path = folder / "small" / "examples" / "aid.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_the_packs_are_sound(yihu: Yihu) -> None:
    said = yihu("policy", "check")

    assert said.code == 0, said.out
    for name in policy_packs.names():
        assert f"{name}（" in said.out
    assert "没有发现错误" in said.out


def test_one_pack_is_checked_with_those_it_extends(yihu: Yihu) -> None:
    said = yihu("policy", "check", "beijing")

    assert [line.partition("（")[0] for line in said.out.splitlines() if line.endswith(tuple("0123456789"))] == [
        "cn",
        "beijing",
    ]


def test_an_unknown_pack(yihu: Yihu) -> None:
    assert yihu("policy", "check", "nowhere").code == 2


def test_a_case_that_comes_out_as_it_says(folder: Path) -> None:
    assert check_examples(load_pack("small", folder)) == (1, [])


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("170.01,", "170.02,", "amount 应为"),
        ("1170.00 - 170.01", "1170.00 - 170.02", "amount 应为 999.98 元，得出 999.99 元"),
        ("eligible", "not_eligible", "outcome 应为 not_eligible，得出 eligible"),
        ("memory", "seen", "confidence 应为 seen，得出 memory"),
        ("memory}", "memory, reason_has: 收入}", "理由里应有“收入”"),
        ("amount: 1170.00 - 170.01", "amount: unknown", "amount 应为 不知道"),
        ("2020-08-01", "2012-01-01", "没有 2012-01-01 的依据"),
    ],
)
def test_a_case_that_comes_out_otherwise_is_named(folder: Path, old: str, new: str, why: str) -> None:
    if old == "170.01,":
        old, new = "[{wage: 170.01}]", "[{wage: 170.02}]"
    change(folder, old, new)
    _count, faults = check_examples(load_pack("small", folder))

    assert len(faults) == 1
    assert why in faults[0]
    assert faults[0].startswith(f"{folder / 'small' / 'examples' / 'aid.yaml'}:4: 一个人")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("wage: 170.01", "wagee: 170.01", 7),
        ("wage: 170.01", "wage: 170.001", 7),
        ("{wage: 0}", "{wage: -501}", 2),
        ("household: {assets: 0}", "household: assets", 6),
        ("[{wage: 170.01}]", "[wage]", 7),
        ("aid:", "aidd:", 9),
        ("outcome:", "outcom:", 9),
        ("{outcome: eligible, amount: 1170.00 - 170.01, confidence: memory}", "eligible", 9),
        ("1170.00 - 170.01", "1170.00 - 170.0x", 9),
        ("on: 2020-08-01", "on: soon", 5),
        ("member_defaults:", "member_default:", 2),
        ("cases:", "figures: {standard: 1000.001}\ncases:", 3),
        ("cases:", "figures: {standards: 1000}\ncases:", 3),
    ],
)
def test_a_case_that_cannot_be_read_is_named_with_its_line(folder: Path, old: str, new: str, line: int) -> None:
    change(folder, old, new)
    if "-501" in new:
        change(folder, "[{wage: 170.01}]", "[{}]")
    read, faults = read_examples(load_pack("small", folder))

    assert (read, [(fault.file.name, fault.line) for fault in faults]) == ([], [("aid.yaml", line)])


def test_what_cannot_be_read_hides_nothing_else(folder: Path) -> None:
    examples = folder / "small" / "examples"
    case = CASES.partition("cases:\n")[2]
    (examples / "aid.yaml").write_text(
        CASES
        + case.replace("wage: 170.01", "wagee: 170.01").replace("一个人", "事实不认识")
        + case.replace("eligible", "not_eligible").replace("一个人", "结论不对")
        + case
        + case.replace("2020-08-01", "八月").replace("一个人", "日期不对"),
        "utf-8",
    )
    (examples / "broken.yaml").write_text("cases: [", "utf-8")
    (examples / "later.yaml").write_text(CASES.replace("1170.00", "1170.0x"), "utf-8")

    count, faults = check_examples(load_pack("small", folder))

    assert count == 7
    assert [fault.removeprefix(f"{examples}/").split(": ")[0] for fault in faults] == [
        "aid.yaml:13", "aid.yaml:22", "aid.yaml:29", "broken.yaml:1", "later.yaml:9", "aid.yaml:16",
    ]  # fmt: skip


def test_a_file_of_cases_names_figures_that_the_pack_leaves_to_others(folder: Path) -> None:
    pack = load_pack("small", folder)
    change(folder, "1170.00 - 170.01, confidence: memory", "1000.00 - 170.01, confidence: seen")
    assert len(check_examples(pack)[1]) == 2

    change(folder, "cases:", "figures: {standard: 1000.00}\ncases:")
    assert check_examples(pack) == (1, [])


def test_a_fault_in_a_pack_is_said_with_file_and_line(
    folder: Path, yihu: Yihu, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "small" / "programmes" / "aid.yaml"
    path.write_text(path.read_text("utf-8").replace("gap", "gapp"), "utf-8")
    monkeypatch.setattr(policy_packs, "names", lambda: ["small"])
    monkeypatch.setattr(policy_packs, "load", lambda name: load_pack(name, folder))
    said = yihu("policy", "check")

    assert said.code == 1
    assert f"{path}:6: " in said.out
    assert yihu("assess", folder, "--pack", "small").code == 2


def test_figures_of_no_use_and_past_figures_are_notes(small_pack: str) -> None:
    pack = policy_packs.load(small_pack)

    assert [note.rpartition("（")[2] for note in policy_check.idle_figures(pack)] == ["idle）"]
    assert list(policy_check.stale_figures(pack, date(2021, 6, 30))) == []
    (stale,) = policy_check.stale_figures(pack, date(2021, 7, 1))
    assert "standard.yaml" in stale
    assert policy_check.run(None, today=date(2026, 1, 1)) == 0


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1170.00 * 3 - 1894.00", 161600),
        ("1450.00", 145000),
        (1616.0, 161600),
        ("-1.00", -100),
        ("0.01 * 3 * 15 // 10", 4),
        ("1100.00 * 1.2", 132000),
        ("(2.00 + 1.00) / 2", 150),
    ],
)
def test_a_sum_written_out(text: object, fen: int) -> None:
    assert money(text) == fen


@pytest.mark.parametrize("text", ["2 ** 3", "f(1)", "0.01 / 3", "x"])
def test_a_sum_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"加减乘除|整分|Invalid"):
        money(text)
