"""Who has opened which case, and what waits there for him."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, wraps
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.scope import file_open
from yihu.cases.enums import Opinion
from yihu.cases.models import Case, CaseStep
from yihu.cases.permissions import why_not
from yihu.cases.preview import Preview, preview
from yihu.cases.procedures import Standing
from yihu.cases.queries import readable
from yihu.cases.steps.examination import last_opinion
from yihu.cases.stretches import Granted, granted_now
from yihu.households.models import Household
from yihu.policy.procedures import Step
from yihu.web.desk.access import DeskRequest, desk_page, kept_away


@dataclass(frozen=True)
class Turn:
    """A case on the desk of someone. ``row`` is the step in hand, None when no step is open."""

    request: DeskRequest
    standing: Standing
    row: CaseStep | None
    on: date

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.standing.case

    @property
    def actor(self) -> Actor:
        """Who has it on his desk."""
        return self.request.actor

    @property
    def step(self) -> Step | None:
        """The step in hand as the procedure has it."""
        return self.standing.procedure.steps[self.row.name] if self.row else None

    @property
    def why_not(self) -> str:
        """Why he may not do the step in hand, empty if he may."""
        return why_not(self.standing, self.row, self.actor, on=self.on) if self.row else ""

    @cached_property
    def preview(self) -> Preview:
        """What an opinion given now would rest on."""
        return preview(self.standing, on=self.on)

    @property
    def opinion(self) -> str | None:
        """What would be decided now: what was proposed, or what the rules say; None where they cannot say yet."""
        examined = last_opinion(self.standing)
        return self.preview.opinion and (examined.opinion if examined else self.preview.opinion)

    @cached_property
    def granted(self) -> Granted | None:
        """What a grant given now would come to, month by month; None where nothing would be granted."""
        is_grant = self.opinion == Opinion.GRANT
        return granted_now(self.standing, self.preview.amount, on=self.on) if is_grant else None

    @property
    def may(self) -> bool:
        """Whether the step in hand is his to do."""
        return self.row is not None and not self.why_not


def turn_of(request: DeskRequest, case: Case, name: str = "", *, on: date) -> Turn:
    """The case with the open step of that name in hand; without one the first that is his to do, else the first."""
    standing = Standing.of(case)
    rows = [standing.open[step] for step in standing.procedure.steps if step in standing.open]
    mine = [row for row in rows if not why_not(standing, row, request.actor, on=on)]
    asked = [row for row in rows if row.name == name]
    return Turn(request, standing, next(iter((*asked, *mine, *rows)), None), on)


def of_case(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page of one case, for those who may read it, but for the close relatives of the family: they are told that
    they are, and nothing of the case. The view is given the case instead of its number.
    """

    @desk_page(Capability.READ_CASES)
    @wraps(view)
    def guarded(request: DeskRequest, number: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _opened(request, number, lambda case: view(request, case, *args, **kwargs))

    return guarded


def through_case(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page of a family's file to which a case leads, by its number in ``?case=``: who may read the case may read it.

    The view is given the case, None without one, and shows with it only what belongs to it: the family may have moved
    away since.
    """

    @wraps(view)
    def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        number = request.GET.get("case", "")
        if not number or not request.actor.may(Capability.READ_CASES):
            return view(request, *args, case=None, **kwargs)
        return _opened(request, number, lambda case: view(request, *args, case=case, **kwargs))

    return guarded


def _opened(request: DeskRequest, number: str, show: Callable[[Case], HttpResponseBase]) -> HttpResponseBase:
    case = get_object_or_404(readable(request.actor), number=number)
    if case.household_id in dict(request.actor.kept or ()):
        return kept_away(request)
    household = Household.objects.filter(pk=case.household_id).first()
    if household is not None:
        case.household = household
        return show(case)
    # It moved out of his areas since.
    with file_open(case.household_id):
        return show(case)
