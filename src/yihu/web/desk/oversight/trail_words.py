"""A family's changes and the looks into its file, in words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.enums import WORK_OF_THE_SERVICE
from yihu.access.models import Principal
from yihu.common.history import Column, Happening, Targets, in_words, label_of, targets_of, tell
from yihu.common.models import Change
from yihu.households.models import FileRead, Member, Person
from yihu.policy.labels import programme_title
from yihu.policy.models import Determination
from yihu.web.desk.rooms import ROOMS

VERBS = {"insert": gettext_lazy("新增"), "update": gettext_lazy("修改"), "delete": gettext_lazy("删除")}
TONES = {"insert": "good", "update": "warn", "delete": "bad"}
# What goes with these rows as a whole is read on their own pages.
ON_ITS_OWN_PAGE = frozenset({"record", "explanation", "content", "people", "hash", "confidence"})
# Names by which the rooms know things; what people call them stands beside.
UNSAID = frozenset().union(*(room.trail.unsaid for room in ROOMS))
# Alike changes that follow each other within this time are one deed.
ONE_DEED = 60
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One column in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One change, or one look; ``key`` is the row that it is about, as the history numbers it."""

    at: datetime
    who: str
    origin: str
    room: str
    verb: str
    tone: str
    subject: str
    reason: str = ""
    note: str = ""
    lines: tuple[Line, ...] = ()
    page: str = ""
    key: str = ""

    @property
    def is_new(self) -> bool:
        """Whether there was nothing before."""
        return all(line.before == "—" for line in self.lines)


@dataclass(frozen=True, slots=True)
class Deed:
    """What one person did at one time: one entry, or many alike."""

    first: Entry
    entries: tuple[Entry, ...]

    @property
    def is_many(self) -> bool:
        """Whether it stands for more than one."""
        return len(self.entries) > 1

    @property
    def subjects(self) -> str:
        """The first few things that it is about."""
        named = list(dict.fromkeys(entry.subject for entry in self.entries if entry.subject))
        return "、".join(named[:MOST_NAMED]) + ("……" if len(named) > MOST_NAMED else "")


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its deeds, latest first."""

    on: date
    deeds: tuple[Deed, ...] = field(default=())


def told(rows: Sequence[tuple[datetime, int, str]]) -> list[Entry]:
    """The changes and looks with these ids, in this order."""
    changes = [key for _at, key, kind in rows if kind == "change"]
    reads = FileRead.objects.select_related("actor").in_bulk([key for _at, key, kind in rows if kind != "change"])
    happenings = {
        each.change.pk: each
        for each in tell(Change.objects.filter(pk__in=changes).select_related("actor").order_by("id"))
    }
    targets = targets_of(list(happenings.values()))
    words = Words(targets)
    return [
        words.change(happenings[key]) if kind == "change" else words.read(reads[key]) for _at, key, kind in rows
    ]  # fmt: skip


def folded(entries: Sequence[Entry]) -> list[Day]:
    """Entries by day, with what was done in one go folded into one deed."""
    days = []
    for on, group in groupby(entries, key=lambda entry: timezone.localdate(entry.at)):
        days.append(Day(on, tuple(Deed(deed[0], tuple(deed)) for deed in _deeds(group))))
    return days


def _deeds(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    deed: list[Entry] = []
    for entry in entries:
        if deed and not (_alike(deed[0], entry) and (deed[0].at - entry.at).total_seconds() <= ONE_DEED):
            yield deed
            deed = []
        deed.append(entry)
    if deed:
        yield deed


def _alike(one: Entry, other: Entry) -> bool:
    return (one.who, one.origin, one.verb, one.room, one.reason) == (
        other.who, other.origin, other.verb, other.room, other.reason,
    ) and bool(one.lines) and bool(other.lines)  # fmt: skip


class Words:
    """Says changes as people say them: what the rooms know of their own columns comes before the plain value."""

    def __init__(self, targets: Targets) -> None:
        self._targets = targets

    def change(self, happening: Happening) -> Entry:
        """One change."""
        change = happening.change
        model = happening.model
        lines = tuple(
            Line(
                label_of(each.field),
                self._said(each.field, each.before, happening.before or {}),
                self._said(each.field, each.after, happening.after or {}),
            )
            for each in happening.differences
            if _is_said(each.field)
        )
        page, key = ("determination", str(change.row_id)) if model is Determination else ("", "")
        return Entry(
            at=change.at,
            who=change.actor.shown_name,
            origin=str(WORK_OF_THE_SERVICE.get(change.origin, change.origin)),
            room=str(model._meta.verbose_name) if model else change.table,
            verb=str(VERBS.get(change.operation, change.operation)),
            tone=TONES.get(change.operation, ""),
            subject=self._subject(happening),
            reason=change.reason,
            note=_("现在不在您能看到的范围内") if happening.is_out_of_reach else "",
            lines=lines,
            page=page,
            key=key,
        )

    def read(self, read: FileRead) -> Entry:
        """One look into the file."""
        return Entry(
            at=read.at,
            who=read.actor.shown_name,
            origin="",
            room=_("查看"),
            verb=_("查看"),
            tone="info",
            subject=str(read.get_kind_display()),
            note=" · ".join(filter(None, (str(read.get_purpose_display()), read.detail))),
        )

    def _subject(self, happening: Happening) -> str:
        model, row = happening.model, happening.row
        if model is None:
            return ""
        if said := _first(room.trail.subject(model, row) for room in ROOMS):
            return said
        if model is Member:
            return str(self._targets.get((Person, row["person_id"]), ""))
        if "programme" in row:
            return programme_title(row["programme"])
        for name in ("label", "name", "number"):
            if isinstance(row.get(name), str) and not str(row[name]).startswith("\\x"):
                return str(row[name])
        return ""

    def _said(self, column: Column, value: Any, row: Any) -> str:
        if value in (None, ""):
            return "—"
        if said := _first(room.trail.value(column, value, row) for room in ROOMS):
            return said
        if column.name == "programme":
            return programme_title(value)
        if isinstance(column, models.ForeignKey):
            target = self._targets.get((column.related_model, value))
            if isinstance(target, Principal):
                return target.shown_name
            if target is not None and (said := _first(room.trail.target(target) for room in ROOMS)):
                return said
        return in_words(column, value, self._targets)


def _first(said: Iterable[str | None]) -> str:
    """What the first room says that says anything."""
    return next(filter(None, said), "")


def _is_said(column: Column) -> bool:
    """Whether a column is told: whose file it is, the page says already."""
    if column.name in ON_ITS_OWN_PAGE or (column.model, column.name) in UNSAID:
        return False
    return column.name != "household" or column.model is Person
