"""Facts, a date and a policy pack go in; determinations come out, each with its reasons.

Knows no place, no programme and no database. Money is integer fen everywhere.
"""

from policy_engine.codes import adds_to
from policy_engine.contents import Contents
from policy_engine.errors import (
    FactError,
    InputError,
    PackError,
    PlanError,
    PolicyError,
    RuleFailure,
)
from policy_engine.explain import Line, explain, render_text
from policy_engine.inputs import InputSpec, InputType
from policy_engine.loading import load_pack
from policy_engine.pack import Pack
from policy_engine.plan import Plan, PlannedProgramme
from policy_engine.programmes import Limit, Programme, Season
from policy_engine.reasons import Failure, Margin, failures_of, reason_of
from policy_engine.record import Record, Replay, record_of, replay
from policy_engine.single import Determination, Family, Result, assess
from policy_engine.tags import condition, rule
from policy_engine.values import (
    All,
    Any,
    Code,
    Confidence,
    Count,
    HelpForm,
    LimitSpan,
    Max,
    Min,
    Outcome,
    ProgrammeKind,
    Scope,
    Sum,
    day_number,
    day_of,
)
from policy_engine.wording import Verdict

__all__ = [
    "All",
    "Any",
    "Code",
    "Confidence",
    "Contents",
    "Count",
    "Determination",
    "FactError",
    "Failure",
    "Family",
    "HelpForm",
    "InputError",
    "InputSpec",
    "InputType",
    "Limit",
    "LimitSpan",
    "Line",
    "Margin",
    "Max",
    "Min",
    "Outcome",
    "Pack",
    "PackError",
    "Plan",
    "PlanError",
    "PlannedProgramme",
    "PolicyError",
    "Programme",
    "ProgrammeKind",
    "Record",
    "Replay",
    "Result",
    "RuleFailure",
    "Scope",
    "Season",
    "Sum",
    "Verdict",
    "adds_to",
    "assess",
    "condition",
    "day_number",
    "day_of",
    "explain",
    "failures_of",
    "load_pack",
    "reason_of",
    "record_of",
    "render_text",
    "replay",
    "rule",
]
