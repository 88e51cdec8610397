"""The filter by place that lists have in common."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from yihu.organisations.models import Division
from yihu.organisations.queries import STREET
from yihu.web.parts import Choice, Filter

# How many digits the code of a community has.
COMMUNITY = 12


def place_filter(by_community: Mapping[str, int], areas: Sequence[str]) -> Filter:
    """The streets of a district, or the communities of a street, with how many rows lie in each."""
    length = STREET if any(len(area) < STREET for area in areas) else COMMUNITY
    counts: dict[str, int] = {}
    for code, count in by_community.items():
        counts[code[:length]] = counts.get(code[:length], 0) + count
    names = {division.code: str(division) for division in Division.objects.filter(code__in=counts)}
    choices = tuple(Choice(code, names.get(code, code), counts[code]) for code in sorted(counts))
    return Filter("place", (Choice("", _("全部")), *choices), _("街道") if length == STREET else _("社区"))
