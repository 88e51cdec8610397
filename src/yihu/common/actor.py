"""Who acts. Every change and every look into a file carries one."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yihu.common.refusals import Refused

# The post at which the service itself works.
SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Actor:
    """An opaque id with its post and its areas.

    ``areas`` are division codes; whatever lies below one of them is within reach, an empty tuple reaches nothing.
    ``staff`` is the number of the person who is logged in, None for the service itself.
    """

    id: str
    name: str
    post: str
    areas: tuple[str, ...]
    staff: int | None = None

    def reaches(self, division: str) -> bool:
        """Whether a division lies within the areas."""
        return any(division.startswith(area) for area in self.areas if area)

    @property
    def person(self) -> int:
        """The number of the person who acts. Raises Refused for the service: a person must answer for this."""
        if self.staff is None:
            raise Refused(_("这一步须由工作人员本人办理。"))
        return self.staff

    def require_post(self, posts: Collection[str], what: str) -> None:
        """Raise Refused unless the post is one of those that may do this."""
        if self.post not in posts:
            raise Refused(_("您现在的岗位不能{what}。请由有权的岗位办理，或在右上角换岗。").format(what=what))

    def require_area(self, division: str) -> None:
        """Raise Refused unless the division lies within the areas."""
        if not self.reaches(division):
            raise Refused(_("这一户不在您负责的区域内。"))


def service(name: str, *areas: str) -> Actor:
    """The service itself at work: a loader, a nightly job. ``areas`` as for people."""
    return Actor(id=f"service:{name}", name=name, post=SERVICE, areas=areas)
