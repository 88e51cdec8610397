"""家庭: the list of families, the page of one, and what is shown of it only when it is asked for."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.awards.models import Award, AwardTerm
from yihu.awards.queries import claims_within, held_by, home_of, living_with
from yihu.cases.models import Case
from yihu.cases.queries import RUNNING
from yihu.common.refusals import Refused
from yihu.households import actions, queries
from yihu.households.enums import ReadKind
from yihu.households.models import Household, Member, Person
from yihu.households.queries import Wanted
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division
from yihu.organisations.queries import within
from yihu.policy.labels import every_programme
from yihu.policy.outlook import why
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.families import family
from yihu.web.desk.families.paid import paid_family
from yihu.web.desk.families.purpose import PurposeForm, look, purpose_of, remember, usual
from yihu.web.desk.forms import refusals_in
from yihu.web.desk.workbooks import Column, download, workbook
from yihu.web.parts import Chip, Choice, Filter

SIZE = 50
# What one is looking for in the list: kept with the session, since names do not belong into addresses.
WANTED_KEY = "families_wanted"
LONGEST_TEXT = 60
MOST_EXPORTED = 20_000
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One family in the list; ``monthly`` is fen of awards in force, ``mark`` what is said of them."""

    household: Household
    head: str
    members: int
    chips: tuple[Chip, ...]
    monthly: int
    mark: str


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@desk_page(Capability.FIND_FAMILIES)
def families(request: DeskRequest) -> HttpResponse:
    """The families within reach; filters stand in the address, what was typed does not."""
    if request.method == "POST":
        typed = request.POST.get("text", "").strip()[:LONGEST_TEXT]
        # Sent again as it stands there, it is what it was: a number is masked by now.
        if typed != _wanted(request).text:
            request.session[WANTED_KEY] = asdict(queries.wanted(typed))
        return redirect(request.get_full_path())
    found = _chosen(request)
    page = Paginator(found, SIZE).get_page(request.GET.get("page"))
    members = Member.objects.filter(household__in=found, period__contains=policy.today())
    running = AwardTerm.objects.in_force(policy.today()).filter(living_with(found.order_by().values("pk")))
    context = {
        "page": page,
        "rows": _rows(page.object_list, request.actor),
        "members": members.count(),
        "monthly": running.monthly().aggregate(total=Sum("amount", default=0))["total"],
        "filters": _filters(request),
        "text": _wanted(request).text,
        "may_register": request.actor.may(Capability.KEEP_FAMILIES),
        "address": request.GET.urlencode(),
    }
    return render(request, "web/desk/families/list.html", context)


def _wanted(request: DeskRequest) -> Wanted:
    return Wanted(**request.session.get(WANTED_KEY, {}))


def _chosen(request: DeskRequest) -> QuerySet[Household]:
    """The families that the filters leave, by number."""
    chosen = request.GET.get("community") or request.GET.get("street") or ""
    state = request.GET.get("state", "")
    found = queries.families(request.actor, area=chosen, wanted=_wanted(request), with_closed=state == "closed")
    if state == "closed":
        found = found.filter(closed_on__isnull=False)
    award = request.GET.get("award", "")
    mine = Award.objects.in_force(policy.today()).filter(claims_within(request.actor, ""))
    in_force = mine.annotate(of_household=home_of(""))
    if award == "none":
        found = found.exclude(pk__in=in_force.values("of_household"))
    elif award:
        found = found.filter(
            pk__in=(in_force if award == "any" else in_force.filter(programme=award)).values("of_household")
        )
    if state == "case" and request.actor.may(Capability.READ_CASES):
        found = found.filter(pk__in=Case.objects.filter(state__in=RUNNING).values("household"))
    return found


def _filters(request: DeskRequest) -> list[Filter]:
    """Those that make a difference to whoever asks: a clerk has one street, a community worker one community."""
    places = Division.objects.filter(within(request.actor, "path")).order_by("path")
    everywhere = Choice("", _("全部"))
    streets = [Choice(each.path, each.name) for each in places if each.level == DivisionLevel.STREET]
    street = request.GET.get("street") or (streets[0].value if len(streets) == 1 else "")
    communities = [
        Choice(each.path, each.shown_name)
        for each in places
        if each.level == DivisionLevel.COMMUNITY and street and each.path.startswith(street)
    ]
    awards = [Choice(each.name, each.short) for each in every_programme() if each.in_force(policy.today())]
    applying = [Choice("case", _("在办申请"))] if request.actor.may(Capability.READ_CASES) else []
    shown = [
        Filter("state", (Choice("", _("在册家庭")), *applying, Choice("closed", _("已销档")))),
        Filter("street", (everywhere, *streets), _("街道")) if len(streets) > 1 else None,
        Filter("community", (everywhere, *communities), _("社区")) if len(communities) > 1 else None,
        Filter("award", (everywhere, Choice("any", _("有待遇")), Choice("none", _("没有待遇")), *awards), _("待遇")),
    ]
    return [each for each in shown if each]


def _rows(households: Iterable[Household], actor: Actor) -> list[Row]:
    homes = list(households)
    on = policy.today()
    short = family.shorts()
    heads: dict[int, str] = {}
    counts: dict[int, int] = defaultdict(int)
    for member in Member.objects.on(on).filter(household__in=homes).select_related("person"):
        heads.setdefault(member.household_id, member.person.name)
        counts[member.household_id] += 1
    chips: dict[int, list[Chip]] = defaultdict(list)
    monthly: dict[int, int] = defaultdict(int)
    marks: dict[int, dict[str, None]] = defaultdict(dict)
    running = AwardTerm.objects.in_force(on).filter(living_with([each.pk for each in homes])).order_by("award_id")
    for term in running.annotate(of_household=home_of()).select_related("award"):
        home = term.of_household
        chip = Chip(short(term.award.programme), "good")
        if chip not in chips[home]:
            chips[home].append(chip)
        if term.award.is_paid_monthly:
            monthly[home] += term.amount or 0
        if term.mark:
            marks[home][term.mark] = None
    applying = Case.objects.filter(household__in=homes, state__in=RUNNING)
    for case in applying if actor.may(Capability.READ_CASES) else ():
        chips[case.household_id].append(Chip(_("{programme} 申请中").format(programme=short(case.programme)), "info"))
    return [
        Row(
            each,
            heads.get(each.pk, ""),
            counts[each.pk],
            tuple(chips[each.pk]),
            monthly[each.pk],
            "；".join(marks[each.pk]),
        )
        for each in homes
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.FIND_FAMILIES)
def export(request: DeskRequest) -> HttpResponse:
    """What the list shows, all of its pages, as a workbook. That it was taken out stands in every family's file."""
    found = _chosen(request)
    count = found.count()
    form = PurposeForm(request.POST or None, initial={"purpose": usual(request)})
    if form.is_valid():
        with refusals_in(form):
            if count > MOST_EXPORTED:
                message = _("一次最多导出 {most} 户，现在是 {n} 户。请先用街道、社区或待遇缩小范围。")
                raise Refused(message.format(most=MOST_EXPORTED, n=count))
            homes = list(found)
            said = form.cleaned_data
            actions.record_export(households=homes, purpose=said["purpose"], detail=said["detail"], by=request.actor)
            return _workbook(homes, request.actor)
    context = {"form": form, "count": count, "back_url": f"{reverse('desk:families')}?{request.GET.urlencode()}"}
    return render(request, "web/desk/families/export.html", context)


def _workbook(homes: list[Household], actor: Actor) -> HttpResponse:
    columns = (
        Column(_("户号"), width=16),
        Column(_("户主")),
        Column(_("街道")),
        Column(_("社区"), width=20),
        Column(_("住址"), width=32),
        Column(_("人数"), "number", 8),
        Column(_("待遇和申请"), width=24),
        Column(_("月金额（元）"), "money"),
        Column(_("金额说明"), width=24),
    )
    rows = [row for start in range(0, len(homes), BATCH) for row in _rows(homes[start : start + BATCH], actor)]
    written = (
        (
            row.household.number,
            row.head,
            row.household.division.parent,
            row.household.division.shown_name,
            row.household.address,
            row.members,
            "、".join(chip.text for chip in row.chips),
            row.monthly,
            row.mark,
        )
        for row in rows
    )
    return download(workbook(_("家庭"), columns, written), _("家庭 {day}.xlsx").format(day=policy.today()))


@require_safe
@desk_page(Capability.OPEN_FAMILIES)
def page(request: DeskRequest, number: str) -> HttpResponse:
    """一户一档: everything that is known of a family, what happened, what it can get; to payers, what it gets."""
    household = family.file_of(request.actor, number)
    asked = look(request, household, ReadKind.FILE)
    if asked:
        return asked
    if not request.actor.may(Capability.READ_FILES):
        paid = paid_family(household, on=policy.today(), whole="all" in request.GET)
        return render(request, "web/desk/families/paid.html", {"family": paid, "household": household})
    shown = family.family_page(household, actor=request.actor, on=policy.today(), whole="all" in request.GET)
    return render(request, "web/desk/families/page.html", {"family": shown, "household": household})


@require_safe
@desk_page(Capability.READ_FILES)
def because(request: DeskRequest, number: str, key: str) -> HttpResponse:
    """The sentences behind one card, when it is unfolded; a page of its own without a script."""
    household = family.file_of(request.actor, number)
    if (question := look(request, household, ReadKind.FILE, detail=_("为什么"))) is not None:
        return question
    on = policy.today()
    held = held_by([household.pk], on)[household.pk]
    lines = why(household, key=key, on=on, known_on=on, held=held)
    template = "web/desk/families/_why.html" if request.htmx else "web/desk/families/why.html"
    return render(request, template, {"lines": lines, "household": household})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.SEE_IDENTITY_NUMBERS)
def reveal_number(request: DeskRequest, number: str, person: int) -> HttpResponse:
    """A whole identity number; the purpose is asked, and that it was shown is recorded."""
    household = family.file_of(request.actor, number)
    whose = get_object_or_404(Person, pk=person, household=household)

    def shown(purpose: str) -> str:
        return actions.reveal_identity_number(person=whose, purpose=purpose, by=request.actor)

    return _revealed(request, household, shown, whose)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.SEE_TELEPHONES)
def reveal_telephone(request: DeskRequest, number: str) -> HttpResponse:
    """The whole telephone number, as with identity numbers."""
    household = family.file_of(request.actor, number)

    def shown(purpose: str) -> str:
        return actions.reveal_telephone(household=household, purpose=purpose, by=request.actor)

    return _revealed(request, household, shown)


def _revealed(
    request: DeskRequest, household: Household, shown: Callable[[str], str], person: Person | None = None
) -> HttpResponse:
    known = dict(zip(("purpose", "detail"), purpose_of(request, household) or (), strict=False))
    form = PurposeForm(request.POST or None, initial={"purpose": usual(request)} | known)
    context = {"form": form, "household": household, "person": person, "back_url": family.url_of(household)}
    if form.is_valid():
        said = form.cleaned_data
        with refusals_in(form):
            context["number"] = shown(said["purpose"])
            remember(request, household, said["purpose"], said["detail"].strip())
    return render(request, "web/desk/families/reveal.html", context)


urlpatterns = [
    path("families/", families, name="families"),
    path("families/export/", export, name="families_export"),
    path("families/<str:number>/", page, name="family"),
    path("families/<str:number>/why/<str:key>/", because, name="family_why"),
    path("families/<str:number>/number/<int:person>/", reveal_number, name="reveal_number"),
    path("families/<str:number>/telephone/", reveal_telephone, name="reveal_telephone"),
]
