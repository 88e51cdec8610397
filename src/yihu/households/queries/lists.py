"""The list of families."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import QuerySet

from yihu.common.actor import Actor
from yihu.households.models import Household, Member
from yihu.households.queries.search import household_ids
from yihu.organisations.queries import within

# Whoever gets more than this has typed too little to find anybody.
MOST_FOUND = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One family in the list; ``head`` is empty for a closed one."""

    household: Household
    head: str
    members: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list: page ``number`` of ``pages``, of ``total`` rows in all."""

    rows: list[Row]
    number: int
    pages: int
    total: int


def families(actor: Actor, *, area: str = "", text: str = "", with_closed: bool = False) -> QuerySet[Household]:
    """The families within someone's areas, by number; only those of ``area`` and those that fit ``text``, if given."""
    found = Household.objects.filter(within(actor)).select_related("division__parent").order_by("number")
    if area:
        found = found.filter(division__code__startswith=area)
    if text.strip():
        found = found.filter(pk__in=household_ids(text, actor=actor, limit=MOST_FOUND))
    return found if with_closed else found.filter(closed_on__isnull=True)


def page(
    actor: Actor,
    *,
    on: date,
    area: str = "",
    text: str = "",
    with_closed: bool = False,
    number: int = 1,
    size: int = 50,
) -> Page:
    """One page of the list; a number past the last gives the last."""
    paginator = Paginator(families(actor, area=area, text=text, with_closed=with_closed), size)
    shown = paginator.get_page(number)
    homes = list(shown.object_list)
    heads: dict[int, str] = {}
    counts: dict[int, int] = {}
    for member in Member.objects.on(on).filter(household__in=homes).select_related("person"):
        # The head comes first.
        heads.setdefault(member.household_id, member.person.name)
        counts[member.household_id] = counts.get(member.household_id, 0) + 1
    rows = [Row(home, heads.get(home.pk, ""), counts.get(home.pk, 0)) for home in homes]
    return Page(rows, shown.number, paginator.num_pages, paginator.count)
