"""What runs are called."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from yihu.policy.labels import programme_short, programme_title

NAMED = 3


def short_of(programmes: Iterable[str]) -> str:
    """Programmes by their short names, one after the other."""
    return "、".join(programme_short(name) for name in programmes)


def name_of(programmes: Collection[str]) -> str:
    """The same where a line has to hold it: three at most, and how many there are."""
    if len(programmes) <= NAMED:
        return short_of(programmes)
    return _("{first}等 {n} 项").format(first=short_of(sorted(programmes)[:NAMED]), n=len(programmes))


def title_of(programmes: Iterable[str]) -> str:
    """The same by their titles."""
    return "、".join(programme_title(name) for name in programmes)
