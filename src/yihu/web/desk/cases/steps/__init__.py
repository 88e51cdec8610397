"""The kinds of steps on the page of a case, each in a module of its own, listed once. An award needs nobody's hand."""

from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.step import StepOnPage
from yihu.web.desk.cases.steps.admission import AdmissionOnPage
from yihu.web.desk.cases.steps.community_appraisal import CommunityAppraisalOnPage
from yihu.web.desk.cases.steps.completion import CompletionOnPage
from yihu.web.desk.cases.steps.confirmation import ConfirmationOnPage
from yihu.web.desk.cases.steps.district_visit import DistrictVisitOnPage
from yihu.web.desk.cases.steps.examination import ExaminationOnPage
from yihu.web.desk.cases.steps.home_visit import HomeVisitOnPage
from yihu.web.desk.cases.steps.letter import LetterOnPage
from yihu.web.desk.cases.steps.notice import NoticeOnPage
from yihu.web.desk.cases.steps.publication import PublicationOnPage
from yihu.web.desk.cases.steps.records_check import RecordsCheckOnPage
from yihu.web.desk.cases.steps.submission import SubmissionOnPage

STEPS: dict[StepKind, StepOnPage] = {
    each.kind: each
    for each in (
        AdmissionOnPage(),
        RecordsCheckOnPage(),
        HomeVisitOnPage(),
        DistrictVisitOnPage(),
        CommunityAppraisalOnPage(),
        ExaminationOnPage(),
        NoticeOnPage(),
        SubmissionOnPage(),
        ConfirmationOnPage(),
        LetterOnPage(),
        PublicationOnPage(),
        CompletionOnPage(),
    )
}
