"""Whether anybody at the posts of a step can do it. Where nobody can, the district does, for which a street acts.

See docs/decisions/0018.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from yihu.access.capabilities import Capability
from yihu.access.posts import holding, labels_of
from yihu.households.models import Member
from yihu.organisations.models import Relative
from yihu.organisations.paths import chain
from yihu.organisations.queries import AREA, holders


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done for a family: at which posts, in which community, and who is barred by what he did."""

    key: str | int
    household: int
    division: str
    posts: tuple[str, ...]
    barred: frozenset[int] = frozenset()


def left_to_the_district(tasks: Iterable[Task], *, on: date) -> dict[str | int, str]:
    """Of these tasks those that nobody at their posts can do on a day, by key with the words why; three queries.

    Nobody can where nobody holds such a post, and where each who does has a close relative in the family
    (民发〔2021〕57号 第十一条) or did what bars him. What is the district's own stays with it.
    """
    stands_in = set(holding(Capability.STAND_IN_FOR_STREETS))
    found = [task for task in tasks if stands_in.isdisjoint(task.posts)]
    if not found:
        return {}
    holders = _holders(found, on=on)
    kept = _kept({task.household for task in found}, set().union(*holders.values()), on=on)
    words = {}
    for task in found:
        held = {
            staff for area in chain(task.division) for post in task.posts for staff in holders.get((post, area), ())
        }
        if held - kept[task.household] - task.barred:
            continue
        posts = labels_of(task.posts)
        if not held:
            words[task.key] = _("{posts}没有人在任，由区级办理").format(posts=posts)
        elif held <= kept[task.household]:
            words[task.key] = _("{posts}都须回避，由区级办理").format(posts=posts)
        else:
            words[task.key] = _("{posts}都须回避或者办过前面的步骤，由区级办理").format(posts=posts)
    return words


def _holders(tasks: Collection[Task], *, on: date) -> dict[tuple[str, str], set[int]]:
    """Who holds these posts, by post and place."""
    areas = {area for task in tasks for area in chain(task.division)}
    kinds = {post for task in tasks for post in task.posts}
    held = holders(kinds, areas, on=on)
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for kind, area, staff in held.values_list("post__kind", AREA, "staff_id"):
        found[kind, area].add(staff)
    return found


def _kept(households: Collection[int], staff: Collection[int], *, on: date) -> dict[int, set[int]]:
    """Who of these people is kept from which of these families."""
    declared = Relative.objects.filter(staff__in=staff, declared_on__lte=on).exclude(withdrawn_on__lte=on)
    whose: dict[bytes, set[int]] = defaultdict(set)
    for digest, number in declared.values_list("identity_digest", "staff_id"):
        whose[bytes(digest)].add(number)
    found: dict[int, set[int]] = defaultdict(set)
    if whose:
        living = Member.objects.filter(
            household__in=households, period__contains=on, person__identity_digest__in=list(whose)
        )
        for household, known in living.values_list("household_id", "person__identity_digest"):
            found[household] |= whose[bytes(known or b"")]
    return found
