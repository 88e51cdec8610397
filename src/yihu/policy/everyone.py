"""What one programme gives many registered families at once, to list or to compare; nothing is stored."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np

from policy_engine import Outcome, Scope, assess
from policy_engine.values import OUTCOMES
from yihu.policy.facts import Holdings
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
    held: Mapping[int, Holdings],
) -> Iterator[Given]:
    """What a programme gives these families, by the rules of ``on`` and what was known by ``known_on``.

    One family after the other, read from the register in a few queries: some thousands a second. Families without
    members on that day are left out; a family whose pack does not know the programme is given nothing.
    """
    for pack, ids in each_pack(household_ids, on=on):
        plan = pack.plan(on)
        taken = snapshot(ids, pack=pack, on=on, known_on=known_on, held=held)
        starts = taken.population.offsets.tolist()
        for row, household in enumerate(taken.households.tolist()):
            people = taken.people[starts[row] : starts[row + 1]].tolist()
            for result in assess(plan, taken.population.family(row)).results:
                if result.programme.name == programme:
                    person = None if result.member is None else people[result.member]
                    yield Given(household, person, result.outcome, result.amount, mark_of(result))


# A programme, with the id of the person, or of the household below 0.
Subject: TypeAlias = tuple[str, int]


@dataclass(slots=True)
class Outcomes:
    """What some programmes say of many families: outcome and fen (None where not known) by subject.

    ``homes`` names the household of each person; ``failed`` the households in which a rule could not be run.
    """

    found: dict[Subject, tuple[Outcome, int | None]]
    homes: dict[int, int]
    failed: set[int]


def outcomes_of(
    household_ids: Collection[int],
    *,
    programmes: Collection[str],
    on: date,
    known_on: date,
    rules_of: date,
    held: Mapping[int, Holdings],
) -> Outcomes:
    """What some programmes say of families as they are on ``on``, by the rules, and the ages, of another day."""
    # Compiled rules: whoever asks for one family must not wait for the compiler.
    from policy_engine.batch import amounts

    told = Outcomes({}, {}, set())
    for pack, ids in each_pack(household_ids, on=rules_of):
        taken = snapshot(ids, pack=pack, on=on, known_on=known_on, held=held)
        batch = amounts(pack.plan(rules_of), taken.population, threads=1)
        households, people = taken.households.tolist(), taken.people.tolist()
        sizes = np.diff(taken.population.offsets).tolist()
        homes = [household for household, size in zip(households, sizes, strict=True) for _nth in range(size)]
        told.homes |= dict(zip(people, homes, strict=True))
        told.failed |= {households[failure.household] for failure in batch.failures}
        for columns in batch.programmes:
            programme = columns.programme
            if programme.name not in programmes:
                continue
            keys = people if programme.of is Scope.MEMBER else [-household for household in households]
            rows = zip(
                keys, columns.outcome.tolist(), columns.amount.tolist(), columns.amount_known.tolist(), strict=True
            )
            for key, outcome, amount, is_known in rows:
                if outcome < len(OUTCOMES):
                    told.found[programme.name, key] = (OUTCOMES[outcome], amount if is_known else None)
    return told
