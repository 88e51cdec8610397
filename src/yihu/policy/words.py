"""The words that rules and rooms share: outcomes, kinds of programme, forms of help. Written once, in the engine."""

from policy_engine import HelpForm, Limit, LimitSpan, Outcome, ProgrammeKind, Season

__all__ = ["HelpForm", "Limit", "LimitSpan", "Outcome", "ProgrammeKind", "Season"]
