"""Names of people, and their pinyin, by which they are searched and sorted."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from pypinyin import lazy_pinyin

OF_TWO_CHARACTERS = """
    欧阳 司马 上官 夏侯 诸葛 闻人 东方 赫连 皇甫 公羊 濮阳 淳于 太叔 申屠 公孙 仲孙 轩辕 令狐 钟离
    宇文 慕容 鲜于 闾丘 司徒 司空 亓官 司寇 子车 颛孙 端木 巫马 公西 漆雕 乐正 公良 拓跋 夹谷 宰父
    谷梁 百里 东郭 南门 呼延 羊舌 微生 梁丘 左丘 东门 西门 南宫 独孤 纳兰 完颜 耶律 尉迟 万俟 单于
    长孙 澹台 第五 段干
"""
COMPOUND_SURNAMES = frozenset(OF_TWO_CHARACTERS.split())

# What pypinyin misreads, since it takes a surname for the word that is written alike.
SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "朴": "piao", "区": "ou", "盖": "ge",
    "翟": "zhai", "覃": "qin", "秘": "bi", "缪": "miao", "员": "yun", "黑": "he", "折": "she", "种": "chong",
    "洗": "xian", "召": "shao", "乜": "nie", "都": "du", "祭": "zhai", "卜": "bu", "郇": "xun", "隗": "wei",
    "句": "gou", "能": "nai", "佴": "nai", "么": "yao", "繁": "po", "薄": "bo", "藏": "zang", "阚": "kan",
    "乐": "yue", "长": "chang", "乘": "sheng", "粘": "nian", "子车": "zi ju", "乐正": "yue zheng",
}  # fmt: skip
# The same in given names and in names from other languages, and what it does not know at all.
IN_NAMES = {"卜": "bu", "晟": "sheng", "珩": "heng", "靓": "liang", "𠮷": "ji"}

# Between the parts of a name from another language; keyboards offer many dots for it.
DOT = "·"
DOTS = re.compile(r"\s*[·•‧∙⋅・．]\s*|(?<=[^\x00-\x7f])\s*\.\s*(?=[^\x00-\x7f])")


# The blocks of ideographs as Unicode lays them out: Python's own tables know only those of its day, and the names of
# people go on being added. 〇 is one of them to everybody but Unicode.
IDEOGRAPHS = (
    ("\u3007", "\u3007"),
    ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"),
    ("\uf900", "\ufaff"),
    ("\U00020000", "\U0002fa1f"),
    ("\U00030000", "\U0003347f"),
)
# What is only in the fonts of whoever made it, and another character on the next computer.
PRIVATE = (("\ue000", "\uf8ff"), ("\U000f0000", "\U0010ffff"))


class Pinyin(NamedTuple):
    """Without tones, in small letters, ü as v: ``jia yiming`` and ``jym``. What has no reading stands for itself."""

    full: str
    initials: str


def is_ideograph(character: str) -> bool:
    """Whether it is a Chinese character, rare and late ones too."""
    return any(first <= character <= last for first, last in IDEOGRAPHS)


def is_private(character: str) -> bool:
    """Whether it is a character that somebody made for himself, and that others see as something else."""
    return any(first <= character <= last for first, last in PRIVATE)


def normalise(name: str) -> str:
    """As it is stored: one kind of dot, no spaces within a Chinese name, single ones within another."""
    name = DOTS.sub(DOT, unicodedata.normalize("NFKC", name).strip())
    # Without a space an accent may come to stand on the letter before it.
    return unicodedata.normalize("NFKC", re.sub(r"\s+", "" if _is_chinese(name) else " ", name))


# Whoever is written down is checked before, maybe twice.
@lru_cache(8_192)
def pinyin_of(name: str) -> Pinyin:
    """The pinyin of a name, Chinese or from another language; Latin letters stay as they are."""
    name = normalise(name)
    if not _is_chinese(name):
        words = [word for word in re.split(rf"[\s{DOT}-]+", typed(name)) if word]
        return Pinyin(" ".join(words), "".join(word[0] for word in words))
    parts = [_syllables(part) for part in name.split(DOT)] if DOT in name else _surname_and_given(name)
    parts = [part for part in parts if part]
    return Pinyin(
        " ".join("".join(part) for part in parts), "".join(syllable[0] for part in parts for syllable in part)
    )


def typed(text: str) -> str:
    """What someone typed to search by, as `Pinyin` writes it: small letters, no tone marks, no apostrophes, ü as v."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower()).replace("u\u0308", "v")
    return " ".join(re.sub("[\u0300-\u036f'’]", "", plain).split())


def _surname_and_given(name: str) -> list[list[str]]:
    length = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    surname, given = name[:length], name[length:]
    return [SURNAMES[surname].split() if surname in SURNAMES else _syllables(surname), _syllables(given)]


def _syllables(characters: str) -> list[str]:
    # Read together, since a word such as 长生 tells how its characters are read; what has no reading, one by one.
    readings = lazy_pinyin(characters, errors=list)  # type: ignore[arg-type] # it takes lists, as its manual says
    found = (typed(IN_NAMES.get(character, reading)) for character, reading in zip(characters, readings, strict=True))
    return [syllable for syllable in found if syllable]


def _is_chinese(name: str) -> bool:
    return any(is_ideograph(character) for character in name)
