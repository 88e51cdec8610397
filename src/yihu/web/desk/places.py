"""The filter by place that lists have in common."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division
from yihu.organisations.paths import street_of
from yihu.web.parts import Choice, Filter


def place_filter(by_community: Mapping[str, int], areas: Sequence[str]) -> Filter:
    """The streets of a district, or the communities of a street, with how many rows lie in each."""
    streets = {community: street_of(community) for community in by_community}
    divisions = Division.objects.in_bulk({*areas, *streets, *streets.values()})
    low = (DivisionLevel.STREET, DivisionLevel.COMMUNITY)
    among_streets = any(area in divisions and divisions[area].level not in low for area in areas)
    counts: dict[str, int] = {}
    for community, count in by_community.items():
        place = streets[community] if among_streets else community
        counts[place] = counts.get(place, 0) + count
    choices = tuple(Choice(place, str(divisions.get(place, place)), counts[place]) for place in sorted(counts))
    return Filter("place", (Choice("", _("全部")), *choices), _("街道") if among_streets else _("社区"))
