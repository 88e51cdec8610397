"""An allowance by age that changes with a birthday: determined anew, month by month."""

from datetime import date

from psycopg.types.range import Range

from demo.loading.staff import Offices
from demo.story import ELDER_PROGRAMME
from yihu.access.scope import acting
from yihu.awards import actions as awards
from yihu.awards import queries as award_queries
from yihu.awards.models import AwardTerm
from yihu.policy import actions as policy
from yihu.policy.everyone import given_to


def raise_allowances(offices: Offices, community: str, *, month: date) -> int:
    """Determine anew those who had their birthday in the month before, and change what changed; how many."""
    before = (month.month - 2) % 12 + 1
    by = offices.at("district_officer", community).actor
    with acting(by, origin="示范"):
        running = AwardTerm.objects.in_force(month).filter(
            award__programme=ELDER_PROGRAMME,
            award__person__birth_date__month=before,
            award__person__died_on__isnull=True,
        )
        amounts = {
            (term.award.household_id, term.award.person_id): term
            for term in running.select_related("award__household", "award__person")
        }
        households = {household for household, _person in amounts}
        held = award_queries.held_by(households, month)
        changed = 0
        for given in given_to(households, programme=ELDER_PROGRAMME, on=month, known_on=month, held=held):
            term = amounts.get((given.household, given.person))
            if term is None or given.amount in (None, 0, term.amount):
                continue
            award = term.award
            determination = policy.determine(
                household=award.household,
                programme=ELDER_PROGRAMME,
                person=award.person,
                on=month,
                known_on=month,
                held=held[given.household],
                by=by,
            )
            awards.grant(
                household=award.household,
                person=award.person,
                programme=ELDER_PROGRAMME,
                key=award.key,
                period=Range(month, None),
                amount=determination.amount or 0,
                determination=determination,
                by=by,
                on=month,
            )
            changed += 1
    return changed
