"""The figures of the whole district, read from `figures.yaml`, and how far a demonstration scales them down."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

from yihu.common.reference_data import read

_TABLE: Mapping[str, Any] = read(Path(__file__).with_name("figures.yaml"))


def _value(name: str) -> int:
    return int(_TABLE[name]["value"])


DEFAULT_HOUSEHOLDS = 6_000
LEAST_HOUSEHOLDS, MOST_HOUSEHOLDS = 50, 200_000

DISTRICT_HOUSEHOLDS = _value("district_households")
NEWLY_RECOGNISED_A_YEAR = _value("newly_recognised_a_year")
ALLOWANCES_A_MONTH = _value("allowances_a_year") // 12
MEAN_ALLOWANCE_YUAN = Fraction(_value("allowances_paid_yuan_a_year"), _value("allowances_a_year"))
FAMILIES_ON_THE_BOOKS = _value("families_on_the_books")
REFUSED_PERCENT = _value("refused_percent")
WITHDRAWN_PERCENT = _value("withdrawn_percent")
OBJECTION_PERCENT = _value("objection_percent")
RELATIVES_PERCENT = _value("relatives_percent")
CORRECTION_PERCENT = _value("correction_percent")
EMERGENCY_PERCENT = _value("emergency_percent")
ELDERS_APPLY_SINCE_MONTHS = _value("elders_apply_since_months")

PROGRAMMES: Mapping[str, str] = MappingProxyType(_TABLE["programmes"])
"""The programme behind each part that the stories speak of, such as `of_a_family` or `of_an_elder`."""

FACTS: Mapping[str, str] = MappingProxyType(_TABLE["facts"])
"""The facts that only the rules of the place read, by what the families say of them."""


def scale(households: int) -> Fraction:
    """How many families of the district stand behind each one of the demonstration."""
    return Fraction(DISTRICT_HOUSEHOLDS, households)


def scale_sentence(households: int) -> str:
    """The scale as the desk shows it, such as 按 1∶20 缩小."""
    factor = scale(households)
    if factor >= 1:
        shown = f"按 1∶{_short(factor)} 缩小" if factor > 1 else "按 1∶1"
    else:
        shown = f"按 {_short(1 / factor)}∶1 放大"
    return f"示范数据，人和事都是虚构的；户数{shown}"


def _short(number: Fraction) -> str:
    return f"{float(number):,.2f}".rstrip("0").rstrip(".")
