"""How numbers, verdicts and margins are written for people. The only place that knows units by name."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from policy_engine.language import _
from policy_engine.values import Code, Confidence, HelpForm, Outcome, ProgrammeKind, day_of

UNITS = {
    "person": _("人"),
    "year": _("岁"),
    "month": _("个月"),
    "home": _("套"),
    "car": _("辆"),
    "percent": "%",
    "tenths": _("倍"),
}
PER = {"month": _("月"), "year": _("年"), "person": _("人"), "household": _("户")}
HOW_OFTEN: dict[str, str] = {
    ProgrammeKind.STATUS: "",
    ProgrammeKind.MONTH: _("每月"),
    ProgrammeKind.SEASON: _("每季"),
    ProgrammeKind.YEAR: _("每年"),
    ProgrammeKind.ONCE: _("一次"),
}
FORMS: dict[str, str] = {
    HelpForm.MONEY: _("救助金"),
    HelpForm.WAIVER: _("费用减免"),
    HelpForm.GOODS: _("实物"),
    HelpForm.PLACE: _("名额"),
    HelpForm.VOUCHER: _("消费券"),
    HelpForm.SERVICE: _("服务"),
}
UNKNOWN = _("（不知道）")


class Verdict(StrEnum):
    """Whether a condition holds."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


VERDICTS = {Verdict.YES: _("符合"), Verdict.NO: _("不符合"), Verdict.UNKNOWN: _("还不知道")}
OUTCOMES: dict[str, str] = {
    Outcome.ELIGIBLE: VERDICTS[Verdict.YES],
    Outcome.NOT_ELIGIBLE: VERDICTS[Verdict.NO],
    Outcome.UNKNOWN: VERDICTS[Verdict.UNKNOWN],
}
CONFIDENCES: dict[str, str] = {
    Confidence.CARRIED_FORWARD: _("按最近所见标准"),
    Confidence.MEMORY: _("标准凭记忆，待核对"),
}


@lru_cache(4096)
def money(fen: int) -> str:
    """Fen as yuan with two decimals and its unit: ``1,170.00 元``."""
    sign = "−" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return _("{sign}{yuan:,}.{rest:02d} 元").format(sign=sign, yuan=yuan, rest=rest)


@lru_cache(4096)
def quantity(value: int, unit: str, codes: type[Code] | None = None) -> str:
    """An integer of ``unit`` as people write it, without what it is per."""
    base = unit.split("/", 1)[0]
    if base == "fen":
        return money(value)
    if base == "flag":
        return _("是") if value else _("否")
    if base == "date":
        return day_of(value).isoformat()
    if codes is not None:
        return codes.label_of(value)
    if base == "0.01m2":
        return _("{area} 平方米").format(area=f"{value // 100:,}.{value % 100:02d}")
    if base == "tenths":
        return _("{times} 倍").format(times=f"{value // 10}.{value % 10}")
    if base == "percent":
        return f"{value}%"
    suffix = UNITS.get(base)
    return f"{value:,} {suffix}" if suffix else str(value)


def has_margin(unit: str) -> bool:
    """Whether the distance between two values of this unit means something to a reader."""
    base = unit.split("/", 1)[0]
    return base == "fen" or base == "0.01m2" or base in UNITS


def shortfall(margin: int, operator: str, unit: str) -> str:
    """By how much a comparison that must hold was missed; ``margin`` is left minus right."""
    if not has_margin(unit) or operator == "!=":
        return ""
    amount = quantity(abs(margin), unit) + period_of(unit)
    if margin == 0:
        return _("正好相等，须更低") if operator == "<" else _("正好相等，须更高")
    if margin > 0:
        return _("高出 {amount}").format(amount=amount)
    return _("还差 {amount}").format(amount=amount)


def period_of(unit: str) -> str:
    """What a unit is per, joined: ``/人/月``."""
    return "".join("/" + PER.get(part, part) for part in unit.split("/")[1:])
