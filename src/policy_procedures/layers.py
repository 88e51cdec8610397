"""The files of a procedure as they are written: for each kind of case versions by date, each perhaps built on another.

A version that says ``like`` takes everything from an earlier version of its own section, or of another kind of case,
another programme, or the pack it extends, and states only what differs; an entry of a section set to nothing is
dropped. Whatever is taken over keeps its own source, and a fault in it points at the line where it was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from policy_engine import Contents, PackError
from policy_engine.documents import Document
from policy_engine.language import _
from policy_procedures.words import CaseKind

SECTIONS = ("steps", "papers", "closings")
SINGLES = ("total", "checked_papers")
_LISTS = ("rights",)
_OWN = ("until", "source", "confidence", "note", "like")
_FILE_KEYS = ("title", "overrides", *CaseKind)
_CLOCKS = ("begin_within", "within", "notice_days")


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
    """One version written in ``pack``, with everything that it took over: sections by name of their entries."""

    pack: str
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
    """A procedure file of one pack, with the kinds of case that it leaves to the pack above as they stand there."""

    pack: str
    title: str
    document: Document
    kinds: dict[CaseKind, dict[date, Version]]


class Layers:
    """The procedure files of packs as they build on one another, each read once."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str], Layer | None] = {}

    def of(self, pack: Contents, programme: str, asking: tuple[str, ...] = ()) -> Layer | None:
        """The file that says how ``programme`` goes in ``pack``: its own, or the one it inherits. Raises PackError.

        ``asking`` are the programmes whose files are being read because one is like the other.
        """
        key = pack.name, programme
        if key not in self._read:
            found = self.of(pack.parent, programme, asking) if pack.parent else None
            path = pack.folder / "procedures" / f"{programme}.yaml"
            if path.is_file():
                found = _Reading(self, pack, programme, found, (*asking, programme)).read(path)
            self._read[key] = found
        return self._read[key]


@dataclass(frozen=True, slots=True)
class _Reading:
    """The reading of one file: the pack it stands in, and what it may build on."""

    layers: Layers
    pack: Contents
    programme: str
    above: Layer | None
    asking: tuple[str, ...]

    def read(self, path: Path) -> Layer:
        document, above = Document(path), self.above
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
        layer = Layer(self.pack.name, title, document, dict(above.kinds) if above else {})
        written = [kind for kind in CaseKind if kind in document.data]
        if not written:
            raise document.fault(_("一类案件也没有；有：{known}").format(known="、".join(CaseKind)))
        for kind in written:
            if not document.data[kind]:
                raise document.fault(_("一个版本也没有"), kind)
            layer.kinds[kind] = versions = {}
            for since in top.at(kind).data:
                day = document.day(since, kind, since)
                versions[day] = self._version(top.at(kind, since), kind, day, layer)
        return layer

    def _version(self, entry: Entry, kind: CaseKind, since: date, layer: Layer) -> Version:
        entry.only((*_OWN, *SECTIONS, *SINGLES, *_LISTS))
        entry.require("source")
        base = self._base(entry, kind, layer)
        version = Version(self.pack.name, since, entry, entry.at("source"))
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

    def _base(self, entry: Entry, kind: CaseKind, layer: Layer) -> Version | None:
        if entry.data.get("like") is None:
            return None
        like = entry.at("like")
        like.only(("pack", "programme", "kind", "version"))
        day = like.day("version")
        if day is None:
            raise like.fault(_("缺少“{key}”").format(key="version"))
        chosen = like.data.get("kind", kind)
        if chosen not in tuple(CaseKind):
            raise like.fault(_("不认识“{value}”；有：{known}").format(value=chosen, known="、".join(CaseKind)), "kind")
        versions = self._file(like, layer).kinds.get(CaseKind(chosen), {})
        if day not in versions:
            raise like.fault(_("没有 {day} 的版本可以沿用；同一文件里的须写在前面").format(day=day), "version")
        return versions[day]

    def _file(self, like: Entry, layer: Layer) -> Layer:
        """The file in which the version stands that another one is like."""
        pack, programme = like.data.get("pack"), like.data.get("programme")
        if programme is None:
            if pack is None:
                return layer
            if self.above is None or pack != self.above.pack:
                raise like.fault(_("“{pack}”不是本文件所代替的政策包").format(pack=pack), "pack")
            return self.above
        if pack is not None:
            raise like.fault(_("programme 和 pack 不能同时写：别的项目按它在本政策包里的程序"), "pack")
        if programme in self.asking:
            raise like.fault(
                _("程序互相沿用：{names}").format(names=" → ".join((*self.asking, programme))), "programme"
            )
        found = self.layers.of(self.pack, programme, self.asking)
        if found is None:
            raise like.fault(_("没有项目 {name} 的程序可以沿用").format(name=programme), "programme")
        return found


def _put(entries: dict[str, Entry], entry: Entry, section: str, name: str, default: str) -> None:
    """Lay one entry of a section over what was taken over."""
    if entry.data[section][name] is None:
        if name not in entries:
            raise entry.fault(_("没有可以去掉的“{name}”").format(name=name), section, name)
        del entries[name]
        return
    changed = _signed(entry.at(section, name), default)
    for clock in _CLOCKS:
        if changed.data.get(clock) is not None and not changed.data.keys() & {"clause", "also"}:
            raise entry.fault(_("改了期限，须写明依据的条文（clause 或 also）"), section, name, clock)
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
