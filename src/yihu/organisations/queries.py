"""What other rooms ask about divisions and offices."""

from django.db.models import QuerySet

from yihu.organisations.enums import OfficeKind
from yihu.organisations.models import Office


def street_windows() -> QuerySet[Office]:
    """The window of each street where a family applies, in the order of the streets' codes."""
    windows = Office.objects.filter(kind=OfficeKind.STREET_ASSISTANCE_WINDOW)
    return windows.select_related("division").order_by("division__code")
