"""What every room tells of itself in the same words: work that waits for someone, and what happened in a family."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Something that waits for someone at a post. The inbox is a view over these, not a table.

    ``page`` and ``key`` name the page that it is done on. ``due_on`` None: no clock runs.
    """

    title: str
    page: str
    key: str
    division: str
    opened_on: date
    detail: str = ""
    household: str = ""
    name: str = ""
    programme: str = ""
    due_on: date | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happened in a family, for the timeline. ``tone`` is good, warn, bad, info or empty.

    ``order`` puts what happened on one day in its order.
    """

    on: date
    order: int
    title: str = field(compare=False)
    detail: str = field(default="", compare=False)
    page: str = field(default="", compare=False)
    key: str = field(default="", compare=False)
    tone: str = field(default="", compare=False)
