"""Looks into files that outlive the transaction in which they were taken down.

A look is written where it happens, beside what is done with it. Where that is undone, as when a page ends in an error,
it was a look all the same: whoever opened the transaction writes it again (docs/decisions/0033).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

Look: TypeAlias = Callable[[], object]

_noted: ContextVar[list[Look] | None] = ContextVar("noted", default=None)


@contextmanager
def looks_noted() -> Iterator[list[Look]]:
    """What is looked into meanwhile, in order; calling one writes it again."""
    noted = list[Look]()
    before = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(before)


def note(look: Look) -> None:
    """Somebody looked, which ``look`` writes again; where nobody notes, nothing is kept."""
    noted = _noted.get()
    if noted is not None:
        noted.append(look)
