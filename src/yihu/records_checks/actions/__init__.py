"""Asks other departments about a family, and takes in what they answer."""

from yihu.records_checks.actions.asking import ask, cancel, give_up
from yihu.records_checks.actions.exchanging import EXCHANGES, Collected, collect_answers, send_questions, take_answer
from yihu.records_checks.actions.refusing import settle_refused

__all__ = [
    "EXCHANGES",
    "Collected",
    "ask",
    "cancel",
    "collect_answers",
    "give_up",
    "send_questions",
    "settle_refused",
    "take_answer",
]
