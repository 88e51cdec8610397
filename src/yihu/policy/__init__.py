"""The bridge to the rules. Here: what a page asks of a family, and what it shows for the answers, stored nowhere.

Answers are kept as they were typed, by the name of the fact. Which question comes next is asked of
the engine itself: only a fact for want of which some programme is not settled is worth a question.

Families of the register have modules of their own: ``facts`` (what the rules read of them), ``labels`` (what programmes
and facts are called), ``actions`` (determinations), ``outlook``, ``snapshot`` (everyone as columns) and ``replays``.
"""

from policy_engine.inputs import NONE
from yihu.policy.answers import HEAD, RELATION, UNKNOWN, Answers, Problem, Subject
from yihu.policy.form import HouseholdForm, NoAnswer, form_of
from yihu.policy.questions import Choice, Question
from yihu.policy.result import Answer, Card, Reason, Sentence

__all__ = [
    "HEAD",
    "NONE",
    "RELATION",
    "UNKNOWN",
    "Answer",
    "Answers",
    "Card",
    "Choice",
    "HouseholdForm",
    "NoAnswer",
    "Problem",
    "Question",
    "Reason",
    "Sentence",
    "Subject",
    "form_of",
]
