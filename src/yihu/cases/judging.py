"""What opinions and decisions rest on: the rules say it of the facts on file, and nobody types it."""

from datetime import date

from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.awards import queries as awards
from yihu.cases.enums import Opinion
from yihu.cases.people import why_unchecked
from yihu.cases.procedures import Standing
from yihu.common.fen import yuan
from yihu.common.refusals import Refused
from yihu.policy import actions as policy
from yihu.policy.labels import programme_of
from yihu.policy.models import Determination
from yihu.policy.words import Outcome


def determine(
    standing: Standing, *, by: Actor, on: date, day: date | None = None, as_now: bool = False
) -> Determination:
    """What the rules say of the family on this day, or on an earlier ``day``, with what is known of it, stored for
    good. ``as_now``: of the family as it is on this day, by the rules and the ages of the earlier one.
    """
    case, day = standing.case, day or on
    held = awards.held_by([case.household_id], on=day)[case.household_id]
    return policy.determine(
        household=case.household,
        programme=case.programme,
        person=case.person,
        on=day,
        known_on=on,
        held=held,
        by=by,
        as_of=on if as_now else None,
    )


def say(determination: Determination) -> str:
    """What a determination says, in a few words."""
    label = programme_of(determination.programme, determination.household.division_id)
    if determination.outcome == Outcome.NOT_ELIGIBLE:
        return _("不符合")
    if not label.has_amount:
        return _("符合")
    if determination.amount is None:
        return _("符合，金额待定")
    most = _("最多 ") if determination.is_ceiling else ""
    return _("符合，{per}{most}{amount} 元").format(per=label.per, most=most, amount=yuan(determination.amount))


def require_checked(standing: Standing, *, on: date) -> None:
    """Nobody is judged by what is known of the others only."""
    reason = why_unchecked(standing, on=on)
    if reason:
        raise Refused(reason)


def require_agreement(opinion: Opinion, determination: Determination, *, may_refuse: bool) -> None:
    """A grant is what the rules say. Against them it can only be refused, by two: one proposes it, the other decides.

    ``may_refuse``: whether this opinion proposes, or decides what was proposed.
    """
    label = programme_of(determination.programme, determination.household.division_id)
    whose = determination.person or _("这一户")
    if opinion is Opinion.GRANT and determination.outcome != Outcome.ELIGIBLE:
        raise Refused(
            _("按现有事实和政策，{whose}不符合条件，不能提出同意；事实有误的请先更正事实。").format(whose=whose),
            field="opinion",
        )
    if opinion is Opinion.GRANT and label.has_amount and not determination.amount:
        raise Refused(_("按现有事实还算不出金额，请先查清缺少的事项。"), field="opinion")
    if opinion is Opinion.REFUSE and determination.outcome != Outcome.NOT_ELIGIBLE and not may_refuse:
        raise Refused(
            _("按现有事实和政策，{whose}符合条件，审核也没有提出不同意，不能不同意；事实有误的请先更正事实。").format(
                whose=whose
            ),
            field="opinion",
        )


def amount_given(opinion: Opinion, determination: Determination, typed: int | None) -> int | None:
    """What is proposed or granted, in fen: what the rules say, or up to it where they only say the most.

    None for a refusal and for help that has no amount. Raises Refused where nothing is said below the most, or
    something else than what the rules say.
    """
    label = programme_of(determination.programme, determination.household.division_id)
    if opinion is Opinion.REFUSE or not label.has_amount:
        return None
    assert determination.amount is not None
    if not determination.is_ceiling:
        if typed not in (None, determination.amount):
            raise Refused(
                _("金额由规则算出，是 {amount} 元，不能另写。金额不对的，请先更正事实。").format(
                    amount=yuan(determination.amount)
                ),
                field="amount",
            )
        return determination.amount
    if typed is None or typed <= 0:
        raise Refused(
            _("请填写给多少，最多 {most} 元。").format(most=yuan(determination.amount)),
            field="amount",
        )
    if typed > determination.amount:
        raise Refused(
            _("{amount} 元超过限额 {most} 元。").format(amount=yuan(typed), most=yuan(determination.amount)),
            field="amount",
        )
    return typed


def reason_for_less(determination: Determination, amount: int | None, typed: str) -> str:
    """Why less is given than the most that the rules allow, as the letter says it; empty where it is not less.

    Raises Refused where it is less and nothing says why.
    """
    if not determination.is_ceiling or amount in (None, determination.amount):
        return ""
    if not typed.strip():
        raise Refused(
            _("给 {amount} 元，低于限额 {most} 元。请写明为什么不给到限额，它会写进通知书。").format(
                amount=yuan(amount or 0), most=yuan(determination.amount or 0)
            ),
            field="why_less",
        )
    return typed.strip()
