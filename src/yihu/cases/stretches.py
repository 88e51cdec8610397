"""From when on a decision grants, and what each month gets.

A month that lies before the decision gets what the rules of its last day say of the facts known at the decision:
whoever turns 90 between the application and the decision gets the lower rate for the month before. From the month of
the decision on it is what was decided. Of the months from the application on, what the rules cannot tell is as it was
found at the decision, since what is granted counts from the application; a month for which they say no gets
nothing.

Who asked late, by no more than the procedure allows, gets the months before from when he had the claim. Of a family
that came on file only now the register tells nothing of them: whoever decides says from which of these months on
things were already as they are now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from psycopg.types.range import Range

from yihu.awards import queries as awards
from yihu.awards.enums import EndReason
from yihu.awards.models import Award, AwardTerm
from yihu.awards.periods import period_from
from yihu.cases.case import Case
from yihu.cases.procedures import Standing
from yihu.common.fen import capitals, yuan
from yihu.common.months import end_of_month, last_month, next_month, same_day
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

    ``found_on`` is the day whose rules say so, ``as_now`` that they say it of the facts of the decision, since the
    register cannot tell what they were then.
    """

    period: Range[date]
    amount: int | None
    found_on: date
    as_now: bool = False


@dataclass(frozen=True, slots=True)
class _Month:
    """What the rules say of a month: whether there is a claim, None where they cannot tell, and how many fen; of the
    facts of that month, or ``as_now`` of those of the decision.
    """

    is_entitled: bool | None
    amount: int | None = None
    as_now: bool = False


def reaches_back(case: Case, decided_on: date) -> bool:
    """Whether what is granted on a day may begin in another month than the procedure says."""
    procedure = procedure_by_key(case.procedure)
    start = procedure.award_from(decided_on, asked_on=case.asked_on)
    return procedure.back_months > 0 or bool(procedure.whole_month) or start < decided_on.replace(day=1)


@dataclass(frozen=True, slots=True)
class Granted:
    """What a decision comes to: ``stretches`` in order of time, the last is what was decided.

    ``unproved`` are months before them, the first days in order, for which the register tells nothing and the rules
    would grant the same if things were then as they are now.
    """

    stretches: tuple[Stretch, ...]
    unproved: tuple[date, ...] = ()

    @property
    def start(self) -> date:
        """The first day that is granted."""
        first = self.stretches[0].period.lower
        assert first is not None
        return first


def granted_now(standing: Standing, amount: int | None, *, on: date, since: date | None = None) -> Granted:
    """What a decision of this day to grant ``amount`` comes to; with ``since``, the unproved months from it on too."""
    label = programme_of(standing.case.programme, standing.case.division_id)
    start, back = standing.award_from(on), standing.procedure.back_months
    decided = max(start, on.replace(day=1))
    if label.kind is not ProgrammeKind.MONTH or not reaches_back(standing.case, on):
        return Granted((Stretch(period_from(label, start), amount, on),))
    if _is_in_part(standing, decided, on=on):
        decided = next_month(decided)
    months = {decided: _Month(True, amount)}
    month = decided
    while month > start:
        month = last_month(month)
        found = _found(standing, month, amount, on=on)
        if found.is_entitled is None:
            found = _found(standing, month, amount, on=on, as_now=True)
        if found.is_entitled:
            months[month] = found
    unproved: dict[date, _Month] = {}
    if back and start in months:
        proved, unproved = _late(standing, start, back, months[start].amount, on=on)
        months |= proved
    if since is not None:
        months |= {month: found for month, found in unproved.items() if month >= since}
    return Granted(_joined(months, decided, on), tuple(sorted(unproved)))


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


def _late(
    standing: Standing, start: date, back: int, amount: int | None, *, on: date
) -> tuple[dict[date, _Month], dict[date, _Month]]:
    """The months before ``start`` in which there was a claim, and before those the ones in which there would have been
    the same if things were as they are now. None of both where the claim is older than ``back`` months.
    """
    proved: dict[date, _Month] = {}
    unproved: dict[date, _Month] = {}
    if _had_claim(standing, same_day(standing.case.asked_on, -back) - DAY, on=on):
        return proved, unproved
    earliest, month, after = _not_before(standing, start), start, amount
    for _n in range(back):
        month = last_month(month)
        said = _found(standing, month, after, on=on)
        if month < earliest or said.is_entitled is False:
            break
        if said.is_entitled and not unproved:
            proved[month], after = said, said.amount
            continue
        if said.is_entitled is None:
            said = _found(standing, month, after, on=on, as_now=True)
        # Only the same amount is said to have been due before: of another there is more to say than since when.
        if not said.is_entitled or said.amount != after:
            break
        unproved[month] = said
    return proved, unproved


def _had_claim(standing: Standing, day: date, *, on: date) -> bool:
    """Whether the claim was there on a day; of what the register does not tell, as things are now."""
    case = standing.case
    for known in (_family(standing, day, on=on), _family(standing, on, on=on)):
        try:
            outcome = result_of(known, programme=case.programme, person=case.person, on=day).outcome
        except Refused:
            continue
        if outcome is not Outcome.UNKNOWN:
            return outcome is Outcome.ELIGIBLE
    return False


def _not_before(standing: Standing, start: date) -> date:
    """The first month that can be made up for: none that was had already, and none that was given up."""
    case = standing.case
    claims = Award.objects.to(case.programme, case.household_id, case.person_id)
    stops = AwardTerm.objects.filter(award__in=claims, stops=True)
    last = stops.order_by("-period", "-pk").first()
    if last is None:
        return date.min
    assert last.period.lower is not None
    return start if last.reason == EndReason.RENOUNCED else last.period.lower


def _found(standing: Standing, month: date, amount: int | None, *, on: date, as_now: bool = False) -> _Month:
    if _is_in_part(standing, month, on=on):
        return _Month(False)
    case, last = standing.case, min(end_of_month(month), on)
    known = _family(standing, on if as_now else last, on=on)
    try:
        result = result_of(known, programme=case.programme, person=case.person, on=last)
    except Refused:
        return _Month(None)
    if result.outcome is Outcome.UNKNOWN:
        return _Month(None)
    label = programme_of(case.programme, case.division_id)
    if result.outcome is Outcome.NOT_ELIGIBLE or not label.has_amount:
        return _Month(result.outcome is Outcome.ELIGIBLE, as_now=as_now)
    fen = sure_amount(result, missing_of(result, known))
    if not fen:
        return _Month(None if fen is None else False)
    return _Month(True, min(fen, amount) if label.is_ceiling and amount else fen, as_now)


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


def _joined(months: dict[date, _Month], decided: date, on: date) -> tuple[Stretch, ...]:
    """Months in a row with the same amount in one; from ``decided`` on it goes on without an end."""
    stretches: list[Stretch] = []
    for month in sorted(months):
        found, after = months[month], None if month == decided else next_month(month)
        start, found_on = month, on if after is None else min(after - DAY, on)
        if stretches and (stretches[-1].period.upper, stretches[-1].amount) == (month, found.amount):
            start = stretches.pop().period.lower or month
        stretches.append(Stretch(Range(start, after), found.amount, found_on, found.as_now))
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
