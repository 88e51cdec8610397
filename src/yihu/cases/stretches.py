"""From when on a decision grants, and what each month gets.

A month that lies before the decision gets what the rules of its last day say of the facts known at the decision:
whoever turns 90 between the application and the decision gets the lower rate for the month before. From the month of
the decision on it is what was decided. Of the months from the application on, what the rules cannot tell is as it was
found at the decision, since what is granted counts from the application; a month for which they say no gets
nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from psycopg.types.range import Range

from yihu.awards import queries as awards
from yihu.awards.models import AwardTerm
from yihu.awards.periods import next_month, period_from
from yihu.cases.case import Case
from yihu.cases.procedures import Standing
from yihu.common.fen import capitals, yuan
from yihu.common.refusals import Refused
from yihu.policy.actions import fails, result_of
from yihu.policy.explanations import missing_of, sure_amount
from yihu.policy.facts import KnownFamily, family_of
from yihu.policy.labels import programme_of
from yihu.policy.procedures import procedure_by_key
from yihu.policy.words import Outcome, ProgrammeKind

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is granted without change: ``amount`` in fen as the award has it, None without one.

    ``found_on`` is the day whose rules say so.
    """

    period: Range[date]
    amount: int | None
    found_on: date


@dataclass(frozen=True, slots=True)
class _Month:
    """What the rules say of a month: whether there is a claim, None where they cannot tell, and how many fen."""

    is_entitled: bool | None
    amount: int | None = None


def reaches_back(case: Case, decided_on: date) -> bool:
    """Whether what is granted on a day may begin in another month than the procedure says."""
    procedure = procedure_by_key(case.procedure)
    start = procedure.award_from(decided_on, asked_on=case.asked_on)
    return procedure.back_months > 0 or bool(procedure.whole_month) or start < decided_on.replace(day=1)


def stretches_of(standing: Standing, amount: int | None, *, on: date) -> tuple[Stretch, ...]:
    """What a decision of this day to grant ``amount`` comes to, in order of time; the last is what was decided.

    Whoever asked late has a claim to the months before, as many as the procedure gives, if he had it no longer.
    """
    label = programme_of(standing.case.programme, standing.case.division_id)
    start, back = standing.award_from(on), standing.procedure.back_months
    decided = max(start, on.replace(day=1))
    if label.kind is not ProgrammeKind.MONTH or not reaches_back(standing.case, on):
        return (Stretch(period_from(label.kind, start), amount, on),)
    if _is_in_part(standing, decided, on=on):
        decided = next_month(decided)
    months = {decided: amount}
    month = decided
    while month > start:
        month = _month_before(month)
        found = _found(standing, month, amount, on=on)
        if found.is_entitled is not False:
            months[month] = amount if found.is_entitled is None else found.amount
    if start in months:
        months |= _late(standing, start, back, amount, on=on)
    return _joined(months, decided, on)


def words_of(stretches: Sequence[Stretch]) -> list[str]:
    """What each stretch of money by the month gives, in words."""
    return [_in_words(each.period, yuan(each.amount)) for each in stretches if each.amount is not None]


def earlier_in_letter(stretches: Sequence[Stretch]) -> str:
    """What the months get that come before what was decided, as a letter says it; empty where there are none."""
    return "；".join(
        _("{months} 每月 {amount} 元（人民币{capitals}）").format(
            months=_months(each.period), amount=yuan(each.amount), capitals=capitals(each.amount)
        )
        for each in stretches[:-1]
        if each.amount is not None
    )


def granted_by(case: Case, decided_on: date, determination: int) -> tuple[Stretch, ...]:
    """What a decision granted, as the award has it; the last is what the determination of the decision says."""
    terms = AwardTerm.objects.filter(award__cases=case, stops=False, known_on=decided_on).order_by("pk")
    found = []
    for term in terms.select_related("determination").defer("determination__record"):
        assert term.determination is not None
        found.append(Stretch(term.period, term.amount, term.determination.on))
        if term.determination_id == determination:
            break
    return tuple(found)


def _late(standing: Standing, start: date, back: int, amount: int | None, *, on: date) -> dict[date, int | None]:
    """The months before ``start`` in which there was a claim, none where it is older than ``back`` months."""
    found: dict[date, int | None] = {}
    month = start
    for _n in range(back):
        month = _month_before(month)
        said = _found(standing, month, amount, on=on)
        if not said.is_entitled:
            return found
        found[month] = said.amount
    return {} if back and _found(standing, _month_before(month), amount, on=on).is_entitled else found


def _found(standing: Standing, month: date, amount: int | None, *, on: date) -> _Month:
    if _is_in_part(standing, month, on=on):
        return _Month(False)
    case, last = standing.case, min(next_month(month) - DAY, on)
    known = _family(standing, last, on=on)
    try:
        result = result_of(known, programme=case.programme, person=case.person, on=last)
    except Refused:
        return _Month(None)
    if result.outcome is Outcome.UNKNOWN:
        return _Month(None)
    label = programme_of(case.programme, case.division_id)
    if result.outcome is Outcome.NOT_ELIGIBLE or not label.has_amount:
        return _Month(result.outcome is Outcome.ELIGIBLE)
    fen = sure_amount(result, missing_of(result, known))
    if not fen:
        return _Month(None if fen is None else False)
    return _Month(True, min(fen, amount) if label.is_ceiling and amount else fen)


def _is_in_part(standing: Standing, month: date, *, on: date) -> bool:
    """Whether a condition that has to hold from the first day of a month is known not to have held then: until it did,
    somebody else paid.
    """
    conditions, case = standing.procedure.whole_month, standing.case
    if not conditions:
        return False
    try:
        result = result_of(_family(standing, month, on=on), programme=case.programme, person=case.person, on=month)
    except Refused:
        return False
    return fails(result, conditions)


def _family(standing: Standing, day: date, *, on: date) -> KnownFamily:
    """The family of a day with what is known at the decision."""
    case = standing.case
    held = awards.held_by([case.household_id], on=day)[case.household_id]
    return family_of(case.household, on=day, known_on=on, held=held)


def _joined(months: dict[date, int | None], decided: date, on: date) -> tuple[Stretch, ...]:
    """Months in a row with the same amount in one; from ``decided`` on it goes on without an end."""
    stretches: list[Stretch] = []
    for month in sorted(months):
        amount, after = months[month], None if month == decided else next_month(month)
        start, found_on = month, on if after is None else min(after - DAY, on)
        if stretches and (stretches[-1].period.upper, stretches[-1].amount) == (month, amount):
            start = stretches.pop().period.lower or month
        stretches.append(Stretch(Range(start, after), amount, found_on))
    return tuple(stretches)


def _in_words(period: Range[date], amount: str) -> str:
    if period.upper is None:
        return _("自 {month} 起每月 {amount} 元").format(month=f"{period.lower:%Y-%m}", amount=amount)
    return _("{months} 每月 {amount} 元").format(months=_months(period), amount=amount)


def _months(period: Range[date]) -> str:
    assert period.lower is not None
    assert period.upper is not None
    first, last = f"{period.lower:%Y-%m}", f"{period.upper - DAY:%Y-%m}"
    return first if first == last else _("{first} 至 {last}").format(first=first, last=last)


def _month_before(month: date) -> date:
    return (month - DAY).replace(day=1)
