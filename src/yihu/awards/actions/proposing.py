"""Decides on what the calendar proposes: accepted, it becomes a determination and a term."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from psycopg.types.range import Range

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.awards.actions.granting import grant, stop
from yihu.awards.enums import SET_ASIDE, EndReason, ProposalKind, ProposalState
from yihu.awards.models import Award, AwardTerm, Proposal
from yihu.awards.periods import RUNNING, again_from, is_ahead, is_over, period_from
from yihu.awards.queries import held_by, home_now
from yihu.common.months import end_of_month
from yihu.common.refusals import Refused
from yihu.households.models import Household
from yihu.policy import actions as policy
from yihu.policy.labels import programme_of
from yihu.policy.models import Determination
from yihu.policy.procedures import counts_whole_months
from yihu.policy.words import Outcome, ProgrammeKind

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of several proposals: those that became terms, and those that did not, each with why."""

    accepted: tuple[Proposal, ...]
    refused: tuple[tuple[Proposal, str], ...]


def accept_proposals(*, proposals: Collection[Proposal], by: Actor, on: date, reason: str = "") -> Decided:
    """Accept several, each whole or not at all, the earliest first; what could not be accepted waits and says why."""
    accepted, refused = list[Proposal](), list[tuple[Proposal, str]]()
    for proposal in sorted(proposals, key=lambda each: (each.from_day, each.pk)):
        try:
            accept_proposal(proposal=proposal, by=by, on=on, reason=reason)
        except Refused as why:
            refused.append((proposal, why.message))
        else:
            accepted.append(proposal)
    return Decided(tuple(accepted), tuple(refused))


@transaction.atomic
def accept_proposal(*, proposal: Proposal, by: Actor, on: date, reason: str = "") -> AwardTerm:
    """Determine anew by the rules of the day from which it is to hold, and put that in force. Raises Refused.

    The family is that of today. Where the rules say something else by now, or somebody has decided on the claim since,
    nothing is accepted: what has changed has its own way. After a look, ``reason`` says what was found. Help for a
    season or a year that is ended was never due: the family is that of the day on which it began.
    """
    proposal = _waiting(proposal, by)
    home = home_now(proposal)
    _require_standing(proposal, home, on)
    is_look = proposal.kind == ProposalKind.LOOK
    if is_look:
        reason = _checked(reason, _("请写明核实的结果。"))
        if not proposal.ends and (proposal.outcome != Outcome.ELIGIBLE or proposal.amount is None):
            raise Refused(_("规则没有给出可以发的金额，不能在这里重新认定。请先补齐事实或者另行办理，再写明原因了结。"))
    starts = proposal.begins_a_period
    day = proposal.granted_from(on) if starts or proposal.ends else _counted_on(proposal, home)
    was_never_due = proposal.ends and proposal.key != RUNNING
    held_on = day if was_never_due else on
    determination = policy.determine(
        household=home,
        programme=proposal.programme,
        person=proposal.person,
        on=day,
        as_of=max(day, held_on),
        known_on=on,
        held=held_by([home.pk], held_on)[home.pk],
        by=by,
    )
    _require_as_proposed(proposal, home, determination)
    if proposal.ends:
        term = stop(
            award=_award_of(proposal),
            from_day=day,
            reason=EndReason.NOT_ELIGIBLE,
            determination=determination,
            by=by,
            on=on,
        )
    else:
        label = programme_of(proposal.programme, home.division_id)
        term = grant(
            household=home,
            person=proposal.person,
            programme=proposal.programme,
            key=proposal.key,
            period=period_from(label, day) if starts else _period_of(proposal, home),
            amount=determination.amount if label.has_amount else None,
            determination=determination,
            by=by,
            on=on,
        )
    _decide(proposal, ProposalState.ACCEPTED, by, on, term=term, because=reason if is_look else "")
    return term


@transaction.atomic
def decline_proposals(*, proposals: Collection[Proposal], reason: str, by: Actor, on: date) -> None:
    """Leave things as they are, with the reason; what needed a look is closed. Raises Refused."""
    reason = _checked(reason, _("请写明为什么不采纳。"))
    for proposal in proposals:
        found = _waiting(proposal, by)
        state = ProposalState.CLOSED if found.kind == ProposalKind.LOOK else ProposalState.DECLINED
        _decide(found, state, by, on, because=reason)


@transaction.atomic
def reopen_proposals(*, proposals: Collection[Proposal], reason: str, by: Actor, on: date) -> list[Proposal]:
    """Open again what was declined or closed, with the reason: a new one waits, the old stays. Raises Refused."""
    reason = _checked(reason, _("请写明为什么重新打开。"))
    again = []
    for proposal in proposals:
        found = _locked(proposal, by)
        if found.state not in SET_ASIDE:
            raise Refused(_("这一件是{state}，不能重新打开。").format(state=found.get_state_display()))
        if Proposal.objects.filter(reopens=found).exists():
            raise Refused(_("这一件已经重新打开过，请办理新的那一件。"))
        _require_standing(found, home_now(found), on)
        again.append(
            Proposal.objects.create(
                household=home_now(found),
                person=found.person,
                programme=found.programme,
                key=found.key,
                kind=found.kind,
                from_day=found.from_day,
                before=found.before,
                outcome=found.outcome,
                amount=found.amount,
                reason=found.reason,
                against_id=found.against_id,
                found_on=on,
                reopens=found,
                reopened_by_id=by.staff,
                reopened_because=reason,
            )
        )
    return again


def _locked(proposal: Proposal, by: Actor) -> Proposal:
    by.require(Capability.DECIDE_PROPOSALS, _("办理到期变动"))
    found = Proposal.objects.select_for_update().get(pk=proposal.pk)
    home = home_now(found)
    by.require_area(home.division_id)
    by.require_unrelated(home.pk)
    if by.staff is None:
        raise Refused(_("到期变动要由具体的人来办理，不能由程序代办。"))
    return found


def _waiting(proposal: Proposal, by: Actor) -> Proposal:
    found = _locked(proposal, by)
    if found.state != ProposalState.WAITING:
        raise Refused(_("这一件已经办理：{state}。请刷新页面再看。").format(state=found.get_state_display()))
    return found


def _require_standing(proposal: Proposal, home: Household, on: date) -> None:
    """Raise Refused where somebody decided on the claim since, something goes before, or the season is another."""
    # Whoever decides on the claim at the same time is waited for.
    list(_awards_of(proposal).select_for_update())
    if Proposal.objects.filter(pk=proposal.pk).overtaken().exists():
        raise Refused(_("提出以后，这一笔又有了新的决定，这一件不再有效；再次查看时会撤回。"))
    earlier = Proposal.objects.waiting().filter(
        programme=proposal.programme, key=proposal.key, person=proposal.person, household=proposal.household,
        against=proposal.against, from_day__lt=proposal.from_day,
    ).exclude(kind=ProposalKind.LOOK)  # fmt: skip
    if first := earlier.order_by("from_day").first():
        raise Refused(_("同一笔从 {day} 起的那一件还没有办理，请先办理它。").format(day=first.from_day))
    if proposal.kind != ProposalKind.BEGIN:
        return
    label = programme_of(proposal.programme, home.division_id)
    if is_over(label, proposal.key, on):
        raise Refused(_("{key} 已经过去，不能再采纳；请写明原因不采纳。").format(key=proposal.key))
    # Of a year the first run is made before it begins; a season is helped through while it lasts.
    if label.kind is ProgrammeKind.SEASON and is_ahead(label, proposal.key, on):
        raise Refused(_("{key} 还没有开始，{day} 起才能采纳。").format(key=proposal.key, day=proposal.from_day))


def _counted_on(proposal: Proposal, home: Household) -> date:
    """The day of its first month by which it counts."""
    is_whole = counts_whole_months(proposal.programme, proposal.from_day, division=home.division_id)
    return end_of_month(proposal.from_day) if is_whole else proposal.from_day


def _period_of(proposal: Proposal, home: Household) -> Range[date]:
    """From its day on, as long as the term that it changes goes on; a term that ran out goes on as long again."""
    label = programme_of(proposal.programme, home.division_id)
    terms = AwardTerm.objects.filter(award__in=_awards_of(proposal))
    if proposal.kind in (ProposalKind.CONTINUE, ProposalKind.LOOK):
        ended = terms.filter(stops=False, period__endswith=proposal.from_day).order_by("pk").last()
        if ended is not None:
            return again_from(ended.period)
    changed = terms.in_force(proposal.from_day).with_end().first()
    return Range(proposal.from_day, changed.shown.upper) if changed else period_from(label, proposal.from_day)


def _awards_of(proposal: Proposal) -> QuerySet[Award]:
    claims = Award.objects.to(proposal.programme, proposal.household_id, proposal.person_id)
    return claims.filter(key=proposal.key)


def _award_of(proposal: Proposal) -> Award:
    return _awards_of(proposal).get()


def _require_as_proposed(proposal: Proposal, home: Household, determination: Determination) -> None:
    wanted = Outcome.NOT_ELIGIBLE if proposal.ends else Outcome.ELIGIBLE
    amount = determination.amount if programme_of(proposal.programme, home.division_id).has_amount else None
    if determination.outcome != wanted or (wanted is Outcome.ELIGIBLE and amount != proposal.amount):
        raise Refused(_("提出以后情况有变，规则现在说的不是这样。请登记变化，走重新认定；这一件写明原因不采纳。"))


def _checked(reason: str, missing: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refused(missing, field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("原因最多 {most} 个字。").format(most=LONGEST_REASON), field="reason")
    return reason


def _decide(proposal: Proposal, state: ProposalState, by: Actor, on: date, **more: object) -> None:
    proposal.state, proposal.decided_on, proposal.decided_by_id = state, on, by.staff
    for name, value in more.items():
        setattr(proposal, name, value)
    proposal.save(update_fields=["state", "decided_on", "decided_by", *more])
