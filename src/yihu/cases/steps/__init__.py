"""The kinds of steps, each in a module of its own. Listed once, in the order in which a page shows their records."""

from yihu.cases.kinds import register
from yihu.cases.steps.admission import Admission
from yihu.cases.steps.award import AwardStep
from yihu.cases.steps.community_appraisal import CommunityAppraisalStep
from yihu.cases.steps.completion import CompletionStep
from yihu.cases.steps.confirmation import ConfirmationStep
from yihu.cases.steps.district_visit import DistrictVisitStep
from yihu.cases.steps.examination import ExaminationStep
from yihu.cases.steps.home_visit import HomeVisitStep
from yihu.cases.steps.letter import LetterStep
from yihu.cases.steps.notice import NoticeStep
from yihu.cases.steps.publication import PublicationStep
from yihu.cases.steps.records_check import RecordsCheckStep
from yihu.cases.steps.submission import SubmissionStep

register(
    Admission(),
    RecordsCheckStep(),
    HomeVisitStep(),
    DistrictVisitStep(),
    CommunityAppraisalStep(),
    ExaminationStep(),
    SubmissionStep(),
    ConfirmationStep(),
    AwardStep(),
    NoticeStep(),
    PublicationStep(),
    LetterStep(),
    CompletionStep(),
)
