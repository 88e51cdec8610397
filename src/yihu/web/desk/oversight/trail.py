"""监督: all that ever happened to one family's file, and who looked into it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from django import forms
from django.apps import apps
from django.core.paginator import Paginator
from django.db.models import Count, Max, QuerySet, Value
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from yihu.access.capabilities import Capability
from yihu.access.models import Principal
from yihu.awards.queries import terms_of
from yihu.cases.models import Case
from yihu.common.history import changes_of
from yihu.common.models import Change
from yihu.households.enums import ReadKind
from yihu.households.models import FileRead, Household
from yihu.households.queries import members_on
from yihu.organisations.queries import within
from yihu.payments.models import PaymentLine
from yihu.policy.models import Determination
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.families.purpose import look, purpose_of
from yihu.web.desk.oversight.trail_words import Entry, folded, told
from yihu.web.desk.rooms import ROOMS
from yihu.web.desk.workbooks import Column, download, workbook
from yihu.web.numbers import NUMBER, number_in
from yihu.web.parts import Choice, Filter

PER_PAGE = 50
READ = "read"
# Of the last payments that the page shows beside the story; the run tells the rest.
SHOWN_PAYMENTS = 24
# The applications that a family's changes come from, in the order of the work.
APPS = tuple(app for room in ROOMS for app in room.apps)


class NumberForm(forms.Form):
    """Which family."""

    number = forms.CharField(label=gettext_lazy("户号"), max_length=20, strip=True)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.READ_TRAILS)
def supervision(request: DeskRequest) -> HttpResponse:
    """The way to a family's trail, and who looked into which file of late."""
    form = NumberForm(request.POST or None)
    if form.is_valid():
        number = form.cleaned_data["number"].upper()
        if Household.objects.filter(within(request.actor), number=number).exists():
            return redirect("desk:trail", number=number)
        form.add_error("number", _("没有户号为 {number} 的家庭。请核对，或在上方按姓名查找。").format(number=number))
    reads = FileRead.objects.filter(within(request.actor, "household__division_id"))
    kinds = dict(reads.order_by().values_list("kind").annotate(Count("pk")))
    kind = request.GET.get("kind", "")
    shown = reads.filter(kind=kind) if kind in ReadKind.values else reads
    page = Paginator(shown.select_related("household__division__parent", "actor").order_by("-id"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "page": page,
        "rows": [(read, read.actor.shown_name) for read in page.object_list],
        "filters": [
            Filter(
                "kind",
                (
                    Choice("", _("全部"), sum(kinds.values())),
                    *(Choice(value, str(label), kinds[value]) for value, label in ReadKind.choices if value in kinds),
                ),
            )
        ],
    }
    return render(request, "web/desk/oversight/supervision.html", context)


@require_safe
@desk_page(Capability.READ_TRAILS)
def trail(request: DeskRequest, number: str) -> HttpResponse:
    """Everything that happened, latest first, with what it rests on beside it."""
    household = _household(request, number)
    if (response := _recorded(request, household)) is not None:
        return response
    asked = Asked(request, household)
    page = Paginator(asked.rows(), PER_PAGE).get_page(request.GET.get("page"))
    head = next(iter(members_on(household, policy.today())), None)
    lines = PaymentLine.objects.filter(household=household, cancelled=False).select_related("run", "award", "term")
    context = {
        "household": household,
        "head": head.person.name if head else household.number,
        "asked": asked,
        "filters": asked.filters(),
        "page": page,
        "days": folded(told(list(page.object_list))),
        "determinations": Determination.objects.filter(household=household).select_related("person").order_by("-id"),
        "cases": Case.objects.filter(household=household).order_by("-id"),
        "terms": terms_of(household.pk),
        "lines": lines.order_by("-run__month", "-period", "id")[:SHOWN_PAYMENTS],
        "readers": _readers(household),
    }
    return render(request, "web/desk/oversight/trail.html", context)


@require_safe
@desk_page(Capability.READ_TRAILS)
def export(request: DeskRequest, number: str) -> HttpResponse:
    """The same story as a workbook, one row for each column that changed; that it was taken along is recorded."""
    household = _household(request, number)
    if (response := look(request, household, ReadKind.EXPORT, detail=_("一户留痕"))) is not None:
        return response
    entries = told(list(Asked(request, household).rows()))
    columns = (
        Column(_("时间"), width=20), Column(_("经办人"), width=16), Column(_("来处"), width=16), Column(_("类别")),
        Column(_("动作")), Column(_("对象"), width=24), Column(_("项目"), width=18), Column(_("之前"), width=30),
        Column(_("之后"), width=30), Column(_("原因"), width=30),
    )  # fmt: skip
    content = workbook(_("一户留痕"), columns, _rows(entries))
    return download(content, _("{number} 留痕.xlsx").format(number=household.number))


class Asked:
    """Which part of a family's story the address asks for; what the address says wrong is left out and named."""

    def __init__(self, request: DeskRequest, household: Household) -> None:
        self._changes = changes_of(household.pk)
        self._reads = FileRead.objects.filter(household=household)
        self.kind = request.GET.get("kind", "")
        self.problem = ""
        self.who = self._principal(request)
        self.first, self.last = self._day(request, "from"), self._day(request, "to")
        self.first_typed, self.last_typed = request.GET.get("from", ""), request.GET.get("to", "")
        self.query = request.GET.urlencode()

    def rows(self) -> QuerySet[Change, tuple[datetime, int, str]]:
        """When, id and whether it is a change or a look, of all that is asked for, latest first."""
        changes, reads = self._within(self._changes), self._within(self._reads)
        if self.kind == READ:
            changes = changes.none()
        elif self.kind:
            changes, reads = changes.filter(table__in=_tables(self.kind)), reads.none()
        if self.who:
            changes, reads = changes.filter(actor_id=self.who), reads.filter(actor_id=self.who)
        told_of = changes.order_by().values_list("at", "id", Value("change"))
        looked = reads.order_by().values_list("at", "id", Value(READ))
        return told_of.union(looked, all=True).order_by("-at", "-id")

    def filters(self) -> list[Filter]:
        """By room, and by who acted, each with how much there is within the days."""
        tables = Counter(dict(self._within(self._changes).order_by().values_list("table").annotate(Count("pk"))))
        looks = Counter(dict(self._within(self._reads).order_by().values_list("actor").annotate(Count("pk"))))
        acts = Counter(dict(self._within(self._changes).order_by().values_list("actor").annotate(Count("pk"))))
        rooms = [(room, sum(tables[table] for table in _tables(room))) for room in APPS]
        kinds = [Choice(room, str(apps.get_app_config(room).verbose_name), count) for room, count in rooms if count]
        people = acts + looks
        called = Principal.objects.in_bulk(people)
        return [
            Filter(
                "kind",
                (
                    Choice("", _("全部"), people.total()),
                    *kinds,
                    Choice(READ, _("查看"), looks.total()),
                ),
            ),
            Filter(
                "who",
                (
                    Choice("", _("所有人")),
                    *(Choice(str(pk), called[pk].shown_name, count) for pk, count in people.most_common()),
                ),
                _("经办人"),
            ),
        ]

    def _within(self, rows: QuerySet) -> QuerySet:
        if self.first:
            rows = rows.filter(at__gte=_midnight(self.first))
        return rows.filter(at__lt=_midnight(self.last + timedelta(days=1))) if self.last else rows

    def _principal(self, request: DeskRequest) -> int | None:
        typed = request.GET.get("who", "")
        if not typed:
            return None
        if NUMBER.fullmatch(typed):
            return number_in(typed)
        self.problem = _("没有编号为“{typed}”的经办人，没有按它筛选。").format(typed=typed)
        return None

    def _day(self, request: DeskRequest, name: str) -> date | None:
        typed = request.GET.get(name, "").strip()
        if not typed:
            return None
        try:
            day = parse_date(typed)
        except ValueError:
            day = None
        if day is None or day == date.max:
            self.problem = _("“{typed}”不是日期，没有按它筛选。请写成 2026-03-02。").format(typed=typed)
        return day


def _household(request: DeskRequest, number: str) -> Household:
    families = Household.objects.filter(within(request.actor)).select_related("division__parent")
    return get_object_or_404(families, number=number)


def _recorded(request: DeskRequest, household: Household) -> HttpResponse | None:
    """Each opening is written down; turning pages is not another one, once today's is."""
    seen = FileRead.objects.filter(
        household=household, actor_id=request.actor.principal, kind=ReadKind.HISTORY, at__gte=_midnight(policy.today())
    )
    if "page" in request.GET and purpose_of(request, household) and seen.exists():
        return None
    return look(request, household, ReadKind.HISTORY)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _tables(room: str) -> list[str]:
    return [model._meta.db_table for model in apps.get_app_config(room).get_models()] if room in APPS else []


def _readers(household: Household) -> list[tuple[str, int, datetime]]:
    """Who looked how often, and when last."""
    reads = FileRead.objects.filter(household=household).order_by()
    counted = list(reads.values_list("actor").annotate(times=Count("pk"), last=Max("at")).order_by("-last"))
    called = Principal.objects.in_bulk([pk for pk, _times, _last in counted])
    return [(called[pk].shown_name, times, last) for pk, times, last in counted]


def _rows(entries: Sequence[Entry]) -> Iterator[tuple[str, ...]]:
    for entry in entries:
        at = f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}"
        start = (at, entry.who, entry.origin, entry.room, entry.verb, entry.subject)
        for line in entry.lines:
            yield (*start, line.label, line.before, line.after, entry.reason)
        if not entry.lines:
            yield (*start, "", "", entry.note, entry.reason)


urlpatterns = [
    path("supervision/", supervision, name="supervision"),
    path("supervision/families/<str:number>/", trail, name="trail"),
    path("supervision/families/<str:number>/export/", export, name="trail_export"),
]
