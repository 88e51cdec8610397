"""The files of a procedure as they are written: versions by date, each perhaps built on another.

A version that says ``like`` takes everything from an earlier version of its own file, or from one of the pack
it extends, and states only what differs; an entry of a section set to nothing is dropped. Whatever is taken
over keeps its own source, and a fault in it points at the line where it was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from policy_engine import Pack, PackError
from policy_engine.documents import Document
from policy_engine.language import _

SECTIONS = ("steps", "papers", "closings")
SINGLES = ("total", "checked_papers")
_LISTS = ("rights",)
_OWN = ("until", "source", "confidence", "note", "like")
_FILE_KEYS = ("title", "overrides", "versions")


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of a file: what is written there, and a way to point at it."""

    data: dict[str, Any]
    document: Document
    keys: tuple[object, ...]

    def fault(self, message: str, *more: object) -> PackError:
        """An error that points at this entry, or at something in it."""
        return self.document.fault(message, *self.keys, *more)

    def only(self, allowed: Iterable[str]) -> None:
        """Refuse a key that is not known."""
        self.document.only(self.data, allowed, *self.keys)

    def require(self, key: str) -> Any:
        """The value of ``key``, which must be there."""
        return self.document.require(self.data, key, *self.keys)

    def day(self, key: str) -> date | None:
        """The date under ``key``, None where there is none."""
        value = self.data.get(key)
        return None if value is None else self.document.day(value, *self.keys, key)

    def at(self, *more: object) -> Entry:
        """The part that is reached by following ``more``. Raises PackError where it is no mapping."""
        place: Any = self.data
        for key in more:
            place = place[key]
        if not isinstance(place, dict):
            raise self.fault(_("须写成“名称: 内容”"), *more)
        return Entry(place, self.document, (*self.keys, *more))


@dataclass(slots=True)
class Version:
    """One version, with everything that it took over: sections by name of their entries."""

    since: date
    own: Entry
    source: Entry
    sections: dict[str, dict[str, Entry]] = field(default_factory=dict)
    singles: dict[str, Entry] = field(default_factory=dict)
    rights: list[Entry] = field(default_factory=list)

    def place(self, section: str, name: str) -> Entry:
        """Where to mend what does not hang together: the entry itself, or this version if it took the entry over."""
        entry = self.sections[section][name]
        is_own = entry.document is self.own.document and entry.keys[: len(self.own.keys)] == self.own.keys
        return entry if is_own else self.own


@dataclass(frozen=True, slots=True)
class Layer:
    """A procedure file of one pack."""

    pack: str
    title: str
    document: Document
    versions: dict[date, Version]


def layers_of(pack: Pack, programme: str) -> Layer | None:
    """The file that says how ``programme`` goes in ``pack``: its own, or the one it inherits. Raises PackError."""
    found: Layer | None = None
    for member in pack.chain():
        path = member.folder / "procedures" / f"{programme}.yaml"
        if path.is_file():
            found = _read(path, member.name, found)
    return found


def _read(path: Path, pack: str, above: Layer | None) -> Layer:
    document = Document(path)
    document.only(document.data, _FILE_KEYS)
    overrides = document.data.get("overrides")
    if above is None and overrides is not None:
        raise document.fault(_("{pack} 里没有可以代替的程序").format(pack=overrides), "overrides")
    if above is not None and overrides != above.pack:
        raise document.fault(
            _("{pack} 已有这个程序；要代替它须写明 overrides: {pack}").format(pack=above.pack), "overrides"
        )
    top = Entry(document.data, document, ())
    title = document.data.get("title") or (above.title if above else top.require("title"))
    if not document.require(document.data, "versions"):
        raise document.fault(_("一个版本也没有"), "versions")
    layer = Layer(pack, title, document, {})
    for since in top.at("versions").data:
        day = document.day(since, "versions", since)
        layer.versions[day] = _version(top.at("versions", since), day, layer, above)
    return layer


def _version(entry: Entry, since: date, layer: Layer, above: Layer | None) -> Version:
    entry.only((*_OWN, *SECTIONS, *SINGLES, *_LISTS))
    entry.require("source")
    base = _base(entry, layer, above)
    version = Version(since, entry, entry.at("source"))
    default = str(version.source.data.get("document") or "")
    for section in SECTIONS:
        entries = dict(base.sections[section]) if base else {}
        for name in entry.at(section).data if entry.data.get(section) is not None else {}:
            _put(entries, entry, section, name, default)
        version.sections[section] = entries
    for name in SINGLES:
        if entry.data.get(name) is not None:
            version.singles[name] = _signed(entry.at(name), default)
        elif base and name in base.singles and name not in entry.data:
            version.singles[name] = base.singles[name]
    written = entry.data.get("rights")
    if written is None:
        version.rights = list(base.rights) if base else []
    elif not isinstance(written, list):
        raise entry.fault(_("rights 须写成一列"), "rights")
    else:
        version.rights = [_signed(entry.at("rights", place), default) for place in range(len(written))]
    return version


def _base(entry: Entry, layer: Layer, above: Layer | None) -> Version | None:
    if entry.data.get("like") is None:
        return None
    like = entry.at("like")
    like.only(("pack", "version"))
    day = like.day("version")
    if day is None:
        raise like.fault(_("缺少“{key}”").format(key="version"))
    named = like.data.get("pack")
    if named is not None and (above is None or named != above.pack):
        raise like.fault(_("“{pack}”不是本文件所代替的政策包").format(pack=named), "pack")
    versions = above.versions if named is not None and above is not None else layer.versions
    if day not in versions:
        raise like.fault(_("没有 {day} 的版本可以沿用；同一文件里的须写在前面").format(day=day), "version")
    return versions[day]


def _put(entries: dict[str, Entry], entry: Entry, section: str, name: str, default: str) -> None:
    """Lay one entry of a section over what was taken over."""
    if entry.data[section][name] is None:
        if name not in entries:
            raise entry.fault(_("没有可以去掉的“{name}”").format(name=name), section, name)
        del entries[name]
        return
    changed = _signed(entry.at(section, name), default)
    before = entries.get(name)
    data = {**(before.data if before else {}), **changed.data}
    entries[name] = Entry(
        {key: value for key, value in data.items() if value is not None}, changed.document, changed.keys
    )


def _signed(entry: Entry, default: str) -> Entry:
    """The entry with the document its clause stands in: the version's own where it names none."""
    if entry.data.get("clause") is None or entry.data.get("document") is not None:
        return entry
    return Entry({**entry.data, "document": default}, entry.document, entry.keys)
