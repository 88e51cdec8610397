"""Issuing letters and noting that they arrived."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.common.refusals import Refused
from yihu.households.models import Household
from yihu.letters.enums import Delivery, LetterKind
from yihu.letters.models import Letter
from yihu.organisations.models import Division
from yihu.organisations.numbering import Numbered, next_number
from yihu.organisations.paths import parent_of, street_of

# How many digits the code of a district has.
DISTRICT = 6


@transaction.atomic
def issue(
    *,
    kind: LetterKind,
    household: Household,
    subject: str,
    addressee: str,
    paragraphs: Sequence[str],
    reasons: Sequence[str] = (),
    rights: Sequence[str] = (),
    entrusted: bool = False,
    due_on: date | None = None,
    by: Actor,
    on: date,
) -> Letter:
    """Issue a letter with the next number of the street and year; its words stay as they are. Raises Refused.

    ``reasons`` are listed one under the other, ``rights`` stand at the end. ``entrusted``: the street decided on
    behalf of its district. ``due_on`` is the last day on which the family must have the letter.
    """
    by.require_area(household.division_id)
    if not addressee.strip() or not any(paragraph.strip() for paragraph in paragraphs):
        raise Refused(_("通知书没有收信人或者没有正文，不能发出。"))
    street = street_of(household.division_id)
    return Letter.objects.create(
        number=next_number(Numbered.LETTER, street, on=on),
        kind=kind,
        household=household,
        subject=subject,
        addressee=addressee,
        content={"paragraphs": list(paragraphs), "reasons": list(reasons), "rights": list(rights)},
        office=_office(street),
        entrusted_by=_("{district}民政局").format(district=_name(parent_of(street))) if entrusted else "",
        due_on=due_on,
        issued_on=on,
        issued_by_id=by.principal,
    )


@transaction.atomic
def deliver(*, letter: Letter, delivery: Delivery, received_by: str, by: Actor, on: date) -> Letter:
    """Note how and when a letter reached the family. Raises Refused if that is noted already or cannot be."""
    by.require(Capability.DELIVER_LETTERS, _("登记送达"))
    found = Letter.objects.select_for_update(of=("self",)).select_related("household").filter(pk=letter.pk).first()
    if found is None:
        raise Refused(_("这一户不在您负责的区域内。"))
    letter = found
    by.require_area(letter.household.division_id)
    by.require_unrelated(letter.household_id)
    if letter.delivered_on is not None:
        raise Refused(_("这份通知书已登记 {day} 送达。").format(day=letter.delivered_on))
    if on < letter.issued_on:
        raise Refused(_("送达日期早于发出日期 {day}。").format(day=letter.issued_on), field="delivered_on")
    if delivery not in Delivery.values:
        raise Refused(_("请选择怎样送达。"), field="delivery")
    if delivery in (Delivery.IN_PERSON, Delivery.COMMUNITY) and not received_by.strip():
        raise Refused(_("请填写签收人的姓名。"), field="received_by")
    letter.delivered_on, letter.delivery, letter.received_by = on, delivery, received_by.strip()
    letter.save(update_fields=["delivered_on", "delivery", "received_by"])
    return letter


def _office(street: str) -> str:
    """Who signs: the office of a street, or the government of a town."""
    name = _name(street)
    return _("{street}办事处").format(street=name) if name.endswith("街道") else _("{town}人民政府").format(town=name)


def _name(path: str) -> str:
    return Division.objects.get(path=path).name
