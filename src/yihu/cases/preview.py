"""What the rules say of a family at this moment: shown before anybody decides, stored nowhere."""

from dataclasses import dataclass
from datetime import date

from yihu.awards import queries as awards
from yihu.cases.enums import Opinion
from yihu.cases.procedures import Standing
from yihu.common.refusals import Refused
from yihu.policy.actions import result_of
from yihu.policy.explanations import Explanation, explanation_of, sure_amount
from yihu.policy.facts import family_of
from yihu.policy.labels import programme_of
from yihu.policy.words import Outcome

# The opinion that an outcome leads to; none while something is not known.
OPINIONS = {Outcome.ELIGIBLE: Opinion.GRANT, Outcome.NOT_ELIGIBLE: Opinion.REFUSE}


@dataclass(frozen=True, slots=True)
class Preview:
    """What an opinion given now would rest on.

    ``opinion`` None: the rules cannot say yet. ``amount`` in fen a period; ``is_ceiling``: the most that may be given.
    ``problem`` says why there is no answer at all, and ``explanation`` is None then.
    """

    opinion: Opinion | None = None
    amount: int | None = None
    is_ceiling: bool = False
    people: int = 0
    explanation: Explanation | None = None
    problem: str = ""


def preview(standing: Standing, *, on: date) -> Preview:
    """What the rules of this day say with what is known today."""
    case = standing.case
    held = awards.held_by([case.household_id], on=on)[case.household_id]
    known = family_of(case.household, on=on, known_on=on, held=held)
    try:
        result = result_of(known, programme=case.programme, person=case.person, on=on)
    except Refused as refused:
        return Preview(people=len(known.people), problem=refused.message)
    explanation = explanation_of(result, known)
    opinion, amount = OPINIONS.get(result.outcome), sure_amount(result, explanation.missing)
    if opinion is Opinion.GRANT and programme_of(case.programme, case.division_id).has_amount and not amount:
        opinion = None
    return Preview(opinion, amount, result.is_ceiling, len(known.people), explanation)
