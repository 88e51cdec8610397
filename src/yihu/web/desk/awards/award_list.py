"""待遇: what runs in a month, for whom, and what it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Subquery, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yihu.access.capabilities import Capability
from yihu.awards.models import AwardTerm, AwardTermQuerySet
from yihu.awards.queries import claims_within, home_of
from yihu.common.refusals import Refused
from yihu.households import actions
from yihu.households.enums import HEAD
from yihu.households.models import Household, Member
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division
from yihu.organisations.queries import within
from yihu.policy.labels import every_programme, how_often
from yihu.policy.words import HelpForm, ProgrammeKind
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.awards.opening import may_open
from yihu.web.desk.families.purpose import PurposeForm, usual
from yihu.web.desk.forms import refusals_in
from yihu.web.desk.months import Months
from yihu.web.desk.workbooks import Column, download, workbook
from yihu.web.parts import Choice, Filter

PER_PAGE = 50
MOST_EXPORTED = 100_000
LONGEST_NUMBER = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One award by its term; ``name`` is the person's, or that of the family's head in that month.

    ``may_end``: it goes on today, be it that its end is set already: that may come earlier.
    """

    term: AwardTerm
    name: str
    members: int
    place: Division
    may_end: bool

    @property
    def is_lasting(self) -> bool:
        """Whether it is a status for which nobody has set an end."""
        return self.term.award.kind == ProgrammeKind.STATUS and self.term.shown.upper is None


@dataclass(frozen=True, slots=True)
class Totals:
    """Of the whole list: awards, families, people (each once), and fen by how often they are paid, in words; none where
    no money is given.
    """

    awards: int
    households: int
    people: int
    amounts: tuple[tuple[str, int], ...]


@require_safe
@desk_page(Capability.SEE_AWARDS)
def awards(request: DeskRequest) -> HttpResponse:
    """The awards that run in a month, with filters in the address."""
    months = Months(request, policy.today())
    chosen = _chosen(request, months.chosen)
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "months": months,
        "filters": _filters(request, months.chosen),
        "page": page,
        "rows": rows_of(page.object_list, policy.today()),
        "totals": totals_of(chosen, months.chosen),
        "number": request.GET.get("number", "")[:LONGEST_NUMBER],
        "kept": [(name, value) for name, value in request.GET.items() if name not in ("month", "number", "page")],
        "address": request.GET.urlencode(),
        "may_open": may_open(request.actor),
        "may_decide": request.actor.may(Capability.DECIDE_PROPOSALS),
        "may_deliver": request.actor.may(Capability.DELIVER_HELP),
        "may_end": request.actor.may(Capability.END_AWARDS),
        "may_read": request.actor.may(Capability.READ_FILES),
    }
    return render(request, "web/desk/awards/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.SEE_AWARDS)
def export(request: DeskRequest) -> HttpResponse:
    """Exactly what the list shows, all of its pages. That it was taken out stands in every family's file."""
    months = Months(request, policy.today())
    chosen = _chosen(request, months.chosen)
    count = chosen.count()
    form = PurposeForm(request.POST or None, initial={"purpose": usual(request)})
    if form.is_valid():
        with refusals_in(form):
            if count > MOST_EXPORTED:
                message = _("一次最多导出 {most} 笔，现在是 {n} 笔。请先用街道或项目缩小范围。")
                raise Refused(message.format(most=MOST_EXPORTED, n=count))
            said = form.cleaned_data
            families = Household.objects.filter(pk__in={term.award.home.pk for term in chosen})
            actions.record_export(households=families, purpose=said["purpose"], detail=said["detail"], by=request.actor)
            return download(_workbook(chosen, months.chosen), _("待遇 {month}.xlsx").format(month=months.written))
    context = {
        "form": form,
        "count": count,
        "months": months,
        "back_url": f"{reverse('desk:awards')}?{request.GET.urlencode()}",
    }
    return render(request, "web/desk/awards/export.html", context)


def rows_of(chosen: Iterable[AwardTerm], today: date) -> list[Row]:
    """Awards with what the list shows of each."""
    return [
        Row(
            term,
            term.award.person.name if term.award.person else term.head or "",  # type: ignore[attr-defined]
            term.people,  # type: ignore[attr-defined]
            term.award.home.division,
            may_end=term.until is None or term.until > today or term.award.kind == ProgrammeKind.ONCE,
        )
        for term in chosen
    ]


def totals_of(chosen: AwardTermQuerySet, month: date) -> Totals:
    """Sums over the whole list. A family award is for everyone who lives there in that month."""
    plain = chosen.order_by()
    sums = plain.aggregate(awards=Count("pk"), households=Count("of_household", distinct=True))
    amounts: dict[str, int] = {}
    money = plain.filter(award__form=HelpForm.MONEY.value)
    for name, kind, fen in money.values_list("award__programme", "award__kind").annotate(fen=Sum("amount", default=0)):
        often = how_often(name, kind)
        amounts[often] = amounts.get(often, 0) + fen
    together = Member.objects.filter(
        Exists(plain.filter(award__person__isnull=True, award__household=OuterRef("household"))), period__contains=month
    )
    alone = plain.filter(award__person__isnull=False)
    people = together.order_by().values_list("person").union(alone.values_list("award__person")).count()
    return Totals(sums["awards"], sums["households"], people, tuple(amounts.items()))


def _chosen(request: DeskRequest, month: date) -> AwardTermQuerySet:
    place = request.GET.get("community") or request.GET.get("street") or ""
    number = Household.objects.filter(pk=OuterRef("of_household")).values("number")
    running = AwardTerm.objects.within_month(month).filter(claims_within(request.actor, place=place))
    found = running.annotate(of_household=home_of(), home_number=Subquery(number))
    found = found.order_by("home_number", "award_id")
    programme = request.GET.get("programme", "")
    if programme:
        found = found.filter(award__programme=programme)
    basis = request.GET.get("basis", "")
    if basis:
        found = found.filter(opening__isnull=basis != "opening")
    typed = request.GET.get("number", "").strip()[:LONGEST_NUMBER]
    if typed:
        found = found.filter(home_number__icontains=typed)
    members = Member.objects.filter(household=OuterRef("of_household"), period__contains=month).order_by()
    counted = members.values("household").annotate(people=Count("pk")).values("people")
    head = members.filter(relation=HEAD).values("person__name")[:1]
    annotated = found.with_end().annotate(head=Subquery(head), people=Subquery(counted))
    shown = annotated.select_related("award__person__household__division__parent", "determination", "opening")
    # The family from which it was granted may live out of sight by now.
    shown = shown.prefetch_related(Prefetch("award__household", Household.objects.select_related("division__parent")))
    # A list names the determination and its day; what it holds is long.
    return shown.defer("determination__record", "determination__explanation")


def _filters(request: DeskRequest, month: date) -> list[Filter]:
    """Those that make a difference to whoever asks."""
    places = list(Division.objects.filter(within(request.actor, "path")).order_by("path"))
    streets = [Choice(each.path, each.name) for each in places if each.level == DivisionLevel.STREET]
    street = request.GET.get("street") or (streets[0].value if len(streets) == 1 else "")
    communities = [
        Choice(each.path, each.shown_name)
        for each in places
        if each.level == DivisionLevel.COMMUNITY and street and each.path.startswith(street)
    ]
    running = AwardTerm.objects.within_month(month).filter(claims_within(request.actor))
    counts = dict(running.order_by().values_list("award__programme").annotate(Count("pk")))
    shown = [Choice(each.name, each.short, counts[each.name]) for each in every_programme() if each.name in counts]
    everything = Choice("", _("全部"))
    return [
        Filter("programme", (everything, *shown), _("项目")),
        *([Filter("street", (everything, *streets), _("街道"))] if len(streets) > 1 else []),
        *([Filter("community", (everything, *communities), _("社区"))] if len(communities) > 1 else []),
        Filter("basis", (everything, Choice("determination", _("认定")), Choice("opening", _("在册期初"))), _("依据")),
    ]


def _workbook(chosen: AwardTermQuerySet, month: date) -> bytes:
    titles = {each.name: each.title for each in every_programme()}
    per = {each.name: each.per for each in every_programme()}
    columns = (
        Column(_("户号"), width=16), Column(_("领取人")), Column(_("街道")), Column(_("社区"), width=18),
        Column(_("项目"), width=22), Column(_("人数"), "number", 8), Column(_("金额（元）"), "money"),
        Column(_("多久一次"), width=10),
        Column(_("自"), "date", 12), Column(_("停发月份"), "date", 12), Column(_("依据"), width=24),
        Column(_("金额说明"), width=24),
    )  # fmt: skip
    terms = chosen
    rows = (
        (
            row.term.award.home.number,
            row.name,
            str(row.place.parent),
            row.place.shown_name,
            titles.get(row.term.award.programme, row.term.award.programme),
            1 if row.term.award.person_id else row.members or 0,
            row.term.amount,
            per.get(row.term.award.programme, ""),
            row.term.shown.lower,
            row.term.until,
            _("认定 {on}").format(on=row.term.determination.on) if row.term.determination else _("在册期初"),
            row.term.mark,
        )
        for row in rows_of(terms, policy.today())
    )
    return workbook(_("待遇 {month}").format(month=f"{month:%Y-%m}"), columns, rows)


urlpatterns = [
    path("awards/", awards, name="awards"),
    path("awards/export/", export, name="awards_export"),
]
