"""区级入户: the district sees for itself, such as where somebody who works here is a close relative."""

from datetime import date

from django.utils.translation import gettext_lazy

from yihu.cases.permissions import relatives_in
from yihu.cases.procedures import Standing
from yihu.cases.steps.home_visit import HomeVisitStep
from yihu.policy.procedures import Circumstance, StepKind


class DistrictVisitStep(HomeVisitStep):
    """区级入户."""

    kind = StepKind.DISTRICT_VISIT
    heading = gettext_lazy("区级入户")

    def arises(self, standing: Standing, *, on: date) -> frozenset[Circumstance]:
        """A family of a close relative is registered apart whenever that becomes known before the decision
        (民发〔2021〕57号 第十一条), and the district visits it (第二十条).
        """
        if standing.decision is not None or Circumstance.RELATIVES in standing.circumstances:
            return frozenset()
        return frozenset({Circumstance.RELATIVES} if relatives_in(standing.case.household, on=on) else ())
