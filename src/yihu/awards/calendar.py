"""What the calendar alone changes: birthdays, the end of school, terms that run out, help that needs no application.

One look compares, for everybody, each month since the last look with the one before it, up to the coming one, by what
is known today; how, ``comparison.py`` says. Whatever differs becomes a proposal: where the register gave what the rules
said, and they say something else now, one that can be accepted as it stands; where it did not, or where they can say
nothing any more, one that needs a look. Nothing is passed over in silence.

What is given without application is proposed as soon as the rules say so, and the officer accepts it when it begins.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.awards.comparison import Comparison
from yihu.awards.enums import ProposalKind, ProposalState
from yihu.awards.models import CalendarLook, Proposal
from yihu.awards.periods import is_over
from yihu.common.months import last_month, months_between, next_month
from yihu.common.refusals import Refused
from yihu.organisations.models import Division
from yihu.policy.labels import programmes
from yihu.policy.snapshot import living_in

AT_ONCE = 2_000
LONGEST_PROBLEM = 200


class NobodyThere(Refused):
    """There is no family in the division that could be compared."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look came to: families and results compared, proposals that are new, families with a rule that failed, and
    awards in force of which the rules can say nothing, as they could not before.
    """

    households: int
    results: int
    found: int
    failed: int
    unknown: int


@transaction.atomic
def look(*, division: Division, by: Actor, on: date) -> Looked | None:
    """Look over everybody in a division on a day; None if that was done already. Raises NobodyThere, Refused."""
    by.require(Capability.PROPOSE_CHANGES, _("查看到期变动"))
    by.require_area(division.pk)
    # Two at once: the second waits, and finds the look of the first. The desk goes on meanwhile.
    Division.objects.select_for_update(no_key=True).get(pk=division.pk)
    looks = CalendarLook.objects.filter(division=division, problem="")
    if looks.filter(looked_on=on).exists():
        return None
    last = looks.filter(looked_on__lt=on).order_by("-looked_on").first()
    until = next_month(on)
    # In one month each look compares the same months, and finds who came on file since.
    since = last_month(on) if last is None else last.compared_to if last.compared_to < until else last.compared_from
    everybody = living_in([division.pk], on=on)
    results, failed, unknown, found = 0, 0, 0, 0
    for start in range(0, len(everybody), AT_ONCE):
        ids = everybody[start : start + AT_ONCE]
        _withdraw_outdated(ids, division.pk, by, on)
        compared = Comparison(ids, division=division.pk, months=months_between(since, until), known_on=on)
        proposals = compared.proposals()
        _withdraw_unfounded(compared, by, on)
        before = Proposal.objects.count()
        Proposal.objects.bulk_create(proposals, ignore_conflicts=True, batch_size=AT_ONCE)
        found += Proposal.objects.count() - before
        results, failed = results + compared.results, failed + compared.failed
        unknown += compared.unknown
    if not results:
        raise NobodyThere(_("{place}没有可以比较的家庭，什么也没有查看。").format(place=division))
    looked = Looked(len(everybody), results, found, failed, unknown)
    CalendarLook.objects.create(
        division=division,
        looked_on=on,
        compared_from=since,
        compared_to=until,
        households=looked.households,
        results=looked.results,
        found=looked.found,
        failed=looked.failed,
        unknown=looked.unknown,
    )
    return looked


@transaction.atomic
def note_problem(*, division: Division, problem: str, by: Actor, on: date) -> None:
    """Write down that a division was not looked at, and why, where those who decide on proposals see it."""
    by.require(Capability.PROPOSE_CHANGES, _("查看到期变动"))
    by.require_area(division.pk)
    CalendarLook.objects.create(
        division=division, looked_on=on, compared_from=on, compared_to=on, problem=problem[:LONGEST_PROBLEM]
    )


def _withdraw_outdated(ids: Collection[int], division: str, by: Actor, on: date) -> None:
    """Take back what was overtaken by a decision of somebody, or by the end of its season."""
    waiting = Proposal.objects.of_households(ids).filter(state=ProposalState.WAITING)
    _withdraw(waiting.overtaken(), _("提出以后，这一笔又有了新的决定"), by, on)
    labels = {each.name: each for each in programmes(division)}
    begins = waiting.filter(kind=ProposalKind.BEGIN).values_list("pk", "programme", "key")
    over = [pk for pk, programme, key in begins if programme in labels and is_over(labels[programme], key, on)]
    _withdraw(Proposal.objects.filter(pk__in=over), _("这一季（年）已经过去"), by, on)


def _withdraw_unfounded(compared: Comparison, by: Actor, on: date) -> None:
    """Take back what was to be looked into and is not so any more."""
    waiting = Proposal.objects.of_households(compared.ids).filter(state=ProposalState.WAITING, kind=ProposalKind.LOOK)
    still = [each for each in waiting if each.claim[:2] in compared.running[-1]]
    gone = [each.pk for each in still if compared.differing.get(each.claim) != each.said]
    _withdraw(Proposal.objects.filter(pk__in=gone), _("再查看时已经不是这样"), by, on)


def _withdraw(proposals: QuerySet[Proposal], because: str, by: Actor, on: date) -> None:
    proposals.update(state=ProposalState.WITHDRAWN, decided_on=on, decided_by=by.principal, because=because)
