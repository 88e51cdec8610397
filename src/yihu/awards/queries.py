"""What other rooms ask about awards."""

from collections.abc import Iterable
from datetime import date

from yihu.awards.models import Award


def held_by(household_ids: Iterable[int], on: date) -> dict[int, set[str]]:
    """The programmes that run on a day, of each family (its own and its members'); a family without any has none."""
    held: dict[int, set[str]] = {household: set() for household in household_ids}
    running = Award.objects.in_force(on).filter(household_id__in=list(held))
    for household, programme in running.values_list("household_id", "programme"):
        held[household].add(programme)
    return held
