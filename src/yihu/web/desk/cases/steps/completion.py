"""补齐手续: the papers that could follow, and what is said of the emergency afterwards."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.cases.models import CaseStep
from yihu.cases.steps import completion
from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.deed import Deed, text
from yihu.web.desk.cases.step import Page, StepOnPage
from yihu.web.desk.cases.steps.admission import BringPaper, paper_rows


class Complete(Deed):
    """补齐手续."""

    name = "complete"
    kinds = (StepKind.COMPLETION,)

    explained = text(gettext_lazy("补充说明"), hint=gettext_lazy("当时的紧急情况，怎样救助的，现在怎样"))
    because = text(gettext_lazy("补不齐的原因"), rows=2, required=False, hint=gettext_lazy("材料都补齐的不填"))

    def do(self) -> str:
        """Everything is made up for, or it is said why not."""
        typed = self.cleaned_data
        completion.complete(**self.in_step, explained=typed["explained"], because=typed["because"])
        return _("手续已补齐。")


class CompletionOnPage(StepOnPage):
    """补齐手续."""

    kind = StepKind.COMPLETION
    deeds = (Complete,)
    several = (BringPaper,)

    def context(self, page: Page, row: CaseStep) -> dict[str, Any]:
        """The papers with a form for each."""
        return {"papers": paper_rows(page)}
