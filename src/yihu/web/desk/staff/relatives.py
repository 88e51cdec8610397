"""我的近亲属: everybody declares his own, so that a case of theirs is kept from him and registered apart."""

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from yihu.access.capabilities import Capability
from yihu.common.refusals import Refused
from yihu.organisations import actions
from yihu.organisations.models import Relative, StaffMember
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.forms import refusals_in
from yihu.web.desk.staff.forms import RelativeForm
from yihu.web.numbers import number_in

DECLARE, WITHDRAW = "declare", "withdraw"
LONGEST_REASON = 200


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("identity_number")
@desk_page(Capability.DECLARE_OWN_RELATIVES)
def mine(request: DeskRequest) -> HttpResponse:
    """One's own declarations, those withdrawn too, and a new one; taking one back is another's."""
    own = StaffMember.objects.get(pk=request.user.pk)
    form = relative_form(request)
    if changed(request, own, form):
        return redirect("desk:my_relatives")
    context = {"relatives": declared_by(own), "form": form, "may_withdraw": False}
    return render(request, "web/desk/staff/mine.html", context)


def declared_by(staff: StaffMember) -> QuerySet[Relative]:
    """Whom someone declares, and then whom he once did."""
    return Relative.objects.filter(staff=staff).order_by(F("withdrawn_on").desc(nulls_first=True), "id")


def relative_form(request: DeskRequest) -> RelativeForm:
    """The form, with what was typed into it."""
    return RelativeForm(request.POST if request.POST.get("do") == DECLARE else None)


def changed(request: DeskRequest, staff: StaffMember, form: RelativeForm) -> bool:
    """Declare or withdraw a relative of someone, as the request asks; whether that was done."""
    by, on = request.actor, policy.today()
    if form.is_valid():
        with refusals_in(form):
            made = actions.declare_relative(staff=staff, by=by, on=on, **form.cleaned_data)
            message = _("已申报{kinship} {name}。{name}家的案件从现在起由别人办理。")
            messages.success(request, message.format(kinship=made.get_kinship_display(), name=made.name))
            return True
    if request.POST.get("do") != WITHDRAW:
        return False
    asked = request.POST.get("relative", "")
    relative = get_object_or_404(Relative.objects.select_related("staff"), staff=staff, pk=number_in(asked))
    try:
        reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
        actions.withdraw_relative(relative=relative, reason=reason, by=by, on=on)
    except Refused as refused:
        messages.error(request, refused.message)
        return True
    messages.success(request, _("已撤销{name}的申报，从今天起不再回避。").format(name=relative.name))
    return True


urlpatterns = [path("relatives/", mine, name="my_relatives")]
