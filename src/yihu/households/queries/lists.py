"""The list of families."""

from django.db.models import QuerySet

from yihu.access.actor import Actor
from yihu.households.models import Household
from yihu.households.queries.search import Wanted, household_ids
from yihu.organisations.queries import within

# People who fit a text are gone through up to here; whoever gets so many has typed too little to find anybody.
MOST_FOUND = 5000


def families(
    actor: Actor, *, area: str = "", wanted: Wanted | None = None, with_closed: bool = False
) -> QuerySet[Household]:
    """The families within someone's areas, by number; only those of ``area`` and those that are wanted, if given."""
    found = Household.objects.filter(within(actor)).select_related("division__parent").order_by("number")
    if area:
        found = found.filter(division__path__startswith=area)
    if wanted and wanted.text:
        found = found.filter(pk__in=household_ids(wanted, actor=actor, limit=MOST_FOUND))
    return found if with_closed else found.filter(closed_on__isnull=True)
