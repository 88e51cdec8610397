"""What a page asks of a family, and what it shows for the answers. Knows no Django, stores nothing.

Answers are kept as they were typed, by the name of the fact. Which question comes next is asked of
the engine itself: only a fact for want of which some programme is not settled is worth a question.
"""

from policy_files.household_form.answers import HEAD, RELATION, UNKNOWN, Answers, Problem, Subject
from policy_files.household_form.form import HouseholdForm, NoAnswer, form_of
from policy_files.household_form.questions import Choice, Question
from policy_files.household_form.result import Answer, Card, Reason, Sentence

__all__ = [
    "HEAD",
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
