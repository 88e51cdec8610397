"""What a family of the register can get: every programme with yes, no or what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from policy_engine import Result
from policy_engine.explain import Explainer
from policy_engine.opening import openings
from yihu.common.refusals import Refused
from yihu.households.models import Fact, Household
from yihu.policy.explanations import Missing, missing_of
from yihu.policy.facts import Holdings, KnownFamily, assess_family, family_of
from yihu.policy.income import Income, income_of
from yihu.policy.result import Card, Sentence, alike, answer_of, key_of, subject_of, why_of


@dataclass(frozen=True, slots=True)
class Offer:
    """One card, with the name of its programme, of whom it speaks (None: of the family) and, where it is open, every
    fact that could still settle it.
    """

    programme: str
    card: Card
    missing: tuple[Missing, ...]
    people: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a family can get: what it gets first, then what it could get once something else is granted to it, then what
    is open, then what it does not get.

    ``monthly`` is what the known amounts of a month come to, ``besides`` what stands next to them, ``income`` the
    family's income against the line it is held to. ``problem`` says why the rules have no answer, and is empty where
    they have one.
    """

    known: KnownFamily
    offers: tuple[Offer, ...] = ()
    monthly: str = ""
    is_least: bool = False
    besides: tuple[str, ...] = ()
    income: Income | None = None
    problem: str = ""


def outlook(
    household: Household, *, on: date, known_on: date, held: Holdings, facts: Iterable[Fact] | None = None
) -> Outlook:
    """What the rules of ``on`` say of a family with what is known, without the sentences, which ``why`` tells.

    ``facts`` are those that count, where they are at hand.
    """
    known = family_of(household, on=on, known_on=known_on, held=held, facts=facts)
    return outlook_of(known, on=on)


def outlook_of(known: KnownFamily, *, on: date) -> Outlook:
    """The outlook of a family whose facts are at hand already."""
    try:
        determination = assess_family(known, on=on)
    except Refused as refused:
        return Outlook(known, problem=refused.message)
    answer = answer_of(determination, explained=False)
    opened = openings(determination)
    groups = {key_of(results): results for results in alike(determination, opened)}
    wanting = {
        key: [opened[subject_of(each)].result if subject_of(each) in opened else each for each in results]
        for key, results in groups.items()
    }
    return Outlook(
        known=known,
        offers=tuple(
            Offer(
                groups[card.key][0].programme.name,
                card,
                _missing(wanting[card.key], known),
                tuple(None if each.member is None else known.people[each.member] for each in groups[card.key]),
            )
            for card in (*answer.eligible, *answer.later, *answer.unknown, *answer.refused)
        ),
        monthly=answer.monthly,
        is_least=answer.is_least,
        besides=answer.besides,
        income=income_of(determination),
    )


def _missing(results: Sequence[Result], known: KnownFamily) -> tuple[Missing, ...]:
    found = dict.fromkeys(missing for result in results for missing in missing_of(result, known))
    return tuple(found)


def why(household: Household, *, key: str, on: date, known_on: date, held: Holdings) -> tuple[Sentence, ...]:
    """The sentences behind one card of the outlook. Raises Refused when there is no such card any more."""
    return why_of_known(family_of(household, on=on, known_on=known_on, held=held), key=key, on=on)


def why_of_known(known: KnownFamily, *, key: str, on: date) -> tuple[Sentence, ...]:
    """The same of a family whose facts are at hand already."""
    determination = assess_family(known, on=on)
    for results in alike(determination, openings(determination)):
        if key_of(results) == key:
            return why_of(Explainer(determination), results)
    raise Refused(_("这一户的情况已有变化，请刷新页面再看。"))
