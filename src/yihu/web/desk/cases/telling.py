"""Notices, letters, doubts, more time, and ends without a decision."""

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.capabilities import Capability
from yihu.cases import actions
from yihu.cases.enums import ObjectionSource
from yihu.cases.kinds import kind_of
from yihu.cases.models import Objection
from yihu.cases.objections import may_claim
from yihu.cases.people import closings
from yihu.cases.permissions import may_close
from yihu.cases.steps import letter, notice, publication, submission
from yihu.policy.procedures import Circumstance, ClosingReason, StepKind
from yihu.web.desk.cases.deed import Deed, text, yes_or_no
from yihu.web.desk.cases.turn import Turn


class PostNotice(Deed):
    """开始公示."""

    name = "post"
    kinds = (StepKind.NOTICE,)

    def do(self) -> str:
        """Put it up."""
        posted = notice.post_notice(**self.in_step)
        return _("公示已开始，到 {last} 为止。请打印后张贴到社区公示栏。").format(last=posted.ends_on)


class EndNotice(Deed):
    """公示期满."""

    name = "unpost"
    kinds = (StepKind.NOTICE,)

    note = text(gettext_lazy("说明"), rows=2, required=False)

    def do(self) -> str:
        """It was up for its days."""
        standing = notice.end_notice(**self.in_step, note=self.cleaned_data["note"])
        waiting = [row.label for row in standing.open.values() if kind_of(row.kind).is_survey]
        if waiting:
            return _("公示已办结，接着办“{steps}”。").format(steps="”或“".join(waiting))
        return _("公示已办结。")


class Submit(Deed):
    """报送."""

    name = "submit"
    kinds = (StepKind.SUBMISSION,)

    note = text(gettext_lazy("说明"), rows=2, required=False)

    def do(self) -> str:
        """Hand the file up."""
        standing = submission.submit(**self.in_step, note=self.cleaned_data["note"])
        if Circumstance.SAMPLED in standing.circumstances:
            return _("已报送。这件案子被抽中，区级要入户。")
        return _("已报送。")


class HandOver(Deed):
    """开出通知书."""

    name = "letter"
    kinds = (StepKind.LETTER,)

    def do(self) -> str:
        """Issue it."""
        issued = letter.hand_over(**self.in_step)
        return _("通知书 {number} 已开出，请打印送达并登记签收。").format(number=issued.number)


class Publish(Deed):
    """公布."""

    name = "publish"
    kinds = (StepKind.PUBLICATION,)

    def do(self) -> str:
        """Put up name, members and amount."""
        publication.publish(**self.in_step)
        return _("已公布。请打印后张贴到社区公示栏。")


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
        doubt = get_object_or_404(
            Objection, pk=int(typed["about"]) if typed["about"].isdecimal() else 0, case=self.turn.case
        )
        actions.answer_objection(
            objection=doubt, answer=typed["answer"], upheld=typed["upheld"], by=self.turn.actor, on=self.turn.on
        )
        is_right = typed["upheld"] and doubt.source == ObjectionSource.FAMILY
        if is_right and self.turn.standing.decision is not None:
            return _("异议已答复。案子已经作出决定，请登记变化后重新认定，或者请申请人重新申请。")
        if is_right:
            return _("异议已答复。申请人说得对，须重新核对后再出意见。")
        return _("异议已答复。")


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
