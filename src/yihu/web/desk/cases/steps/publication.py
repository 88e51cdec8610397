"""公布."""

from typing import Any

from django.utils.translation import gettext as _

from yihu.cases.models import CaseStep
from yihu.cases.steps import publication
from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.deed import Deed
from yihu.web.desk.cases.step import Page, StepOnPage
from yihu.web.desk.cases.steps.notice import shown_by


class Publish(Deed):
    """公布."""

    name = "publish"
    kinds = (StepKind.PUBLICATION,)

    def do(self) -> str:
        """Put up name, members and amount."""
        publication.publish(**self.in_step)
        return _("已公布。请打印后张贴到社区公示栏。")


class PublicationOnPage(StepOnPage):
    """公布."""

    kind = StepKind.PUBLICATION
    deeds = (Publish,)

    def context(self, page: Page, row: CaseStep) -> dict[str, Any]:
        """What the sheet tells."""
        return {"shows": shown_by(page)}
