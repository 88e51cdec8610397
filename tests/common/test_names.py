"""Names as people search for them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yihu.common import names
from yihu.common.names import Pinyin

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=6)


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("贾一鸣", "jia yiming", "jym"),
        ("甄真", "zhen zhen", "zz"),
        ("吴名", "wu ming", "wm"),
        ("欧阳梅", "ouyang mei", "oym"),
        ("欧阳", "ou yang", "oy"),
        ("吕律", "lv lv", "ll"),
        ("郝长生", "hao changsheng", "hcs"),
        ("贾晟", "jia sheng", "js"),
        ("阿卜杜拉·买买提", "abudula maimaiti", "abdlmmt"),
        ("𠮷梅", "ji mei", "jm"),
        ("甄𠮷", "zhen ji", "zj"),
        ("贾𬭎", "jia hong", "jh"),
        ("John Smith", "john smith", "js"),
        ("Anne-Marie D’Arc", "anne marie darc", "amd"),
        ("José Müller", "jose mvller", "jm"),
        ("梅", "mei", "m"),
        ("", "", ""),
    ],
)
def test_pinyin(name: str, full: str, initials: str) -> None:
    assert names.pinyin_of(name) == Pinyin(full, initials)


SURNAMES = """
    单shan 曾zeng 仇qiu 解xie 查zha 朴piao 区ou 盖ge 翟zhai 覃qin 缪miao 员yun 折she 种chong 洗xian 召shao
    乜nie 都du 祭zhai 卜bu 隗wei 佴nai 么yao 繁po 薄bo 藏zang 阚kan 乐yue 任ren 华hua 宁ning 纪ji 葛ge
    柏bai 石shi 沈shen 盛sheng 冼xian 牟mou 那na 贾jia 尉迟yuchi 万俟moqi 单于chanyu 长孙zhangsun
    澹台tantai 子车ziju 乐正yuezheng 皇甫huangfu 令狐linghu
"""


@pytest.mark.parametrize("known", SURNAMES.split())
def test_surnames_are_read_as_surnames(known: str) -> None:
    surname = known.rstrip("abcdefghijklmnopqrstuvwxyz")

    assert names.pinyin_of(f"{surname}明明").full == f"{known[len(surname) :]} mingming"


def test_a_surname_within_a_given_name_is_read_as_the_word() -> None:
    assert names.pinyin_of("贾单").full == "jia dan"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Jiǎ Yīmíng", "jia yiming"), ("LÜ", "lv"), ("ｊｙｍ", "jym"), (" xi'an  ", "xian"), ("lǜ", "lv")],
)
def test_what_is_typed_becomes_what_is_stored(text: str, expected: str) -> None:
    assert names.typed(text) == expected


@pytest.mark.parametrize(
    "written", ["阿卜杜拉•买买提", "阿卜杜拉・买买提", "阿卜杜拉 ‧ 买买提", "阿卜杜拉.买买提", "阿卜杜拉．买买提"]
)
def test_every_dot_is_one_dot(written: str) -> None:
    assert names.normalise(written) == "阿卜杜拉·买买提"


@pytest.mark.parametrize(
    ("written", "expected"),
    [(" 贾 明\u3000", "贾明"), ("John   Smith ", "John Smith"), ("J. Smith", "J. Smith"), ("⽅明", "方明")],
)
def test_spaces_and_look_alikes(written: str, expected: str) -> None:
    assert names.normalise(written) == expected


@pytest.mark.parametrize("character", ["𠮷", "㙓", "\U0002ebf0", "\U0003158e", "\U000323b0", "〇", "﨑"])
def test_ideographs_are_characters_however_late_they_came(character: str) -> None:
    assert names.is_ideograph(character)
    assert names.normalise(f"甄 {character}") == f"甄{names.normalise(character)}"
    assert names.pinyin_of(f"甄{character}").initials[0] == "z"


@pytest.mark.parametrize("character", ["1", "A", "\ue863", "、", "\U0002fa20", "Ⅷ"])
def test_what_is_no_ideograph(character: str) -> None:
    assert not names.is_ideograph(character)


@given(CHINESE)
def test_every_chinese_name_has_a_surname_and_an_initial_for_each_character(name: str) -> None:
    pinyin = names.pinyin_of(name)

    assert len(pinyin.initials) == len(name)
    assert len(pinyin.full.split()) == 2


@given(st.text(max_size=30))
@example("A´㏠")
def test_any_text_has_a_form_that_stays(name: str) -> None:
    stored = names.normalise(name)

    assert names.normalise(stored) == stored
    assert names.pinyin_of(name) == names.pinyin_of(stored)
    assert names.typed(names.typed(name)) == names.typed(name)
