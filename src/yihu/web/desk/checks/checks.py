"""核对: which questions wait at which departments, since when, and what came back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yihu.access.capabilities import Capability
from yihu.common.calendar import working_days
from yihu.common.working_days import WorkingDays
from yihu.households.actions import record_export
from yihu.households.enums import ReadPurpose
from yihu.households.models import Household
from yihu.records_checks import queries
from yihu.records_checks.enums import WAITING, RequestState
from yihu.records_checks.models import SourceRequest
from yihu.records_checks.queries import PATIENCE, SourceStanding
from yihu.records_checks.sources import label_of
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.places import place_filter
from yihu.web.desk.workbooks import Column, download, workbook
from yihu.web.parts import Chip, Choice, Filter, Tone

PAGE = 50
# What stands in the row of states: the empty value is what is still waited for.
STATES: Mapping[str, tuple[RequestState, ...]] = {
    "": WAITING,
    "answered": (RequestState.ANSWERED,),
    "failed": (RequestState.FAILED,),
    "cancelled": (RequestState.CANCELLED,),
    "all": tuple(RequestState),
}
TONES: Mapping[RequestState, Tone] = {RequestState.ANSWERED: "good", RequestState.FAILED: "bad"}


@dataclass(frozen=True, slots=True)
class Line:
    """One source: how it stands, for how many working days the oldest question waits, and its files not taken."""

    standing: SourceStanding
    days: int | None
    files: int


@dataclass(frozen=True, slots=True)
class Row:
    """One question. ``days`` are the working days from asking to the answer, or until now; None: nothing waits."""

    request: SourceRequest
    label: str
    state: Chip
    name: str
    case: str
    asked_by: str
    days: int | None
    is_waiting: bool

    @property
    def is_late(self) -> bool:
        """Whether the source has been silent for too long."""
        return self.is_waiting and self.days is not None and self.days > PATIENCE


@require_http_methods(["GET", "HEAD"])
@desk_page(Capability.READ_CHECKS)
def checks(request: DeskRequest) -> HttpResponse:
    """The sources, and the questions to them: what waits longest on top."""
    on, calendar = policy.today(), working_days()
    asked = Asked(request, on, calendar)
    found = asked.chosen()
    page = Paginator(asked.ordered(found), PAGE).get_page(request.GET.get("page"))
    files = _files_by_source(request, on)
    lines = [
        Line(each, calendar.between(each.oldest, on) if each.oldest else None, files.get(each.name, 0))
        for each in queries.standings(asked.every, late=asked.late, on=on)
    ]
    context = {
        "lines": lines,
        "waiting": sum(line.standing.waiting for line in lines),
        "waiting_late": sum(line.standing.late for line in lines),
        "answered": sum(line.standing.answered for line in lines),
        "files": sum(files.values()),
        "patience": PATIENCE,
        "lately": queries.LATELY.days,
        "filters": asked.filters(),
        "is_waiting": asked.wanted["state"] == "",
        "rows": rows_of(page.object_list, on, calendar),
        "page": page,
        "totals": asked.totals(found),
        "query": request.GET.urlencode(),
    }
    return render(request, "web/desk/checks/checks.html", context)


@require_http_methods(["GET", "HEAD"])
@desk_page(Capability.READ_CHECKS)
def export(request: DeskRequest) -> HttpResponse:
    """The same list, all its pages, as a workbook; that it was taken away stands in each family's file."""
    on, calendar = policy.today(), working_days()
    asked = Asked(request, on, calendar)
    found = asked.chosen()
    columns = (
        Column(_("提请日期"), "date"), Column(_("来源")), Column(_("请求号")), Column(_("申请人")),
        Column(_("户号"), width=16), Column(_("社区"), width=18), Column(_("案号"), width=18), Column(_("状态")),
        Column(_("工作日"), "number", 8), Column(_("答复日期"), "date"), Column(_("数据截止日期"), "date"),
        Column(_("未能答复的原因"), width=24), Column(_("提请人")),
    )  # fmt: skip
    written = [
        (
            *(row.request.check_round.asked_on, row.label, row.request.number, row.name),
            *(row.request.check_round.household.number, str(row.request.check_round.household.division)),
            *(row.case, row.state.text, row.days, row.request.answered_on, row.request.data_as_of),
            *(row.request.failure if row.request.state == RequestState.FAILED else "", row.asked_by),
        )
        for row in rows_of(asked.ordered(found), on, calendar)
    ]
    families = Household.objects.filter(pk__in=found.order_by().values("check_round__household"))
    record_export(households=families, purpose=ReadPurpose.CASE, detail=_("核对清单"), by=request.actor)
    return download(workbook(_("核对"), columns, written), _("核对清单 {day}.xlsx").format(day=on))


class Asked:
    """The questions within someone's reach, and those of them that the address asks for."""

    def __init__(self, request: DeskRequest, on: date, calendar: WorkingDays) -> None:
        self.every = queries.asked_in(request.actor, on=on)
        self.late = queries.late_since(calendar, on)
        self.areas = request.actor.areas
        self.wanted = {name: request.GET.get(name, "") for name in ("state", "late", "source", "place")}

    def chosen(self, *, but: str = "") -> QuerySet[SourceRequest]:
        """What the filters leave; ``but`` leaves one filter out, to count its choices."""
        wanted = self.wanted | ({but: ""} if but else {})
        found = self.every if but == "state" else self.every.filter(state__in=STATES.get(wanted["state"], WAITING))
        if wanted["late"]:
            found = self.only_late(found)
        if wanted["source"]:
            found = found.filter(source=wanted["source"])
        if wanted["place"]:
            found = found.filter(check_round__household__division__path__startswith=wanted["place"])
        return found

    def totals(self, found: QuerySet[SourceRequest]) -> dict[str, int]:
        """How many families these are about, and how many of them have waited for too long."""
        late = Q(state__in=WAITING, check_round__asked_on__lte=self.late)
        return found.aggregate(families=Count("check_round__household", distinct=True), late=Count("pk", filter=late))

    def only_late(self, found: QuerySet[SourceRequest]) -> QuerySet[SourceRequest]:
        """Those that have waited for too long."""
        return found.filter(state__in=WAITING, check_round__asked_on__lte=self.late)

    def ordered(self, found: QuerySet[SourceRequest]) -> QuerySet[SourceRequest]:
        """What waits longest first; of what has ended, the latest."""
        shown = with_case(found)
        if self.wanted["state"] == "":
            return shown.order_by("check_round__asked_on", "id")
        return shown.order_by("-check_round__asked_on", "-check_round", "id")

    def filters(self) -> list[Filter]:
        """Each choice with how many rows it would leave."""
        by_state = _counts(self.chosen(but="state"), "state")
        labels = {
            "": _("等待答复"),
            "answered": _("已答复"),
            "failed": _("未能答复"),
            "cancelled": _("已撤回"),
            "all": _("全部"),
        }
        states = tuple(
            Choice(value, labels[value], sum(by_state.get(state, 0) for state in STATES[value])) for value in STATES
        )
        sources = _counts(self.chosen(but="source"), "source")
        late = self.only_late(self.chosen(but="late")).count()
        beyond = _("超过 {n} 个工作日").format(n=PATIENCE)
        return [
            Filter("state", states),
            Filter("late", (Choice("", _("不限")), Choice("1", beyond, late)), _("等待")),
            Filter(
                "source",
                (Choice("", _("全部")), *(Choice(name, label_of(name), sources[name]) for name in sorted(sources))),
                _("来源"),
            ),
            place_filter(_counts(self.chosen(but="place"), "check_round__household__division_id"), self.areas),
        ]


def with_case(found: QuerySet[SourceRequest]) -> QuerySet[SourceRequest]:
    """Questions with their family and the case that they were asked for."""
    return found.select_related("check_round__household__division", "check_round__asked_by").annotate(
        case=F("check_round__case_check__case__number"),
        applicant=F("check_round__case_check__case__applicant_name"),
    )


def rows_of(found: Iterable[SourceRequest], on: date, calendar: WorkingDays) -> list[Row]:
    """Questions `with_case` as lists show them."""
    return [_row(request, on, calendar) for request in found]


def _row(request: SourceRequest, on: date, calendar: WorkingDays) -> Row:
    state, asked_on = RequestState(request.state), request.check_round.asked_on
    is_waiting = state in WAITING
    until = on if is_waiting else request.answered_on
    return Row(
        request=request,
        label=label_of(request.source),
        state=Chip(str(state.label), TONES.get(state, "plain")),
        name=request.applicant or request.check_round.household.number,  # type: ignore[attr-defined]
        case=request.case or "",  # type: ignore[attr-defined]
        asked_by=request.check_round.asked_by.shown_name,
        days=calendar.between(asked_on, until) if until else None,
        is_waiting=is_waiting,
    )


def _counts(found: QuerySet[SourceRequest], column: str) -> dict[str, int]:
    return dict(found.order_by().values_list(column).annotate(Count("id")))


def _files_by_source(request: DeskRequest, on: date) -> dict[str, int]:
    """How many files of each source were not taken and wait for somebody to see to them."""
    waiting = queries.refused_files(request.actor, on=on).filter(settled_on__isnull=True)
    return dict(waiting.order_by().values_list("source").annotate(Count("id")))


urlpatterns = [
    path("checks/", checks, name="checks"),
    path("checks/export/", export, name="checks_export"),
]
