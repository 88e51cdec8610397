"""The page of one run: what it pays, why it differs from the month before, and what stands in its way."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yihu.access.capabilities import Capability
from yihu.common.fen import capitals
from yihu.documents import storage
from yihu.households import actions as households
from yihu.households.models import Household
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division
from yihu.organisations.queries import within
from yihu.payments import queries
from yihu.payments.bank_profiles import profiles
from yihu.payments.enums import LineChange, ProblemKind, RunPurpose, RunState
from yihu.payments.models import PaymentRun
from yihu.payments.naming import name_of
from yihu.payments.queries import LinesPage, Problem, RunChange, RunRow
from yihu.policy.labels import programme_short
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.families.purpose import usual
from yihu.web.desk.payments.run_steps import found_run
from yihu.web.desk.workbooks import Column, download, workbook
from yihu.web.parts import Chip, Choice, Filter, Tile, Tone
from yihu.web.pictures import Cause, Change, money

PER_PAGE = 50
SHOWN_PROBLEMS = 8
TONES: dict[LineChange, Tone] = {
    LineChange.NEW: "good",
    LineChange.RAISED: "good",
    LineChange.LOWERED: "warn",
    LineChange.ARREARS: "info",
    LineChange.ONCE: "info",
    LineChange.ENDED: "bad",
    LineChange.HELD: "warn",
    LineChange.WRITTEN_OFF: "warn",
}
STATES: dict[RunState, Tone] = {
    RunState.DRAFT: "info",
    RunState.SUBMITTED: "warn",
    RunState.APPROVED: "good",
    RunState.CANCELLED: "bad",
}
# Changes by which lines can be chosen: the others have none.
WITH_LINES = (
    LineChange.NEW, LineChange.RAISED, LineChange.LOWERED, LineChange.ARREARS, LineChange.ONCE, LineChange.SAME,
)  # fmt: skip
WITHOUT_ACCOUNT = frozenset({ProblemKind.NO_ACCOUNT, ProblemKind.NO_ACCOUNT_WHERE_HE_LIVES})
BY_ACCOUNT = WITHOUT_ACCOUNT | {
    ProblemKind.ACCOUNT_SHARED, ProblemKind.HOLDER_DEAD, ProblemKind.HOLDER_NOT_MEMBER, ProblemKind.UNWRITABLE,
}  # fmt: skip
# The filter that leaves the lines alone of whose amount something is said.
MARKED = "any"
BY_REFRESH = frozenset({ProblemKind.ACCOUNT_CHANGED, ProblemKind.NOT_IN_FORCE})


@dataclass(frozen=True, slots=True)
class WayOut:
    """One problem, with where it is mended and where its family is left out; empty where that is not to be done."""

    problem: Problem
    label: str
    url: str
    hold_url: str


class Rows:
    """The lines that are asked for, as a paginator takes them."""

    def __init__(
        self,
        run: PaymentRun,
        *,
        change: str,
        street: str,
        programme: str,
        number: str,
        marked: bool,
        numbers: Collection[str] | None,
    ) -> None:
        self._lines = partial(
            queries.lines_of,
            run,
            change=LineChange(change) if change in WITH_LINES else None,
            street=street,
            programme=programme,
            text=number,
            marked=marked,
            numbers=numbers,
        )
        self.sums: LinesPage = self._lines(size=0)

    def count(self) -> int:
        """How many there are."""
        return self.sums.count

    def __getitem__(self, part: slice) -> tuple[RunRow, ...]:
        size = part.stop - part.start
        return self._lines(page=part.start // PER_PAGE + 1, size=PER_PAGE).rows[:size]

    def every(self) -> tuple[RunRow, ...]:
        """All of them."""
        return self._lines(size=max(self.sums.count, 1)).rows


@require_safe
@desk_page(Capability.SEE_RUNS)
def run(request: DeskRequest, number: str) -> HttpResponse:
    """The run as a whole, and its lines."""
    shown = found_run(request, number)
    is_open = shown.state in (RunState.DRAFT, RunState.SUBMITTED)
    problems = queries.problems_of(shown) if is_open else []
    blocking = sum(problem.blocking for problem in problems)
    changes = queries.changes_of(shown)
    sums_of = queries.by_programme(shown)
    rows = _rows(request, shown, problems)
    page: Page[RunRow] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    written_off = queries.written_off_in(shown)
    actor = request.actor
    is_urgent = shown.purpose == RunPurpose.URGENT
    is_maker = actor.may(Capability.MAKE_RUNS) and shown.maker_id == actor.staff
    may_change = is_maker and shown.state == RunState.DRAFT
    may_check = actor.may(Capability.CHECK_RUNS) and shown.state == RunState.SUBMITTED
    context = {
        "run": shown,
        "sums_of": sums_of,
        "short": name_of([each.name for each in sums_of if each.awards] or shown.programmes),
        "what": _("即时发放批次") if shown.purpose == RunPurpose.URGENT else _("发放批次"),
        "state": Chip(str(shown.get_state_display()), STATES[RunState(shown.state)]),
        "tiles": _tiles(shown, changes, blocking if is_open else None),
        "changes": [] if is_urgent else [_comparison(shown, change, of_some=len(changes) > 1) for change in changes],
        "beside": [(name_of(change.programmes), change) for change in changes if is_urgent and change.month],
        "before_word": _before_word(shown, changes),
        "problems": [_way_out(shown, problem, may_change=may_change) for problem in problems[:SHOWN_PROBLEMS]],
        "problems_count": len(problems),
        "problems_left": max(len(problems) - SHOWN_PROBLEMS, 0),
        "blocking": blocking,
        "filters": _filters(request, shown, problems),
        "page": page,
        "rows": [(row, Chip(row.label, TONES.get(LineChange.ARREARS if row.late_months else row.change, "plain")))
                 for row in page.object_list],
        "sums": rows.sums,
        "before_sum": rows.sums.before if len({change.month for change in changes}) == 1 else None,
        "rest": None if is_urgent or set(request.GET) - {"page"} else _rest(changes, rows.sums),
        "asked": request.GET.urlencode(),
        "kept": [(name, value) for name, value in request.GET.items() if name not in ("number", "page")],
        "number": request.GET.get("number", ""),
        "left_out": queries.left_out_of(shown),
        "written_off": written_off,
        "written_off_sum": sum(each.amount for each in written_off),
        "gone": queries.gone_from(shown) if shown.state != RunState.CANCELLED else (),
        "stale": queries.stale(shown, on=policy.today()) if shown.state == RunState.DRAFT else None,
        "is_open": is_open,
        "may_read": actor.may(Capability.READ_FILES),
        "may_change": may_change,
        "may_check": may_check,
        "seen": queries.seal_of(shown) if may_check else "",
        "is_own": shown.maker_id == actor.staff,
        "may_cancel": actor.may(Capability.MAKE_RUNS) and is_open,
        "may_file": actor.may(Capability.MAKE_BANK_FILES) and shown.state == RunState.APPROVED,
        **_files(shown),
    }  # fmt: skip
    return render(request, "web/desk/payments/run.html", context)


@require_safe
@desk_page(Capability.SEE_RUNS)
def export(request: DeskRequest, number: str) -> HttpResponse:
    """The lines that are seen, all pages; that they were taken out stands in every family's file."""
    shown = found_run(request, number)
    problems = queries.problems_of(shown) if request.GET.get("problem") else []
    rows = _rows(request, shown, problems).every()
    recorded(request, {row.household for row in rows}, _("发放批次 {number} 明细").format(number=shown.number))
    columns = (
        Column(_("户号"), width=16), Column(_("领取人")), Column(_("项目")), Column(_("街道")),
        Column(_("人数"), "number", 8),
        Column(_("上次（元）"), "money"), Column(_("本月（元）"), "money"), Column(_("变化")), Column(_("认定")),
        Column(_("金额说明"), width=24),
    )  # fmt: skip
    lines = (
        (
            row.household,
            row.name,
            row.programme,
            row.street,
            row.members,
            row.before,
            row.amount,
            row.label,
            str(row.determination or _("在册期初")),
            row.mark,
        )
        for row in rows
    )
    return download(workbook(shown.number, columns, lines), _("{number} 明细.xlsx").format(number=shown.number))


@require_safe
@desk_page(Capability.MAKE_BANK_FILES)
def bank_file(request: DeskRequest, number: str, profile: str) -> HttpResponse:
    """The bank's file, which holds whole accounts: that it was taken out stands in every family's file."""
    shown = found_run(request, number)
    standing = shown.bank_files.filter(profile=profile, withdrawn_on__isnull=True)
    made = standing.select_related("document").first()
    if made is None:
        return redirect("desk:run", number=number)
    paid = shown.lines.filter(cancelled=False).order_by().values_list("household__number", flat=True)
    recorded(request, set(paid), _("银行文件 {number}").format(number=shown.number))
    return download(storage.open(made.document), made.document.name, made.document.content_type)


def recorded(request: DeskRequest, numbers: Collection[str], detail: str) -> None:
    """Write into the files of these families that a list was taken out, for the usual purpose of the post."""
    families = Household.objects.filter(number__in=numbers)
    households.record_export(households=families, purpose=usual(request), detail=detail, by=request.actor)


def _rows(request: HttpRequest, shown: PaymentRun, problems: Collection[Problem]) -> Rows:
    kind = request.GET.get("problem", "")
    numbers = None
    if kind:
        numbers = {problem.household for problem in problems if kind in ("any", problem.kind)}
    asked = request.GET
    return Rows(
        shown,
        change=asked.get("change", ""),
        street=asked.get("street", ""),
        programme=asked.get("programme", ""),
        number=asked.get("number", "").strip()[:20],
        marked=asked.get("mark") == MARKED,
        numbers=numbers,
    )


def _tiles(shown: PaymentRun, changes: Sequence[RunChange], blocking: int | None) -> list[Tile]:
    change = changes[0]

    def before(value: str) -> str:
        if len(changes) > 1:
            return _("与上次相比见下")
        if change.month is None:
            return _("此前没有批次")
        if shown.purpose == RunPurpose.URGENT:
            return _("{month:%Y-%m} 已发 {value}").format(month=change.month, value=value)
        return _("{month:%Y-%m} {value}").format(month=change.month, value=value)

    tiles = [
        Tile(_("家庭"), _("{n:,} 户").format(n=shown.households_count),
             before(f"{change.before_households:,}")),
        Tile(_("人数"), _("{n:,} 人").format(n=shown.people_count),
             before(f"{change.before_people:,}")),
        Tile(_("金额"), money(shown.total), before(money(change.before))),
    ]  # fmt: skip
    if blocking is None:
        return tiles
    note = _("不处理不能提交") if blocking else _("可以提交") if shown.state == RunState.DRAFT else _("可以复核")
    count = _("{n:,} 件").format(n=blocking)
    return [*tiles, Tile(_("需处理"), count, note, is_bad=bool(blocking), url="#problems" if blocking else "")]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a run pays of some programmes beside the month before; without a picture where there was none."""

    title: str
    month: date | None
    picture: Change | None

    @property
    def is_same(self) -> bool:
        """Whether nothing changed: there is nothing to draw."""
        return self.picture is not None and not self.picture.causes and not self.picture.difference


def _comparison(shown: PaymentRun, change: RunChange, *, of_some: bool) -> Comparison:
    """Named by its programmes where others are compared with another month."""
    if change.month is None:
        title, picture = _("第一个批次"), None
    else:
        title = _("与 {month:%Y-%m} 相比，差在哪里").format(month=change.month)
        picture = Change(
            f"{change.month:%Y-%m}",
            change.before,
            f"{shown.month:%Y-%m}",
            change.total,
            tuple(Cause(step.label, step.amount, step.households) for step in change.steps),
        )
    named = _("{programmes}：{title}").format(programmes=name_of(change.programmes), title=title)
    return Comparison(named if of_some else title, change.month, picture)


def _before_word(shown: PaymentRun, changes: Sequence[RunChange]) -> str:
    """What the amounts before are called: their month, where it is one."""
    if shown.purpose == RunPurpose.URGENT:
        return _("此前")
    [month, *others] = {change.month for change in changes}
    return _("上次") if others or month is None else f"{month:%Y-%m}"


def _rest(changes: Sequence[RunChange], sums: LinesPage) -> tuple[int, int] | None:
    """What was paid in the month before and stands beside no line of this one, and the whole of that month, in fen;
    None where all stands there, or several months are compared.
    """
    [change, *others] = changes
    rest = change.before - (sums.before or 0)
    return None if others or not rest else (rest, change.before)


def _way_out(shown: PaymentRun, problem: Problem, *, may_change: bool) -> WayOut:
    hold = reverse("desk:run_hold", args=[shown.number, problem.line]) if may_change else ""
    if problem.kind is ProblemKind.UNWRITABLE and not problem.blocking:
        return WayOut(problem, "", "", "")
    if problem.kind in BY_ACCOUNT and problem.account_of:
        label = _("登记账户") if problem.kind in WITHOUT_ACCOUNT else _("核实账户")
        return WayOut(problem, label, f"{reverse('desk:account', args=[problem.account_of])}?run={shown.number}", hold)
    if problem.kind in BY_REFRESH:
        return WayOut(problem, _("刷新批次"), "#refresh", hold)
    # The street ends the award, or decides anew; who makes the run leaves it out for now.
    return WayOut(problem, _("家庭档案"), reverse("desk:family", args=[problem.household]), hold)


def _filters(request: DeskRequest, run: PaymentRun, problems: Collection[Problem]) -> list[Filter]:
    everything = Choice("", _("全部"))
    streets = Division.objects.filter(within(request.actor, "path"), level=DivisionLevel.STREET).order_by("path")
    changes = [Choice(change.value, str(change.label)) for change in WITH_LINES]
    shown = [
        Filter("street", (everything, *(Choice(each.path, each.name) for each in streets)), _("街道")),
        Filter("change", (everything, *changes), _("变化")),
    ]
    if len(run.programmes) > 1:
        names = [Choice(name, programme_short(name, run.division_id)) for name in run.programmes]
        shown.append(Filter("programme", (everything, *names), _("项目")))
    shown.append(Filter("mark", (everything, Choice(MARKED, _("有金额说明的"))), _("金额说明")))
    if problems:
        kinds = Counter(problem.kind for problem in problems)
        found = [Choice(kind.value, str(kind.label), count) for kind, count in kinds.items()]
        shown.append(Filter("problem", (everything, Choice("any", _("有问题的"), len(problems)), *found), _("需处理")))
    return shown


def _files(shown: PaymentRun) -> dict[str, object]:
    if shown.state != RunState.APPROVED:
        return {"files": [], "formats": []}
    made = list(shown.bank_files.select_related("document", "made_by", "run").order_by("-id"))
    done = {each.profile for each in made if not each.withdrawn_on}
    formats = profiles()
    return {
        "files": [(each, formats[each.profile].title if each.profile in formats else each.profile) for each in made],
        "formats": [profile for name, profile in formats.items() if name not in done],
        "in_words": capitals(shown.total),
    }


urlpatterns = [
    path("runs/<str:number>/", run, name="run"),
    path("runs/<str:number>/export/", export, name="run_export"),
    path("runs/<str:number>/bank-files/<slug:profile>/", bank_file, name="bank_file"),
]
