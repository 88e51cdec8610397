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
    ``staff`` is the number of the person who is logged in, None for the service itself. ``kept`` are the families that
    are kept from him, since a close relative of his lives there, by id and number; None where nobody has looked.
    """

    id: str
    name: str
    post: str
    areas: tuple[str, ...]
    staff: int | None = None
    kept: tuple[tuple[int, str], ...] | None = None

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

    def require_unrelated(self, household: int) -> None:
        """Raise Refused where a close relative of his lives in this family (民发〔2021〕57号 第十一条)."""
        if household in dict(self.kept or ()):
            raise Refused(_("您申报的近亲属在这一户里，这一户的事须由其他人办理。"))


def service(name: str, *areas: str) -> Actor:
    """The service itself at work: a loader, a nightly job. ``areas`` as for people."""
    return Actor(id=f"service:{name}", name=name, post=SERVICE, areas=areas)
