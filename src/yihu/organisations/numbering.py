"""What files, cases, letters and runs are called: each begins with its district, so that no two districts of one
installation ever give out the same number.
"""

import re
from collections.abc import Collection
from datetime import date
from enum import StrEnum

from django.conf import settings

from yihu.common import numbers
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division
from yihu.organisations.paths import chain, number_of, parent_of


class Numbered(StrEnum):
    """What bears a number, by how that is written. What a street numbers names it; of a run the district does."""

    HOUSEHOLD = "{prefix}-{street}-{serial:06d}"
    CASE = "{prefix}{on:%Y}-{street}-{serial:04d}"
    LETTER = "{prefix}TZ{on:%Y}-{street}-{serial:04d}"
    RUN = "{prefix}FF{on:%Y%m}-{serial:05d}"


def next_number(what: Numbered, division: str, *, on: date) -> str:
    """The next number of a street, or of a district where that numbers, for something of a day (a run: its month)."""
    (number,) = next_numbers(what, division, on=on, count=1)
    return number


def next_numbers(what: Numbered, division: str, *, on: date, count: int) -> list[str]:
    """The next ``count`` numbers, in order; whoever else takes some at this moment waits."""
    by_year = f" {on.year}" if what in (Numbered.CASE, Numbered.LETTER) else ""
    prefix = prefix_of(division if what is Numbered.RUN else parent_of(division))
    return [
        what.format(prefix=prefix, street=number_of(division), on=on, serial=serial)
        for serial in numbers.take(f"{what.name.lower()} {division}{by_year}", count)
    ]


def prefix_of(district: str) -> str:
    """How the numbers of a district begin: as the settings say, else with the digits of its path, as 110108."""
    return str(settings.REGISTER_PREFIXES.get(district) or district.replace("/", ""))


def prefix_in(areas: Collection[str]) -> str:
    """How numbers begin where these areas lie; empty where they are not in one district."""
    around = {path for area in areas for path in chain(area)}
    found = Division.objects.filter(path__in=around, level=DivisionLevel.DISTRICT).values_list("path", flat=True)
    prefixes = {prefix_of(district) for district in found}
    return prefixes.pop() if len(prefixes) == 1 else ""


def known_prefixes() -> str:
    """A pattern of how numbers begin: what the settings name, or the six digits of a district before a stroke."""
    return "|".join([*map(re.escape, settings.REGISTER_PREFIXES.values()), r"\d{6}(?=-)"])
