"""Whether a case is contested, and what then has to be looked into. Nothing here writes."""

from yihu.cases.case import Objection
from yihu.cases.enums import ObjectionSource, StepState
from yihu.cases.kinds import kind_of
from yihu.cases.procedures import Standing
from yihu.policy.procedures import OBJECTIONS, OF_STEPS, Circumstance, Step


def surveys_for(standing: Standing, objection: Circumstance) -> tuple[Step, ...]:
    """What the procedure wants looked into again after an objection of this kind."""
    steps = standing.procedure.steps.values()
    return tuple(step for step in steps if objection in step.when and kind_of(step.kind).is_survey)


def contested(standing: Standing, objection: Circumstance) -> bool:
    """Whether somebody objected to a notice and nothing of what the procedure wants was looked into since.

    It stands through a notice that was taken down and put up again. One query.
    """
    steps = standing.procedure.steps
    notices = [row.pk for row in standing.rows if steps[row.name].objection is objection]
    doubts = Objection.objects.filter(source=ObjectionSource.NOTICE, step__in=notices)
    last = max(doubts.values_list("step_id", flat=True), default=None)
    if last is None:
        return False
    kinds = {step.kind for step in surveys_for(standing, objection)}
    surveyed = [
        row.pk for row in standing.rows if row.kind in kinds and row.state in (StepState.DONE, StepState.REPEATED)
    ]
    return last > max(surveyed, default=0)


def may_claim(standing: Standing, word: Circumstance) -> bool:
    """Whether a circumstance may be given as a reason now: what a step brings about only where it came about, an
    objection from the day on which it was raised.
    """
    if word not in OF_STEPS or word in standing.circumstances:
        return True
    return word in OBJECTIONS and contested(standing, word)
