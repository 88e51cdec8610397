"""How much time is left, in words that are true on days of rest too."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from yihu.common.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class Clock:
    """What the part ``deadline`` draws: units left (None: no clock runs), the last day, and how they are counted."""

    left: int | None = None
    due: date | None = None
    is_provisional: bool = False
    unit: str = ""
    is_late: bool = False


def clock_of(due: date | None, *, provisional: bool, on: date, calendar: WorkingDays) -> Clock:
    """The clock of something due on a day. Overdue is told by the dates: on the Saturday after, no working day has
    gone by yet, and so it is told in days.
    """
    if due is None:
        return Clock()
    left = calendar.between(on, due)
    is_late = due < on
    if is_late and left == 0:
        return Clock((due - on).days, due, provisional, _("天"), is_late)
    return Clock(left, due, provisional, "", is_late)
