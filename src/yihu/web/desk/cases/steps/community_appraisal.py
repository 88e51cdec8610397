"""民主评议."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.cases.steps import community_appraisal
from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.deed import Deed, day, text, yes_or_no
from yihu.web.desk.cases.step import StepOnPage


class RecordAppraisal(Deed):
    """民主评议."""

    name = "appraise"
    kinds = (StepKind.COMMUNITY_APPRAISAL,)

    held_on = day(gettext_lazy("评议日期"))
    participants = forms.IntegerField(label=gettext_lazy("参加人数"), min_value=0, max_value=999)
    residents = forms.IntegerField(label=gettext_lazy("其中居民代表"), min_value=0, max_value=999)
    found_true = yes_or_no(gettext_lazy("申报和调查结果真实有效"))
    disputed = forms.BooleanField(label=gettext_lazy("争议较大"), required=False)
    minutes = text(gettext_lazy("评议记录"), rows=4)

    def prepare(self) -> None:
        """Usually it is written down on the day."""
        self.initial["held_on"] = self.turn.on

    def do(self) -> str:
        """Write down what the neighbours found."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in ("about", "step")}
        community_appraisal.record_appraisal(**self.in_step, **typed)
        return _("民主评议已登记。")


class CommunityAppraisalOnPage(StepOnPage):
    """民主评议."""

    kind = StepKind.COMMUNITY_APPRAISAL
    deeds = (RecordAppraisal,)
