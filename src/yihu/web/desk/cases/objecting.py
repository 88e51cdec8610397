"""Doubts, and what came of them."""

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.capabilities import Capability
from yihu.cases import actions
from yihu.cases.enums import ObjectionSource
from yihu.cases.models import Objection
from yihu.web.desk.cases.deed import Deed, text, yes_or_no
from yihu.web.desk.cases.turn import Turn
from yihu.web.numbers import number_in


class Raise(Deed):
    """登记异议或投诉."""

    name = "object"

    source = forms.ChoiceField(label=gettext_lazy("来源"), choices=ObjectionSource.choices, widget=forms.RadioSelect)
    content = text(gettext_lazy("内容"))
    raised_by = forms.CharField(
        label=gettext_lazy("提出人"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("不愿留名的不填；不会告诉申请人"),
    )

    @classmethod
    def offered(cls, turn: Turn) -> bool:
        """Whether it can be done now by this person."""
        return turn.case.closed_on is None and turn.actor.may(Capability.TAKE_OBJECTIONS)

    def do(self) -> str:
        """Write it down."""
        typed = self.cleaned_data
        actions.raise_objection(
            **self.acting,
            source=ObjectionSource(typed["source"]),
            content=typed["content"],
            raised_by=typed["raised_by"],
        )
        return _("已登记，答复以前不能作出决定。")


class Answer(Deed):
    """答复异议; ``about`` is its number."""

    name = "answer"

    upheld = yes_or_no(gettext_lazy("是否属实"))
    answer = text(gettext_lazy("调查处理的结果"))

    @classmethod
    def offered(cls, turn: Turn) -> bool:
        """Whether it can be done by this person."""
        return turn.actor.may(Capability.ANSWER_OBJECTIONS)

    def do(self) -> str:
        """Say what came of it."""
        typed = self.cleaned_data
        doubt = get_object_or_404(Objection, pk=number_in(typed["about"]), case=self.turn.case)
        actions.answer_objection(
            objection=doubt, answer=typed["answer"], upheld=typed["upheld"], by=self.turn.actor, on=self.turn.on
        )
        is_right = typed["upheld"] and doubt.source == ObjectionSource.FAMILY
        if is_right and self.turn.standing.decision is not None:
            return _("异议已答复。案子已经作出决定，请登记变化后重新认定，或者请申请人重新申请。")
        if is_right:
            return _("异议已答复。申请人说得对，须重新核对后再出意见。")
        return _("异议已答复。")
