"""What a path says by itself, without asking the database. ``11/0102/007/001/`` is a community: each segment ends in a
stroke, and whatever lies in a division has a path that begins with the division's.

A path is given once and never changes, whatever becomes of name and code. A community lies directly in its street (or
town), a street directly in its district; above that, levels may be missing: Beijing's districts lie in no city.
"""

import re
from itertools import accumulate


def chain(path: str) -> list[str]:
    """A division and those that it lies in, from the province down."""
    return list(accumulate(re.findall("[^/]+/", path)))


def parent_of(path: str) -> str:
    """The path of what a division lies in; empty for a province."""
    return "".join(chain(path)[-2:-1])


def street_of(community: str) -> str:
    """The path of the street that a community lies in."""
    return parent_of(community)


def district_of(community: str) -> str:
    """The path of the district that a community lies in."""
    return parent_of(street_of(community))


def number_of(path: str) -> str:
    """The last segment, by which files and letters of a street are numbered: 007."""
    return path.rstrip("/").rpartition("/")[2]


def below(parent: str, parent_code: str, code: str) -> str:
    """The path of a street or a community, whose official code begins with that of what it lies in."""
    return f"{parent}{code.removeprefix(parent_code)}/"
