"""What is done about a case as a whole. What is done in a step stands with its kind, in ``yihu.cases.steps``.

Each is one transaction, or nothing.
"""

from yihu.cases.actions.applying import apply, change_applicant
from yihu.cases.actions.closing import close, extend
from yihu.cases.actions.moving import move_household
from yihu.cases.actions.objecting import answer_objection, raise_objection
from yihu.cases.actions.sending_back import send_back

__all__ = [
    "answer_objection",
    "apply",
    "change_applicant",
    "close",
    "extend",
    "move_household",
    "raise_objection",
    "send_back",
]
