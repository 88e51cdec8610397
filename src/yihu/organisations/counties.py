"""Which counties there are, by the code that papers, departments and files name, be they served here or not."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from yihu.common import reference_data
from yihu.organisations.models import Division, FormerCode

PLACES = Path(__file__).resolve().parent / "data" / "places.yaml"
# Of a code's six digits the first two are those of its province.
IN_PROVINCE = 2


@cache
def named_places() -> Mapping[str, str]:
    """The names of provinces, and of counties where those of a province are known, by code."""
    found: dict[str, str] = reference_data.read(PLACES)["places"]
    return found


class Counties:
    """The counties that there are and were, read once for a file or an answer."""

    def __init__(self) -> None:
        self._known = {*named_places(), *Division.objects.values_list("code", flat=True)}
        self._former = list(FormerCode.objects.select_related("division").order_by("id"))
        self._all_named = {code[:IN_PROVINCE] for code in named_places() if not code.endswith("0000")}

    def now(self, code: str, *, on: date | None = None) -> str | None:
        """The code that a county bears now which was written as ``code``, be it as one that is in use no more; None
        where there is and was no such county. ``on``: the day of which the writing is, where it is known.
        """
        former = [each for each in self._former if each.code == code]
        for each in former:
            if on is not None and on in each.period:
                return each.present_code
        if code in self._known or self._may_be(code):
            return code
        return former[-1].present_code if former else None

    def _may_be(self, code: str) -> bool:
        """Whether it lies in a province whose counties nobody has named here."""
        province = code[:IN_PROVINCE]
        return f"{province}0000" in self._known and province not in self._all_named
