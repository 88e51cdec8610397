"""One who works here: his posts, his account, his relatives, and what changed; and someone new."""

import secrets
from typing import Any

from axes.utils import reset
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from yihu.access.capabilities import Capability
from yihu.common.refusals import Refused
from yihu.organisations import actions, queries
from yihu.organisations.models import StaffMember
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.forms import refusals_in
from yihu.web.desk.staff.forms import PASSWORD, AppointForm, EndForm, NewStaffForm
from yihu.web.desk.staff.history import history_of
from yihu.web.desk.staff.relatives import DECLARE, WITHDRAW, changed, declared_by, relative_form
from yihu.web.desk.staff.staff_list import login_of
from yihu.web.numbers import number_in

APPOINT, CANCEL = "appoint", "cancel"
ACCOUNT = {"deactivate": actions.deactivate, "reactivate": actions.reactivate}
# Read out over the telephone without a doubt: no 0 and o, no 1, l and i.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("identity_number")
@desk_page(Capability.SEE_STAFF)
def member(request: DeskRequest, staff: int) -> HttpResponse:
    """Everything about one person, and what those who may can change on the spot."""
    who = _found(request, staff)
    may_keep = request.actor.may(Capability.KEEP_STAFF) and who.pk != request.user.pk
    may_declare = request.actor.may(Capability.DECLARE_FOR_OTHERS) or who.pk == request.user.pk
    doing = request.POST.get("do", "")
    allowed = [*((APPOINT, CANCEL, *ACCOUNT) if may_keep else ()), *((DECLARE, WITHDRAW) if may_declare else ())]
    if request.method == "POST" and doing not in allowed:
        raise Refused(_("您不能为{name}办理这件事：由区级监督办理，但不能给自己办。").format(name=who.name))
    form = AppointForm(request.actor, request.POST if doing == APPOINT else None)
    relative = relative_form(request)
    if (
        _appointed(request, who, form)
        or _cancelled(request, who, doing)
        or _switched(request, who, doing)
        or (may_declare and changed(request, who, relative))
    ):
        return redirect("desk:staff_member", staff=who.pk)
    appointments = _appointments(request, who)
    context = {
        "who": who,
        "login": login_of(who),
        "today": policy.today(),
        "appointments": appointments,
        "alone_at": _alone_at(appointments),
        "relatives": declared_by(who),
        "history": history_of(who, request.actor),
        "appoint_form": form,
        "form": relative,
        "may_keep": may_keep,
        "may_declare": may_declare,
        "may_withdraw": may_declare and who.pk != request.user.pk,
        "is_self": who.pk == request.user.pk,
    }
    return render(request, "web/desk/staff/member.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.KEEP_STAFF)
def new(request: DeskRequest) -> HttpResponse:
    """Someone new with his account and his first post: all of it or nothing."""
    form = NewStaffForm(request.actor, request.POST or None)
    if form.is_valid():
        said, by, on = form.cleaned_data, request.actor, policy.today()
        with refusals_in(form), transaction.atomic():
            made = actions.create_staff(username=said["username"].strip(), name=said["name"], by=by, on=on)
            actions.appoint(staff=made, by=by, on=on, **form.appointment())
            messages.success(request, _("已登记{name}，账号 {account}。").format(name=made.name, account=made.username))
            page = "desk:staff_password" if said["login"] == PASSWORD else "desk:staff_member"
            return redirect(page, staff=made.pk)
    return render(request, "web/desk/staff/new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.KEEP_STAFF)
def end(request: DeskRequest, staff: int, appointment: int) -> HttpResponse:
    """When a post is given up, and who is left at it."""
    who = _found(request, staff)
    held = get_object_or_404(_appointments(request, who), pk=appointment)
    form = EndForm(held, request.POST or None)
    if form.is_valid():
        with refusals_in(form):
            ended = actions.end_appointment(
                appointment=held, until=form.cleaned_data["until"], by=request.actor, on=policy.today()
            )
            message = _("{name} 担任{post}到 {last} 为止。")
            messages.success(request, message.format(name=who.name, post=held.post, last=ended.last_day))
            return redirect("desk:staff_member", staff=who.pk)
    context = {
        "who": who,
        "appointment": held,
        "form": form,
        "is_alone": not queries.others_at(held, on=policy.today()).exists(),
        "back_url": reverse("desk:staff_member", args=[who.pk]),
    }
    return render(request, "web/desk/staff/end.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("password")
@desk_page(Capability.KEEP_STAFF)
def password(request: DeskRequest, staff: int) -> HttpResponse:
    """A password that is made here and shown once; nowhere is it kept but as a hash."""
    who = _found(request, staff)
    context: dict[str, Any] = {"who": who, "back_url": reverse("desk:staff_member", args=[who.pk])}
    if request.method == "POST":
        password = "-".join("".join(secrets.choice(LETTERS) for _each in range(4)) for _part in range(3))
        actions.give_password(staff=who, password_hash=make_password(password), by=request.actor, on=policy.today())
        # Whoever forgot it has most likely locked himself out as well.
        reset(username=who.username)
        return render(request, "web/desk/staff/password.html", context | {"password": password})
    return render(request, "web/desk/staff/give_password.html", context)


def _found(request: DeskRequest, staff: int) -> StaffMember:
    return get_object_or_404(queries.staff_of(request.actor, on=policy.today()), pk=staff)


def _appointments(request: DeskRequest, who: StaffMember) -> Any:
    """His posts within the areas of whoever asks, the latest first."""
    held = queries.appointments_within(request.actor).filter(staff=who)
    return held.select_related("staff", "post__office__division__parent").order_by("-period", "-id")


def _appointed(request: DeskRequest, who: StaffMember, form: AppointForm) -> bool:
    if form.is_valid():
        with refusals_in(form):
            made = actions.appoint(staff=who, by=request.actor, on=policy.today(), **form.appointment())
            message = _("已任命：{post}，{period}。")
            messages.success(request, message.format(post=made.post, period=made.shown_period))
            return True
    return False


def _cancelled(request: DeskRequest, who: StaffMember, doing: str) -> bool:
    if doing != CANCEL:
        return False
    asked = request.POST.get("appointment", "")
    held = get_object_or_404(_appointments(request, who), pk=number_in(asked))
    actions.cancel_appointment(appointment=held, by=request.actor, on=policy.today())
    messages.success(request, _("已撤销任命：{post}，{period}。").format(post=held.post, period=held.shown_period))
    return True


def _switched(request: DeskRequest, who: StaffMember, doing: str) -> bool:
    if doing not in ACCOUNT:
        return False
    ACCOUNT[doing](staff=who, by=request.actor, on=policy.today())
    said = _("{name} 的账号已恢复。") if who.is_active else _("{name} 的账号已停用，已退出登录。")
    messages.success(request, said.format(name=who.name))
    return True


def _alone_at(appointments: Any) -> list[str]:
    """The posts that nobody else holds today."""
    on = policy.today()
    today = [each for each in appointments if on in each.period]
    return [str(each.post) for each in today if not queries.others_at(each, on=on).exists()]


urlpatterns = [
    path("staff/new/", new, name="staff_new"),
    path("staff/<int:staff>/", member, name="staff_member"),
    path("staff/<int:staff>/appointments/<int:appointment>/end/", end, name="staff_end"),
    path("staff/<int:staff>/password/", password, name="staff_password"),
]
