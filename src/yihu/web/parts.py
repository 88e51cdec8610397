"""What a page hands to the parts it is built from. Plain values: nothing here knows a table or a rule."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Tone = Literal["good", "warn", "bad", "info", "plain"]


@dataclass(frozen=True, slots=True)
class Chip:
    """A word on a tint. The word alone must say it; the colour only helps."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Link:
    """Where something can be looked at."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class RailItem:
    """One room in the rail, with how much waits there (None: not counted)."""

    label: str
    url: str
    count: int | None = None
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Officer:
    """Who is at the desk; ``other_posts`` are (value, label) pairs that may be switched to."""

    name: str
    office: str
    post: str
    other_posts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One answer of the search box; ``detail`` tells people of one name apart."""

    url: str
    title: str
    detail: str = ""
    number: str = ""
    chip: Chip | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a case; ``detail`` is a date and who, or by when and whose turn."""

    label: str
    state: Literal["done", "now", "later"]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, from ``on`` to ``until``; ``is_open`` while it still goes on."""

    on: date
    text: str
    until: date | None = None
    detail: str = ""
    link: Link | None = None
    chip: Chip | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure that the eye should find first; ``value`` is written out, with its unit."""

    label: str
    value: str
    note: str = ""
    is_bad: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter; the empty value is the absence of the filter."""

    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that stands in the address under ``name``: a list to pick from; without a label, chips in a row."""

    name: str
    choices: tuple[Choice, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Long work as it goes on; it may be left and come back to. ``refresh_url`` answers with this part alone.

    ``total`` 0: how much there is to do is not counted. ``pace`` is how long the page waits before it asks
    again, ``target`` what the answer takes the place of.
    """

    label: str
    done: int
    total: int
    state: Literal["waiting", "running", "stopping", "stopped", "failed", "done"]
    refresh_url: str
    unit: str = ""
    detail: str = ""
    stop_url: str = ""
    pace: str = "2s"
    target: str = "this"
    result: Link | None = None
