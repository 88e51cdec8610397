"""工作人员: who works here, at which post, from when to when."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.paginator import Paginator
from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yihu.access.capabilities import Capability
from yihu.access.posts import posts
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Appointment, Division, Relative, StaffMember
from yihu.organisations.queries import AREA, appointments_within, lying_in, staff_of, within
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.workbooks import Column, download, workbook
from yihu.web.parts import Chip, Choice, Filter

SIZE = 50
LONGEST_TEXT = 60
# Whom one is looking for: kept with the session, since names do not belong into addresses.
TEXT_KEY = "staff_text"

WITHOUT_LOGIN = Q(login__password__startswith=UNUSABLE_PASSWORD_PREFIX)
# What the list can be narrowed to; without a choice it shows whose account is in use.
STATES = {
    "": Q(is_active=True),
    "no_post": Q(is_active=True, has_post=False),
    "no_login": Q(is_active=True) & WITHOUT_LOGIN,
    "inactive": Q(is_active=False),
}


@dataclass(frozen=True, slots=True)
class Row:
    """Someone with the posts that he holds or will hold, and how many relatives he declares."""

    staff: StaffMember
    posts: tuple[Appointment, ...]
    relatives: int
    login: Chip


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.SEE_STAFF)
def staff(request: DeskRequest) -> HttpResponse:
    """Those within reach; filters stand in the address, what was typed does not."""
    if request.method == "POST":
        request.session[TEXT_KEY] = request.POST.get("text", "").strip()[:LONGEST_TEXT]
        return redirect(request.get_full_path())
    page = Paginator(_chosen(request), SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": rows_of(page.object_list),
        "today": policy.today(),
        "filters": _filters(request),
        "text": request.session.get(TEXT_KEY, ""),
        "may_keep": request.actor.may(Capability.KEEP_STAFF),
        "address": request.GET.urlencode(),
    }
    return render(request, "web/desk/staff/list.html", context)


@require_safe
@desk_page(Capability.SEE_STAFF)
def export(request: DeskRequest) -> HttpResponse:
    """What the list shows, all of its pages: one line for each post."""
    columns = (
        Column(_("姓名")), Column(_("账号"), width=18), Column(_("区划"), width=22), Column(_("岗位")),
        Column(_("自"), "date", 12), Column(_("最后一天"), "date", 12), Column(_("登录")),
        Column(_("申报近亲属（人）"), "number", 16),
    )  # fmt: skip
    rows = [
        (
            row.staff.name,
            row.staff.username,
            held.post.division if held else None,
            held.post.label if held else None,
            held.period.lower if held else None,
            held.last_day if held else None,
            row.login.text,
            row.relatives,
        )
        for row in rows_of(_chosen(request))
        for held in row.posts or (None,)
    ]
    name = _("工作人员 {day}.xlsx").format(day=policy.today())
    return download(workbook(_("工作人员"), columns, rows), name)


def rows_of(chosen: Iterable[StaffMember]) -> list[Row]:
    """Those of the list with what it shows of each."""
    return [Row(each, tuple(each.held), each.declared, login_of(each)) for each in chosen]  # type: ignore[attr-defined]


def login_of(staff: StaffMember) -> Chip:
    """Whether someone can log in."""
    if not staff.is_active:
        return Chip(_("已停用"), "bad")
    return Chip(_("能登录"), "good") if staff.login.has_usable_password() else Chip(_("不登录"))


def _chosen(request: DeskRequest) -> QuerySet[StaffMember]:
    """Those whom the filters leave, by the place of their post."""
    found = _in_any_state(request)
    state = request.GET.get("state", "")
    found = found.filter(STATES[state]) if state in STATES else found.none()
    # Whoever comes next is shown with his post before he holds it.
    held = appointments_within(request.actor).exclude(period__fully_lt=(policy.today(), None))
    declared = Relative.objects.filter(staff=OuterRef("pk"), withdrawn_on__isnull=True).order_by()
    counted = declared.values("staff").annotate(n=Count("pk")).values("n")
    place = _posts_today(request).filter(staff=OuterRef("pk")).order_by(AREA)
    return (
        found.annotate(
            declared=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
            place=Subquery(place.values(AREA)[:1]),
        )
        .prefetch_related(
            Prefetch(
                "appointments",
                held.order_by("period", "id"),
                to_attr="held",
            )
        )
        .order_by("place", "id")
    )


def _in_any_state(request: DeskRequest) -> QuerySet[StaffMember]:
    """Those whom the post, the street and what was typed leave."""
    posts = _posts_today(request).filter(staff=OuterRef("pk"))
    found = staff_of(request.actor, on=policy.today()).select_related("login").annotate(has_post=Exists(posts))
    kind, street = request.GET.get("post", ""), request.GET.get("street", "")
    if kind or street:
        posts = posts.filter(lying_in(street, AREA))
        found = found.filter(Exists(posts.filter(post__kind=kind) if kind else posts))
    text = request.session.get(TEXT_KEY, "")
    if text:
        found = found.filter(Q(name__icontains=text) | Q(login__username__icontains=text))
    return found


def _posts_today(request: DeskRequest) -> QuerySet[Appointment]:
    return appointments_within(request.actor).filter(period__contains=policy.today())


def _filters(request: DeskRequest) -> list[Filter]:
    """By account, post and street; a director has one street, and sees nobody without a post."""
    counts = _in_any_state(request).aggregate(
        **{f"n_{state}": Count("pk", filter=condition) for state, condition in STATES.items()}
    )
    labels = {"": _("在用"), "no_post": _("没有岗位"), "no_login": _("不登录"), "inactive": _("已停用")}
    if not request.actor.may(Capability.SEE_FORMER_STAFF):
        del labels["no_post"]
    places = Division.objects.filter(within(request.actor, "path"), level=DivisionLevel.STREET).order_by("path")
    streets = [Choice(each.path, each.name) for each in places]
    kinds = [each for each in posts().values() if len(streets) > 1 or each.level != DivisionLevel.DISTRICT]
    everything = Choice("", _("全部"))
    shown = [
        Filter("state", tuple(Choice(state, label, counts[f"n_{state}"]) for state, label in labels.items())),
        Filter("post", (everything, *(Choice(each.kind, each.label) for each in kinds)), _("岗位")),
        Filter("street", (everything, *streets), _("街道")) if len(streets) > 1 else None,
    ]
    return [each for each in shown if each]


urlpatterns = [
    path("staff/", staff, name="staff"),
    path("staff/export/", export, name="staff_export"),
]
