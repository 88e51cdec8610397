"""受理: the list of cases, the page of one, and everything that is done in it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yihu.cases.models import Case, PublicNotice
from yihu.cases.queries import readable
from yihu.common.refusals import Refused
from yihu.policy.labels import programme_of
from yihu.policy.words import ProgrammeKind
from yihu.web import policy
from yihu.web.desk.access import DeskRequest
from yihu.web.desk.cases import case_list
from yihu.web.desk.cases.page import DEEDS, CasePage
from yihu.web.desk.cases.turn import of_case, turn_of
from yihu.web.desk.families.purpose import look_for_case


@require_http_methods(["GET", "HEAD"])
@of_case
def case(request: DeskRequest, case: Case) -> HttpResponse:
    """Where it stands, and the form of the step in hand."""
    look_for_case(request, case)
    turn = turn_of(request, case, request.GET.get("step", ""), on=policy.today())
    return render(request, "web/desk/cases/case.html", CasePage(turn).context())


@require_POST
@of_case
def deed(request: DeskRequest, case: Case, name: str) -> HttpResponse:
    """Do something in a case. Done twice it harms nothing: the second time says how the case stands now."""
    if name not in DEEDS:
        raise Http404
    asked = request.POST.get("step", "")
    turn = turn_of(request, case, asked, on=policy.today())
    if asked and (turn.row is None or turn.row.name != asked):
        messages.warning(request, _("这一步已经办过或者已经退回，下面是案件现在的情况。"))
        return redirect("desk:case", case.number)
    if not DEEDS[name].offered(turn):
        messages.error(request, DEEDS[name].refusal(turn))
        return redirect("desk:case", case.number)
    form = DEEDS[name](turn, request.POST, request.FILES)
    if form.is_valid():
        try:
            messages.success(request, form.do())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return redirect("desk:case", case.number)
    fresh = turn_of(request, get_object_or_404(readable(request.actor), pk=case.pk), asked, on=policy.today())
    form.turn = fresh
    if not DEEDS[name].offered(fresh):
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("desk:case", case.number)
    look_for_case(request, fresh.case)
    return render(request, "web/desk/cases/case.html", CasePage(fresh, form).context())


@require_http_methods(["GET", "HEAD"])
@of_case
def notice(request: DeskRequest, case: Case, pk: int) -> HttpResponse:
    """The sheet for the community's board: what the procedure says it shows, and nothing else."""
    found = get_object_or_404(PublicNotice.objects.select_related("place__parent", "step"), pk=pk, step__case=case)
    look_for_case(request, case)
    label = programme_of(case.programme, case.division_id)
    context = {
        "case": case,
        "notice": found,
        "programme": label.title,
        "amount_title": _("金额") if label.kind is ProgrammeKind.ONCE else f"{label.per}{_('金额')}",
    }
    return render(request, "web/desk/cases/notice.html", context)


urlpatterns = [
    path("cases/", case_list.cases, name="cases"),
    path("cases/export/", case_list.export, name="cases_export"),
    path("cases/<str:number>/", case, name="case"),
    path("cases/<str:number>/notices/<int:pk>/", notice, name="case_notice"),
    path("cases/<str:number>/<str:name>/", deed, name="case_deed"),
]
