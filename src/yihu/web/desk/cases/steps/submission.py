"""报送."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.cases.steps import submission
from yihu.policy.procedures import Circumstance, StepKind
from yihu.web.desk.cases.deed import Deed, text
from yihu.web.desk.cases.step import StepOnPage


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


class SubmissionOnPage(StepOnPage):
    """报送."""

    kind = StepKind.SUBMISSION
    deeds = (Submit,)
