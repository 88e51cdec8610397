"""Reads the ``inputs.yaml`` of a pack: its own facts, and what it adds to those of the pack that it extends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from policy_engine.codes import CodeTables
from policy_engine.documents import Document
from policy_engine.errors import InputError
from policy_engine.inputs import InputSpec, InputType
from policy_engine.language import _
from policy_engine.values import Code, Scope, day_number

_UNITS = {
    InputType.MONEY: "fen",
    InputType.AREA: "0.01m2",
    InputType.FLAG: "flag",
    InputType.DATE: "date",
    InputType.CODE: "code",
    InputType.DIVISION: "division",
    InputType.GRADES: "grade",
    InputType.SET: "flag",
}
_RANGED = (InputType.MONEY, InputType.COUNT, InputType.AREA, InputType.DATE, InputType.DIVISION)
_HUNDREDTHS = (InputType.MONEY, InputType.AREA)
_KEYS = (
    *("of", "type", "label", "range", "required", "default", "usual", "codes", "into", "unit"),
    *("question", "help", "meaning", "topic", "asked_of", "said_at_home", "overrides"),
)
_KEPT = ("of", "type", "unit")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the ``inputs.yaml`` of a pack and of those it extends say together.

    ``specs`` are the facts by name, ``topics`` the headings that questions stand under, in their order, and ``most``
    the members that a household may have at most (0: not said yet).
    """

    specs: Mapping[str, InputSpec] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    most: int = 0

    @property
    def by_engine_name(self) -> dict[str, InputSpec]:
        """The facts by each engine name that they fill."""
        return {name: spec for spec in self.specs.values() for name in spec.names}

    def with_codes(self, codes: CodeTables) -> Inputs:
        """The same facts, where a child pack has added values to their code tables."""
        return replace(self, specs={name: _with_codes(spec, codes) for name, spec in self.specs.items()})


def _with_codes(spec: InputSpec, codes: CodeTables) -> InputSpec:
    table = None if spec.codes is None else codes[spec.codes.__name__]
    if table is None or table is spec.codes:
        return spec
    return replace(spec, codes=table, low=min(table), high=max(table))


def load_inputs(document: Document, pack: str, codes: CodeTables, inherited: Inputs) -> Inputs:
    """The facts of one ``inputs.yaml`` on top of those that its pack takes over.

    An entry is a new fact, or says ``overrides:`` and stands in the place of one of the same scope, type and unit, or
    says ``adds_to:`` and holds more values ``into`` which a fact is read. Raises PackError, with file and line.
    """
    document.only(document.data, ("inputs", "most_members", "topics"))
    topics = _topics(document, inherited.topics)
    specs = dict(inherited.specs)
    taken = {engine_name: spec.name for spec in specs.values() for engine_name in spec.names}
    for name, entry in (document.data.get("inputs") or {}).items():
        before = specs.get(name)
        if "adds_to" in entry:
            spec = _added(document, name, entry, before)
        else:
            spec = _load_one(document, name, entry, codes)
            _check_replaced(document, spec, before, entry.get("overrides"))
        if spec.topic and spec.topic not in topics:
            raise document.fault(
                _("没有叫 {topic} 的主题；有：{known}").format(topic=spec.topic, known="、".join(topics)),
                *("inputs", name, "topic"),
            )
        for engine_name in spec.names:
            if taken.get(engine_name, name) != name:
                raise document.fault(
                    _("{name} 和 {other} 都填 {engine_name}").format(
                        name=name, other=taken[engine_name], engine_name=engine_name
                    ),
                    *("inputs", name),
                )
            taken[engine_name] = name
        specs[name] = replace(spec, pack=pack)
    return Inputs(specs, topics, document.data.get("most_members", 0) or inherited.most)


def _topics(document: Document, inherited: Mapping[str, str]) -> dict[str, str]:
    topics = dict(inherited)
    for name, title in (document.data.get("topics") or {}).items():
        if name in inherited:
            raise document.fault(_("上级政策包已有主题 {name}").format(name=name), "topics", name)
        if not isinstance(title, str) or not title:
            raise document.fault(_("主题 {name} 须写明标题").format(name=name), "topics", name)
        topics[name] = title
    return topics


def _check_replaced(document: Document, spec: InputSpec, before: InputSpec | None, stated: str | None) -> None:
    """A fact that is taken over is replaced only by name, and stays what rules and stored facts take it for."""
    here = ("inputs", spec.name)
    if before is None:
        if stated is not None:
            message = _("{pack} 里没有可以代替的事实 {name}").format(pack=stated, name=spec.name)
            raise document.fault(message, *here, "overrides")
        return
    if stated != before.pack:
        raise document.fault(
            _("{pack} 已有事实 {name}；要代替它须写 overrides: {pack}，要增补它的取值须写 adds_to: {pack}").format(
                pack=before.pack, name=spec.name
            ),
            *here,
        )
    for key in _KEPT:
        if getattr(spec, key) != getattr(before, key):
            raise document.fault(
                _("代替 {pack} 的 {name} 须保持 {key}: {kept}").format(
                    pack=before.pack, name=spec.name, key=key, kept=getattr(before, key)
                ),
                *here,
                key,
            )
    if spec.codes is not before.codes and (spec.codes is None or spec.codes.__name__ != before.codes.__name__):  # type: ignore[union-attr]
        raise document.fault(
            _("代替 {pack} 的 {name} 须用同一个代码表").format(pack=before.pack, name=spec.name), *here
        )
    if not before.into.items() <= spec.into.items():
        raise document.fault(
            _("代替 {pack} 的 {name} 须保留它的全部取值：{into}").format(
                pack=before.pack, name=spec.name, into="、".join(before.into)
            ),
            *here,
            "into",
        )


def _added(document: Document, name: str, entry: dict[str, Any], before: InputSpec | None) -> InputSpec:
    """A fact of the parent that is read into more values than the parent's."""
    here = ("inputs", name)
    document.only(entry, ("adds_to", "into"), *here)
    if before is None or not before.into:
        message = _("{pack} 里没有可以增补取值的事实 {name}").format(pack=entry["adds_to"], name=name)
        raise document.fault(message, *here, "adds_to")
    if entry["adds_to"] != before.pack:
        message = _("{name} 由 {pack} 写定；须写 adds_to: {pack}").format(name=name, pack=before.pack)
        raise document.fault(message, *here, "adds_to")
    into, labels = _parse_into(document, entry, before.type, here)
    for key, target in into.items():
        twice = {key, target, labels.get(key, key)} & {*before.into, *before.into.values(), *before.labels.values()}
        if twice:
            raise document.fault(
                _("{name} 的取值 {key} 与已有的重复：{twice}").format(
                    name=name, key=key, twice="、".join(sorted(twice))
                ),
                *here,
                "into",
                key,
            )
    default = None if before.default is None else {**before.default, **dict.fromkeys(into.values(), 0)}
    return replace(
        before,
        into={**before.into, **into},
        labels={**before.labels, **labels},
        default=default,
        file=str(document.path),
    )


def _load_one(document: Document, name: str, entry: dict[str, Any], codes: CodeTables) -> InputSpec:
    here = ("inputs", name)
    if not str(name).isidentifier():
        raise document.fault(_("“{name}”不能作名称，须用英文字母、数字和下划线").format(name=name), *here)
    document.only(entry, _KEYS, *here)
    try:
        kind = InputType(document.require(entry, "type", *here))
        scope = Scope(document.require(entry, "of", *here))
    except ValueError as error:
        raise document.fault(str(error), *here) from None
    if scope is Scope.PLAN:
        raise document.fault(_("of 须为 household 或 member"), *here, "of")
    enum = _code_class(document, entry, codes, here) if kind is InputType.CODE else None
    into, labels = _parse_into(document, entry, kind, here)
    low, high = _bounds(document, entry, kind, enum, here)
    unit = entry.get("unit", _UNITS.get(kind, "count")).replace(" ", "")
    blank = InputSpec(
        name, scope, kind, document.require(entry, "label", *here), unit, low, high,
        required=False, default=None, codes=enum, into=into, labels=labels,
    )  # fmt: skip
    default = _values(document, entry, "default", blank, here)
    required = entry.get("required", False)
    if required and default is not None:
        raise document.fault(_("required 与 default 只能有一个"), *here)
    return InputSpec(
        name, scope, kind, blank.label, unit, low, high,
        required=required, default=default, codes=enum, into=into, labels=labels,
        usual=_values(document, entry, "usual", blank, here),
        question=entry.get("question", ""), help=entry.get("help", ""),
        meaning=entry.get("meaning", ""), topic=entry.get("topic", ""), asked_of=_asked_of(document, entry, here),
        said_at_home=_said_at_home(document, entry, enum, here), file=str(document.path),
    )  # fmt: skip


def _asked_of(document: Document, entry: dict[str, Any], here: tuple[str, ...]) -> str:
    asked_of = entry.get("asked_of", "family")
    if asked_of not in ("family", "staff"):
        raise document.fault(_("asked_of 须为 family 或 staff"), *here, "asked_of")
    return str(asked_of)


def _said_at_home(
    document: Document, entry: dict[str, Any], codes: type[Code] | None, here: tuple[str, ...]
) -> dict[str, str]:
    said = {str(number): str(word) for number, word in (entry.get("said_at_home") or {}).items()}
    known = {str(code.value) for code in codes or ()}
    for number in said:
        if number not in known:
            message = _("said_at_home 的 {number} 不在代码表里").format(number=number)
            raise document.fault(message, *here, "said_at_home")
    return said


def _code_class(document: Document, entry: dict[str, Any], codes: CodeTables, here: tuple[str, ...]) -> type[Code]:
    name = document.require(entry, "codes", *here)
    if name not in codes:
        raise document.fault(_("codes.py 里没有 {name}").format(name=name), *here, "codes")
    return codes[name]


def _parse_into(
    document: Document, entry: dict[str, Any], kind: InputType, here: tuple[str, ...]
) -> tuple[dict[str, str], dict[str, str]]:
    if kind not in (InputType.GRADES, InputType.SET):
        return {}, {}
    into, labels = {}, {}
    for key, target in document.require(entry, "into", *here).items():
        if isinstance(target, dict):
            document.only(target, ("name", "label"), *here, "into", key)
            labels[str(key)] = target["label"]
            target = target["name"]
        into[str(key)] = target
    return into, labels


def _bounds(
    document: Document,
    entry: dict[str, Any],
    kind: InputType,
    codes: type[Code] | None,
    here: tuple[str, ...],
) -> tuple[int, int]:
    if codes is not None:
        return min(codes), max(codes)
    if kind is InputType.GRADES:
        return 0, entry.get("range", [0, 4])[1]
    if kind not in _RANGED:
        return 0, 1
    span = document.require(entry, "range", *here)
    if not isinstance(span, list) or len(span) != 2:
        raise document.fault(_("range 须写成 [最小, 最大]"), *here, "range")
    if kind is InputType.DATE:
        return day_number(document.day(span[0], *here, "range")), day_number(document.day(span[1], *here, "range"))
    scale = 100 if kind in _HUNDREDTHS else 1
    low, high = (int(Decimal(str(bound)) * scale) for bound in span)
    if low > high:
        raise document.fault(_("range 的最小值大于最大值"), *here, "range")
    return low, high


def _values(
    document: Document, entry: dict[str, Any], key: str, blank: InputSpec, here: tuple[str, ...]
) -> dict[str, int] | None:
    """The engine values of what stands under ``default`` or ``usual``, None where nothing does."""
    if key not in entry:
        return None
    written = entry[key]
    text = "" if written is None else str(int(written) if isinstance(written, bool) else written)
    if not text and blank.into:
        return dict.fromkeys(blank.into.values(), 0)
    try:
        return blank.parse(text)
    except InputError as error:
        raise document.fault(str(error), *here, key) from None
