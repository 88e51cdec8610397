"""确认: the decision."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.cases.enums import Opinion
from yihu.cases.models import CaseStep
from yihu.cases.people import why_unchecked
from yihu.cases.steps import confirmation
from yihu.cases.steps.examination import last_opinion
from yihu.cases.stretches import Stretch, granted_by, words_of
from yihu.common.fen import yuan
from yihu.common.months import next_month
from yihu.households import queries as families
from yihu.policy.labels import programme_of
from yihu.policy.procedures import StepKind
from yihu.policy.words import ProgrammeKind
from yihu.web.desk.cases.deed import Deed, Yuan, text
from yihu.web.desk.cases.step import Page, StepOnPage
from yihu.web.desk.cases.steps.examination import WHY_LESS, WHY_LESS_HINT, reason_of
from yihu.web.desk.cases.turn import Turn


class Confirm(Deed):
    """确认: the decision, as the rules say it today."""

    name = "confirm"
    kinds = (StepKind.CONFIRMATION,)

    decision = forms.ChoiceField(choices=Opinion.choices, widget=forms.HiddenInput)
    amount = Yuan(label=gettext_lazy("给多少（元）"), help_text=gettext_lazy("不超过限额"))
    why_less = text(WHY_LESS, rows=2, required=False, hint=WHY_LESS_HINT)
    since = forms.TypedChoiceField(
        label=gettext_lazy("情况从哪个月起一直如此"),
        widget=forms.RadioSelect,
        coerce=date.fromisoformat,
        help_text=gettext_lazy("档案里没有这些月份的记载，从符合条件的当月起补发；请按申请人的证明选择"),
    )
    reason = text(gettext_lazy("理由"), hint=gettext_lazy("不同意的，会写进通知书"))

    def prepare(self) -> None:
        """The opinion with its reason and its amount stands already."""
        if not self.turn.preview.is_ceiling or self.turn.opinion != Opinion.GRANT:
            del self.fields["amount"], self.fields["why_less"]
        months = _months_to_say(self.turn)
        if months:
            since = self.fields["since"]
            assert isinstance(since, forms.ChoiceField)
            since.choices = [(f"{month}", f"{month:%Y-%m}") for month in months]
        else:
            del self.fields["since"]
        if self.is_bound:
            return
        seen, examined = self.turn.preview, last_opinion(self.turn.standing)
        if seen.opinion is None:
            return
        self.initial.update(decision=seen.opinion, reason=reason_of(self.turn))
        if examined is not None:
            amount = yuan(examined.amount) if examined.amount is not None else ""
            proposed = {"decision": examined.opinion, "reason": examined.reason}
            self.initial.update(proposed, amount=amount, why_less=examined.why_less)

    def do(self) -> str:
        """Decide."""
        typed, decision = self.cleaned_data, Opinion(self.cleaned_data["decision"])
        standing = confirmation.confirm(
            **self.in_step,
            decision=decision,
            reason=typed["reason"],
            amount=typed.get("amount"),
            why_less=typed.get("why_less", ""),
            since=typed.get("since"),
        )
        if standing.decision is None:
            return _("没有作出决定：这一户有成员是经办人员的近亲属，已单独登记备案，须先由区级入户。")
        if standing.decision.confirmation.decision == Opinion.REFUSE:
            return _("已决定不予确认。请在期限内书面告知申请人。")
        award = standing.case.awards.first()
        if award is None:
            return _("已确认。")
        decided = standing.decision.confirmation
        first = granted_by(standing.case, decided.decided_on, decided.determination_id)[0].period.lower
        if award.kind == ProgrammeKind.MONTH:
            return _("已确认，待遇自 {month} 起。").format(month=f"{first:%Y-%m}")
        if award.kind == ProgrammeKind.ONCE and decided.amount:
            return _("已确认，一次性给 {amount} 元。").format(amount=yuan(decided.amount))
        return _("已确认，自 {day} 起。").format(day=first)


class ConfirmationOnPage(StepOnPage):
    """确认."""

    kind = StepKind.CONFIRMATION
    deeds = (Confirm,)

    def context(self, page: Page, row: CaseStep) -> dict[str, Any]:
        """The opinion, what stands in the way, and what the rules say today."""
        turn, examined = page.turn, last_opinion(page.turn.standing)
        opinion = turn.opinion
        stretches = turn.granted.stretches if turn.granted else ()
        return {
            "seen": turn.preview,
            "opinion": opinion,
            "unchecked": why_unchecked(turn.standing, on=turn.on),
            "examined": examined,
            "starts": _starts(turn, stretches[0]) if stretches else "",
            "by_month": words_of(stretches) if len(stretches) > 1 else [],
            "unanswered": turn.case.objections.filter(answered_on__isnull=True).count(),
            "unsettled": len(families.discrepancies(turn.case.household, on=turn.on)),
        }


def _months_to_say(turn: Turn) -> tuple[date, ...]:
    """The months of which the decider says since when things are as they are; the last stands for none of them."""
    granted = turn.granted if turn.row is not None else None
    return (*granted.unproved, granted.start) if granted and granted.unproved else ()


def _starts(turn: Turn, first: Stretch) -> str:
    """From when on, as the button says it."""
    label, start = programme_of(turn.case.programme, turn.case.division_id), first.period.lower
    assert start is not None
    if label.kind is ProgrammeKind.MONTH:
        return (
            _("次月起发放") if start == next_month(turn.on) else _("自 {month} 起发放").format(month=f"{start:%Y-%m}")
        )
    return {
        ProgrammeKind.STATUS: _("自 {day} 起").format(day=start),
        ProgrammeKind.ONCE: _("一次性给予"),
        ProgrammeKind.YEAR: _("本年度给予"),
        ProgrammeKind.SEASON: _("本季给予"),
    }[label.kind]
