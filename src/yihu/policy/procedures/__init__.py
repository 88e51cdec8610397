"""How an application goes from the window to the award, as the law of the day says; the steps are data of the packs.

    procedure = procedure_of("xicheng", programme, applied_on)   # by the day the case is opened
    case.procedure = str(procedure.key)                          # the case keeps it, whatever is written later
    procedure_by_key(case.procedure).opened_by(done, circumstances)

``done`` is the names of the steps that were done, ``circumstances`` what is true of the case.
A file that is not as it must be raises PackError with file and line the first time it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import policy_packs
from policy_engine import Pack
from policy_engine.language import _
from yihu.policy.procedures.checks import check_dates, check_steps
from yihu.policy.procedures.layers import layers_of
from yihu.policy.procedures.model import Clock, Closing, Paper, Procedure, ProcedureKey, Right, Step, Total
from yihu.policy.procedures.reading import procedure, sources_of
from yihu.policy.procedures.words import (
    OBJECTIONS,
    OF_STEPS,
    POSTS,
    Circumstance,
    ClosingReason,
    DayUnit,
    Letter,
    Shown,
    SignedBy,
    StepKind,
)

__all__ = [
    "OBJECTIONS",
    "OF_STEPS",
    "POSTS",
    "Circumstance",
    "Clock",
    "Closing",
    "ClosingReason",
    "DayUnit",
    "Letter",
    "NoProcedure",
    "Paper",
    "Procedure",
    "ProcedureKey",
    "Right",
    "Shown",
    "SignedBy",
    "Step",
    "StepKind",
    "Total",
    "check_procedures",
    "procedure_by_key",
    "procedure_of",
    "procedures_of",
    "read_procedures",
    "sources_of",
]


class NoProcedure(LookupError):
    """No procedure is written for this programme on this day; the message says which, in Chinese."""


def procedure_of(pack: str, programme: str, on: date) -> Procedure:
    """The procedure that an application of ``on`` follows in ``pack``. Raises NoProcedure, PackError."""
    for found in procedures_of(pack).get(programme, ()):
        if found.in_force(on):
            return found
    loaded = policy_packs.load(pack)
    known = loaded.programmes.get(programme)
    raise NoProcedure(
        _("{place}的{programme}在 {day} 没有写明办理程序，不能受理；请先在政策包里写明").format(
            place=loaded.title, programme=known.title if known else programme, day=on
        )
    )


def procedure_by_key(key: str | ProcedureKey) -> Procedure:
    """The procedure under which a case was opened. Raises NoProcedure, PackError."""
    try:
        wanted = ProcedureKey.parse(key) if isinstance(key, str) else key
    except ValueError:
        raise NoProcedure(_("“{key}”不是一个程序的编号").format(key=key)) from None
    known = procedures_of(wanted.pack) if wanted.pack in policy_packs.names() else {}
    for found in known.get(wanted.programme, ()):
        if found.key == wanted:
            return found
    raise NoProcedure(_("政策包里已没有程序 {key}；按它开办的案件须先把它放回去").format(key=wanted))


@cache
def procedures_of(pack: str) -> Mapping[str, tuple[Procedure, ...]]:
    """Every procedure of a pack by programme, early to late, read once a process. Raises PackError."""
    return read_procedures(policy_packs.load(pack))


def read_procedures(pack: Pack) -> Mapping[str, tuple[Procedure, ...]]:
    """Read and check every procedure that ``pack`` has or inherits. Raises PackError for any fault."""
    if pack.parent is not None:
        # What is taken over is checked where it is written, so that a fault points there.
        read_procedures(pack.parent)
    names = sorted({path.stem for member in pack.chain() for path in (member.folder / "procedures").glob("*.yaml")})
    found = {}
    for name in names:
        layer = layers_of(pack, name)
        assert layer is not None
        versions = []
        for version in layer.versions.values():
            read = procedure(layer.pack, name, layer.title, version)
            check_steps(read, version)
            versions.append(read)
        check_dates(layer, pack, name)
        found[name] = tuple(versions)
    return found


def check_procedures(pack: str) -> int:
    """Read every procedure of a pack; gives how many versions are sound. Raises PackError for the first fault."""
    return sum(map(len, procedures_of(pack).values()))
