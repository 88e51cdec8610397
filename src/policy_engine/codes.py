"""Code tables of a pack: its own, and the values that a child pack adds to a table of its parent."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from policy_engine.errors import PackError
from policy_engine.language import _
from policy_engine.values import Code

_ADDS_TO = "__policy_adds_to__"
CodeTables = Mapping[str, type[Code]]


def adds_to(pack: str) -> Callable[[type[Code]], type[Code]]:
    """Mark a code table as values more for the table of its name in ``pack``, the last that has written it.

    The class holds the new values only; rules of the child pack read the others from the parent's table.
    """

    def tag(table: type[Code]) -> type[Code]:
        setattr(table, _ADDS_TO, pack)
        return table

    return tag


def load_codes(
    module: ModuleType, path: Path, inherited: CodeTables, written_in: Mapping[str, str]
) -> dict[str, type[Code]]:
    """The code tables that a pack's ``codes.py`` defines, by name, each with what it takes over.

    ``written_in`` names the pack that has last written an inherited table. Raises PackError, with file and line, for a
    table that is there already and not added to, and for a number, name or label that stands twice.
    """
    lines = _lines(path)
    found = {}
    for name, table in vars(module).items():
        if not (isinstance(table, type) and issubclass(table, Code)) or table.__module__ != module.__name__:
            continue
        line = lines.get((name, ""), 1)
        stated = vars(table).get(_ADDS_TO)
        if name not in inherited:
            if stated is not None:
                message = _("{pack} 里没有可以增补的代码表 {name}").format(pack=stated, name=name)
                raise PackError(message, file=path, line=line)
            _only_once(table, {}, path, lines)
            found[name] = table
            continue
        if stated != written_in[name]:
            message = _('{pack} 已有代码表 {name}；要增补它须写 @adds_to("{pack}")')
            raise PackError(message.format(pack=written_in[name], name=name), file=path, line=line)
        _only_once(table, inherited[name].__members__, path, lines)
        values = {code.name: (code.value, code.label, *code.also) for code in (*inherited[name], *table)}
        # Type checkers know the functional form of an enumeration for plain values only.
        combined: Any = Code
        found[name] = combined(name, values, module=module.__name__)
    return found


def _only_once(table: type[Code], before: Mapping[str, Code], path: Path, lines: Mapping[tuple[str, str], int]) -> None:
    """Refuse a value of a table whose number, name or label another has: stored facts would change their meaning."""
    seen: dict[object, str] = {}
    for name, code in before.items():
        seen |= dict.fromkeys((name, code.value, code.label, *code.also), name)
    # An enumeration makes a second name of one number an alias of the first, with the first one's label.
    for name, code in table.__members__.items():
        for said in (name, code.value, code.label, *code.also):
            if said in seen:
                message = _("代码表 {table} 里 {name} 与 {other} 重复：{said}")
                raise PackError(
                    message.format(table=table.__name__, name=name, other=seen[said], said=said),
                    file=path,
                    line=lines.get((table.__name__, name), 1),
                )
        seen |= dict.fromkeys((name, code.value, code.label, *code.also), name)


def _lines(path: Path) -> dict[tuple[str, str], int]:
    """The line of each class of a file, and of each value that it holds."""
    lines = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            lines[node.name, ""] = node.lineno
            for statement in node.body:
                if isinstance(statement, ast.Assign):
                    for target in statement.targets:
                        if isinstance(target, ast.Name):
                            lines[node.name, target.id] = statement.lineno
    return lines
