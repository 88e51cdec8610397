"""Decides on what the calendar proposes: accepted, it becomes a determination and a term."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.awards.actions.granting import grant, stop
from yihu.awards.enums import EndReason, ProposalKind, ProposalState
from yihu.awards.models import Award, AwardTerm, Proposal
from yihu.awards.periods import RUNNING, name_of, period_from
from yihu.awards.queries import held_by
from yihu.common.refusals import Refused
from yihu.policy import actions as policy
from yihu.policy.labels import programme_of
from yihu.policy.models import Determination
from yihu.policy.words import Outcome

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of several proposals: those that became terms, and those that did not, each with why."""

    accepted: tuple[Proposal, ...]
    refused: tuple[tuple[Proposal, str], ...]


def accept_proposals(*, proposals: Collection[Proposal], by: Actor, on: date) -> Decided:
    """Accept several, each whole or not at all; what could not be accepted waits on and says why."""
    accepted, refused = list[Proposal](), list[tuple[Proposal, str]]()
    for proposal in proposals:
        try:
            accept_proposal(proposal=proposal, by=by, on=on)
        except Refused as why:
            refused.append((proposal, why.message))
        else:
            accepted.append(proposal)
    return Decided(tuple(accepted), tuple(refused))


@transaction.atomic
def accept_proposal(*, proposal: Proposal, by: Actor, on: date) -> AwardTerm:
    """Determine anew by the rules of the day from which it is to hold, and put that in force. Raises Refused.

    Where the rules say something else by now, nothing is accepted: what has changed has its own way.
    """
    proposal = _waiting(proposal, by)
    day = max(proposal.from_day, on)
    _require_not_over(proposal, day)
    determination = policy.determine(
        household=proposal.household,
        programme=proposal.programme,
        person=proposal.person,
        on=day,
        known_on=on,
        held=held_by([proposal.household_id], on)[proposal.household_id],
        by=by,
    )
    _require_as_proposed(proposal, determination)
    if proposal.kind == ProposalKind.END:
        award = Award.objects.get(
            programme=proposal.programme,
            key=proposal.key,
            person=proposal.person,
            **({} if proposal.person else {"household": proposal.household}),
        )
        term = stop(
            award=award,
            from_day=proposal.from_day,
            reason=EndReason.NOT_ELIGIBLE,
            determination=determination,
            by=by,
            on=on,
        )
    else:
        label = programme_of(proposal.programme, proposal.household.division_id)
        term = grant(
            household=proposal.household,
            person=proposal.person,
            programme=proposal.programme,
            key=proposal.key,
            period=period_from(label.kind, proposal.from_day if proposal.key == RUNNING else day),
            amount=determination.amount if label.has_amount else None,
            determination=determination,
            by=by,
            on=on,
        )
    _decide(proposal, ProposalState.ACCEPTED, by, on, term=term)
    return term


@transaction.atomic
def decline_proposals(*, proposals: Collection[Proposal], reason: str, by: Actor, on: date) -> None:
    """Leave things as they are, with the reason. Raises Refused."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("请写明为什么不采纳。"), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("原因最多 {most} 个字。").format(most=LONGEST_REASON), field="reason")
    for proposal in proposals:
        _decide(_waiting(proposal, by), ProposalState.DECLINED, by, on, declined_because=reason)


def _waiting(proposal: Proposal, by: Actor) -> Proposal:
    by.require(Capability.DECIDE_PROPOSALS, _("办理到期变动"))
    found = Proposal.objects.select_for_update(of=("self",)).select_related("household", "person").get(pk=proposal.pk)
    by.require_area(found.household.division_id)
    by.require_unrelated(found.household_id)
    if by.staff is None:
        raise Refused(_("到期变动要由具体的人来办理，不能由程序代办。"))
    if found.state != ProposalState.WAITING:
        raise Refused(_("这一件已经办理：{state}。请刷新页面再看。").format(state=found.get_state_display()))
    return found


def _require_not_over(proposal: Proposal, day: date) -> None:
    """Raise Refused where the season or the year for which it was proposed has gone by."""
    named = name_of(programme_of(proposal.programme, proposal.household.division_id).kind, day)
    if proposal.kind == ProposalKind.BEGIN and named and named != proposal.key:
        raise Refused(_("{key} 已经过去，不能再采纳；请写明原因不采纳。").format(key=proposal.key))


def _require_as_proposed(proposal: Proposal, determination: Determination) -> None:
    wanted = Outcome.NOT_ELIGIBLE if proposal.kind == ProposalKind.END else Outcome.ELIGIBLE
    amount = (
        determination.amount if programme_of(proposal.programme, proposal.household.division_id).has_amount else None
    )
    if determination.outcome != wanted or (wanted is Outcome.ELIGIBLE and amount != proposal.amount):
        raise Refused(_("提出以后情况有变，规则现在说的不是这样。请登记变化，走重新认定；这一件写明原因不采纳。"))


def _decide(proposal: Proposal, state: ProposalState, by: Actor, on: date, **more: object) -> None:
    proposal.state, proposal.decided_on, proposal.decided_by_id = state, on, by.staff
    for name, value in more.items():
        setattr(proposal, name, value)
    proposal.save(update_fields=["state", "decided_on", "decided_by", *more])
