"""What the page of a case asks of every kind of step. Each kind is a module of ``cases.steps``, listed there once."""

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

from yihu.cases.models import CaseStep
from yihu.policy.procedures import StepKind
from yihu.web.desk.cases.deed import Deed
from yihu.web.desk.cases.turn import Turn


class Page(Protocol):
    """The page as a step sees it: whose turn it is, and the forms, among them one that could not be done."""

    turn: Turn

    def form(self, deed: type[Deed], about: str = "") -> Deed:
        """A form of this kind; ``about`` tells apart several on one page."""


class StepOnPage:
    """One kind of step on the page: its ``deeds``, and ``several`` which are made with the rows that they are about."""

    kind: ClassVar[StepKind]
    deeds: ClassVar[Sequence[type[Deed]]] = ()
    several: ClassVar[Sequence[type[Deed]]] = ()

    def context(self, page: Page, row: CaseStep) -> dict[str, Any]:
        """What its template places besides, by name, where the step is in hand."""
        return {}
