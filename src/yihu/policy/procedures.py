"""The procedures of the district for the rooms that lead cases: the only way from them to the packs' procedures."""

from datetime import date

from policy_procedures import (
    BROUGHT_BY,
    OBJECTIONS,
    OF_STEPS,
    SURVEYS,
    CaseKind,
    Circumstance,
    Clock,
    Closing,
    ClosingReason,
    DayUnit,
    Letter,
    NoProcedure,
    Paper,
    Procedure,
    Right,
    Shown,
    SignedBy,
    Step,
    StepKind,
    Total,
    procedure_by_key,
    procedure_of,
)
from yihu.policy.packs import pack_name

__all__ = [
    "BROUGHT_BY",
    "OBJECTIONS",
    "OF_STEPS",
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
    "Right",
    "Shown",
    "SignedBy",
    "Step",
    "StepKind",
    "Total",
    "counts_whole_months",
    "procedure_by_key",
    "procedure_for",
]


def procedure_for(programme: str, on: date, kind: CaseKind = CaseKind.APPLICATION, *, division: str) -> Procedure:
    """The procedure that a case opened on that day follows in a division. Raises NoProcedure."""
    return procedure_of(pack_name(division, on), programme, on, kind)


def counts_whole_months(programme: str, on: date, *, division: str) -> bool:
    """Whether a programme gives for the whole month in which the conditions come to be met, as its procedure says."""
    try:
        return procedure_for(programme, on, division=division).counts_whole_months
    except NoProcedure:
        return False
