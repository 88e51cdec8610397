"""How a bank wants its file: one YAML file for each format in ``profiles``, read and checked once a process.

``encoding`` utf-8, utf-8-sig (with BOM), gb18030 or gbk; ``newline`` at the end of every line, the last too;
``separator`` between cells, or none for cells of a fixed ``width``; ``money`` in fen or in yuan (with two decimals);
``titles`` true for a first line of titles; then ``header``, ``detail`` for each payment, ``trailer``. A cell holds a
``field`` or a constant ``text``, has a ``width`` (fixed, in bytes of the encoding) or at ``most`` so many bytes, and
is filled up with ``fill`` on the side that ``align`` leaves open. ``file_name`` may hold {run} and {profile}.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import category

from django.utils.translation import gettext as _
from ruamel.yaml import YAMLError

from yihu.common import reference_data
from yihu.common.refusals import Refused

FOLDER = Path(__file__).parent / "profiles"
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gbk")
MONEY = ("fen", "yuan")
OF_RUN = frozenset({"run", "programme", "month", "pay_on", "count", "total"})
OF_PAYMENT = frozenset({"sequence", "account", "holder", "bank", "amount", "note", "household", "name"})
# A program for tables takes a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


class BadProfile(Exception):
    """A file of ``profiles`` cannot be used; the message names file and place."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One place in a line."""

    field: str = ""
    text: str = ""
    title: str = ""
    width: int = 0
    most: int = 0
    align: str = "left"
    fill: str = " "


@dataclass(frozen=True, slots=True)
class Profile:
    """One format of bank files."""

    name: str
    title: str
    file_name: str
    encoding: str
    newline: str
    money: str
    detail: tuple[Cell, ...]
    separator: str = ""
    titles: bool = False
    header: tuple[Cell, ...] = ()
    trailer: tuple[Cell, ...] = ()

    @property
    def codec(self) -> str:
        """The encoding of a line: the mark at the beginning stands once in the file."""
        return self.encoding.removesuffix("-sig")

    def size(self, text: str, errors: str = "strict") -> int:
        """How many bytes a text takes in a line. Raises UnicodeEncodeError, unless ``errors`` says otherwise."""
        # Figures, which most cells hold, take one byte each in every encoding that a format may have.
        return len(text) if text.isascii() else len(text.encode(self.codec, errors))

    def fault(self, cell: Cell, text: str) -> str:
        """Why a cell cannot hold a text, empty if it can."""
        # Asked of the whole text first, which nearly always settles it: it is asked for every cell of a file.
        unseen = "" if text.isprintable() else next((each for each in text if not _is_seen(each)), "")
        if unseen:
            seen = "".join(each for each in text if _is_seen(each))
            return _("“{text}”里有看不见的字符（{code}）").format(text=seen, code=_code(unseen))
        breaking = '"' if '"' in text else self.separator if self.separator and self.separator in text else ""
        if breaking:
            return _("“{text}”里有“{character}”，会打乱文件的列").format(text=text, character=breaking)
        try:
            length, most = self.size(text), cell.width or cell.most
        except UnicodeEncodeError as error:
            lacking = text[error.start]
            return _("“{text}”里的“{character}”（{code}）用 {encoding} 写不出").format(
                text=text, character=lacking, code=_code(lacking), encoding=self.codec.upper()
            )
        if text.startswith(FORMULA):
            return _("“{text}”以“{character}”开头，表格软件会当作公式").format(text=text, character=text[0])
        if most and length > most:
            return _("“{text}”有 {length} 字节，格式只容 {most} 字节").format(text=text, length=length, most=most)
        return ""

    def faults(self, cell: Cell, texts: Iterable[str]) -> dict[str, str]:
        """The texts that a cell cannot hold, each with the reason."""
        return {text: fault for text in set(texts) if (fault := self.fault(cell, text))}

    def faults_of(self, field: str, texts: Iterable[str]) -> dict[str, str]:
        """The texts that the format cannot hold in a field of its payments, each with the reason."""
        cells = [cell for cell in self.detail if cell.field == field]
        return {text: fault for cell in cells for text, fault in self.faults(cell, texts).items()}


@cache
def profiles() -> Mapping[str, Profile]:
    """All formats by their names. Raises BadProfile."""
    return {path.stem: read(path) for path in sorted(FOLDER.glob("*.yaml"))}


def profile_of(name: str) -> Profile:
    """The format of that name. Raises Refused."""
    found = profiles().get(name)
    if found is None:
        known = "、".join(profile.title for profile in profiles().values())
        raise Refused(_("没有“{name}”这种银行文件格式。可用的有：{known}。").format(name=name, known=known))
    return found


def read(path: Path) -> Profile:
    """One format from its file. Raises BadProfile."""
    try:
        content = reference_data.read(path)
        parts: dict[str, Any] = {
            name: tuple(_cell(cell) for cell in content.pop(name, ())) for name in ("header", "detail", "trailer")
        }
        profile = Profile(**{"name": path.stem, **parts, **content})
        _check(profile)
    except (TypeError, ValueError, AttributeError, LookupError, YAMLError) as error:
        raise BadProfile(_("{path}：{error}").format(path=path, error=error)) from error
    return profile


def _cell(values: Mapping[str, Any]) -> Cell:
    unknown = set(values) - {field.name for field in fields(Cell)}
    if unknown or ("field" in values) == ("text" in values):
        raise ValueError(_("一格要么有 field，要么有 text：{values}").format(values=dict(values)))
    return Cell(**values)


def _check(profile: Profile) -> None:
    for what, value, allowed in (("encoding", profile.encoding, ENCODINGS), ("money", profile.money, MONEY)):
        if value not in allowed:
            raise ValueError(_("{what} 是“{value}”，只能是 {allowed}").format(what=what, value=value, allowed=allowed))
    if not re.fullmatch(r"\r?\n", profile.newline):
        raise ValueError(_(r"newline 只能是 \n 或 \r\n"))
    if len(profile.separator) > 1:
        raise ValueError(_("separator 只能是一个字符"))
    profile.file_name.format(run="", profile="")
    amounts = [cell for cell in profile.detail if cell.field == "amount"]
    if len(amounts) != 1:
        raise ValueError(_("detail 里要有且只有一格 amount"))
    for cells, known in (
        (profile.header, OF_RUN), (profile.detail, OF_RUN | OF_PAYMENT), (profile.trailer, OF_RUN),
    ):  # fmt: skip
        for cell in cells:
            if cell.field and cell.field not in known:
                raise ValueError(_("这里没有 {field} 这一项").format(field=cell.field))
            if not profile.separator and not cell.width:
                raise ValueError(_("没有 separator 的格式，每格都要有 width：{cell}").format(cell=cell))
            if cell.align not in ("left", "right") or len(cell.fill) != 1 or not cell.fill.isascii():
                raise ValueError(_("align 只能是 left 或 right，fill 只能是一个英文字符：{cell}").format(cell=cell))


def _is_seen(character: str) -> bool:
    # Rare characters of names are newer than the tables of this language, or have no number of their own yet.
    return character.isprintable() or category(character) in ("Cn", "Co")


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"
