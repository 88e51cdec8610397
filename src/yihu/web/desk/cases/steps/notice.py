"""公示."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.cases.kinds import kind_of
from yihu.cases.models import CaseStep, PublicNotice
from yihu.cases.steps import notice
from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.deed import Deed, text
from yihu.web.desk.cases.step import Page, StepOnPage


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


def shown_by(page: Page) -> list[str]:
    """What the procedure lets the sheet tell."""
    return [shown.label for shown in page.turn.step.shows] if page.turn.step else []


class NoticeOnPage(StepOnPage):
    """公示."""

    kind = StepKind.NOTICE
    deeds = (
        PostNotice,
        EndNotice,
    )

    def context(self, page: Page, row: CaseStep) -> dict[str, Any]:
        """The sheet that hangs, and what it tells."""
        sheet = PublicNotice.objects.filter(step=row).first()
        return {"notice": sheet, "hangs": bool(sheet and sheet.hangs(page.turn.on)), "shows": shown_by(page)}
