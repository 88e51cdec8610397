"""More time, and ends without a decision."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.capabilities import Capability
from yihu.cases import actions
from yihu.cases.objections import may_claim
from yihu.cases.people import closings
from yihu.cases.permissions import may_close
from yihu.policy.procedures import Circumstance, ClosingReason
from yihu.web.desk.cases.deed import Deed, text
from yihu.web.desk.cases.turn import Turn


class Extend(Deed):
    """延长办理期限."""

    name = "extend"

    circumstances = forms.MultipleChoiceField(
        label=gettext_lazy("情形"), required=False, widget=forms.CheckboxSelectMultiple
    )
    because = text(gettext_lazy("原因"), rows=2, hint=gettext_lazy("会写进告知书"))

    def prepare(self) -> None:
        """Only what the law names and may be claimed now; what is known already is ticked."""
        standing = self.turn.standing
        total = standing.procedure.total
        field = self.fields["circumstances"]
        assert isinstance(field, forms.MultipleChoiceField)
        words = [word for word in sorted(total.when) if may_claim(standing, word)] if total else []
        field.choices = [(word.value, word.label) for word in words]
        self.initial["circumstances"] = [word.value for word in words if word in standing.circumstances]

    @classmethod
    def offered(cls, turn: Turn) -> bool:
        """Whether it can be done now by this person."""
        case = turn.case
        undecided = turn.standing.decision is None
        may = turn.actor.may(Capability.EXTEND_CASES) and turn.standing.procedure.total is not None and undecided
        return may and case.closed_on is None and case.admitted_on is not None and case.extended_on is None

    def do(self) -> str:
        """Take more time."""
        typed = self.cleaned_data
        extended = actions.extend(
            **self.acting,
            circumstances=[Circumstance(word) for word in typed["circumstances"]],
            because=typed["because"],
        )
        return _("期限已延长到 {due}，告知书已开出。").format(due=extended.due_on)


class Close(Deed):
    """结束办理."""

    name = "close"

    reason = forms.ChoiceField(label=gettext_lazy("怎样结束"), widget=forms.RadioSelect)
    because = text(gettext_lazy("原因"), rows=2, hint=gettext_lazy("会写进告知书"))

    def prepare(self) -> None:
        """Only the ways that the procedure has open for this post now."""
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = self.ways(self.turn)

    @staticmethod
    def ways(turn: Turn) -> list[tuple[str, str]]:
        """How it can end."""
        standing = turn.standing
        if standing.case.closed_on is not None:
            return []
        open_now = closings(standing, on=turn.on)
        mine = [way for way in open_now if may_close(standing, way, turn.actor, on=turn.on)]
        return [(way.reason.value, way.reason.label) for way in mine]

    @classmethod
    def offered(cls, turn: Turn) -> bool:
        """Whether it can be done now by this person."""
        return bool(cls.ways(turn))

    def do(self) -> str:
        """End it."""
        typed = self.cleaned_data
        actions.close(**self.acting, reason=ClosingReason(typed["reason"]), because=typed["because"])
        return _("案件已结束，告知书已开出。")
