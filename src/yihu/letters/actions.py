"""Issuing letters and noting that they arrived."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yihu.common import numbers
from yihu.common.actor import Actor
from yihu.common.refusals import Refused
from yihu.households.models import Household
from yihu.letters.enums import Delivery, LetterKind
from yihu.letters.models import Letter
from yihu.letters.permissions import DELIVER


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
    by: Actor,
    on: date,
) -> Letter:
    """Issue a letter with the next number of the street and year; its words stay as they are.

    ``reasons`` are listed one under the other, ``rights`` stand at the end.
    """
    street = household.division_id[:9]
    (serial,) = numbers.take(f"letter {street} {on.year}")
    return Letter.objects.create(
        number=f"{on.year}-{street[-3:]}-{serial:04d}",
        kind=kind,
        household=household,
        subject=subject,
        addressee=addressee,
        content={"paragraphs": list(paragraphs), "reasons": list(reasons), "rights": list(rights)},
        issued_on=on,
        issued_by=by.id,
    )


@transaction.atomic
def deliver(*, letter: Letter, delivery: Delivery, received_by: str, by: Actor, on: date) -> Letter:
    """Note how and when a letter reached the family. Raises Refused if that is noted already or cannot be."""
    by.require_post(DELIVER, _("登记送达"))
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    by.require_area(letter.household.division_id)
    if letter.delivered_on is not None:
        raise Refused(_("这份通知书已登记 {day} 送达。").format(day=letter.delivered_on))
    if on < letter.issued_on:
        raise Refused(_("送达日期早于发出日期 {day}。").format(day=letter.issued_on), field="delivered_on")
    if delivery in (Delivery.IN_PERSON, Delivery.COMMUNITY) and not received_by.strip():
        raise Refused(_("请填写签收人的姓名。"), field="received_by")
    letter.delivered_on, letter.delivery, letter.received_by = on, delivery, received_by.strip()
    letter.save(update_fields=["delivered_on", "delivery", "received_by"])
    return letter
