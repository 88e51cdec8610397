"""待遇: the award began with the decision; nobody has anything to do here."""

from django.utils.translation import gettext as _

from yihu.cases.kinds import KindOfStep
from yihu.policy.procedures import Step, StepKind


class AwardStep(KindOfStep):
    """待遇."""

    kind = StepKind.AWARD

    def ahead(self, step: Step) -> str:
        """From when on it is given."""
        return _("按申请月份") if step.from_application else _("次月起") if step.months_after else _("决定后")
