"""Reads the YAML of a pack: YAML 1.2, duplicate keys refused, every complaint with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from policy_engine.errors import PackError
from policy_engine.language import _


class Document:
    """One YAML file and a way to point at any place in it.

    The quick loader keeps no line numbers; only when a line is asked for is the file read again,
    once, by the slow loader that does.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.data = YAML(typ="safe", pure=True).load(path)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = str(error.problem or error).splitlines()[0]
            raise PackError(
                _("YAML 读不懂：{problem}").format(problem=problem),
                file=path,
                line=mark.line + 1 if mark else 1,
            ) from None
        if not isinstance(self.data, dict):
            raise PackError(_("文件最外层须是“名称: 内容”"), file=path)

    def fault(self, message: str, *keys: object) -> PackError:
        """An error that points at the entry found by following ``keys`` from the top."""
        return PackError(message, file=self.path, line=self.line_of(keys))

    def line_of(self, keys: tuple[object, ...]) -> int:
        """The line of the entry found by following ``keys`` from the top, as far as they lead; from 1."""
        line = 1
        try:
            place = self._lines
            for key in keys:
                marks: Any = place.lc
                line = (marks.key(key) if isinstance(place, dict) else marks.item(key))[0] + 1
                place = place[key]
        except (KeyError, AttributeError, IndexError, TypeError, MarkedYAMLError):
            pass
        return line

    @cached_property
    def _lines(self) -> Any:
        """The content again, with the lines on which it stands."""
        return YAML(typ="rt").load(self.path)

    def only(self, mapping: Mapping[str, Any], allowed: Iterable[str], *keys: object) -> None:
        """Refuse a key that is not known: a misspelt key must not vanish."""
        for key in mapping:
            if key not in allowed:
                raise self.fault(_("不认识的项“{key}”").format(key=key), *keys, key)

    def require(self, mapping: Mapping[str, Any], key: str, *keys: object) -> Any:
        """The value of ``key``, which must be there."""
        if mapping.get(key) is None:
            raise self.fault(_("缺少“{key}”").format(key=key), *keys)
        return mapping[key]

    def day(self, value: object, *keys: object) -> date:
        """A date; anything else is refused."""
        if type(value) is date:
            return value
        raise self.fault(_("“{value}”不是日期，须写成 2020-07-01").format(value=value), *keys)
