"""What a list of awards from before comes to, row by row: an award to take over, or what is wrong."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from yihu.awards.models import Award
from yihu.households.actions import NewFile
from yihu.policy.labels import ProgrammeLabel


@dataclass(frozen=True, slots=True)
class BadRow:
    """One thing that is wrong: sheet, row as Excel numbers it, column, and how to mend it."""

    sheet: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return _("“{sheet}”第 {row} 行“{column}”：{message}").format(
            sheet=self.sheet, row=self.row, column=self.column, message=self.message
        )


@dataclass(frozen=True, slots=True)
class NewAward:
    """A good row, of a family on file (by its id) or of one to be opened; of that, ``person`` None is the head.

    ``claimed`` is the claim that ran out before, which is taken up again.
    """

    programme: ProgrammeLabel
    amount: int
    mark: str
    start: date
    household: int | None = None
    person: int | None = None
    opens: NewFile | None = None
    claimed: Award | None = None
