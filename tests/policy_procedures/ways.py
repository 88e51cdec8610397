"""The procedures of the packs, their days, and the way that a case goes through one."""

from __future__ import annotations

from datetime import date

import policy_packs
from policy_procedures import (
    Circumstance,
    Procedure,
    StepKind,
    procedure_of,
    procedures_of,
)

ALL = [
    each
    for pack in policy_packs.names()
    for versions in procedures_of(pack).values()
    for each in versions
    if each.key.pack == pack
]


# The way of 低保, of a family or of one of its members.
OF_SUBSISTENCE = [each for each in ALL if "subsistence" in each.key.programme]


# What may be true of a case before anything is done in it.
FROM_THE_START = (
    Circumstance.URGENT,
    *(Circumstance.APPLIED_BY_OTHER, Circumstance.RELATIVES, Circumstance.COMPLAINT, Circumstance.DOUBT),
    *(Circumstance.SAMPLED, Circumstance.RESIDENCE_APART, Circumstance.HARD_TO_SURVEY),
)


old = date(2020, 5, 1)


before_83 = date(2021, 8, 1)


under_83 = date(2023, 1, 3)


under_the_law = date(2026, 11, 22)


def dibao(pack: str, on: date) -> Procedure:
    return procedure_of(pack, "subsistence_allowance", on)


def key_of(found: Procedure) -> str:
    return str(found.key)


def walk(found: Procedure, circumstances: set[Circumstance], *, outcome: Circumstance) -> list[str]:
    """The steps of a case of these circumstances, one after another, always the first that is open."""
    done: list[str] = []
    while steps := found.opened_by(set(done), circumstances):
        done.append(steps[0].name)
        if steps[0].kind is StepKind.CONFIRMATION:
            circumstances = circumstances | {outcome}
    return done


def granted(found: Procedure, *circumstances: Circumstance) -> list[str]:
    return walk(found, set(circumstances), outcome=Circumstance.GRANTED)
