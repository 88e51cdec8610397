"""区级入户: written down like the street's visit."""

from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.steps.home_visit import HomeVisitOnPage


class DistrictVisitOnPage(HomeVisitOnPage):
    """区级入户."""

    kind = StepKind.DISTRICT_VISIT
