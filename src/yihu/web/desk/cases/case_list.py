"""The list of cases: filtered, counted, and saved as a workbook of exactly what is seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.posts import labels_of
from yihu.access.scope import file_open
from yihu.cases.enums import CaseState, StepState
from yihu.cases.models import Case, CaseStep
from yihu.cases.queries import RUNNING, handled_in
from yihu.common.calendar import working_days
from yihu.households.actions import record_export, record_read
from yihu.households.enums import ReadKind, ReadPurpose
from yihu.households.models import Household
from yihu.households.queries import kept_households
from yihu.policy.labels import programme_title
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.clocks import Clock, clock_of
from yihu.web.desk.places import place_filter
from yihu.web.desk.workbooks import Column, download, workbook
from yihu.web.parts import Choice, Filter

PAGE = 50
# What stands in the row of states: the empty value is what is being worked on.
STATES = {
    "": RUNNING,
    "granted": (CaseState.GRANTED,),
    "refused": (CaseState.REFUSED,),
    "ended": (CaseState.WITHDRAWN, CaseState.TERMINATED),
    "all": tuple(CaseState),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the list. ``steps`` wait now, for those in ``holders``."""

    case: Case
    name: str
    programme: str
    steps: str
    holders: str
    clock: Clock


@require_http_methods(["GET", "HEAD"])
@desk_page(Capability.READ_CASES)
def cases(request: DeskRequest) -> HttpResponse:
    """Cases of one's areas, those due first on top."""
    on = policy.today()
    every = _of(request, on)
    found = _chosen(every, request.GET, on)
    page = Paginator(_ordered(found), PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": _filters(every, request.GET, on, request.actor.areas),
        "rows": _rows(page, on),
        "page": page,
        "late": found.filter(_is_late(on)).count(),
        "query": request.GET.urlencode(),
    }
    return render(request, "web/desk/cases/cases.html", context)


@require_http_methods(["GET", "HEAD"])
@desk_page(Capability.READ_CASES)
def export(request: DeskRequest) -> HttpResponse:
    """The same list, all its pages, as a workbook; that it was taken away stands in each family's file."""
    on = policy.today()
    rows = _rows(_ordered(_chosen(_of(request, on), request.GET, on)), on)
    columns = (
        Column(_("案号"), width=18),
        Column(_("申请人")),
        Column(_("户号"), width=16),
        Column(_("社区"), width=18),
        Column(_("救助项目"), width=18),
        Column(_("状态")),
        Column(_("当前步骤"), width=18),
        Column(_("由谁办理"), width=18),
        Column(_("申请日期"), "date"),
        Column(_("受理日期"), "date"),
        Column(_("期限"), "date"),
        Column(_("结案日期"), "date"),
    )
    written = [
        (
            *(row.case.number, row.name, row.case.household_number, str(row.case.division), row.programme),
            *(row.case.get_state_display(), row.steps, row.holders),
            *(row.case.asked_on, row.case.admitted_on, row.clock.due, row.case.closed_on),
        )
        for row in rows
    ]
    _taken_out({row.case.household_id: row.case for row in rows}, request.actor)
    return download(workbook(_("案件"), columns, written), _("案件清单 {day}.xlsx").format(day=on))


def _taken_out(cases: dict[int, Case], by: Actor) -> None:
    """Write into the file of each family, wherever it lives now, that the list was taken away."""
    here = list(Household.objects.filter(pk__in=cases))
    record_export(households=here, purpose=ReadPurpose.CASE, detail=_("案件清单"), by=by)
    for pk in cases.keys() - {household.pk for household in here}:
        case = cases[pk]
        with file_open(pk):
            record_read(
                household=case.household,
                kind=ReadKind.EXPORT,
                purpose=ReadPurpose.CASE,
                detail=_("案件清单"),
                handled_in=case.division_id,
                by=by,
            )


def _of(request: DeskRequest, on: date) -> QuerySet[Case]:
    """Every case within reach, but those of the officer's own relatives."""
    return handled_in(request.actor).exclude(household__in=kept_households(request.actor, on=on))


def _is_late(on: date) -> Q:
    late = CaseStep.objects.filter(case=OuterRef("pk"), state=StepState.OPEN, due_on__lt=on)
    return Q(Q(due_on__lt=on) | Q(Exists(late)), state__in=RUNNING)


def _chosen(every: QuerySet[Case], asked: QueryDict, on: date, *, but: str = "") -> QuerySet[Case]:
    """The cases that the filters leave; ``but`` leaves one filter out, to count its choices."""
    wanted = {
        name: "" if name == but else asked.get(name, "") for name in ("state", "step", "programme", "place", "late")
    }
    found = every if but == "state" else every.filter(state__in=STATES.get(wanted["state"], RUNNING))
    if wanted["step"]:
        waiting = CaseStep.objects.filter(case=OuterRef("pk"), state=StepState.OPEN, label=wanted["step"])
        found = found.filter(Exists(waiting))
    if wanted["programme"]:
        found = found.filter(programme=wanted["programme"])
    if wanted["place"]:
        found = found.filter(division__path__startswith=wanted["place"])
    if wanted["late"]:
        found = found.filter(_is_late(on))
    return found


def _ordered(found: QuerySet[Case]) -> QuerySet[Case]:
    nearest = Min("steps__due_on", filter=Q(steps__state=StepState.OPEN))
    waiting = Prefetch("steps", CaseStep.objects.filter(state=StepState.OPEN).order_by("id"), to_attr="waiting")
    ordered = found.annotate(nearest=nearest).prefetch_related(waiting)
    # By the day that the row shows: that of the step, or of the whole where the step has none.
    shown = Coalesce("nearest", "due_on")
    return ordered.order_by(F("closed_on").desc(nulls_first=True), shown.asc(nulls_last=True), "id")


def _rows(found: Iterable[Case], on: date) -> list[Row]:
    calendar = working_days()
    rows = []
    for case in found:
        waiting: list[CaseStep] = case.waiting  # type: ignore[attr-defined]
        nearest = min((row for row in waiting if row.due_on), key=lambda row: row.due_on or on, default=None)
        due = nearest.due_on if nearest else case.due_on
        provisional = nearest.due_is_provisional if nearest else case.due_is_provisional
        if case.closed_on is not None:
            due = None
        rows.append(
            Row(
                case=case,
                name=case.applicant_name,
                programme=programme_title(case.programme),
                steps="、".join(row.label for row in waiting),
                holders=labels_of(dict.fromkeys(post for row in waiting for post in row.posts)),
                clock=clock_of(due, provisional=provisional, on=on, calendar=calendar),
            )
        )
    return rows


def _filters(every: QuerySet[Case], asked: QueryDict, on: date, areas: Sequence[str]) -> list[Filter]:
    by_state: dict[str, int] = dict(
        _chosen(every, asked, on, but="state").order_by().values_list("state").annotate(Count("id"))
    )
    labels = {
        "": _("办理中"),
        "granted": _("已确认"),
        "refused": _("不予确认"),
        "ended": _("撤回或终止"),
        "all": _("全部"),
    }
    states = tuple(
        Choice(value, labels[value], sum(by_state.get(state, 0) for state in STATES[value])) for value in STATES
    )
    late = _chosen(every, asked, on, but="late").filter(_is_late(on)).count()
    waiting = CaseStep.objects.filter(state=StepState.OPEN, case__in=_chosen(every, asked, on, but="step").order_by())
    steps = waiting.order_by("label").values_list("label").annotate(Count("id"))
    programmes = (
        _chosen(every, asked, on, but="programme").order_by("programme").values_list("programme").annotate(Count("id"))
    )
    places = dict(_chosen(every, asked, on, but="place").order_by().values_list("division_id").annotate(Count("id")))
    return [
        Filter("state", states),
        Filter("late", (Choice("", _("不限")), Choice("1", _("已逾期"), late)), _("期限")),
        Filter("step", (Choice("", _("全部")), *(Choice(label, label, count) for label, count in steps)), _("步骤")),
        Filter(
            "programme",
            (Choice("", _("全部")), *(Choice(name, programme_title(name), count) for name, count in programmes)),
            _("项目"),
        ),
        place_filter(places, areas),
    ]
