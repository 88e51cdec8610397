"""How a case goes from its first step to its end, as the law of the day says; the steps are data of the packs.

    procedure = procedure_of("xicheng", programme, applied_on)   # an application, by the day the case is opened
    case.procedure = str(procedure.key)                          # the case keeps it, whatever is written later
    procedure_by_key(case.procedure).opened_by(done, circumstances)

``done`` is the names of the steps that were done, ``circumstances`` what is true of the case.
A file that is not as it must be raises PackError with file and line the first time it is asked for; that every way
through a procedure ends is proved by ``yihu policy check``. Knows no Django and no database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

import policy_packs
from policy_engine import Contents, Pack, PackError
from policy_engine.language import _
from policy_procedures.checks import check_dates, check_steps
from policy_procedures.layers import Layers, Version
from policy_procedures.letters import check_letters, read_letters
from policy_procedures.model import Clock, Closing, Paper, Procedure, ProcedureKey, Right, Step, Total
from policy_procedures.proof import prove
from policy_procedures.reading import procedure, sources_of
from policy_procedures.words import (
    BROUGHT_BY,
    OBJECTIONS,
    OF_STEPS,
    POSTS,
    SURVEYS,
    CaseKind,
    Circumstance,
    ClosingReason,
    DayUnit,
    Letter,
    Shown,
    SignedBy,
    StepKind,
)

__all__ = [
    "BROUGHT_BY",
    "OBJECTIONS",
    "OF_STEPS",
    "POSTS",
    "SURVEYS",
    "CaseKind",
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
    "faults_of",
    "procedure_by_key",
    "procedure_of",
    "procedures_of",
    "read_procedures",
    "sources_of",
]


Known = Mapping[tuple[str, CaseKind], tuple[Procedure, ...]]


class NoProcedure(LookupError):
    """No procedure is written for this programme on this day; the message says which, in Chinese."""


def procedure_of(pack: str, programme: str, on: date, kind: CaseKind = CaseKind.APPLICATION) -> Procedure:
    """The procedure that a case opened ``on`` that day follows in ``pack``. Raises NoProcedure, PackError."""
    for found in procedures_of(pack).get((programme, kind), ()):
        if found.in_force(on):
            return found
    loaded = policy_packs.load(pack)
    known = loaded.programmes.get(programme)
    raise NoProcedure(
        _("{place}的{programme}在 {day} 没有写明{kind}的办理程序，不能受理；请先在政策包里写明").format(
            place=loaded.title, programme=known.title if known else programme, day=on, kind=kind.label
        )
    )


def procedure_by_key(key: str | ProcedureKey) -> Procedure:
    """The procedure under which a case was opened. Raises NoProcedure, PackError."""
    try:
        wanted = ProcedureKey.parse(key) if isinstance(key, str) else key
    except ValueError:
        raise NoProcedure(_("“{key}”不是一个程序的编号").format(key=key)) from None
    known = procedures_of(wanted.pack) if wanted.pack in policy_packs.names() else {}
    for found in known.get((wanted.programme, wanted.kind), ()):
        if found.key == wanted:
            return found
    raise NoProcedure(_("政策包里已没有程序 {key}；按它开办的案件须先把它放回去").format(key=wanted))


@cache
def procedures_of(pack: str) -> Known:
    """Every procedure of a pack by programme and kind of case, early to late, read once a process. Raises PackError."""
    return read_procedures(policy_packs.load(pack))


def read_procedures(pack: Pack) -> Known:
    """Read and check every procedure that ``pack`` has or inherits. Raises PackError for any fault."""
    layers = Layers()
    found: dict[tuple[str, CaseKind], tuple[Procedure, ...]] = {}
    # What is taken over is checked where it is written, so that a fault points there.
    for member in pack.chain():
        found = {
            (programme, kind): tuple(read for read, _version in versions)
            for programme in _programmes(member)
            for kind, versions in _read(layers, member, programme).items()
        }
    return found


def faults_of(pack: Pack) -> Iterator[PackError]:
    """What is wrong with the letters and procedures of ``pack`` and those it inherits, one fault a programme.

    None: every way through every one of them ends, and every letter that is sent on the way is written.
    """
    try:
        letters = read_letters(pack)
    except PackError as error:
        yield error
        return
    layers = Layers()
    for programme in _programmes(pack):
        try:
            for versions in _read(layers, pack, programme).values():
                for read, version in versions:
                    prove(read, version)
                    check_letters(read, version, letters, pack)
        except PackError as error:
            yield error


def _programmes(pack: Contents) -> list[str]:
    """The programmes for which there is a file."""
    return sorted({path.stem for member in pack.chain() for path in (member.folder / "procedures").glob("*.yaml")})


def _read(layers: Layers, pack: Contents, programme: str) -> Mapping[CaseKind, list[tuple[Procedure, Version]]]:
    layer = layers.of(pack, programme)
    assert layer is not None
    known = pack.programmes.get(programme)
    found: dict[CaseKind, list[tuple[Procedure, Version]]] = {}
    for kind, written in layer.kinds.items():
        for version in written.values():
            read = procedure(programme, kind, layer.title, version)
            check_steps(read, version, known)
            found.setdefault(kind, []).append((read, version))
        check_dates(layer, kind, pack, programme)
    return found
