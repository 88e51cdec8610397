"""待办: what waits for whoever is at the desk, of every room, most urgent first. A view over open work, not a table."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.cases import queries as cases
from yihu.common.calendar import working_days
from yihu.common.work import WorkItem
from yihu.common.working_days import WorkingDays
from yihu.households.models import Household
from yihu.households.queries import InShort, discrepancies_of, in_short
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division
from yihu.organisations.paths import chain
from yihu.policy.labels import programme_title
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.clocks import Clock, clock_of
from yihu.web.desk.rooms import ROOMS
from yihu.web.parts import Choice, Filter

PAGE = 50
SOON = timedelta(days=3)
ABOVE_STREETS = (DivisionLevel.PROVINCE, DivisionLevel.CITY, DivisionLevel.DISTRICT)
AREAS = {
    DivisionLevel.DISTRICT: _("本区"),
    DivisionLevel.STREET: _("本街道"),
    DivisionLevel.COMMUNITY: _("本社区"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One of several things that stand in one line."""

    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the inbox: one thing to do, or all of one kind in one family, of which ``item`` is the most urgent.

    ``parts`` names each of several, and is empty where there is but one.
    """

    item: WorkItem
    name: str
    members: int
    differs: str
    clock: Clock
    community: str
    programme: str
    url: str
    parts: tuple[Part, ...] = ()


def work_of(actor: Actor, *, on: date) -> list[WorkItem]:
    """What waits for someone in every room; the rail counts the same."""
    return [item for room in ROOMS if room.open_work for item in room.open_work(actor, on=on)]


def in_rows(items: Iterable[WorkItem]) -> list[list[WorkItem]]:
    """The same in the same order, but all of one kind that one family waits for together, where the first stood."""
    rows: dict[tuple[str, ...], list[WorkItem]] = {}
    for item in items:
        alike = (item.title, item.page, item.household or item.key)
        rows.setdefault(alike, []).append(item)
    return list(rows.values())


@require_http_methods(["GET", "HEAD"])
@desk_page(Capability.SEE_INBOX)
def inbox(request: DeskRequest) -> HttpResponse:
    """The first page after logging in."""
    on, actor = policy.today(), request.actor
    kept = cases.kept_from(actor, on=on)
    mine = work_of(actor, on=on)
    others = [item for item in mine if item.page != "case"]
    around = [*cases.work_around(actor, on=on), *others] if actor.may(Capability.READ_CASES) else mine
    late = [item for item in around if item.due_on and item.due_on < on]
    whose = request.GET.get("whose", "")
    chosen = {"area": around, "late": late}.get(whose, mine)
    task, place = request.GET.get("task", ""), request.GET.get("place", "")
    shown = [item for item in chosen if task in ("", item.title) and item.division.startswith(place)]
    shown.sort(key=_urgency)
    around_here = {area for item in chosen for area in chain(item.division)}
    divisions = Division.objects.in_bulk({*actor.areas, *around_here})
    names = {path: str(division) for path, division in divisions.items()}
    level = DivisionLevel(divisions[actor.areas[0]].level) if actor.areas else DivisionLevel.DISTRICT
    # Whoever has the whole district chooses among its streets.
    shown_level = DivisionLevel.STREET if level in ABOVE_STREETS else DivisionLevel.COMMUNITY

    def place_of(item: WorkItem) -> str:
        at_level = (area for area in chain(item.division) if divisions[area].level == shown_level)
        return next(at_level, item.division)

    page = Paginator(in_rows(shown), PAGE).get_page(request.GET.get("page"))
    calendar = working_days()
    in_cases = [row[0].household for row in page.object_list if row[0].page == "case"]
    differing = _differing(in_cases, on)
    known = in_short([row[0].household for row in page.object_list if row[0].household], on=on)
    context = {
        "filters": [
            Filter(
                "whose",
                (
                    Choice("", _("我的"), len(mine)),
                    Choice("area", AREAS.get(level, _("本区")), len(around)),
                    Choice("late", _("已逾期"), len(late)),
                ),
            ),
            _filter("task", _("事项"), Counter(item.title for item in chosen), {}),
            _filter("place", str(shown_level.label), Counter(place_of(item) for item in chosen), names),
        ],
        "rows": [_row(items, names, differing, known, calendar, on) for items in page.object_list],
        "page": page,
        "all": len(shown),
        "is_mine": whose not in ("area", "late"),
        "is_filtered": bool(task or place or whose),
        "late": sum(1 for item in shown if item.due_on and item.due_on < on),
        "today": sum(item.due_on == on for item in shown),
        "soon": sum(1 for item in shown if item.due_on and on < item.due_on <= on + SOON),
        "kept": len({case.household_id for case in kept}),
    }
    return render(request, "web/desk/inbox/inbox.html", context)


def _urgency(item: WorkItem) -> tuple[bool, date, bool, date, str]:
    """What is urgent comes first, then what is due; of what has no day, help that is asked for before letters."""
    return not item.urgent, item.due_on or date.max, not item.programme, item.opened_on, item.key


def _filter(name: str, label: str, counts: Counter[str], names: dict[str, str]) -> Filter:
    choices = tuple(Choice(value, names.get(value, value), counts[value]) for value in sorted(counts))
    return Filter(name, (Choice("", _("全部")), *choices), label)


def _differing(numbers: list[str], on: date) -> dict[str, int]:
    """In how many facts these families differ from what was found of them, by their numbers."""
    households = dict(Household.objects.filter(number__in=numbers).order_by().values_list("pk", "number"))
    found = discrepancies_of(households, on=on) if households else {}
    return {households[pk]: len(each) for pk, each in found.items()}


def _row(
    items: Sequence[WorkItem],
    names: dict[str, str],
    differing: dict[str, int],
    known: dict[str, InShort],
    calendar: WorkingDays,
    on: date,
) -> Row:
    item = items[0]
    count = differing.get(item.household, 0) if item.page == "case" else 0
    family = known.get(item.household, InShort("", 0))
    parts = tuple(Part(each.detail or _programme(each), _url(each)) for each in items)
    return Row(
        item=item,
        name=item.name or family.head or item.household,
        members=family.size,
        differs=_("{n} 处与申报不一致").format(n=count) if count else "",
        clock=clock_of(item.due_on, provisional=item.provisional, on=on, calendar=calendar),
        community=names.get(item.division, ""),
        programme="、".join(dict.fromkeys(title for each in items if (title := _programme(each)))),
        url=_url(item),
        parts=parts if len(parts) > 1 else (),
    )


def _programme(item: WorkItem) -> str:
    return programme_title(item.programme) if item.programme else ""


def _url(item: WorkItem) -> str:
    # Rooms name pages as the desk does.
    return reverse(f"desk:{item.page}", args=[item.key])


urlpatterns = [path("", inbox, name="inbox")]
