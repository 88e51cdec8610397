"""待遇: the award began with the decision; nobody has anything to do here."""

from yihu.cases.kinds import KindOfStep
from yihu.policy.procedures import StepKind


class AwardStep(KindOfStep):
    """待遇."""

    kind = StepKind.AWARD
