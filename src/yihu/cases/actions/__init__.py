"""What is done in a case, in the order of its steps. Each is one transaction, or nothing."""

from yihu.cases.actions.applying import admit, apply, ask_correction, change_applicant
from yihu.cases.actions.closing import close, extend
from yihu.cases.actions.deciding import confirm, examine, send_back
from yihu.cases.actions.noticing import answer_objection, end_notice, post_notice, publish, raise_objection
from yihu.cases.actions.surveying import ask_records, end_check, record_appraisal, record_visit, submit
from yihu.cases.actions.telling import hand_over

__all__ = [
    "admit",
    "answer_objection",
    "apply",
    "ask_correction",
    "ask_records",
    "change_applicant",
    "close",
    "confirm",
    "end_check",
    "end_notice",
    "examine",
    "extend",
    "hand_over",
    "post_notice",
    "publish",
    "raise_objection",
    "record_appraisal",
    "record_visit",
    "send_back",
    "submit",
]
