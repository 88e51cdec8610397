"""审核: settling what differs, then the opinion."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.cases.enums import Opinion
from yihu.cases.models import CaseStep
from yihu.cases.people import why_unchecked
from yihu.cases.steps import examination
from yihu.cases.steps.home_visit import VISITS
from yihu.common.refusals import Refused
from yihu.households import actions as households
from yihu.households.actions import NewFact
from yihu.households.enums import FactSource
from yihu.households.models import Fact
from yihu.policy.labels import parse_fact
from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.comparing import compared, find
from yihu.web.desk.cases.deed import Deed, Yuan, text
from yihu.web.desk.cases.step import Page, StepOnPage
from yihu.web.desk.cases.turn import Turn

WHY_LESS = gettext_lazy("为什么不给到限额")
WHY_LESS_HINT = gettext_lazy("低于限额的要写，会写进通知书")


class Settle(Deed):
    """采信: which side is right, or what was found to be true instead. ``about`` names fact and person."""

    name = "settle"
    kinds = (StepKind.EXAMINATION,)

    side = forms.ChoiceField(label=gettext_lazy("采信"), widget=forms.RadioSelect)
    found = forms.CharField(label=gettext_lazy("核实为"), required=False, max_length=200)
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=400, help_text=gettext_lazy("会留在档案里"))

    def prepare(self) -> None:
        """The two sides, and a third that was found out."""
        self.difference = find(self.turn, self.prepared_for)
        side = self.fields["side"]
        assert isinstance(side, forms.ChoiceField)
        side.choices = [*self.sides(), ("found", _("都不对，另行核实"))]

    def sides(self) -> list[tuple[str, str]]:
        """What was said, as it can be chosen."""
        return (
            [(str(said.fact.pk), f"{said.label} {said.text}") for said in self.difference.said]
            if self.difference
            else []
        )

    @transaction.atomic
    def do(self) -> str:
        """Write it down as verified."""
        typed, turn = self.cleaned_data, self.turn
        if self.difference is None:
            raise Refused(_("这一处已经采信，不用再办。"))
        if typed["side"] != "found":
            adopted = Fact.objects.get(pk=typed["side"])
            households.settle(adopted=adopted, reason=typed["reason"], by=turn.actor, on=turn.on)
            return _("{what}已采信。").format(what=self.difference.label)
        if not typed["found"].strip():
            raise Refused(_("请填写核实的结果，写法与申报相同。"), field="found")
        try:
            value = parse_fact(self.difference.name, typed["found"])
        except Refused as refused:
            raise Refused(refused.message, field="found") from None
        fact = NewFact(name=self.difference.name, value=value, person=self.difference.person, note=typed["reason"])
        households.record_facts(
            household=turn.case.household, facts=[fact], source=FactSource.VERIFIED, by=turn.actor, on=turn.on
        )
        return _("{what}已按核实的登记。").format(what=self.difference.label)


class Examine(Deed):
    """审核意见: the rules give it, the officer gives the reason in words that the family understands."""

    name = "examine"
    kinds = (StepKind.EXAMINATION,)

    opinion = forms.ChoiceField(choices=Opinion.choices, widget=forms.HiddenInput)
    amount = Yuan(label=gettext_lazy("拟给（元）"), help_text=gettext_lazy("不超过限额"))
    why_less = text(WHY_LESS, rows=2, required=False, hint=WHY_LESS_HINT)
    reason = text(gettext_lazy("理由"), hint=gettext_lazy("请用申请人看得懂的话；不同意的，会写进通知书"))

    def prepare(self) -> None:
        """What the rules say now, and their sentence as a beginning; an amount is typed only below a ceiling."""
        if not self.turn.preview.is_ceiling or self.turn.preview.opinion is not Opinion.GRANT:
            del self.fields["amount"], self.fields["why_less"]
        if self.is_bound:
            return
        seen = self.turn.preview
        if seen.opinion is not None:
            self.initial.update(opinion=seen.opinion, reason=reason_of(self.turn))

    def do(self) -> str:
        """Give the opinion."""
        typed = self.cleaned_data
        examination.examine(
            **self.in_step,
            opinion=Opinion(typed["opinion"]),
            reason=typed["reason"],
            amount=typed.get("amount"),
            why_less=typed.get("why_less", ""),
        )
        return _("审核意见已提交。")


class ProposeRefusal(Deed):
    """拟不同意: against what the rules say, with the officer's own reason; the decider has to agree."""

    name = "propose_refusal"
    kinds = (StepKind.EXAMINATION,)

    reason = text(gettext_lazy("为什么不同意"), hint=gettext_lazy("会写进通知书，须由决定的人同意"))

    @classmethod
    def offered(cls, turn: Turn) -> bool:
        """Where the rules grant it; where they do not, the opinion refuses anyway."""
        return super().offered(turn) and turn.preview.opinion is Opinion.GRANT

    def do(self) -> str:
        """Give the opinion."""
        examination.examine(**self.in_step, opinion=Opinion.REFUSE, reason=self.cleaned_data["reason"])
        return _("审核意见已提交：拟不同意。")


def reason_of(turn: Turn) -> str:
    """What was done to find it out, and the sentence of the rules, to begin the reason with."""
    seen = turn.preview
    if seen.explanation is None:
        return ""
    why = seen.explanation.lead if seen.opinion is Opinion.GRANT else seen.explanation.reason
    return _("{after}，{why}。").format(after=_after(turn), why=why.rstrip("。")) if why else ""


def _after(turn: Turn) -> str:
    done = {StepKind(row.kind) for row in turn.standing.done.values()}
    checked, visited = StepKind.RECORDS_CHECK in done, bool(done & {*VISITS})
    if checked:
        return _("经核对与入户调查") if visited else _("经核对")
    return _("经入户调查") if visited else _("经审核")


class ExaminationOnPage(StepOnPage):
    """审核."""

    kind = StepKind.EXAMINATION
    deeds = (Examine, ProposeRefusal)
    several = (Settle,)

    def context(self, page: Page, row: CaseStep) -> dict[str, Any]:
        """What each source says, what is still to be settled, and what the rules say now."""
        turn = page.turn
        rows = compared(turn.case.household, on=turn.on)
        open_ones = [each.difference for each in rows if each.difference]
        return {
            "compared": rows,
            "settling": {each.key: page.form(Settle, each.key) for each in open_ones},
            "unsettled": len(open_ones),
            "unchecked": why_unchecked(turn.standing, on=turn.on),
            "seen": turn.preview,
            "opinion": turn.preview.opinion,
        }
