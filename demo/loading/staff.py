"""Who does what in the demonstration: the people of its accounts, at their posts, on the days of the past."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from yihu.access.actor import Actor
from yihu.organisations.enums import PostKind
from yihu.organisations.models import Appointment, StaffMember


@dataclass(frozen=True, slots=True)
class Officer:
    """Someone at a post, as the actions want him."""

    staff: StaffMember
    actor: Actor


class Offices:
    """Finds who holds a post in the street or the district of a community."""

    def __init__(self, on: date) -> None:
        self._held: dict[tuple[str, str], list[Officer]] = defaultdict(list)
        for held in Appointment.objects.filter(period__contains=on).select_related("post", "staff").order_by("id"):
            actor = Actor(
                id=f"staff:{held.staff_id}",
                name=held.staff.name,
                post=held.post.kind,
                areas=(held.post.division_id,),
                staff=held.staff_id,
            )
            self._held[held.post.kind, held.post.division_id].append(Officer(held.staff, actor))

    def at(self, kind: PostKind, community: str, nth: int = 0) -> Officer:
        """Who holds the post for a community: its street's or the district's; ``nth`` tells colleagues apart."""
        division = {"community": community, "street": community[:9], "district": community[:6]}[kind.level]
        held = self._held[kind, division]
        if not held:
            raise LookupError(f"{division} 没有{kind.label}")
        return held[nth % len(held)]

    def two(self, kind: PostKind, other: PostKind, community: str) -> tuple[Officer, Officer]:
        """Two people for a visit: of one post and another, or two colleagues where both are the same."""
        return self.at(kind, community), self.at(other, community, 1 if kind is other else 0)
