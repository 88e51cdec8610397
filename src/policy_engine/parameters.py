"""Numbers and tables of a policy: each with the date it holds from, its source and how sure it is."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from policy_engine.documents import Document
from policy_engine.errors import PackError, PlanError
from policy_engine.language import _
from policy_engine.values import Quality

_CONFIDENCE = {"seen": Quality.SEEN, "memory": Quality.MEMORY}
_FIGURE_KEYS = ("value", "missing", "rows", "brackets", "otherwise", "until", "source", "confidence", "note")
_KEYS = ("title", "unit", "by", "values", "carry_forward", "checked_on", "overrides")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure was read: the document, the clause in it, and an address if there is one."""

    document: str
    clause: str = ""
    url: str = ""

    def __str__(self) -> str:
        return f"{self.document} {self.clause}".strip()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, or a table's ``otherwise``; ``value`` is None where the text is missing."""

    value: int | None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a parameter is from ``since`` on: a value, a table, or declared missing.

    ``until`` is the last day for which the figure is known to hold, None while nothing newer is
    expected. ``quality`` is that of the figure itself; one that is carried past ``until`` is at
    most CARRIED_FORWARD. ``replaced`` is the value that an override stands in for.
    """

    since: date
    until: date | None
    source: Source
    quality: Quality
    value: int | None = None
    missing: str = ""
    rows: Mapping[int, Row] = field(default_factory=dict)
    is_bracket: bool = False
    otherwise: Row | None = None
    note: str = ""
    carried: bool = False
    overridden: bool = False

    @property
    def values(self) -> list[int]:
        """Every number that this figure can give."""
        rows = [row.value for row in self.rows.values() if row.value is not None]
        if self.otherwise is not None and self.otherwise.value is not None:
            rows.append(self.otherwise.value)
        return rows if self.value is None else [self.value]

    def row_key(self, key: int) -> int | None:
        """The key of the row that ``key`` falls on: the same key, or in brackets the largest not above it."""
        if not self.is_bracket:
            return key if key in self.rows else None
        keys = list(self.rows)
        place = bisect_right(keys, key)
        return keys[place - 1] if place else None

    def look_up(self, key: int) -> Row | None:
        """The row for ``key``, ``otherwise`` when there is none, None when neither is given."""
        found = self.row_key(key)
        return self.otherwise if found is None else self.rows[found]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named number or table through time. A table is looked up ``by`` an input or a rule."""

    name: str
    title: str
    unit: str
    by: str | None
    figures: tuple[Figure, ...]
    carry_forward: bool
    checked_on: date | None
    pack: str
    overrides: str | None
    file: Path

    def fault(self, message: str) -> PackError:
        """An error that points at this parameter's file."""
        return PackError(message, file=self.file)

    def on(self, day: date) -> Figure:
        """The figure in force on ``day``. Raises PlanError naming the parameter when no text covers it."""
        current = None
        for figure in self.figures:
            if figure.since <= day:
                current = figure
        if current is None:
            raise PlanError(
                _("{title}（{name}）最早的依据自 {since} 起，没有 {day} 的依据").format(
                    title=self.title, name=self.name, since=self.figures[0].since, day=day
                )
            )
        if current.until is None or day <= current.until:
            return current
        if not self.carry_forward:
            raise PlanError(
                _("{title}（{name}）只有到 {until} 为止的依据，没有 {day} 的依据").format(
                    title=self.title, name=self.name, until=current.until, day=day
                )
            )
        return replace(current, quality=min(current.quality, Quality.CARRIED_FORWARD), carried=True)

    def overridden(self, figure: Figure, value: int) -> Figure:
        """``figure`` with another number in its place, which every explanation will name."""
        if self.by is not None:
            raise PlanError(_("{title}（{name}）是一张表，不能用一个数代替").format(title=self.title, name=self.name))
        return replace(figure, value=value, missing="", quality=Quality.SEEN, carried=False, overridden=True)

    @property
    def dates(self) -> set[date]:
        """The days on which something changes."""
        return {figure.since for figure in self.figures}


def load_parameter(path: Path, pack: str) -> Parameter:
    """Read one parameter file. Raises PackError for anything that is not as it must be."""
    document = Document(path)
    data = document.data
    document.only(data, _KEYS)
    figures = []
    for since, entry in document.require(data, "values").items():
        figures.append(_load_figure(document, since, entry, is_table=data.get("by") is not None))
    for earlier, later in itertools.pairwise(figures):
        if earlier.since >= later.since:
            raise document.fault(_("日期须从早到晚"), "values", later.since)
        if earlier.until is not None and earlier.until >= later.since:
            raise document.fault(_("{day} 有两个数同时有效").format(day=later.since), "values", later.since)
    if not figures:
        raise document.fault(_("一个数也没有"), "values")
    checked = data.get("checked_on")
    return Parameter(
        name=path.stem,
        title=document.require(data, "title"),
        unit=document.require(data, "unit").replace(" ", ""),
        by=data.get("by"),
        figures=tuple(figures),
        carry_forward=bool(data.get("carry_forward", False)),
        checked_on=None if checked is None else document.day(checked, "checked_on"),
        pack=pack,
        overrides=data.get("overrides"),
        file=path,
    )


def _load_figure(document: Document, since: object, entry: dict[str, Any], *, is_table: bool) -> Figure:
    here = ("values", since)
    day = document.day(since, *here)
    if not isinstance(entry, dict):
        raise document.fault(_("须写成 {{value: 数, source: 出处, confidence: seen}}"), *here)
    document.only(entry, _FIGURE_KEYS, *here)
    forms = [key for key in ("value", "missing", "rows", "brackets") if key in entry]
    if len(forms) != 1:
        raise document.fault(_("value、missing、rows、brackets 须正好有一个"), *here)
    if is_table and forms[0] == "value":
        raise document.fault(_("有 by 的是表，须写 rows 或 brackets"), *here)
    if not is_table and forms[0] in ("rows", "brackets"):
        raise document.fault(_("表须写明按什么查：by"), *here)
    if "otherwise" in entry and forms[0] not in ("rows", "brackets"):
        raise document.fault(_("只有表才有 otherwise"), *here, "otherwise")
    missing = str(entry.get("missing") or "")
    until = entry.get("until")
    return Figure(
        since=day,
        until=None if until is None else document.day(until, *here, "until"),
        source=_load_source(document, entry, here),
        quality=Quality.UNKNOWN if missing else _load_confidence(document, entry, here),
        value=_integer(document, entry["value"], *here, "value") if "value" in entry else None,
        missing=missing,
        rows=_load_rows(document, entry, forms[0], here),
        is_bracket=forms[0] == "brackets",
        otherwise=_load_row(document, entry["otherwise"], *here, "otherwise") if "otherwise" in entry else None,
        note=str(entry.get("note") or ""),
    )


def _load_source(document: Document, entry: dict[str, Any], here: tuple[object, ...]) -> Source:
    source = entry.get("source")
    if not isinstance(source, dict) or not source.get("document"):
        raise document.fault(_("每个数都须有 source，至少写明 document"), *here)
    document.only(source, ("document", "clause", "url"), *here, "source")
    return Source(*(str(source.get(key) or "") for key in ("document", "clause", "url")))


def _load_confidence(document: Document, entry: dict[str, Any], here: tuple[object, ...]) -> Quality:
    confidence = entry.get("confidence")
    if confidence not in _CONFIDENCE:
        raise document.fault(_("confidence 须为 seen 或 memory"), *here)
    return _CONFIDENCE[confidence]


def _load_rows(document: Document, entry: dict[str, Any], form: str, here: tuple[object, ...]) -> dict[int, Row]:
    if form not in ("rows", "brackets"):
        return {}
    rows = entry[form]
    if not isinstance(rows, dict) or not rows:
        raise document.fault(_("表是空的"), *here, form)
    keys = [_integer(document, key, *here, form, key) for key in rows]
    if keys != sorted(keys):
        raise document.fault(_("表的行须从小到大"), *here, form)
    return {key: _load_row(document, row, *here, form, key) for key, row in rows.items()}


def _load_row(document: Document, row: object, *here: object) -> Row:
    if isinstance(row, dict):
        document.only(row, ("missing",), *here)
        return Row(None, str(document.require(row, "missing", *here)))
    return Row(_integer(document, row, *here))


def _integer(document: Document, value: object, *here: object) -> int:
    if type(value) is not int:
        raise document.fault(_("“{value}”不是整数；钱以分计").format(value=value), *here)
    return value


def merged(own: Mapping[str, Parameter], inherited: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """A child pack's parameters over its parent's; nothing is replaced unless the child says whose."""
    result = dict(inherited)
    for name, parameter in own.items():
        replaced = inherited.get(name)
        if replaced is None and parameter.overrides is not None:
            raise Document(parameter.file).fault(
                _("{pack} 里没有可以代替的 {name}").format(pack=parameter.overrides, name=name), "overrides"
            )
        if replaced is not None and parameter.overrides != replaced.pack:
            raise parameter.fault(
                _("{pack} 已有 {name}；要代替它须写明 overrides: {pack}").format(pack=replaced.pack, name=name)
            )
        if replaced is not None and (parameter.unit, parameter.by is None) != (replaced.unit, replaced.by is None):
            raise Document(parameter.file).fault(
                _("代替 {pack} 的 {name} 须用同一单位 {unit}").format(
                    pack=replaced.pack, name=name, unit=replaced.unit
                ),
                "unit",
            )
        result[name] = parameter
    return result
