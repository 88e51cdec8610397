"""What runs are called."""

from collections.abc import Iterable

from yihu.policy.labels import programme_of


def short_of(programmes: Iterable[str]) -> str:
    """Programmes by their short names, one after the other."""
    return "、".join(programme_of(name).short for name in programmes)


def title_of(programmes: Iterable[str]) -> str:
    """The same by their titles."""
    return "、".join(programme_of(name).title for name in programmes)
