"""What is found of a family is written down once and for good."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from policy_engine import Result, record_of
from yihu.access.actor import Actor
from yihu.common.refusals import Refused
from yihu.households.models import Household, Person
from yihu.policy.explanations import explanation_of, is_settled, sure_amount
from yihu.policy.facts import Holdings, KnownFamily, assess_family, family_of
from yihu.policy.labels import programme_of
from yihu.policy.models import Determination


@transaction.atomic
def determine(
    *,
    household: Household,
    programme: str,
    person: Person | None = None,
    on: date,
    known_on: date,
    held: Holdings,
    by: Actor,
    even_if_unknown: bool = False,
    as_of: date | None = None,
) -> Determination:
    """What the rules of ``on`` say of a family with what was known by ``known_on``, frozen with its reasons.

    ``as_of``: the family as it is on another, mostly a later, day, by the rules and the ages of ``on``.
    ``person`` is needed by a programme of members. Where only a text that was not seen could say more, the amount is
    the part that is certain, marked as such. Raises Refused where the rules give no answer, and, naming every missing
    fact, where the outcome or the amount is not known: nothing can be granted on such a determination. With
    ``even_if_unknown`` it is written down all the same, for a case that ends without a grant.
    """
    by.require_area(household.division_id)
    known = family_of(household, on=as_of or on, known_on=known_on, held=held)
    result = result_of(known, programme=programme, person=person, on=on)
    explanation = explanation_of(result, known)
    amount = sure_amount(result, explanation.missing)
    if not is_settled(result) and amount is None and not even_if_unknown:
        missing = "、".join(map(str, explanation.missing))
        raise Refused(
            _("{title}还不能认定，缺：{missing}。请先登记这些事实，或请家庭补充证明。").format(
                title=explanation.title, missing=missing
            )
            if missing
            else _("{title}还不能认定，{reason}。").format(title=explanation.title, reason=explanation.reason)
        )
    record = record_of(result.determination)
    return Determination.objects.create(
        household=household,
        programme=programme,
        person=person,
        on=on,
        known_on=known_on,
        outcome=result.outcome.value,
        amount=amount,
        is_ceiling=result.is_ceiling,
        confidence=result.confidence.value if result.confidence else "",
        people=list(known.people),
        record=record,
        explanation=explanation.written(),
        hash=record["hash"],
        made_by_id=by.principal,
    )


def result_of(known: KnownFamily, *, programme: str, person: Person | None, on: date) -> Result:
    """What one programme says of a family, or of one of its members. Raises Refused where it says nothing."""
    label = programme_of(programme, known.household.division_id)
    if not label.in_force(on):
        raise Refused(_("{title}在 {day} 没有施行，不能认定。").format(title=label.title, day=on))
    if label.of_member is (person is None):
        message = (
            _("{title}按人认定，请选择是家里的哪一位。")
            if label.of_member
            else _("{title}按户认定，不能只认定一个人。")
        )
        raise Refused(message.format(title=label.title), field="person")
    member = None
    if person is not None:
        member = known.position(person.pk)
        if member is None:
            raise Refused(
                _("{name}在 {day} 不是这一户的成员，不能认定{title}。").format(name=person, day=on, title=label.title),
                field="person",
            )
    return assess_family(known, on=on).result(programme, member)


def fails(result: Result, conditions: Collection[str]) -> bool:
    """Whether one of some conditions is known not to hold for whom a result is about."""
    found = result.determination
    answers = (found.answer(found.plan.index[name], result.member) for name in conditions)
    return any(quality and not value for value, quality in answers)
