"""The closed lists that a procedure is written with. A word that is not here is refused when the file is read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from policy_engine.language import _

# The posts of ``yihu.access`` by name. They stand here as plain text, since a procedure is read
# without a database; a post that no step may name would leave a case waiting for nobody.
POSTS = (
    *("community_worker", "window_clerk", "street_examiner", "street_director", "district_officer"),
    *("finance_maker", "finance_checker", "auditor"),
)


class CaseKind(StrEnum):
    """What a case is about; a procedure file has a section for each kind that it says the way of."""

    APPLICATION = "application"
    CHANGE = "change"
    REVIEW = "review"
    HEARING = "hearing"
    APPEAL = "appeal"
    RECOVERY = "recovery"
    REFERRAL = "referral"

    @property
    def label(self) -> str:
        """In Chinese."""
        return _CASE_KINDS[self]


class StepKind(StrEnum):
    """What is done in a step; the cases room knows how to do each kind."""

    ADMISSION = "admission"
    RECORDS_CHECK = "records_check"
    HOME_VISIT = "home_visit"
    COMMUNITY_APPRAISAL = "community_appraisal"
    EXAMINATION = "examination"
    NOTICE = "notice"
    SUBMISSION = "submission"
    DISTRICT_VISIT = "district_visit"
    CONFIRMATION = "confirmation"
    AWARD = "award"
    LETTER = "letter"
    PUBLICATION = "publication"
    COMPLETION = "completion"

    @property
    def label(self) -> str:
        """In Chinese."""
        return _STEP_KINDS[self]


# In these it is found out how a family lives.
SURVEYS = frozenset(
    {StepKind.RECORDS_CHECK, StepKind.HOME_VISIT, StepKind.COMMUNITY_APPRAISAL, StepKind.DISTRICT_VISIT}
)
# What needs nobody's hand where a procedure says so: it is done together with the step before it.
MAY_BE_BY_ITSELF = frozenset({StepKind.AWARD, StepKind.SUBMISSION})


class Circumstance(StrEnum):
    """What may be true of a case and opens a step, closes it off, or allows more time."""

    APPLIED_BY_OTHER = "applied_by_other"
    RELATIVES = "relatives"
    COMPLAINT = "complaint"
    DOUBT = "doubt"
    SAMPLED = "sampled"
    DISPUTED_APPRAISAL = "disputed_appraisal"
    OBJECTION = "objection"
    PROPOSED_REFUSAL = "proposed_refusal"
    OBJECTION_TO_APPROVAL = "objection_to_approval"
    GRANTED = "granted"
    REFUSED = "refused"
    RESIDENCE_APART = "residence_apart"
    APPLIED_ELSEWHERE = "applied_elsewhere"
    HARD_TO_SURVEY = "hard_to_survey"
    SPECIAL = "special"
    URGENT = "urgent"

    @property
    def label(self) -> str:
        """In Chinese."""
        return _CIRCUMSTANCES[self]


OBJECTIONS = (Circumstance.OBJECTION, Circumstance.OBJECTION_TO_APPROVAL)
# What doing a step of a kind may bring about. It is true as long as that step counts, and nobody states it beforehand.
BROUGHT_BY: Mapping[StepKind, frozenset[Circumstance]] = {
    StepKind.COMMUNITY_APPRAISAL: frozenset({Circumstance.DISPUTED_APPRAISAL}),
    StepKind.EXAMINATION: frozenset({Circumstance.PROPOSED_REFUSAL}),
    StepKind.NOTICE: frozenset(OBJECTIONS),
    StepKind.SUBMISSION: frozenset({Circumstance.SAMPLED}),
    StepKind.CONFIRMATION: frozenset({Circumstance.GRANTED, Circumstance.REFUSED}),
}
OF_STEPS = frozenset[Circumstance]().union(*BROUGHT_BY.values())
# Of what these may bring about exactly one comes about; of others each may or may not.
BRINGS_ONE = frozenset({StepKind.CONFIRMATION})
# Of several of these that were done the latest alone counts for what they bring about.
LATEST_COUNTS = frozenset({StepKind.EXAMINATION})


class Letter(StrEnum):
    """A letter that the family gets in the course of a case; the room of letters knows its title and its text."""

    MISSING_PAPERS = "missing_papers"
    ACCEPTANCE = "acceptance"
    RECORDS_REFUSAL = "records_refusal"
    EXTENSION = "extension"
    GRANT = "grant"
    REFUSAL = "refusal"
    INCOMPLETE = "incomplete"
    TERMINATION = "termination"
    WITHDRAWAL = "withdrawal"


class Shown(StrEnum):
    """What a notice or a publication tells the neighbours, and nothing else."""

    APPLICANT_NAME = "applicant_name"
    MEMBER_COUNT = "member_count"
    VISIT_RESULT = "visit_result"
    APPRAISAL_RESULT = "appraisal_result"
    OPINION = "opinion"
    AMOUNT = "amount"

    @property
    def label(self) -> str:
        """In Chinese."""
        return _SHOWN[self]


class ClosingReason(StrEnum):
    """Why a case may end without a decision."""

    WITHDRAWN = "withdrawn"
    INCOMPLETE = "incomplete"
    NOT_COOPERATING = "not_cooperating"
    RECORDS_AGAINST = "records_against"
    NOBODY_LEFT = "nobody_left"

    @property
    def label(self) -> str:
        """In Chinese."""
        return _CLOSINGS[self]


class SignedBy(StrEnum):
    """Who signs a paper."""

    APPLICANT = "applicant"
    EACH_ADULT = "each_adult"


class DayUnit(StrEnum):
    """How days are counted."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    DAY_OF_MONTH = "day_of_month"

    def says(self, number: int) -> str:
        """So many of it in Chinese: 7 天, 3 个工作日, 每月 25 日前."""
        if self is DayUnit.DAY_OF_MONTH:
            return _("每月 {day} 日前").format(day=number)
        return _("{days} 天" if self is DayUnit.DAYS else "{days} 个工作日").format(days=number)


_CASE_KINDS = {
    CaseKind.APPLICATION: _("申请"),
    CaseKind.CHANGE: _("变更"),
    CaseKind.REVIEW: _("复核"),
    CaseKind.HEARING: _("听证"),
    CaseKind.APPEAL: _("申诉"),
    CaseKind.RECOVERY: _("追回"),
    CaseKind.REFERRAL: _("转介"),
}
_STEP_KINDS = {
    StepKind.ADMISSION: _("受理"),
    StepKind.RECORDS_CHECK: _("信息核对"),
    StepKind.HOME_VISIT: _("入户调查"),
    StepKind.COMMUNITY_APPRAISAL: _("民主评议"),
    StepKind.EXAMINATION: _("审核"),
    StepKind.NOTICE: _("公示"),
    StepKind.SUBMISSION: _("报送"),
    StepKind.DISTRICT_VISIT: _("区级入户"),
    StepKind.CONFIRMATION: _("确认"),
    StepKind.AWARD: _("待遇"),
    StepKind.LETTER: _("告知"),
    StepKind.PUBLICATION: _("公布"),
    StepKind.COMPLETION: _("补齐手续"),
}
_CIRCUMSTANCES = {
    Circumstance.APPLIED_BY_OTHER: _("委托他人申请"),
    Circumstance.RELATIVES: _("近亲属单独登记备案"),
    Circumstance.COMPLAINT: _("有投诉、举报"),
    Circumstance.DOUBT: _("有疑问或者需要重点调查"),
    Circumstance.SAMPLED: _("抽查抽中"),
    Circumstance.DISPUTED_APPRAISAL: _("民主评议争议较大"),
    Circumstance.OBJECTION: _("公示有异议"),
    Circumstance.PROPOSED_REFUSAL: _("拟不批准"),
    Circumstance.OBJECTION_TO_APPROVAL: _("拟批准公示有异议"),
    Circumstance.GRANTED: _("确认同意"),
    Circumstance.REFUSED: _("不予确认"),
    Circumstance.RESIDENCE_APART: _("人户分离"),
    Circumstance.APPLIED_ELSEWHERE: _("异地申办"),
    Circumstance.HARD_TO_SURVEY: _("家庭经济状况调查难度较大"),
    Circumstance.SPECIAL: _("其他特殊情况"),
    Circumstance.URGENT: _("情况紧急，须先行救助"),
}
_SHOWN = {
    Shown.APPLICANT_NAME: _("申请人姓名"),
    Shown.MEMBER_COUNT: _("家庭成员数量"),
    Shown.VISIT_RESULT: _("入户调查结果"),
    Shown.APPRAISAL_RESULT: _("民主评议结果"),
    Shown.OPINION: _("审核意见"),
    Shown.AMOUNT: _("保障金额"),
}
_CLOSINGS = {
    ClosingReason.WITHDRAWN: _("申请人撤回"),
    ClosingReason.INCOMPLETE: _("告知后未补齐材料"),
    ClosingReason.NOT_COOPERATING: _("无正当理由拒不配合"),
    ClosingReason.RECORDS_AGAINST: _("经核对不符合条件"),
    ClosingReason.NOBODY_LEFT: _("救助对象已去世或者离开"),
}
