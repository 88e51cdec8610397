"""Figures that somebody puts in the place of a pack's own, as they are written."""

import re
from collections.abc import Sequence
from decimal import Decimal

from policy_engine import Pack
from policy_engine.language import _
from policy_files.errors import FileFault, nearest

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,2})?")


def read_overrides(pack: Pack, written: Sequence[str]) -> dict[str, int]:
    """``NAME=VALUE`` as engine integers. Raises FileFault for an unknown name or a value that is no number."""
    overrides: dict[str, int] = {}
    for text in written:
        name, mark, value = (part.strip() for part in text.partition("="))
        if not mark:
            raise FileFault(_("“--set {text}”须写成 名称=数，如 --set subsistence_standard=1200").format(text=text))
        if name in overrides:
            raise FileFault(_("参数 {name} 给了两次").format(name=name))
        overrides[name] = override(pack, name, value)
    return overrides


def override(pack: Pack, name: str, value: str) -> int:
    """One figure as it is written, in yuan where it is money, as an engine integer. Raises FileFault."""
    if name not in pack.parameters:
        numbers = sorted(parameter.name for parameter in pack.parameters.values() if parameter.by is None)
        near = nearest(name, numbers) or _("；可以设的有：{names}").format(names="、".join(numbers))
        raise FileFault(_("没有叫“{name}”的参数{near}").format(name=name, near=near))
    parameter = pack.parameters[name]
    base = parameter.unit.split("/")[0]
    scale = 2 if base in ("fen", "0.01m2") else 0
    number = Decimal(value).scaleb(scale) if _NUMBER.fullmatch(value) else None
    if number is None or number != int(number):
        allowed = _("元，最多两位小数") if base == "fen" else _("整数") if not scale else _("最多两位小数的数")
        raise FileFault(
            _("参数 {title}（{name}）不能设成“{value}”；须为{allowed}").format(
                title=parameter.title, name=name, value=value, allowed=allowed
            )
        )
    return int(number)
