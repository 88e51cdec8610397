"""Invented people: plainly made-up names, identity numbers of an area never issued, accounts that lead nowhere."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import Enum
from random import Random

from stdnum import luhn
from stdnum.cn import ric

AREA = "000000"
"""The area code of every identity number here, and the issuer of every bank account: neither was ever given out."""

SURNAMES = "贾甄郝梅吴莫卜艾应尤乐易游时和安常万伏宓冉幸"
"""Surnames that sound like 假 真 好 没 无 …"""
MARKS = "拟设演示例样试仿虚构范托寓"
"""One syllable of every given name says that it is made up."""
_WOMEN = "兰芳英华珍玉梅秀琴凤云霞莲敏静丽娟慧红燕雪莹洁宁欣怡雯琪涵萱语诗桐悦然岚蓉菊桂惠淑贞清瑶颖彤晴月露珊"
_MEN = "国强建军明志文德福贵平林海峰伟刚勇斌涛磊鹏飞宇浩然轩晨阳博睿泽安宁和庆松柏山川江河毅诚信义仁礼康健新"

_BEGINNINGS = tuple(f"1{second}{third}" for second in "3456789" for third in "0123456789")


class Sex(Enum):
    """The sex that an identity number tells by whether its sequence is odd."""

    FEMALE = "女"
    MALE = "男"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented. ``telephone`` and ``account`` are None for children."""

    name: str
    sex: Sex
    born: date
    identity_number: str
    telephone: str | None
    account: str | None

    def age(self, on: date) -> int:
        """Full years on a day."""
        return age(self.born, on)


def age(born: date, on: date) -> int:
    """Full years on a day of somebody born on another."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def given_name(random: Random, sex: Sex) -> str:
    """A given name of two syllables, one of which says that it is made up."""
    syllables = [random.choice(MARKS), random.choice(_MEN if sex is Sex.MALE else _WOMEN)]
    random.shuffle(syllables)
    return "".join(syllables)


class IdentityNumbers:
    """Gives out identity numbers; the sequence counts those of one day and sex, so that none comes twice."""

    def __init__(self) -> None:
        self._given: Counter[tuple[date, Sex]] = Counter()

    def issue(self, born: date, sex: Sex) -> str:
        """The next number of a birth date and sex. Raises OverflowError after the 499th: three digits are full."""
        given = self._given[born, sex]
        if given >= 499:
            raise OverflowError(f"{born} 出生的人太多，顺序码不够用")
        self._given[born, sex] += 1
        body = f"{AREA}{born:%Y%m%d}{2 * given + (1 if sex is Sex.MALE else 2):03d}"
        # The library reckons over all but the last character.
        return body + str(ric.calc_check_digit(body + "0"))


def telephone(family: int) -> str:
    """A mobile number that ends in eight zeros; seventy of them go round."""
    return f"{_BEGINNINGS[family % len(_BEGINNINGS)]}00000000"


def account(family: int, member: int) -> str:
    """A bank account of nineteen digits, the last by Luhn; unlike any other family's or member's."""
    body = f"{AREA}{family:09d}{member:03d}"
    return body + str(luhn.calc_check_digit(body))
