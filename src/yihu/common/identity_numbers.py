"""Numbers of resident identity cards: 18 characters by GB 11643.

Six digits of the area, eight of the date of birth, three in sequence (odd for men), one check digit, which may be X.
The area is not looked up: cards in use carry codes of areas dissolved long ago, and no list holds them all.
"""

import re
import unicodedata
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.cn.ric import calc_check_digit

from yihu.common.refusals import Refused

LENGTH = 18
# Cards of the first generation, out of use since 2013.
FORMER_LENGTH = 15
# Digits in one piece, or in the pieces in which people write a card's number.
LONG = re.compile(r"\d{14,}[\dXxＸｘ]|\d{6}[\s-]+\d{8}[\s-]+\d{3}[\dXxＸｘ]")


class Sex(TextChoices):
    """As the card has it."""

    MALE = "male", gettext_lazy("男")
    FEMALE = "female", gettext_lazy("女")


def normalise(text: str) -> str:
    """As it is stored: plain digits and a capital X, without spaces and hyphens. Judges nothing."""
    return re.sub(r"[\s\-‐-―−]", "", unicodedata.normalize("NFKC", text)).upper()


def check(text: str, *, on: date, field: str = "") -> str:
    """The number in its normal form. Raises Refused, naming what is wrong with it for someone living on this day."""
    number = normalise(text)
    fault = _fault(number, on)
    if fault:
        raise Refused(fault, field=field)
    return number


def birth_date_of(number: str) -> date:
    """The date of birth in a checked number."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex_of(number: str) -> Sex:
    """The sex in a checked number."""
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def mask(number: str) -> str:
    """The number as screens show it: ``000000********1826``."""
    return f"{number[:6]}********{number[-4:]}"


def mask_within(text: str) -> str:
    """Whatever somebody wrote, with each number in it masked that may be of a card, also one mistyped or of a bank."""
    return LONG.sub(lambda found: mask(found[0]), text)


def tail(number: str) -> str:
    """The last four, by which a clerk asks for a person."""
    return number[-4:]


def _fault(number: str, on: date) -> str:
    if not number:
        return _("请填写身份证号码。")
    if len(number) == FORMER_LENGTH and _is_digits(number):
        return _("这是 15 位的第一代身份证号码，已停用。请按现在的身份证填写 18 位号码。")
    if len(number) != LENGTH:
        return _("身份证号码应为 18 位，现在是 {length} 位。请对照证件补全或删去多余的字符。").format(
            length=len(number)
        )
    if not _is_digits(number[:-1]):
        found = next((at, character) for at, character in enumerate(number, 1) if not _is_digits(character))
        return _("身份证号码第 {place} 位“{character}”不是数字。前 17 位都是数字，请对照证件改正。").format(
            place=found[0], character=found[1]
        )
    if not _is_digits(number[-1]) and number[-1] != "X":
        return _("身份证号码最后一位“{character}”不对，它只能是数字或 X。请对照证件改正。").format(character=number[-1])
    return _fault_of_birth(number, on) or _fault_of_check_digit(number)


def _fault_of_birth(number: str, on: date) -> str:
    written = {"year": number[6:10], "month": number[10:12], "day": number[12:14]}
    try:
        birth = birth_date_of(number)
    except ValueError:
        return _(
            "身份证号码第 7 至 14 位是出生日期，而 {year} 年 {month} 月 {day} 日这一天不存在。请对照证件改正。"
        ).format(**written)
    if birth > on:
        return _(
            "身份证号码第 7 至 14 位是出生日期，而 {year} 年 {month} 月 {day} 日晚于 {on}。请对照证件改正。"
        ).format(**written, on=on.isoformat())
    return ""


def _fault_of_check_digit(number: str) -> str:
    # Which character is wrong cannot be told, nor may the right last one be: it would make any number look checked.
    if calc_check_digit(number) == number[-1]:
        return ""
    return _("身份证号码的校验位对不上：至少有一位抄错，或有两位颠倒。请对照证件逐位核对。")


def _is_digits(text: str) -> bool:
    return bool(re.fullmatch("[0-9]+", text))
