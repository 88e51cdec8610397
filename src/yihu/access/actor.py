"""Who acts. Every change and every look into a file carries one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from yihu.access.capabilities import Capability
from yihu.access.enums import PrincipalKind
from yihu.common.refusals import Refused


@dataclass(frozen=True, slots=True)
class Actor:
    """A principal with its post, its areas and what it may.

    ``number`` is the principal's; the service has none until it acts, and is found by its name. ``areas`` are paths of
    divisions; whatever lies below one of them is within reach, an empty tuple reaches nothing. ``post`` is the kind of
    post, by which procedures give out steps; empty for the service and for whoever holds none. ``capabilities`` is all
    that is allowed. ``own`` are the households that are a resident's own. ``kept`` are the families that are kept from
    him, since a close relative of his lives there, by id and number; None where nobody has looked.
    """

    kind: PrincipalKind
    number: int | None
    name: str
    post: str
    areas: tuple[str, ...]
    kept: tuple[tuple[int, str], ...] | None = None
    capabilities: frozenset[Capability] = frozenset()
    own: tuple[int, ...] = ()

    @property
    def principal(self) -> int:
        """Whose name stands under what is done: the key of the `Principal`. That of the service is asked of the
        database, which makes a row for each kind of work at its first need; it needs nobody who acts yet.
        """
        if self.number is not None:
            return self.number
        with connection.cursor() as cursor:
            cursor.execute("SELECT app_service(%s)", [self.name])
            found: int = cursor.fetchone()[0]
        return found

    @property
    def staff(self) -> int | None:
        """The number of the person who is logged in; None for the service and for whoever does not work here."""
        return self.number if self.kind == PrincipalKind.STAFF else None

    def reaches(self, division: str) -> bool:
        """Whether a division, by its path, lies within the areas."""
        return any(division.startswith(area) for area in self.areas if area)

    @property
    def person(self) -> int:
        """The number of the person who acts. Raises Refused for the service: a person must answer for this."""
        if self.staff is None:
            raise Refused(_("这一步须由工作人员本人办理。"))
        return self.staff

    def may(self, capability: Capability) -> bool:
        """Whether this is allowed him, the area aside."""
        return capability in self.capabilities

    def require(self, capability: Capability, what: str) -> None:
        """Raise Refused unless this is allowed; ``what`` in words, as after 不能."""
        if not self.may(capability):
            raise Refused(_("您现在的岗位不能{what}。请由有权的岗位办理，或在右上角换岗。").format(what=what))

    def require_area(self, division: str) -> None:
        """Raise Refused unless the division lies within the areas."""
        if not self.reaches(division):
            raise Refused(_("这一户不在您负责的区域内。"))

    def area_of(self, division: str) -> str:
        """The nearest of his areas that a division lies in: that of the office he acts for there. Raises Refused."""
        self.require_area(division)
        return max((area for area in self.areas if area and division.startswith(area)), key=len)

    def require_unrelated(self, household: int) -> None:
        """Raise Refused where a close relative of his lives in this family (民发〔2021〕57号 第十一条)."""
        if household in dict(self.kept or ()):
            raise Refused(_("您申报的近亲属在这一户里，这一户的事须由其他人办理。"))


def service(name: str, *areas: str, may: Iterable[Capability] = ()) -> Actor:
    """The service itself at work: a loader, a nightly job, each under a name of its own. ``areas`` as for people,
    ``may`` what this work needs.
    """
    return Actor(PrincipalKind.SERVICE, None, name, post="", areas=areas, capabilities=frozenset(may))
