"""A child pack adds facts, codes and topics of its own, and changes none that it takes over without saying so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from policy_engine import Family, InputError, Outcome, PackError, assess, record_of, replay
from tests.policy_engine.conftest import PackFolder

DAY = date(2021, 1, 1)
INPUTS, CODES = "town/inputs.yaml", "town/codes.py"
TOWN = "name: town\ntitle: 甲镇\nextends: county\n"
ASSETS = "of: household, type: money, label: 存款, range: [0, 5000]"
MORE_STAGES = 'from policy_engine import Code, adds_to\n\n\n@adds_to("county")\nclass Stage(Code):\n'


@pytest.fixture
def town(folder: PackFolder) -> PackFolder:
    """The county's pack, and under it that of a town that says nothing yet."""
    folder.add("town/pack.yaml", TOWN)
    return folder


def entry(text: str, *, topics: str = "") -> Callable[[PackFolder], None]:
    """Writes the town's facts."""
    return lambda folder: folder.add(INPUTS, f"{topics}inputs:\n  {text}\n")


def codes(text: str) -> Callable[[PackFolder], None]:
    """Writes the town's codes."""
    return lambda folder: folder.add(CODES, text)


CASES: list[tuple[str, Callable[[PackFolder], None], str, str, str]] = [
    (
        "an inherited fact",
        entry(f"assets: {{{ASSETS}}}"),
        INPUTS,
        "assets:",
        "county 已有事实 assets；要代替它须写 overrides: county",
    ),
    ("the wrong pack", entry(f"assets: {{{ASSETS}, overrides: cn}}"), INPUTS, "assets:", "overrides: county"),
    (
        "nothing to replace",
        entry(f"rings: {{{ASSETS}, overrides: county}}"),
        INPUTS,
        "rings:",
        "没有可以代替的事实 rings",
    ),
    (
        "another type",
        entry("assets: {of: household, type: count, label: 存款, range: [0, 9], overrides: county}"),
        INPUTS,
        "assets:",
        "保持 type: money",
    ),
    (
        "another scope",
        entry("assets: {of: member, type: money, label: 存款, range: [0, 9], overrides: county}"),
        INPUTS,
        "assets:",
        "保持 of: household",
    ),
    (
        "another unit",
        entry(f"assets: {{{ASSETS}, unit: fen/month, overrides: county}}"),
        INPUTS,
        "assets:",
        "保持 unit: fen",
    ),
    (
        "a kind of disability less",
        entry("disabilities: {of: member, type: grades, label: 残疾, into: {4: limb_grade}, overrides: county}"),
        INPUTS,
        "disabilities:",
        "保留它的全部取值：4、6",
    ),
    (
        "another code table",
        lambda folder: (
            codes('from policy_engine import Code\n\n\nclass Level(Code):\n    LOW = 1, "低"\n')(folder),
            entry("stage: {of: member, type: code, label: 学段, codes: Level, overrides: county}")(folder),
        )[0],
        INPUTS,
        "stage:",
        "同一个代码表",
    ),
    (
        "an engine name of another fact",
        entry("help: {of: household, type: set, label: 帮助, into: {aid: wage}}"),
        INPUTS,
        "help:",
        "help 和 wage 都填 wage",
    ),
    (
        "a topic that is not there",
        entry(f"rings: {{{ASSETS}, topic: jewels}}", topics="topics: {food: 吃}\n"),
        INPUTS,
        "rings:",
        "没有叫 jewels 的主题；有：food",
    ),
    (
        "a topic without a title",
        entry(f"rings: {{{ASSETS}}}", topics="topics: {food: }\n"),
        INPUTS,
        "topics:",
        "须写明标题",
    ),
    ("a name that no rule can use", entry(f"money-box: {{{ASSETS}}}"), INPUTS, "money-box:", "不能作名称"),
    (
        "a value that is there",
        entry("disabilities: {adds_to: county, into: {6: other_grade}}"),
        INPUTS,
        "disabilities:",
        "与已有的重复：6",
    ),
    (
        "an engine name that is there",
        entry("disabilities: {adds_to: county, into: {7: limb_grade}}"),
        INPUTS,
        "disabilities:",
        "与已有的重复：limb_grade",
    ),
    (
        "a value of the wrong pack",
        entry("disabilities: {adds_to: cn, into: {7: more}}"),
        INPUTS,
        "disabilities:",
        "须写 adds_to: county",
    ),
    (
        "values of a number",
        entry("wage: {adds_to: county, into: {7: more}}"),
        INPUTS,
        "wage:",
        "没有可以增补取值的事实 wage",
    ),
    (
        "more than values",
        entry("disabilities: {adds_to: county, into: {7: more}, label: 甲}"),
        INPUTS,
        "disabilities:",
        "不认识的项",
    ),
    (
        "a table of the parent",
        codes('from policy_engine import Code\n\n\nclass Stage(Code):\n    NIGHT = 9, "夜校"\n'),
        CODES,
        "class Stage",
        'county 已有代码表 Stage；要增补它须写 @adds_to("county")',
    ),
    (
        "a table of nobody",
        codes(MORE_STAGES.replace("Stage", "Level") + '    LOW = 1, "低"\n'),
        CODES,
        "class Level",
        "没有可以增补的代码表 Level",
    ),
    (
        "a number that is there",
        codes(MORE_STAGES + '    NIGHT = 5, "夜校"\n'),
        CODES,
        "NIGHT",
        "NIGHT 与 HIGHER 重复：5",
    ),
    (
        "a label that is there",
        codes(MORE_STAGES + '    NIGHT = 9, "大学"\n'),
        CODES,
        "NIGHT",
        "NIGHT 与 HIGHER 重复：大学",
    ),
    (
        "what is said of another",
        codes(MORE_STAGES + '    NIGHT = 9, "夜校", "大学"\n'),
        CODES,
        "NIGHT",
        "NIGHT 与 HIGHER 重复：大学",
    ),
    ("a name that is there", codes(MORE_STAGES + '    HIGHER = 9, "夜校"\n'), CODES, "HIGHER", "HIGHER 与 HIGHER 重复"),
    (
        "a number twice",
        codes('from policy_engine import Code\n\n\nclass Level(Code):\n    LOW = 1, "低"\n    HIGH = 1, "高"\n'),
        CODES,
        "HIGH",
        "HIGH 与 LOW 重复：1",
    ),
]


@pytest.mark.parametrize(("fault", "spoil", "file", "at", "says"), CASES, ids=[case[0] for case in CASES])
def test_a_fault_of_a_child_is_refused_with_file_and_line(
    town: PackFolder, fault: str, spoil: Callable[[PackFolder], None], file: str, at: str, says: str
) -> None:
    spoil(town)

    with pytest.raises(PackError) as caught:
        town.load("town")

    assert says in caught.value.message
    assert caught.value.file == town.root / file
    assert caught.value.line == town.line(file, at), caught.value


def test_what_a_child_adds_the_parent_does_not_know(town: PackFolder) -> None:
    entry("disabilities: {adds_to: county, into: {7: {name: other_grade, label: 其他}}}")(town)
    codes(MORE_STAGES + '    NIGHT = 9, "夜校"\n')(town)

    pack, parent = town.load("town"), town.load()

    assert pack.inputs["disabilities"].parse("7:2;4:1") == {"limb_grade": 1, "mental_grade": 0, "other_grade": 2}
    assert pack.inputs["disabilities"].parse("") == {"limb_grade": 0, "mental_grade": 0, "other_grade": 0}
    assert pack.inputs["stage"].parse("夜校") == {"stage": 9}
    assert pack.inputs["stage"].parse("大学") == {"stage": 5}, "a number once given keeps its meaning"
    assert [code.value for code in pack.codes["Stage"]] == [0, 5, 9]
    with pytest.raises(InputError, match="看不懂"):
        parent.inputs["disabilities"].parse("7:2")
    with pytest.raises(InputError, match="不在代码表里"):
        parent.inputs["stage"].parse("夜校")


def test_a_child_asks_an_inherited_fact_in_its_own_words(town: PackFolder) -> None:
    entry(f"assets: {{{ASSETS}, question: 有多少？, overrides: county}}")(town)

    pack = town.load("town")

    assert (pack.inputs["assets"].label, pack.inputs["assets"].pack) == ("存款", "town")
    assert list(pack.inputs) == list(town.load().inputs), "it keeps its place among the questions"
    assert pack.inputs["assets"].high == 500_000
    assert town.load().inputs["assets"].high == 100_000_000


def test_a_grandchild_replaces_what_the_child_wrote(town: PackFolder) -> None:
    entry(f"assets: {{{ASSETS}, overrides: county}}")(town)
    town.add("village/pack.yaml", "name: village\ntitle: 甲村\nextends: town\n")
    town.add("village/inputs.yaml", f"inputs:\n  assets: {{{ASSETS}, overrides: county}}\n")

    with pytest.raises(PackError, match="overrides: town"):
        town.load("village")


def test_a_record_does_not_notice_where_a_fact_is_written(town: PackFolder, three: Callable[..., Family]) -> None:
    """A fact that moves from a child to its parent is the same fact: what was stored goes on agreeing."""
    rings = "rings: {of: household, type: money, label: 首饰, range: [0, 5000]}"
    rule = (
        "from policy_engine import condition\n\n\n"
        '@condition(label="没有首饰", clause="一", since="2013-01-01")\n'
        'def no_rings(rings: int) -> bool:\n    """首饰 {rings}，须没有"""\n    return rings <= 0\n'
    )
    programme = (
        "title: 暖冬\nshort: 暖冬\nof: household\norder: 90\nsince: 2013-01-01\nkind: status\n"
        "conditions: [no_rings]\nclause: {document: 办法, clause: 一}\n"
    )
    town.add("town/rules/rings.py", rule)
    town.add("town/programmes/warm.yaml", programme)
    town.add(INPUTS, f"inputs:\n  {rings}\n")
    record = record_of(assess(town.load("town").plan(DAY), three(rings=0)))
    assert ("warm", Outcome.ELIGIBLE) in [(each["programme"], each["outcome"]) for each in record["results"]]

    (town.root / INPUTS).unlink()
    town.add("county/inputs.yaml", f"  {rings}\n")
    again = replay(record, town.load("town"))

    assert again.agrees
    assert again.changed == ()
