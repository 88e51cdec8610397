"""What the calendar changes, month by month: the nightly job finds it, and the district decides."""

from contextlib import suppress
from datetime import date

from demo.loading.staff import Offices
from demo.story import ELDER_PROGRAMME, WINTER_PROGRAMME
from yihu.access.actor import service
from yihu.access.capabilities import Capability
from yihu.access.scope import acting
from yihu.awards import actions, calendar
from yihu.awards.enums import ProposalKind
from yihu.awards.models import Proposal
from yihu.awards.periods import name_of
from yihu.organisations.models import Division
from yihu.organisations.paths import district_of, street_of
from yihu.policy.labels import programme_of

ELSEWHERE = "当月已按家庭变化另行办理（示范）"
CHANGED = "提出以后家庭有变化，按变化办理（示范）"
OVER = "本采暖季已过（示范）"
# No text that was seen names the days: what the demonstration takes for a winter, and when it takes it to be over.
WINTER, SPRING = (11, 12, 1, 2, 3), (4, 5, 6)


def decide(offices: Offices, community: str, *, month: date, is_last: bool) -> None:
    """Look ahead from the first of a month. Bands of age change, and families are helped through the winter; the rest
    has its own way in the stories. What the last look finds waits at the desk.
    """
    division = Division.objects.get(pk=district_of(community))
    job = service("calendar", division.pk, may=[Capability.PROPOSE_CHANGES])
    # In a small district the first months may have nobody yet.
    with acting(job, origin="示范"), suppress(calendar.NobodyThere):
        calendar.look(division=division, by=job, on=month)
    by = offices.at("district_officer", community).actor
    waiting = Proposal.objects.waiting()
    if is_last:
        waiting = waiting.filter(found_on__lt=month)
    of_age = waiting.filter(programme=ELDER_PROGRAMME, kind=ProposalKind.CHANGE)
    of_winter = waiting.filter(programme=WINTER_PROGRAMME, kind=ProposalKind.BEGIN)
    if is_last:
        # What the street that is shown has of them waits at the desk.
        of_winter = of_winter.exclude(household__division__path__startswith=street_of(community))
    with acting(by, origin="示范"):
        refused = actions.accept_proposals(proposals=list(of_age), by=by, on=month).refused
        if refused:
            raise ValueError(f"{refused[0][0]}：{refused[0][1]}")
        if month.month in WINTER:
            refused = actions.accept_proposals(proposals=list(of_winter), by=by, on=month).refused
            changed = [proposal for proposal, _why in refused]
            actions.decline_proposals(proposals=changed, reason=CHANGED, by=by, on=month)
        elif month.month in SPRING:
            # What June finds for the next winter waits for it.
            past = list(of_winter.filter(key=name_of(programme_of(WINTER_PROGRAMME, division.pk), month)))
            actions.decline_proposals(proposals=past, reason=OVER, by=by, on=month)
        rest = waiting.exclude(programme=WINTER_PROGRAMME)
        actions.decline_proposals(proposals=list(rest), reason=ELSEWHERE, by=by, on=month)
