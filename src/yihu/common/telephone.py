"""Telephone numbers of the mainland, by which a family is reached: mobile, or fixed with its area code."""

import re
import unicodedata

from django.utils.translation import gettext as _

from yihu.common.refusals import Refused

MOBILE = re.compile(r"1[3-9][0-9]{9}")
# Area codes of three digits are those of the great cities, whose numbers have eight.
FIXED = re.compile(r"(?P<area>010|02[0-9]|0[3-9][0-9]{2})(?P<line>[2-8][0-9]{6,7})")
GREAT_CITY = 3


def normalise(text: str) -> str:
    """Digits alone, without the code of the country; a fixed number as ``010-80000000``. Judges nothing."""
    plain = re.sub(r"[\s()\-‐-―−.]", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"^(?:\+|00)86", "", plain)
    fixed = FIXED.fullmatch(plain)
    return f"{fixed['area']}-{fixed['line']}" if fixed else plain


def check(text: str, *, field: str = "") -> str:
    """The number in its normal form. Raises Refused, naming what is wrong with it."""
    number = normalise(text)
    fault = _fault(number)
    if fault:
        raise Refused(fault, field=field)
    return number


def mask(number: str) -> str:
    """A checked number as screens show it: ``139****0000``, ``010-****0000``."""
    area, dash, line = number.rpartition("-")
    return f"{area}{dash}{'' if dash else line[:3]}****{line[-4:]}"


def _fault(number: str) -> str:
    if not number:
        return _("请填写电话号码。")
    if not re.fullmatch("[0-9-]+", number):
        return _("电话号码只能有数字，没有分机和说明。手机填 11 位，固定电话填区号和号码，例如 010-80000000。")
    if number.startswith("1"):
        return _fault_of_mobile(number)
    area, dash, line = number.partition("-")
    if not dash:
        return _fault_of_fixed(number)
    if len(area) == GREAT_CITY and len(line) != 8:
        return _("区号 {area} 的固定电话是 8 位，现在是 {length} 位。请核对。").format(area=area, length=len(line))
    return ""


def _fault_of_mobile(number: str) -> str:
    if MOBILE.fullmatch(number):
        return ""
    if len(number) != 11:
        return _("手机号码应为 11 位，现在是 {length} 位。请核对。").format(length=len(number))
    return _("没有以 {start} 开头的手机号码。请核对前三位。").format(start=number[:3])


def _fault_of_fixed(number: str) -> str:
    if number.startswith("0"):
        return _("固定电话是区号加 7 或 8 位号码，例如 010-80000000。请核对区号和位数。")
    if len(number) in (7, 8):
        return _("固定电话请加上区号，例如 010-{number}。").format(number=number)
    return _("“{number}”不是手机号码，也不是带区号的固定电话。请核对。").format(number=number)
