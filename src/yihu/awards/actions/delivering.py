"""Takes down that help which is not money was given out, and what became of it."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.awards.models import MOST_AT_ONCE, Award, AwardTerm, Delivery
from yihu.awards.queries import home_now
from yihu.common.refusals import Refused
from yihu.policy.labels import programme_title
from yihu.policy.words import HelpForm, ProgrammeKind

LONGEST = {"received_by": 60, "receipt": 100, "refused_because": 200}


@transaction.atomic
def deliver(*, term: AwardTerm, quantity: int, by: Actor, on: date) -> Delivery:
    """So much was given out of what an award gives; it counts once it is received. Raises Refused.

    Once for each month of help by the month, else once; what was not taken may be given out again.
    """
    # Whoever else gives it out, or stops it, waits.
    award = Award.objects.select_for_update().get(pk=term.award_id)
    _require(by, award)
    title = programme_title(award.programme)
    if award.form in ("", HelpForm.MONEY):
        raise Refused(_("{title}不是实物、名额、券卡、减免或者服务，没有交付。").format(title=title))
    # What is given once is there from its day on, until it was taken.
    first = term.period.lower
    day = first if award.kind == ProgrammeKind.ONCE and first <= on else on
    if not AwardTerm.objects.in_force(day).filter(pk=term.pk).exists():
        raise Refused(_("{title}在 {day} 没有生效，不能交付。").format(title=title, day=on))
    if not 0 < quantity <= MOST_AT_ONCE:
        raise Refused(_("数量要大于 0，最多 {most}。").format(most=MOST_AT_ONCE), field="quantity")
    period = on.replace(day=1) if award.kind == ProgrammeKind.MONTH else award.pay_period or first
    # A later decision about the same month is a term of its own, and gives nothing twice.
    if Delivery.objects.filter(term__award=award, period=period, refused_on__isnull=True).exists():
        raise Refused(_("{title}这一期已经送出，不能再送。没有收的，先登记没有收。").format(title=title))
    return Delivery.objects.create(
        term=term, period=period, what=term.help, quantity=quantity, delivered_on=on, delivered_by_id=by.principal
    )


@transaction.atomic
def receive(*, delivery: Delivery, received_by: str, receipt: str, by: Actor, on: date) -> Delivery:
    """It arrived. ``received_by``: the name of whoever took it; ``receipt``: which paper he signed. Raises Refused.

    Whoever gave it out does not take it down himself: a second person does, from the paper.
    """
    found = _open(delivery, by, on)
    found.received_on, found.received_by = on, _text(received_by, "received_by")
    found.recorded_by_id = by.principal
    found.receipt = _text(receipt, "receipt")
    if not found.received_by:
        raise Refused(_("请写明是谁收的。"), field="received_by")
    if not found.receipt:
        raise Refused(_("请写明签收的凭据，例如签收单的编号。"), field="receipt")
    found.save(update_fields=["received_on", "received_by", "receipt", "recorded_by"])
    return found


@transaction.atomic
def refuse(*, delivery: Delivery, because: str, by: Actor, on: date) -> Delivery:
    """It was not taken, for this reason; what comes back may be given out again. Raises Refused.

    Whoever gave it out does not take this down either: he would give out again and again, and nobody would know.
    """
    found = _open(delivery, by, on)
    found.recorded_by_id = by.principal
    found.refused_on, found.refused_because = on, _text(because, "refused_because")
    if not found.refused_because:
        raise Refused(_("请写明为什么没有收。"), field="refused_because")
    found.save(update_fields=["refused_on", "refused_because", "recorded_by"])
    return found


def _open(delivery: Delivery, by: Actor, on: date) -> Delivery:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("term__award")
    found = rows.get(pk=delivery.pk)
    _require(by, found.term.award)
    if found.received_on or found.refused_on:
        raise Refused(_("这一次交付已经登记过结果。请刷新页面再看。"))
    if found.delivered_by_id == by.principal:
        raise Refused(
            _(
                "这一次是您送出的，收到还是没有收，都不能再由您登记。"
                "请把签收单或者退回的东西交给另一位可以登记交付的同事，由他登记。"
            )
        )
    if on < found.delivered_on:
        raise Refused(_("{day} 才送出，不能更早收到。").format(day=found.delivered_on), field="on")
    return found


def _require(by: Actor, award: Award) -> None:
    by.require(Capability.DELIVER_HELP, _("登记交付"))
    home = home_now(award)
    by.require_area(home.division_id)
    by.require_unrelated(home.pk)


def _text(text: str, field: str) -> str:
    text = text.strip()
    if len(text) > LONGEST[field]:
        raise Refused(_("最多 {most} 个字。").format(most=LONGEST[field]), field=field)
    return text
