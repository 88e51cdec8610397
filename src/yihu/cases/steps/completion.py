"""补齐手续: after help that could not wait, what was left out is made up for."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.actor import Actor
from yihu.cases.case import Case, CaseStep
from yihu.cases.kinds import KindOfStep, Record
from yihu.cases.papers import papers_of
from yihu.cases.permissions import require_running, require_step
from yihu.cases.procedures import Standing
from yihu.cases.progress import finish, locked
from yihu.common.refusals import Refused
from yihu.policy.procedures import StepKind


class CompletionStep(KindOfStep):
    """补齐手续."""

    kind = StepKind.COMPLETION
    heading = gettext_lazy("补齐手续")

    def records(self, rows: Sequence[CaseStep]) -> list[Record]:
        """What was said of the emergency afterwards, and of what never came."""
        done = [row for row in rows if row.done_on is not None and row.note]
        return [
            Record(row, row.done_on, who=(row.done_by.name,) if row.done_by else (), texts=(("", row.note),))
            for row in done[::-1]
            if row.done_on is not None
        ]


@transaction.atomic
def complete(*, case: Case, step: str, explained: str, because: str = "", by: Actor, on: date) -> Standing:
    """The emergency is over: what happened is written down, and the papers that could follow are there.

    ``because`` says why one never came (社会救助法 第五十条; 京民社救发〔2020〕86号 二（一）2.(1)). Raises Refused
    without an explanation, and, naming them, where papers are missing without a reason.
    """
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.COMPLETION, by, on=on)
    if not explained.strip():
        raise Refused(_("请补充说明当时的紧急情况和怎样救助的。"), field="explained")
    missing = "、".join(paper.label for paper in papers_of(standing, on=on) if not paper.present)
    if missing and not because.strip():
        raise Refused(_("还缺：{papers}。请补齐，或者写明为什么补不齐。").format(papers=missing), field="because")
    note = explained.strip()
    if missing:
        note = _("{explained} 没有补齐：{papers}，因为{because}").format(
            explained=note, papers=missing, because=because.strip()
        )
    return finish(row, by=by, on=on, note=note)
