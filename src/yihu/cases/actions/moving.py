"""A family moves house, and what is being done for it goes along."""

from datetime import date

from django.db import transaction

from yihu.access.actor import Actor
from yihu.cases.models import Case
from yihu.households import actions as households
from yihu.households.models import Household
from yihu.organisations.models import Division


@transaction.atomic
def move_household(*, household: Household, division: Division, address: str, by: Actor, on: date) -> Household:
    """The whole family moves house, its papers and its running cases with it; past ones stay where they were handled.

    To another street only the district moves it, and not while a case runs. Raises Refused.
    """
    moved = households.move_household(household=household, division=division, address=address, by=by, on=on)
    Case.objects.filter(household=moved, closed_on__isnull=True).update(division=division)
    return moved
