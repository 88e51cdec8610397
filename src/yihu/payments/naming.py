"""What runs are called."""

from collections.abc import Iterable

from yihu.policy.labels import programme_short, programme_title


def short_of(programmes: Iterable[str]) -> str:
    """Programmes by their short names, one after the other."""
    return "、".join(programme_short(name) for name in programmes)


def title_of(programmes: Iterable[str]) -> str:
    """The same by their titles."""
    return "、".join(programme_title(name) for name in programmes)
