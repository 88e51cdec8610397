"""确认: the decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.cases.enums import Opinion
from yihu.cases.models import CaseStep
from yihu.cases.people import why_unchecked
from yihu.cases.steps import confirmation
from yihu.cases.steps.examination import last_opinion
from yihu.households import queries as families
from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.deed import Deed, text
from yihu.web.desk.cases.step import Page, StepOnPage
from yihu.web.desk.cases.steps.examination import reason_of


class Confirm(Deed):
    """确认: the decision, as the rules say it today."""

    name = "confirm"
    kinds = (StepKind.CONFIRMATION,)

    decision = forms.ChoiceField(choices=Opinion.choices, widget=forms.HiddenInput)
    reason = text(gettext_lazy("理由"), hint=gettext_lazy("会写进通知书"))

    def prepare(self) -> None:
        """The reason of the opinion stands already."""
        if self.is_bound:
            return
        seen = self.turn.preview
        if seen.opinion is not None:
            examined = last_opinion(self.turn.standing)
            self.initial.update(decision=seen.opinion, reason=examined.reason if examined else reason_of(seen))

    def do(self) -> str:
        """Decide."""
        typed, decision = self.cleaned_data, Opinion(self.cleaned_data["decision"])
        standing = confirmation.confirm(**self.in_step, decision=decision, reason=typed["reason"])
        if standing.decision is None:
            return _("没有作出决定：这一户有成员是经办人员的近亲属，已单独登记备案，须先由区级入户。")
        award = standing.case.awards.first()
        if award is None:
            return _("已决定不予确认。请在期限内书面告知申请人。")
        term = award.terms.get(determination=standing.decision.confirmation.determination)
        return _("已确认，待遇自 {month} 起。").format(month=f"{term.period.lower:%Y-%m}")


class ConfirmationOnPage(StepOnPage):
    """确认."""

    kind = StepKind.CONFIRMATION
    deeds = (Confirm,)

    def context(self, page: Page, row: CaseStep) -> dict[str, Any]:
        """The opinion, what stands in the way, and what the rules say today."""
        turn = page.turn
        return {
            "seen": turn.preview,
            "unchecked": why_unchecked(turn.standing, on=turn.on),
            "examined": last_opinion(turn.standing),
            "unanswered": turn.case.objections.filter(answered_on__isnull=True).count(),
            "unsettled": len(families.discrepancies(turn.case.household, on=turn.on)),
        }
