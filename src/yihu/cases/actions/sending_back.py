"""A file goes back to an earlier step."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.cases.case import Case
from yihu.cases.enums import Opinion
from yihu.cases.kinds import kind_of
from yihu.cases.permissions import require_may_do, require_running
from yihu.cases.procedures import Standing
from yihu.cases.progress import do_again, locked
from yihu.common.refusals import Refused

# What is done about a decision that no longer fits, since the file cannot go back.
INSTEAD = {
    Opinion.GRANT: gettext_lazy("情况有变的，请登记变化后重新认定，不该再发的终止待遇。"),
    Opinion.REFUSE: gettext_lazy("情况有变的，请申请人重新申请。"),
}


@transaction.atomic
def send_back(*, case: Case, step: str, to: str, reason: str, by: Actor, on: date) -> Standing:
    """Send the file back to an earlier step, which is done again in another round, and what came after it too.

    Raises Refused if the step is not before this one, cannot be repeated, or no reason is given, and once the case is
    decided: then the decision stands until another takes its place.
    """
    standing = locked(case)
    require_running(standing.case)
    by.require(Capability.SEND_BACK_CASES, _("退回案件"))
    decided = standing.decision
    if decided is not None:
        raise Refused(
            _("已于 {day} 作出决定，不能退回。请先办完告知；{instead}").format(
                day=decided.done_on, instead=INSTEAD[Opinion(decided.confirmation.decision)]
            )
        )
    require_may_do(standing, step, by, on=on)
    steps = standing.procedure.steps
    if to not in steps or to not in standing.done or to not in standing.procedure.before(step):
        raise Refused(_("只能退回到这一步之前已经办结的步骤。"), field="to")
    if not kind_of(steps[to].kind).is_repeatable:
        raise Refused(_("“{step}”不能重办。").format(step=steps[to].label), field="to")
    if not reason.strip():
        raise Refused(_("请写明退回的原因，让接手的人知道要查什么。"), field="reason")
    note = _("退回“{step}”：{reason}").format(step=steps[to].label, reason=reason.strip())
    return do_again(standing, to, note=note, by=by, on=on)
