"""Who does what in the demonstration: the people of its accounts, at their posts, on the days of the past."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from yihu.access.actor import Actor
from yihu.access.posts import actor_at, label_of
from yihu.organisations.models import Appointment, StaffMember
from yihu.organisations.paths import chain


@dataclass(frozen=True, slots=True)
class Officer:
    """Someone at a post, as the actions want him."""

    staff: StaffMember
    actor: Actor


class Offices:
    """Finds who holds a post in the street or the district of a community."""

    def __init__(self, on: date) -> None:
        self._held: dict[tuple[str, str], list[Officer]] = defaultdict(list)
        for held in (
            Appointment.objects.filter(period__contains=on).select_related("post__office", "staff").order_by("id")
        ):
            areas = (held.post.office.division_id,)
            actor = actor_at(held.staff_id, held.staff.name, held.post.kind, areas)
            self._held[held.post.kind, areas[0]].append(Officer(held.staff, actor))

    def at(self, kind: str, community: str, nth: int = 0) -> Officer:
        """Who holds the post for a community: its street's or the district's; ``nth`` tells colleagues apart."""
        held = next((found for place in reversed(chain(community)) if (found := self._held.get((kind, place)))), [])
        if not held:
            raise LookupError(f"{community} 没有{label_of(kind)}")
        return held[nth % len(held)]

    def two(self, kind: str, other: str, community: str) -> tuple[Officer, Officer]:
        """Two people for a visit: of one post and another, or two colleagues where both are the same."""
        return self.at(kind, community), self.at(other, community, 1 if kind == other else 0)
