"""How a case begins, whatever it is about."""

from collections.abc import Collection
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yihu.cases.case import Application, Case, Occasion
from yihu.cases.enums import CaseState
from yihu.cases.progress import move_on
from yihu.common.refusals import Refused
from yihu.households import queries as households
from yihu.households.models import Household, Person
from yihu.organisations.numbering import Numbered, next_number
from yihu.organisations.paths import street_of
from yihu.policy.labels import programme_of
from yihu.policy.procedures import CaseKind, Circumstance, Procedure


def open_case(
    kind: CaseKind,
    procedure: Procedure,
    *,
    household: Household,
    programme: str,
    person: Person | None,
    addressee: str,
    application: Application | None = None,
    occasion: Occasion | None = None,
    circumstances: Collection[Circumstance] = (),
    on: date,
) -> Case:
    """Open a case and its first steps; ``addressee`` is whom its letters are for.

    Where its procedure has no admission it is admitted as it is opened. Raises Refused where one of the same kind is
    running for this claim and occasion.
    """
    number = next_number(Numbered.CASE, street_of(household.division_id), on=on)
    is_admitted = procedure.admission is None
    try:
        with transaction.atomic():
            case = Case.objects.create(
                number=number,
                kind=kind,
                application=application,
                occasion=occasion,
                household=household,
                household_number=household.number,
                applicant_name=addressee,
                person=person,
                person_name=person.name if person else "",
                programme=programme,
                division_id=household.division_id,
                procedure=str(procedure.key),
                opened_on=on,
                state=CaseState.OPEN if is_admitted else CaseState.APPLIED,
                admitted_on=on if is_admitted else None,
                circumstances=sorted(circumstances),
            )
    except IntegrityError:
        # Of a person it may run in another family, where it cannot be seen.
        raise Refused(
            _("{whose}的这个项目已有一件正在办理，请到家庭档案里查看。").format(whose=person or _("这一户")),
            field="programme",
        ) from None
    move_on(case, on=on)
    return case


def require_claim(household: Household, programme: str, person: Person | None, *, on: date) -> None:
    """Raise Refused unless a programme is asked for those whom it is for: a family, or one of its members."""
    label = programme_of(programme, household.division_id)
    if not label.of_member:
        if person is not None:
            raise Refused(_("{title}按户申请，不用选哪一位。").format(title=label.title), field="person")
        return
    if person is None:
        raise Refused(_("{title}按人申请，请选是家里的哪一位。").format(title=label.title), field="person")
    if person.pk not in {member.person_id for member in households.members_on(household, on)}:
        raise Refused(
            _("{name}在 {day} 不是这一户的成员，不能为他申请{title}。").format(name=person, day=on, title=label.title),
            field="person",
        )
