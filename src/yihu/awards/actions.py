"""Begins and ends awards. The steps before it decide; here what they decided is put in force."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg.types.range import Range

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.awards.enums import EndReason
from yihu.awards.models import Award
from yihu.awards.opening.loading import BadRows, OpeningReport, import_opening
from yihu.common.fen import yuan
from yihu.common.refusals import Refused
from yihu.households.models import Household, Person
from yihu.policy.labels import programme_of, programme_title
from yihu.policy.models import Determination
from yihu.policy.words import Outcome

__all__ = ["BadRows", "OpeningReport", "begin", "end", "import_opening"]

BEFORE_IT_BEGAN = (EndReason.DIED, EndReason.LEFT, EndReason.RENOUNCED)


@transaction.atomic
def begin(
    *,
    household: Household,
    programme: str,
    amount: int,
    start: date,
    determination: Determination,
    by: Actor,
    person: Person | None = None,
) -> Award:
    """Put an award of ``amount`` fen a month in force from ``start``, the first of a month, on.

    A running award of the same programme ends there by the same determination; one of the same amount just runs on and
    is given back. Raises Refused.
    """
    by.require_area(household.division_id)
    _check_month(start, field="start")
    _check_determination(determination, household, programme, person, amount)
    running = _overlapping(household, programme, person, start)
    unchanged = next((award for award in running if award.amount == amount and _runs_on(award, start)), None)
    if unchanged and len(running) == 1:
        return unchanged
    for award in running:
        if award.period.lower >= start:
            raise Refused(
                _(
                    "这一户的{title}已经从 {began} 起每月 {amount} 元，不能再定从 {start} 起的另一笔。"
                    "请把新金额的起始月份定在 {began} 之后。"
                ).format(
                    title=programme_title(programme),
                    began=_month(award.period.lower),
                    amount=yuan(award.amount),
                    start=_month(start),
                ),
                field="start",
            )
        _close(award, start, EndReason.CHANGED, determination)
    try:
        with transaction.atomic():
            return Award.objects.create(
                household=household,
                person=person,
                programme=programme,
                period=Range(start, None),
                amount=amount,
                mark=determination.mark,
                determination=determination,
            )
    except IntegrityError as error:
        # Whoever else has it may live outside the areas of this actor, where it cannot be seen.
        raise Refused(
            _("{name}在另一户已有{title}，或刚刚由别人登记。同一时间只能有一笔，请先在那里终止。").format(
                name=person or household, title=programme_title(programme)
            )
        ) from error


@transaction.atomic
def end(
    *, award: Award, on_month: date, reason: EndReason, by: Actor, determination: Determination | None = None
) -> Award:
    """End an award: ``on_month`` is the first of the first month for which nothing is paid any more. Raises Refused.

    That a family no longer qualifies takes a determination that says so; a death, a move or a renunciation does not,
    and may end an award in its own first month: then it never ran, and nothing of it is paid.
    """
    award = Award.objects.select_for_update().select_related("household").get(pk=award.pk)
    by.require(Capability.END_AWARDS, _("终止待遇"))
    by.require_area(award.household.division_id)
    by.require_unrelated(award.household_id)
    _check_month(on_month, field="on_month")
    title = programme_title(award.programme)
    if reason not in EndReason.values or reason == EndReason.CHANGED:
        raise Refused(_("请选择终止的原因。金额变化请重新认定，不必先终止。"), field="reason")
    if reason == EndReason.NOT_ELIGIBLE and determination is None:
        raise Refused(_("因不再符合条件而终止{title}，要先作出认定。").format(title=title), field="reason")
    if determination and (determination.household_id, determination.programme) != (award.household_id, award.programme):
        raise Refused(_("这份认定不是这一户的{title}的认定，请选择对应的认定。").format(title=title))
    if award.period.isempty:
        raise Refused(_("{title}没有开始就终止了，不必再终止。").format(title=title))
    may_never_begin = reason in BEFORE_IT_BEGAN and award.opening_id is None
    earliest = award.period.lower if may_never_begin else _after(award.period.lower)
    if on_month < earliest:
        raise Refused(
            _("{title}从 {began} 起，最早可从 {earliest} 起停发。").format(
                title=title, began=_month(award.period.lower), earliest=_month(earliest)
            ),
            field="on_month",
        )
    if award.period.upper is not None and award.period.upper <= on_month:
        raise Refused(
            _("{title}已从 {ended} 起停发，不必再终止。").format(title=title, ended=_month(award.period.upper)),
            field="on_month",
        )
    _close(award, on_month, reason, determination)
    return award


def _close(award: Award, on_month: date, reason: EndReason, determination: Determination | None) -> None:
    award.period = Range(award.period.lower, on_month)
    award.end_reason = reason
    award.ended_by = determination
    award.save(update_fields=["period", "end_reason", "ended_by"])


def _overlapping(household: Household, programme: str, person: Person | None, start: date) -> list[Award]:
    found = Award.objects.select_for_update().filter(household=household, programme=programme, person=person)
    return list(found.filter(period__overlap=Range(start, None)).order_by("period"))


def _runs_on(award: Award, start: date) -> bool:
    return award.period.lower <= start and award.period.upper is None


def _check_determination(
    determination: Determination, household: Household, programme: str, person: Person | None, amount: int
) -> None:
    title = programme_title(programme)
    # A run pays every award month after month; what is granted once must not come into it.
    if not programme_of(programme).is_paid_monthly:
        raise Refused(_("{title}不是按月发放的，不能作为按月的待遇。").format(title=title))
    whose = (determination.household_id, determination.programme, determination.person_id)
    if whose != (household.pk, programme, person and person.pk):
        raise Refused(_("这份认定不是这一户的{title}的认定，请选择对应的认定。").format(title=title))
    if determination.outcome != Outcome.ELIGIBLE:
        raise Refused(
            _("{on} 的认定没有得出“符合条件”，不能据此发放{title}。请补齐事实后重新认定。").format(
                on=determination.on, title=title
            )
        )
    if amount <= 0:
        raise Refused(_("月金额要大于 0。"), field="amount")
    if determination.amount is not None and amount > determination.amount:
        raise Refused(
            _("月金额 {amount} 元超过认定的 {most} 元。请按认定的金额填写，或重新认定。").format(
                amount=yuan(amount), most=yuan(determination.amount)
            ),
            field="amount",
        )


def _check_month(day: date, *, field: str) -> None:
    if day.day != 1:
        raise Refused(_("待遇按整月计，{day} 不是一个月的 1 日。").format(day=day), field=field)


def _after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _month(day: date) -> str:
    return _("{year} 年 {month} 月").format(year=day.year, month=day.month)
