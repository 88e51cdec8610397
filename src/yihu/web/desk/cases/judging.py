"""Settling what differs, giving an opinion, deciding, and sending a file back."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.capabilities import Capability
from yihu.cases import actions
from yihu.cases.enums import Opinion
from yihu.cases.kinds import kind_of
from yihu.cases.preview import Preview
from yihu.cases.steps import confirmation, examination
from yihu.cases.steps.examination import last_opinion
from yihu.common.refusals import Refused
from yihu.households import actions as households
from yihu.households.actions import NewFact
from yihu.households.enums import FactSource
from yihu.households.models import Fact
from yihu.policy.labels import parse_fact
from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.comparing import find
from yihu.web.desk.cases.deed import Deed, text
from yihu.web.desk.cases.turn import Turn


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
    reason = text(gettext_lazy("理由"), hint=gettext_lazy("会写进通知书，请用申请人看得懂的话"))

    def prepare(self) -> None:
        """What the rules say now, and their sentence as a beginning."""
        if self.is_bound:
            return
        seen = self.turn.preview
        if seen.opinion is not None:
            self.initial.update(opinion=seen.opinion, reason=reason_of(seen))

    def do(self) -> str:
        """Give the opinion."""
        typed = self.cleaned_data
        examination.examine(**self.in_step, opinion=Opinion(typed["opinion"]), reason=typed["reason"])
        return _("审核意见已提交。")


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


class SendBack(Deed):
    """退回: to an earlier step, which is done again."""

    name = "back"

    to = forms.ChoiceField(label=gettext_lazy("退回到"), widget=forms.RadioSelect)
    reason = text(gettext_lazy("原因"), rows=2, hint=gettext_lazy("让接手的人知道要查什么"))

    def prepare(self) -> None:
        """The steps before this one that can be done again."""
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)
        to.choices = self.ways(self.turn)

    @staticmethod
    def ways(turn: Turn) -> list[tuple[str, str]]:
        """Where it can go back to, the latest first."""
        steps = turn.standing.procedure.steps
        if turn.row is None or turn.standing.decision is not None:
            return []
        before = turn.standing.procedure.before(turn.row.name) & turn.standing.done.keys()
        return [
            (name, steps[name].label)
            for name in reversed(list(steps))
            if name in before and kind_of(steps[name].kind).is_repeatable
        ]

    @classmethod
    def offered(cls, turn: Turn) -> bool:
        """Whether there is anything to go back to, and the step is his."""
        return turn.may and turn.actor.may(Capability.SEND_BACK_CASES) and bool(cls.ways(turn))

    def do(self) -> str:
        """Send it back."""
        to = self.cleaned_data["to"]
        actions.send_back(**self.in_step, to=to, reason=self.cleaned_data["reason"])
        return _("已退回“{step}”。").format(step=self.turn.standing.procedure.steps[to].label)


def reason_of(seen: Preview) -> str:
    """The sentence of the rules, to begin the reason with."""
    if seen.explanation is None:
        return ""
    why = seen.explanation.lead if seen.opinion is Opinion.GRANT else seen.explanation.reason
    return _("经核对与入户调查，{why}。").format(why=why.rstrip("。")) if why else ""
