"""What other rooms ask about letters."""

from django.db.models import QuerySet

from yihu.common.work import Event
from yihu.letters.models import Letter


def of_subject(subject: str) -> QuerySet[Letter]:
    """The letters about one thing, such as a case, oldest first."""
    return Letter.objects.filter(subject=subject).order_by("id")


def events_of(household_id: int) -> list[Event]:
    """The letters that a family got."""
    letters = Letter.objects.filter(household_id=household_id).order_by("id")
    return [
        Event(letter.issued_on, 80, letter.get_kind_display(), letter.number, page="letter", key=str(letter.pk))
        for letter in letters
    ]
