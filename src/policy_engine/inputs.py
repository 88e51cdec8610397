"""The facts that rules may read: the one list that makes templates, checks files and forms, and wires rules.

A fact has a notation of its own for people (yuan, 是/否, ``4:2;6:3``) and one or more engine
values, which are always integers: money in fen, area in hundredths of a square metre, dates as
yyyymmdd, flags as 0 and 1. Nothing is ever rounded, clipped or wrapped on the way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from policy_engine import wording
from policy_engine.errors import InputError
from policy_engine.language import _
from policy_engine.values import Code, Scope, day_number, day_of


class InputType(StrEnum):
    """The notations in which a fact can be written."""

    MONEY = "money"
    COUNT = "count"
    AREA = "area"
    FLAG = "flag"
    DATE = "date"
    CODE = "code"
    DIVISION = "division"
    GRADES = "grades"
    SET = "set"


CodeTable = type[Code]

_HUNDREDTHS = (InputType.MONEY, InputType.AREA)
_YES = frozenset({"是", "有", "1", "y", "yes", "true", "对", "√", "✓", "☑"})
NONE = "无"
"""How a set is written in which there is nothing: a blank may mean that it is not known."""
_NO = frozenset({"否", "无", "没有", "不是", "0", "n", "no", "false"})
# 4:2, 肢体:2, 肢体二级, 肢体残疾2级.
_GRADE = re.compile(r"(\d+(?=\s*:)|[^\d:]+?)(?:残疾)?\s*:?\s*(\d|[一二三四])\s*级?")
_NUMERALS = "零一二三四"
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_DAY = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))")


@dataclass(frozen=True, slots=True)
class InputSpec:
    """One fact: its notation, what is allowed, and how it is asked for.

    ``asked_of`` says who is asked: the family, or staff alone. ``said_at_home`` holds the codes that a family chooses
    from, in words that are used at home; empty where it chooses from all of them. ``pack`` wrote it last.
    ``low`` and ``high`` bound the engine value (fen, yyyymmdd …). ``values`` lists the engine
    names it fills, each with its bounds; for most facts that is the fact's own name. ``default``
    holds the engine values of a blank, or None where a blank means that the fact is not known. ``usual`` is what most
    families say: forms offer it, all at once where somebody asks them to, and nobody assumes it.
    """

    name: str
    of: Scope
    type: InputType
    label: str
    unit: str
    low: int
    high: int
    required: bool
    default: Mapping[str, int] | None
    codes: CodeTable | None
    into: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)
    question: str = ""
    help: str = ""
    meaning: str = ""
    topic: str = ""
    asked_of: str = "family"
    said_at_home: Mapping[str, str] = field(default_factory=dict)
    usual: Mapping[str, int] | None = None
    pack: str = ""
    file: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The engine names that this fact fills."""
        return tuple(self.into.values()) if self.into else (self.name,)

    def allowed(self) -> str:
        """What may be written, in one phrase."""
        match self.type:
            case InputType.MONEY | InputType.AREA:
                unit = _("元") if self.type is InputType.MONEY else _("平方米")
                return _("{low} 到 {high} {unit}之间的数，最多两位小数").format(
                    low=_hundredths(self.low), high=_hundredths(self.high), unit=unit
                )
            case InputType.COUNT:
                return _("{low} 到 {high} 之间的整数").format(low=self.low, high=self.high)
            case InputType.FLAG:
                return _("“是”或“否”")
            case InputType.DATE:
                return _("{low} 到 {high} 之间的日期，写成 1980-05-31").format(
                    low=day_of(self.low), high=day_of(self.high)
                )
            case InputType.CODE:
                return _("代码或名称之一：{codes}").format(codes=self._code_list())
            case InputType.DIVISION:
                return _("六位行政区划代码，如 110102")
            case InputType.GRADES:
                return _("“无”，或者“类别:等级”，多项用分号隔开，如 4:2;6:3；类别 {kinds}，等级 1 到 {high}").format(
                    kinds="、".join(f"{key} {self.labels.get(key, '')}".strip() for key in self.into), high=self.high
                )
            case InputType.SET:
                return _("“无”，或者下列名称，多项用分号隔开，说不准的在后面写问号：{names}").format(
                    names="、".join(self.labels.get(key, key) for key in self.into)
                )

    def _code_list(self) -> str:
        assert self.codes is not None
        listed = [f"{code.value} {code.label}" for code in self.codes]
        return "，".join(listed) if len(listed) <= 12 else "，".join(listed[:12]) + _(" 等，见模板的代码表")

    def parse(self, text: str) -> dict[str, int] | None:
        """The engine values behind what was written.

        A blank gives the default's values, or None where the fact is then not known. Raises
        InputError, whose message says what was written and what is allowed.
        """
        written = _folded(text)
        if not written:
            if self.required:
                raise InputError(_("没有填；须为{allowed}").format(allowed=self.allowed()))
            return None if self.default is None else dict(self.default)
        match self.type:
            case InputType.GRADES:
                return self._parse_grades(written)
            case InputType.SET:
                return self._parse_set(written)
        value = self._parse_one(written)
        if not self.low <= value <= self.high:
            raise self._refusal(text, _("超出范围"))
        return {self.name: value}

    def format(self, values: Mapping[str, int | None]) -> str:
        """Engine values in the notation of files; blank when not known."""
        known = {name: values.get(name) for name in self.names}
        if self.type is InputType.SET and any(value is not None for value in known.values()):
            # Some of it may be known beside some that is not.
            held = ((self.labels.get(key, key), known[name]) for key, name in self.into.items())
            return ";".join(f"{label}?" if value is None else label for label, value in held if value != 0) or NONE
        if any(value is None for value in known.values()):
            return ""
        if self.type is InputType.GRADES:
            return ";".join(f"{kind}:{known[name]}" for kind, name in self.into.items() if known[name]) or NONE
        value = known[self.name]
        assert value is not None
        match self.type:
            case InputType.MONEY | InputType.AREA:
                return _hundredths(value)
            case InputType.FLAG:
                return _("是") if value else _("否")
            case InputType.DATE:
                return day_of(value).isoformat()
        return str(value)

    def describe(self, values: Mapping[str, int | None]) -> str:
        """Engine values as a sentence would show them."""
        if self.into:
            return self._describe_parts(values) or _("无")
        value = values.get(self.name)
        return wording.UNKNOWN if value is None else wording.quantity(value, self.unit, self.codes)

    def _describe_parts(self, values: Mapping[str, int | None]) -> str:
        known = {self.labels.get(key, key): values.get(name) for key, name in self.into.items()}
        if self.type is InputType.SET and any(value is not None for value in known.values()):
            return "、".join(
                label if held else f"{label}{wording.UNKNOWN}" for label, held in known.items() if held != 0
            )
        if None in known.values():
            return wording.UNKNOWN
        return "、".join(
            _("{kind}{grade} 级").format(kind=label, grade=grade) for label, grade in known.items() if grade
        )

    def _refusal(self, text: str, why: str) -> InputError:
        return InputError(_("“{text}”{why}；须为{allowed}").format(text=text.strip(), why=why, allowed=self.allowed()))

    def _parse_one(self, written: str) -> int:
        match self.type:
            case InputType.MONEY | InputType.AREA:
                return self._parse_number(written, 2)
            case InputType.COUNT:
                return self._parse_number(written, 0)
            case InputType.FLAG:
                folded = written.casefold()
                if folded in _YES or folded in _NO:
                    return int(folded in _YES)
                raise self._refusal(written, _("不是是或否"))
            case InputType.DATE:
                return self._parse_day(written)
            case InputType.CODE:
                return self._parse_code(written)
            case _:
                if re.fullmatch(r"\d{6}", written):
                    return int(written)
                raise self._refusal(written, _("不是六位代码"))

    def _parse_number(self, written: str, decimals: int) -> int:
        if not _NUMBER.fullmatch(written):
            raise self._refusal(written, _("不是数"))
        try:
            number = Decimal(written.replace(",", ""))
        except InvalidOperation:
            raise self._refusal(written, _("不是数")) from None
        scaled = number.scaleb(decimals)
        if scaled != scaled.to_integral_value():
            raise self._refusal(written, _("小数位太多") if decimals else _("不是整数"))
        return int(scaled)

    def _parse_day(self, written: str) -> int:
        found = _DAY.fullmatch(written)
        if found:
            month, day = (found[3] or found[5] or found[7]), (found[4] or found[6] or found[8])
            try:
                return day_number(date(int(found[1]), int(month), int(day)))
            except ValueError:
                raise self._refusal(written, _("没有这一天")) from None
        raise self._refusal(written, _("不是日期"))

    def _parse_code(self, written: str) -> int:
        assert self.codes is not None
        if written.isdecimal():
            if any(code.value == int(written) for code in self.codes):
                return int(written)
        else:
            for code in self.codes:
                if written in (_folded(code.label), code.name, code.name.lower(), *code.also):
                    return code.value
        raise self._refusal(written, _("不在代码表里"))

    def _parse_grades(self, written: str) -> dict[str, int]:
        grades = dict.fromkeys(self.into.values(), 0)
        if written.casefold() in _NO:
            return grades
        by_label = {_folded(label): key for key, label in self.labels.items()}
        for part in _parts(written):
            found = _GRADE.fullmatch(part)
            kind = by_label.get(found[1], found[1]) if found else ""
            if not found or kind not in self.into:
                raise self._refusal(written, _("看不懂"))
            grade = str(_NUMERALS.find(found[2])) if found[2] in _NUMERALS else found[2]
            if not 1 <= int(grade) <= self.high:
                raise self._refusal(written, _("等级超出范围"))
            if grades[self.into[kind]]:
                raise self._refusal(written, _("把类别 {kind} 写了两次，").format(kind=kind))
            grades[self.into[kind]] = int(grade)
        return grades

    def _parse_set(self, written: str) -> dict[str, int]:
        held = dict.fromkeys(self.into.values(), 0)
        if written.casefold() in _NO:
            return held
        by_label = {_folded(label): key for key, label in self.labels.items()}
        for part in _parts(written):
            said = part.removesuffix("?").strip()
            key = by_label.get(said, said)
            if key not in self.into:
                raise self._refusal(written, _("里有不认识的“{part}”").format(part=part))
            if said == part:
                held[self.into[key]] = 1
            else:
                del held[self.into[key]]
        return held


def _folded(text: str) -> str:
    """Full-width digits, brackets and blanks as their plain twins: people type either."""
    return unicodedata.normalize("NFKC", text).strip()


def _parts(written: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,、]", written) if part.strip()]


def _hundredths(value: int) -> str:
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // 100}.{abs(value) % 100:02d}"
