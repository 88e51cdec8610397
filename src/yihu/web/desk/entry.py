"""What a room of the desk says of itself, once: all that stands around the rooms is put together from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db.models import Model
from django.utils.functional import Promise

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.common.history import Column
from yihu.common.work import Event, Tally, WorkItem
from yihu.households.models import Household


class Count(Protocol):
    """How much of something there is for someone on a day; what can be counted with others' is left to be."""

    def __call__(self, actor: Actor, *, on: date) -> Tally: ...


class OpenWork(Protocol):
    """What waits for someone on a day."""

    def __call__(self, actor: Actor, *, on: date) -> list[WorkItem]: ...


@dataclass(frozen=True, slots=True)
class TrailWords:
    """How a room says its rows in a family's trail. Each gives None for what is said as it stands.

    ``subject`` names the row that a change is about, ``value`` says one column of it, ``target`` a row that a column
    leads to. ``unsaid`` are columns by which the room knows things, beside which stands what people call them.
    """

    subject: Callable[[type[Model], Mapping[str, Any]], str | None] = lambda model, row: None
    value: Callable[[Column, Any, Mapping[str, Any]], str | None] = lambda column, value, row: None
    target: Callable[[Model], str | None] = lambda target: None
    unsaid: frozenset[tuple[type[Model], str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """One room.

    ``page`` is the name of its first page, empty for a room that has none and stands in no rail; ``capability`` what
    that page needs. ``modules`` are the pages, by module, in the order in which addresses are tried. ``apps`` are the
    applications whose tables are the room's: its changes in the trail, its words in GLOSSARY.md. ``rail_count`` is
    what the rail shows; ``open_work`` and ``count_open_work`` agree.
    """

    label: Promise
    modules: tuple[str, ...]
    page: str = ""
    capability: Capability | None = None
    apps: tuple[str, ...] = ()
    rail_count: Count | None = None
    open_work: OpenWork | None = None
    count_open_work: Count | None = None
    events_of: Callable[[Household], list[Event]] | None = None
    trail: TrailWords = TrailWords()

    def __post_init__(self) -> None:
        if bool(self.page) is not bool(self.capability):
            raise ValueError(self.page)
        if bool(self.open_work) is not bool(self.count_open_work):
            raise ValueError(self.modules)
