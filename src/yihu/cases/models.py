"""Every table of the room: the case itself, and what each kind of step writes down."""

from yihu.cases.case import Application, Case, CaseAward, CaseStep, Objection, Occasion
from yihu.cases.steps.admission import CorrectionRequest
from yihu.cases.steps.community_appraisal import CommunityAppraisal
from yihu.cases.steps.confirmation import Confirmation
from yihu.cases.steps.examination import Examination
from yihu.cases.steps.home_visit import HomeVisit
from yihu.cases.steps.notice import PublicNotice
from yihu.cases.steps.records_check import CaseCheck

__all__ = [
    "Application",
    "Case",
    "CaseAward",
    "CaseCheck",
    "CaseStep",
    "CommunityAppraisal",
    "Confirmation",
    "CorrectionRequest",
    "Examination",
    "HomeVisit",
    "Objection",
    "Occasion",
    "PublicNotice",
]
