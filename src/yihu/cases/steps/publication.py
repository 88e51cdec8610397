"""公布: what was granted stays up in the community."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy

from yihu.access.actor import Actor
from yihu.cases.case import Case
from yihu.cases.enums import NoticeKind
from yihu.cases.permissions import require_running, require_step
from yihu.cases.procedures import Standing
from yihu.cases.progress import finish, locked
from yihu.cases.steps.notice import NoticeStep, notice_of
from yihu.policy.procedures import StepKind


class PublicationStep(NoticeStep):
    """公布. Nobody objects to it, and nothing waits for its end."""

    kind = StepKind.PUBLICATION
    heading = gettext_lazy("公布")


@transaction.atomic
def publish(*, case: Case, step: str, by: Actor, on: date) -> Standing:
    """Publish the grant in the community: name, number of members, amount, and nothing else (第二十四条)."""
    standing = locked(case)
    require_running(standing.case)
    row = require_step(standing, step, StepKind.PUBLICATION, by, on=on)
    notice = notice_of(standing, step, NoticeKind.GRANT, on=on, ends_on=None)
    notice.step = row
    notice.save()
    return finish(row, by=by, on=on)
