"""告知."""

from django.utils.translation import gettext as _

from yihu.cases.steps import letter
from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.deed import Deed
from yihu.web.desk.cases.step import StepOnPage


class HandOver(Deed):
    """开出通知书."""

    name = "letter"
    kinds = (StepKind.LETTER,)

    def do(self) -> str:
        """Issue it."""
        issued = letter.hand_over(**self.in_step)
        return _("通知书 {number} 已开出，请打印送达并登记签收。").format(number=issued.number)


class LetterOnPage(StepOnPage):
    """告知."""

    kind = StepKind.LETTER
    deeds = (HandOver,)
