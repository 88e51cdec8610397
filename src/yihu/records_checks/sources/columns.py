"""One column of an answer: what it is called, how it is written, and which fact of the policies it fills."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from django.utils.translation import gettext as _

from yihu.common.fen import parse_yuan, yuan
from yihu.common.refusals import Refused

YES, NO = "是", "否"
DAY = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))")


class Kind(StrEnum):
    """How a column is written. All become integers: fen, pieces, hundredths of a square metre, yyyymmdd, 0 or 1."""

    MONEY = "money"
    COUNT = "count"
    AREA = "area"
    DATE = "date"
    FLAG = "flag"
    DIVISION = "division"


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` names it in a stored answer, ``title`` in the file.

    ``fact`` is the input of the policies that it fills, empty for what is only shown; ``value`` the engine's name of
    its part, the fact's own unless given. Columns of one part are added up.
    ``of_household``: the fact is the family's, and its members' answers are added up.
    ``monthly``: it holds from the first of the month of the data, not from its day.
    ``at_least``: the source sees a part only, so that a higher declaration of the family stands.
    ``settles``: where the family said nothing, the source alone is enough, and nothing found is zero.
    ``blank`` is what an empty cell means beside a filled one, where the file says so to whoever fills it in; None:
    nothing is said, and a sum over the family is then not known.
    """

    key: str
    title: str
    kind: Kind
    fact: str = ""
    value: str = ""
    of_household: bool = False
    monthly: bool = False
    at_least: bool = False
    settles: bool = False
    blank: int | None = None
    most: int = 0

    @property
    def engine_name(self) -> str:
        """The engine's name of what it fills."""
        return self.value or self.fact

    def parse(self, text: str) -> int:
        """The integer behind a cell that is not empty. Raises Refused: what is wrong and what may be written."""
        plain = unicodedata.normalize("NFKC", text).strip()
        match self.kind:
            case Kind.MONEY:
                return self._within(parse_yuan(plain), text)
            case Kind.COUNT:
                if re.fullmatch(r"\d{1,9}", plain):
                    return self._within(int(plain), text)
                raise Refused(_("“{text}”不是整数。请写数字，没有的写 0。").format(text=text))
            case Kind.AREA:
                return self._within(_hundredths(plain, text), text)
            case Kind.DATE:
                day = parse_day(text)
                return day.year * 10000 + day.month * 100 + day.day
            case Kind.FLAG:
                return int(parse_flag(text))
            case Kind.DIVISION:
                if re.fullmatch(r"[1-8]\d{5}", plain):
                    return int(plain)
                raise Refused(_("“{text}”不是六位的行政区划代码，例如 110102。").format(text=text))

    def text(self, value: int) -> str:
        """A stored integer as people read it."""
        match self.kind:
            case Kind.MONEY:
                return _("{amount} 元").format(amount=yuan(value))
            case Kind.AREA:
                return _("{area} 平方米").format(area=f"{value / 100:.2f}".rstrip("0").rstrip("."))
            case Kind.DATE:
                return date(value // 10000, value // 100 % 100, value % 100).isoformat()
            case Kind.FLAG:
                return YES if value else NO
        return str(value)

    def allowed(self) -> str:
        """What may be written, in a phrase for the sheet that explains."""
        return self._allowed() + (_("；查到的人证上没有的，可以空着") if self.blank is not None else "")

    def _allowed(self) -> str:
        match self.kind:
            case Kind.MONEY:
                return _("以元为单位的数，最多两位小数，不写“元”；没有的写 0")
            case Kind.COUNT:
                return _("整数，不超过 {most}；没有的写 0").format(most=self.most)
            case Kind.AREA:
                return _("平方米，最多两位小数")
            case Kind.DATE:
                return _("日期，写成 2026-03-01")
            case Kind.FLAG:
                return _("“是”或“否”")
            case Kind.DIVISION:
                return _("六位行政区划代码，例如 110102")

    def _within(self, value: int, text: str) -> int:
        if 0 <= value <= self.most:
            return value
        raise Refused(
            _("“{text}”超出范围：应在 0 和 {most} 之间。请核对。").format(text=text, most=self.text(self.most))
        )


def parse_day(text: str) -> date:
    """A day however it is usually written. Raises Refused."""
    found = DAY.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if found:
        try:
            year, _separator, *parts = found.groups()
            month, day = (int(part) for part in parts if part is not None)
            return date(int(year), month, day)
        except ValueError:
            pass
    raise Refused(_("“{text}”不是日期。请写成 2026-03-01。").format(text=text))


def parse_flag(text: str) -> bool:
    """Whether it says 是. Raises Refused for anything but 是 and 否."""
    if text.strip() not in (YES, NO):
        raise Refused(_("“{text}”既不是“是”也不是“否”。请只写其中一个。").format(text=text))
    return text.strip() == YES


def _hundredths(plain: str, text: str) -> int:
    try:
        exact = Decimal(plain.replace(",", "")) * 100
    except InvalidOperation:
        raise Refused(_("“{text}”不是面积。请只写数字，以平方米为单位。").format(text=text)) from None
    if not exact.is_finite() or exact != exact.to_integral_value():
        raise Refused(_("“{text}”的小数多于两位。").format(text=text))
    return int(exact)
