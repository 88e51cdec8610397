"""What a result page shows: a card a programme, with the sentences behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from policy_engine import Determination, HelpForm, Line, Outcome, ProgrammeKind, Result, Verdict, reason_of, wording
from policy_engine.explain import Explainer
from policy_engine.language import _
from policy_engine.opening import Opening, Openings, openings
from yihu.policy.answers import Subject

_VERDICTS = {
    Outcome.ELIGIBLE: Verdict.YES,
    Outcome.NOT_ELIGIBLE: Verdict.NO,
    Outcome.UNKNOWN: Verdict.UNKNOWN,
}


class Sentence(NamedTuple):
    """One line of an explanation; ``again`` when it was unfolded further up."""

    text: str
    source: str
    verdict: str
    children: tuple[Sentence, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not, or what is missing; ``who`` is empty when it holds for the whole family."""

    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """One programme as it stands for the family, or for the members in ``who``.

    ``form`` says what the help consists of where that is not money; ``has_amount``: an amount belongs to it.
    ``first`` names what has to be granted before it can be had, where the family can get that, and ``later`` what it
    then comes to.
    """

    key: str
    outcome: str
    title: str
    short: str
    who: str = ""
    amount: str = ""
    per: str = ""
    is_ceiling: bool = False
    is_least: bool = False
    has_amount: bool = True
    form: str = ""
    paid_directly: bool = False
    lead: str = ""
    opens: str = ""
    first: str = ""
    later: str = ""
    mark: str = ""
    reasons: tuple[Reason, ...] = ()
    why: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything a result page shows. ``monthly`` is empty when nothing known is paid by the month."""

    people: int
    monthly: str
    is_least: bool
    besides: tuple[str, ...]
    eligible: tuple[Card, ...]
    later: tuple[Card, ...]
    unknown: tuple[Card, ...]
    refused: tuple[Card, ...]


def answer_of(determination: Determination, *, explained: bool = True) -> Answer:
    """Every programme of a determination, sorted by what it says; the sentences can be left for later."""
    explainer = Explainer(determination)
    cards: dict[Outcome, list[Card]] = {outcome: [] for outcome in Outcome}
    later: list[Card] = []
    opened = openings(determination)
    for results in alike(determination, opened):
        opening = opened.get(subject_of(results[0]))
        card = card_of(explainer, results, explained=explained, opening=opening)
        (later if opening else cards[results[0].outcome]).append(card)
    cards[Outcome.ELIGIBLE].sort(key=lambda card: card.has_amount and not card.amount)
    monthly, least, besides = _sums(determination.results, len(cards[Outcome.UNKNOWN]), len(later))
    return Answer(
        people=len(determination.family.members),
        monthly=monthly,
        is_least=least,
        besides=besides,
        eligible=tuple(cards[Outcome.ELIGIBLE]),
        later=tuple(later),
        unknown=tuple(cards[Outcome.UNKNOWN]),
        refused=tuple(cards[Outcome.NOT_ELIGIBLE]),
    )


def subject_of(result: Result) -> tuple[str, int | None]:
    """Whose result of which programme it is."""
    return result.programme.name, result.member


def alike(determination: Determination, opened: Openings) -> Iterator[list[Result]]:
    """The results that make one card: each yes by itself, each that comes later, all open ones, all refusals."""
    for _name, group in groupby(determination.results, lambda result: result.programme.name):
        results = list(group)
        alone = [each for each in results if each.outcome is Outcome.ELIGIBLE or subject_of(each) in opened]
        yield from ([each] for each in alone)
        results = [each for each in results if each not in alone]
        for outcome in (Outcome.UNKNOWN, Outcome.NOT_ELIGIBLE):
            if same := [each for each in results if each.outcome is outcome]:
                yield same


def key_of(results: list[Result]) -> str:
    """What names the card of these results on a page."""
    first = results[0]
    return f"{first.programme.name}-{first.outcome.value}-{'h' if first.member is None else first.member}"


def card_of(
    explainer: Explainer, results: list[Result], *, explained: bool = True, opening: Opening | None = None
) -> Card:
    """One card for results of one programme that came out alike; ``opening``: what they come to later."""
    first = results[0]
    programme, names = first.programme, explainer.determination.family.names
    who = "、".join(names[each.member] for each in results if each.member is not None)
    whole = len(results) == len(names)
    reasons: dict[str, list[str]] = {}
    for result in results:
        reasons.setdefault(reason_of(result), []).append("" if result.member is None else names[result.member])
    amount, is_least = first.amount, False
    if first.outcome is not Outcome.ELIGIBLE:
        amount = None
    elif amount is None:
        amount, is_least = first.at_least, first.at_least is not None
    lead = ""
    if amount is not None and not is_least and first.planned.amount is not None:
        lead = _how_much(explainer, first)
    per, often = programme.per, programme.often
    return Card(
        key=key_of(results),
        outcome=first.outcome.value,
        title=programme.title,
        short=programme.short,
        who="" if whole and len(names) > 1 and first.outcome is not Outcome.ELIGIBLE else who,
        amount="" if amount is None else wording.money(amount),
        per=f"/{per}" if per else (often and f" {often}"),
        is_ceiling=first.is_ceiling,
        is_least=is_least,
        has_amount=first.planned.amount is not None,
        form=wording.FORMS[programme.form] if programme.form not in (None, HelpForm.MONEY) else "",
        paid_directly=not programme.needs_application and first.outcome is Outcome.ELIGIBLE,
        lead=lead,
        opens=programme.leads_to if first.outcome is Outcome.ELIGIBLE else "",
        first=opening.granted.short if opening else "",
        later=opening.sentence if opening else "",
        mark=mark_of(first),
        reasons=tuple(
            Reason("" if len(reasons) == 1 or not any(people) else "、".join(people), text)
            for text, people in reasons.items()
            if text
        ),
        why=why_of(explainer, results) if explained else (),
    )


def mark_of(result: Result, *, is_least: bool = False) -> str:
    """What is said beside an amount that rests on a figure carried forward, or that is only the part that is certain;
    empty for all others.
    """
    mark = wording.CONFIDENCES.get(result.confidence, "") if result.confidence else ""
    if not is_least:
        return mark
    return _("{mark}、已知规定的最低数").format(mark=mark) if mark else _("按已知规定的最低数")


def why_of(explainer: Explainer, results: Iterable[Result]) -> tuple[Sentence, ...]:
    """The sentences behind results of one programme, each told once.

    All that hold for a yes, with the amount; those that fail for a no, and the open ones otherwise.
    """
    told: set[tuple[int, Subject] | str] = set()
    return tuple(
        _sentence(line, told)
        for result in results
        for line in explainer.explain(result).children
        if result.outcome is Outcome.ELIGIBLE or line.verdict is _VERDICTS[result.outcome]
        if _new(line, told)
    )


def _new(line: Line, told: set[tuple[int, Subject] | str]) -> bool:
    """Whether a line says something; a figure that was unfolded above need not stand by itself too."""
    if line.text in told or (line.verdict is None and line.key in told):
        return False
    told.add(line.text)
    return True


def _sentence(line: Line, told: set[tuple[int, Subject] | str]) -> Sentence:
    verdict = "" if line.verdict is None else line.verdict.value
    if line.key is not None and line.children:
        if line.key in told:
            return Sentence(line.text, line.source, verdict, again=True)
        told.add(line.key)
    return Sentence(line.text, line.source, verdict, tuple(_sentence(child, told) for child in line.children))


def _how_much(explainer: Explainer, result: Result) -> str:
    """The sentence of the amount; where it is no more than its sure part, the simpler sentence of that part."""
    planned = result.planned
    assert planned.amount is not None
    index = planned.amount
    if planned.at_least is not None:
        sure = explainer.determination.answer(planned.at_least, result.member)
        index = planned.at_least if sure[1] and sure[0] == result.amount else index
    return explainer.line(index, result.member).text


def _sums(results: Iterable[Result], unknown: int, later: int) -> tuple[str, bool, tuple[str, ...]]:
    """The known amounts of a month together, whether more may come, and what stands beside them."""
    monthly: int | None = None
    sums: dict[str, int] = {}
    is_least, uncounted, ceilings = False, 0, 0
    for result in results:
        kind = result.programme.kind
        if result.outcome is not Outcome.ELIGIBLE or result.programme.form is not HelpForm.MONEY:
            continue
        amount = result.amount if result.amount is not None else result.at_least
        if result.is_ceiling:
            ceilings += 1
            continue
        if result.amount is None:
            uncounted += 1
            is_least = is_least or (kind is ProgrammeKind.MONTH and amount is not None)
        if amount is not None and kind is ProgrammeKind.MONTH:
            monthly = (monthly or 0) + amount
        elif amount is not None:
            sums[result.programme.often] = sums.get(result.programme.often, 0) + amount
    besides = [
        _("{often} {amount}").format(often=often, amount=wording.money(amount)) for often, amount in sums.items()
    ]
    if ceilings:
        besides.append(_("{n} 项由街道在限额以内决定").format(n=ceilings))
    if uncounted:
        besides.append(_("{n} 项金额还算不出").format(n=uncounted))
    if later:
        besides.append(_("{n} 项先要认定").format(n=later))
    if unknown:
        besides.append(_("{n} 项还不知道能不能得到").format(n=unknown))
    return "" if monthly is None else wording.money(monthly), is_least, tuple(besides)
