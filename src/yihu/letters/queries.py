"""What other rooms ask about letters."""

from datetime import date

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.common.work import Event, Tally, WorkItem
from yihu.households.models import Household
from yihu.households.queries import kept_households
from yihu.letters.models import Letter
from yihu.organisations.queries import within


def of_subject(subject: str) -> QuerySet[Letter]:
    """The letters about one thing, such as a case, oldest first."""
    return Letter.objects.filter(subject=subject).order_by("id")


def open_work(actor: Actor, *, on: date) -> list[WorkItem]:
    """The letters that nobody has handed over yet, for the window."""
    return [
        WorkItem(
            title=_("送达通知书"),
            detail=letter.get_kind_display(),
            page="letter",
            key=str(letter.pk),
            division=letter.household.division_id,
            opened_on=letter.issued_on,
            household=letter.household.number,
            name=letter.addressee,
            due_on=letter.due_on,
        )
        for letter in _waiting(actor, on).select_related("household").order_by(F("due_on").asc(nulls_last=True), "id")
    ]


def count_open_work(actor: Actor, *, on: date) -> Tally:
    """How many that are."""
    return Tally(rows=(_waiting(actor, on),))


def _waiting(actor: Actor, on: date) -> QuerySet[Letter]:
    if not actor.may(Capability.FOLLOW_UP_LETTERS):
        return Letter.objects.none()
    waiting = Letter.objects.filter(
        within(actor, "household__division_id"), delivered_on__isnull=True, issued_on__lte=on
    )
    kept = kept_households(actor, on=on)
    return waiting.exclude(household__in=kept) if kept else waiting


def events_of(household: Household) -> list[Event]:
    """The letters that were written to a family, and when it got them."""
    events = []
    for letter in Letter.objects.filter(household=household).order_by("id"):
        place = {"page": "letter", "key": str(letter.pk)}
        events.append(Event(letter.issued_on, 80, letter.get_kind_display(), letter.number, **place))
        if letter.delivered_on is not None:
            told = [letter.get_delivery_display(), letter.received_by]
            detail = _("，").join(part for part in told if part)
            title = _("送达{letter}").format(letter=letter.get_kind_display())
            events.append(Event(letter.delivered_on, 85, title, detail, **place))
    return events
