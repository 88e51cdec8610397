"""Which month a list is about: it stands in the address as ``2026-03``, and is this month where none does."""

from datetime import date

from yihu.web.desk.access import DeskRequest

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Of any month in between there is one before and one after."""


class Months:
    """The month that was asked for; what is no month is left out, and ``wrong`` holds what was typed."""

    def __init__(self, request: DeskRequest, today: date) -> None:
        typed = request.GET.get("month", "").strip()
        found = month_of(typed)
        self.chosen = found or today.replace(day=1)
        self.wrong = "" if found or not typed else typed

    @property
    def written(self) -> str:
        """As addresses and month fields hold it."""
        return f"{self.chosen:%Y-%m}"


def month_of(text: str) -> date | None:
    """The first of a month written ``2026-03``, None for anything else and for what lies out of all reckoning."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
