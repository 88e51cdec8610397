"""退回: the file goes back to an earlier step."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.capabilities import Capability
from yihu.cases import actions
from yihu.cases.kinds import kind_of
from yihu.web.desk.cases.deed import Deed, text
from yihu.web.desk.cases.turn import Turn


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
