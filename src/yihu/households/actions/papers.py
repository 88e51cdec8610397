"""Consents that adults sign, and papers that are laid into a family's file."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.scope import because
from yihu.common.refusals import Refused
from yihu.documents import actions as documents
from yihu.documents.enums import DocumentKind
from yihu.documents.models import Document
from yihu.households.actions.families import file_to_change, require_past, required_reason
from yihu.households.models import ADULT_AGE, Consent, Household, Paper, Person


@transaction.atomic
def sign_consent(
    *, person: Person, document: Document | None, by: Actor, on: date, signed_on: date | None = None
) -> Consent:
    """An adult allows other departments to be asked, on the day of registration if no other is given. Raises Refused.

    The signed paper is laid into the file.
    """
    household = file_to_change(person.household, by)
    day = signed_on or on
    require_past(day, on, "signed_on")
    if person.died_on and person.died_on < day:
        raise Refused(_("{name}已于 {day} 死亡，不能再签授权。").format(name=person.name, day=person.died_on))
    if person.age_on(day) < ADULT_AGE:
        raise Refused(_("{name}在 {day} 未满 18 周岁，不用签授权：核对只问成年人。").format(name=person.name, day=day))
    if document:
        if document.kind != DocumentKind.CONSENT:
            raise Refused(
                _("“{name}”不是核对授权书。请上传签字的授权书。").format(name=document.name), field="document"
            )
        _lay(household, document, person=person, subject="", by=by)
    return Consent.objects.create(person=person, signed_on=day, document=document)


@transaction.atomic
def withdraw_consent(*, person: Person, reason: str, by: Actor, on: date) -> None:
    """From this day nobody else is asked about him; what was answered stays. Raises Refused."""
    file_to_change(person.household, by)
    with because(required_reason(reason)):
        withdrawn = person.consents.filter(withdrawn_on__isnull=True).update(withdrawn_on=on)
    if not withdrawn:
        raise Refused(_("{name}没有可以撤回的核对授权。").format(name=person.name))


@transaction.atomic
def keep_paper(
    *, household: Household, document: Document, by: Actor, person: Person | None = None, subject: str = ""
) -> Paper:
    """Lay a document into a family's file. ``subject`` is what it is for, such as the number of a case."""
    household = file_to_change(household, by)
    return _lay(household, document, person=person, subject=subject, by=by)


def _lay(household: Household, document: Document, *, person: Person | None, subject: str, by: Actor) -> Paper:
    paper, is_new = Paper.objects.get_or_create(
        document=document, defaults={"household": household, "person": person, "subject": subject}
    )
    if not is_new and paper.household_id != household.pk:
        raise Refused(_("文件“{name}”已在另一户的档案里。请为这一户重新上传一份。").format(name=document.name))
    # It came in at the window of a street; from now on it is where the family is.
    if document.division_id != household.division_id:
        documents.move(documents=[document], division=household.division, by=by)
    return paper
