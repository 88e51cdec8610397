"""What one programme gives many registered families at once, to list or to compare; nothing is stored."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from policy_engine import Outcome, assess
from yihu.policy.result import mark_of
from yihu.policy.snapshot import each_pack, snapshot


@dataclass(frozen=True, slots=True)
class Given:
    """What a programme gives a family, or one of its members: fen a period, None where it is not known.

    ``mark`` is what is said beside the amount, such as that a figure was carried forward; mostly empty.
    """

    household: int
    person: int | None
    outcome: Outcome
    amount: int | None
    mark: str


def given_to(
    household_ids: Collection[int],
    *,
    programme: str,
    on: date,
    known_on: date,
    held: Mapping[int, Collection[str]],
) -> Iterator[Given]:
    """What a programme gives these families, by the rules of ``on`` and what was known by ``known_on``.

    One family after the other, read from the register in a few queries: some thousands a second. Families without
    members on that day are left out; a family whose pack does not know the programme is given nothing.
    """
    for pack, ids in each_pack(household_ids):
        plan = pack.plan(on)
        taken = snapshot(ids, pack=pack, on=on, known_on=known_on, held=held)
        starts = taken.population.offsets.tolist()
        for row, household in enumerate(taken.households.tolist()):
            people = taken.people[starts[row] : starts[row + 1]].tolist()
            for result in assess(plan, taken.population.family(row)).results:
                if result.programme.name == programme:
                    person = None if result.member is None else people[result.member]
                    yield Given(household, person, result.outcome, result.amount, mark_of(result))
