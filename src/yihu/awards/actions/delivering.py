"""Takes down that help which is not money was given out, and what became of it."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.awards.models import AwardTerm, Delivery
from yihu.common.refusals import Refused
from yihu.policy.labels import programme_title
from yihu.policy.words import HelpForm, ProgrammeKind

LONGEST = {"what": 200, "received_by": 60, "receipt": 100, "refused_because": 200}


@transaction.atomic
def deliver(*, term: AwardTerm, what: str, quantity: int, by: Actor, on: date) -> Delivery:
    """So much was given out of what an award gives; it counts once it is received. Raises Refused."""
    award = term.award
    _require(by, award.household_id, award.household.division_id)
    title = programme_title(award.programme)
    if award.form in ("", HelpForm.MONEY):
        raise Refused(_("{title}不是实物、名额、券卡、减免或者服务，没有交付。").format(title=title))
    # What is given once is there from its day on, until it was taken.
    first = term.period.lower
    day = first if award.kind == ProgrammeKind.ONCE and first <= on else on
    if not AwardTerm.objects.in_force(day).filter(pk=term.pk).exists():
        raise Refused(_("{title}在 {day} 没有生效，不能交付。").format(title=title, day=on))
    what = _text(what, "what") or term.help
    if quantity <= 0:
        raise Refused(_("数量要大于 0。"), field="quantity")
    return Delivery.objects.create(
        term=term, what=what, quantity=quantity, delivered_on=on, delivered_by_id=by.principal
    )


@transaction.atomic
def receive(*, delivery: Delivery, received_by: str, receipt: str, by: Actor, on: date) -> Delivery:
    """It arrived. ``received_by``: the name of whoever took it; ``receipt``: which paper he signed. Raises Refused."""
    found = _open(delivery, by, on)
    found.received_on, found.received_by = on, _text(received_by, "received_by")
    found.receipt = _text(receipt, "receipt")
    if not found.received_by:
        raise Refused(_("请写明是谁收的。"), field="received_by")
    if not found.receipt:
        raise Refused(_("请写明签收的凭据，例如签收单的编号。"), field="receipt")
    found.save(update_fields=["received_on", "received_by", "receipt"])
    return found


@transaction.atomic
def refuse(*, delivery: Delivery, because: str, by: Actor, on: date) -> Delivery:
    """It was not taken, for this reason. Raises Refused."""
    found = _open(delivery, by, on)
    found.refused_on, found.refused_because = on, _text(because, "refused_because")
    if not found.refused_because:
        raise Refused(_("请写明为什么没有收。"), field="refused_because")
    found.save(update_fields=["refused_on", "refused_because"])
    return found


def _open(delivery: Delivery, by: Actor, on: date) -> Delivery:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("term__award__household")
    found = rows.get(pk=delivery.pk)
    award = found.term.award
    _require(by, award.household_id, award.household.division_id)
    if found.received_on or found.refused_on:
        raise Refused(_("这一次交付已经登记过结果。请刷新页面再看。"))
    if on < found.delivered_on:
        raise Refused(_("{day} 才送出，不能更早收到。").format(day=found.delivered_on), field="on")
    return found


def _require(by: Actor, household: int, division: str) -> None:
    by.require(Capability.DELIVER_HELP, _("登记交付"))
    by.require_area(division)
    by.require_unrelated(household)


def _text(text: str, field: str) -> str:
    text = text.strip()
    if len(text) > LONGEST[field]:
        raise Refused(_("最多 {most} 个字。").format(most=LONGEST[field]), field=field)
    return text
