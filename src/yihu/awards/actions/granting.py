"""Puts in force what was decided. The steps before it decide; here a term is written, and nothing is ever changed."""

from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.types.range import Range

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.awards.enums import EndReason
from yihu.awards.models import Award, AwardTerm
from yihu.awards.periods import ONCE_A_PERIOD, in_words, pay_period_of
from yihu.awards.queries import home_now
from yihu.common.fen import yuan
from yihu.common.months import next_month
from yihu.common.refusals import Refused
from yihu.households.models import Household, Person
from yihu.policy.exclusions import never_together
from yihu.policy.labels import ProgrammeLabel, programme_of, programme_title
from yihu.policy.models import Determination
from yihu.policy.words import HelpForm, Outcome, ProgrammeKind

BEFORE_IT_BEGAN = (EndReason.DIED, EndReason.LEFT, EndReason.RENOUNCED)


@transaction.atomic
def grant(
    *,
    household: Household,
    person: Person | None,
    programme: str,
    key: str,
    period: Range[date],
    amount: int | None,
    determination: Determination,
    by: Actor,
    on: date,
    what: str = "",
) -> AwardTerm:
    """Put in force what a determination grants: a term of ``period`` of the claim ``key``, which is made if need be.

    ``amount``: fen a month, or for the whole season, year or occasion; None for a status. ``what`` describes help that
    is not money, whose ``amount``, if any, is what it is worth. The term takes the place of earlier ones for what it
    covers, be it paid already. Raises Refused.
    """
    by.require_area(household.division_id)
    label = programme_of(programme, household.division_id)
    _check_period(label, period)
    _check_determination(determination, household, label, person)
    _check_amount(label, amount, determination)
    # Before the claim: whoever holds a claim and waits for people would be waited for by whoever holds these.
    _hold(determination)
    award = _claimed(household, person, label, key, period)
    _check_life(award, period, on)
    _check_counted_once(award, determination, period)
    is_money = award.form == HelpForm.MONEY
    return AwardTerm.objects.create(
        award=award,
        period=period,
        amount=amount,
        help="" if is_money or not award.form else what.strip() or label.title,
        mark=determination.mark if is_money else "",
        determination=determination,
        granted_in_id=by.area_of(household.division_id),
        known_on=on,
        made_by_id=by.principal,
    )


@transaction.atomic
def stop(
    *,
    award: Award,
    from_day: date,
    reason: EndReason,
    by: Actor,
    on: date,
    determination: Determination | None = None,
) -> AwardTerm:
    """Stop an award: from ``from_day`` on, for help by the month a first, nothing is given any more. Raises Refused.

    That a family no longer qualifies takes a determination that says so; a death, a move or a renunciation does not,
    and may stop an award from its own first day: then it never ran, and nothing of it is paid. So may each of them help
    for a season, a year or an occasion, on any of its days; `yihu.awards.due` says what of it stays due.
    """
    award = Award.objects.select_for_update().get(pk=award.pk)
    by.require(Capability.END_AWARDS, _("终止待遇"))
    home = home_now(award)
    by.require_area(home.division_id)
    by.require_unrelated(home.pk)
    title = programme_title(award.programme)
    if award.kind == ProgrammeKind.MONTH:
        _check_first(from_day, field="from_day")
    if reason not in EndReason.values:
        raise Refused(_("请选择终止的原因。金额变化请重新认定，不必先终止。"), field="reason")
    if reason == EndReason.NOT_ELIGIBLE and determination is None:
        raise Refused(_("因不再符合条件而终止{title}，要先作出认定。").format(title=title), field="reason")
    if determination and (determination.household_id, determination.programme) != (home.pk, award.programme):
        raise Refused(_("这份认定不是这一户的{title}的认定，请选择对应的认定。").format(title=title))
    _check_stop(award, title, from_day, reason)
    return AwardTerm.objects.create(
        award=award,
        period=Range(from_day, None),
        stops=True,
        reason=reason,
        determination=determination,
        known_on=on,
        made_by_id=by.principal,
    )


def _check_stop(award: Award, title: str, from_day: date, reason: EndReason) -> None:
    terms = list(award.terms.order_by("pk"))
    began = min(term.period.lower for term in terms if not term.stops)
    running = [term for term in terms if not term.stops and (term.period.upper is None or term.period.upper > from_day)]
    last = terms[-1]
    if not running or (last.stops and last.period.lower <= from_day):
        ended = last.period.lower if last.stops else last.period.upper
        if last.stops and ended <= began:
            raise Refused(_("{title}没有开始就终止了，不必再终止。").format(title=title))
        raise Refused(
            _("{title}已从 {ended} 起停发，不必再终止。").format(title=title, ended=in_words(award.kind, ended)),
            field="from_day",
        )
    may_never_begin = award.kind in ONCE_A_PERIOD or (
        reason in BEFORE_IT_BEGAN and not any(term.opening_id for term in terms)
    )
    earliest = began if may_never_begin else _after(award.kind, began)
    if from_day < earliest:
        raise Refused(
            _("{title}从 {began} 起，最早可从 {earliest} 起停发。").format(
                title=title, began=in_words(award.kind, began), earliest=in_words(award.kind, earliest)
            ),
            field="from_day",
        )


def _claimed(
    household: Household, person: Person | None, label: ProgrammeLabel, key: str, period: Range[date]
) -> Award:
    """The claim, kept from others until the end; a person who moved takes it along, else it must have been stopped."""
    claims = Award.objects.to(label.name, household.pk, person.pk if person else None)
    found = claims.select_for_update().filter(key=key).first()
    refused = Refused(
        _("{name}在另一户已有{title}，或刚刚由别人登记。同一时间只能有一笔，请先在那里终止。").format(
            name=person or household, title=label.title
        )
    )
    if found is None:
        try:
            with transaction.atomic():
                return Award.objects.create(
                    household=household,
                    person=person,
                    programme=label.name,
                    key=key,
                    kind=label.kind.value,
                    form=label.form.value if label.form else "",
                    pay_period=period.lower and pay_period_of(label.kind, period.lower),
                    most=label.most,
                )
        except IntegrityError as error:
            # Whoever else has it may live outside the areas of this actor, where it cannot be seen.
            raise refused from error
    if found.household_id != household.pk:
        last = found.terms.order_by("-pk").first()
        lives_here = person is not None and person.household_id == household.pk
        if last is not None and not last.stops and not lives_here:
            raise refused
        found.household = household
        found.save(update_fields=["household"])
    return found


def _check_period(label: ProgrammeLabel, period: Range[date]) -> None:
    if period.lower is None or (period.upper is not None and period.upper <= period.lower):
        raise Refused(_("待遇要有起始的日子，而且先起后止。"), field="start")
    if label.kind == ProgrammeKind.MONTH:
        for day in (period.lower, period.upper):
            if day is not None:
                _check_first(day, field="start")


def _check_life(award: Award, period: Range[date], on: date) -> None:
    """The same bounds for whatever brings a term in."""
    person = award.person
    if person is None or period.lower is None:
        return
    title = programme_title(award.programme)
    if period.lower < person.birth_date.replace(day=1):
        raise Refused(
            _("{name} {born} 出生，{title}不能从 {start} 起。").format(
                name=person, born=person.birth_date, title=title, start=in_words(award.kind, period.lower)
            ),
            field="start",
        )
    if person.died_on and period.lower > person.died_on:
        raise Refused(
            _("{name}已于 {day} 去世，{title}不能从 {start} 起。").format(
                name=person, day=person.died_on, title=title, start=in_words(award.kind, period.lower)
            ),
            field="start",
        )


def _check_counted_once(award: Award, determination: Determination, period: Range[date]) -> None:
    """Nobody is counted for the same month by two awards that he cannot both have: by none that is seen here, and by
    none of which the database only says that it is there. The people are held, so that what others grant at the same
    moment is found.
    """
    excluding = never_together(award.programme, award.household.division_id, on=determination.on)
    if not excluding:
        return
    values: list[Any] = [sorted(determination.counted_people), list(excluding), period, award.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT term, who FROM awards_counting(%s::bigint[], %s::text[], %s::daterange, %s)", values)
        counted = dict(cursor.fetchall())
        cursor.execute("SELECT awards_counted_elsewhere(%s::bigint[], %s::text[], %s::daterange, %s)", values)
        [is_counted_elsewhere] = cursor.fetchone()
    # One who moved here may have an award of his own from a family that is not seen.
    term = AwardTerm.objects.filter(pk__in=counted).select_related("award__household").order_by("pk").first()
    if term is not None:
        assert term.period.lower is not None
        assert period.lower is not None
        who = Person.objects.filter(pk__in=counted[term.pk]).order_by("pk").values_list("name", flat=True)
        raise Refused(
            _("{who}从 {month} 起已算在户 {number} 的{title}里，同一个月不能再算。请先在那里终止，再决定。").format(
                who="、".join(who),
                month=in_words(term.award.kind, max(term.period.lower, period.lower)),
                number=term.award.household.number,
                title=programme_title(term.award.programme),
            )
        )
    if is_counted_elsewhere:
        raise Refused(
            _(
                "这一户有人同一个月已算在您看不到的一户（别的区，或者要回避的）的{titles}里，不能再算。"
                "请先核实他从哪里迁来，请那里终止，再决定。"
            ).format(titles="、".join(programme_title(name) for name in excluding))
        )


def _hold(determination: Determination) -> None:
    """Keep whoever is counted from others who grant, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT awards_hold(%s::bigint[])", [sorted(determination.counted_people)])


def _check_determination(
    determination: Determination, household: Household, label: ProgrammeLabel, person: Person | None
) -> None:
    whose = (determination.household_id, determination.programme, determination.person_id)
    if whose != (household.pk, label.name, person and person.pk):
        raise Refused(_("这份认定不是这一户的{title}的认定，请选择对应的认定。").format(title=label.title))
    if determination.outcome != Outcome.ELIGIBLE:
        raise Refused(
            _("{on} 的认定没有得出“符合条件”，不能据此发放{title}。请补齐事实后重新认定。").format(
                on=determination.on, title=label.title
            )
        )


def _check_amount(label: ProgrammeLabel, amount: int | None, determination: Determination) -> None:
    if label.is_status:
        if amount is not None:
            raise Refused(_("{title}本身不发钱，不填金额。").format(title=label.title), field="amount")
        return
    if amount is None and not label.is_money:
        return
    if amount is None or amount <= 0:
        raise Refused(_("金额要大于 0。"), field="amount")
    if determination.amount is not None and amount > determination.amount:
        raise Refused(
            _("金额 {amount} 元超过认定的 {most} 元。请按认定的金额填写，或重新认定。").format(
                amount=yuan(amount), most=yuan(determination.amount)
            ),
            field="amount",
        )
    if determination.amount not in (None, amount) and not determination.is_ceiling:
        raise Refused(
            _("{title}按认定的 {exact} 元发，不能写成 {amount} 元。金额不对的，请重新认定。").format(
                title=label.title, exact=yuan(determination.amount or 0), amount=yuan(amount)
            ),
            field="amount",
        )


def _check_first(day: date, *, field: str) -> None:
    if day.day != 1:
        raise Refused(_("待遇按整月计，{day} 不是一个月的 1 日。").format(day=day), field=field)


def _after(kind: str, day: date) -> date:
    if kind != ProgrammeKind.MONTH:
        return date.fromordinal(day.toordinal() + 1)
    return next_month(day)
