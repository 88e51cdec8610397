"""没有采用的答复文件: which there are, why each was not taken, how to mend it, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from yihu.access.capabilities import Capability
from yihu.common.calendar import working_days
from yihu.common.refusals import Refused
from yihu.households.models import Household
from yihu.organisations.queries import within
from yihu.records_checks import actions, queries
from yihu.records_checks.models import RefusedFile
from yihu.records_checks.sources import label_of
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.checks.checks import PAGE, Row, rows_of, with_case
from yihu.web.desk.families.purpose import look_in_passing
from yihu.web.parts import Choice, Filter

# How much of the checksum tells a file apart in the folder.
MARK = 8


class SettleForm(forms.Form):
    """What came of it."""

    reason = forms.CharField(
        label=gettext_lazy("怎样处理的"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("例如：已电话告知，对方改正后重新提交"),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One file of the list."""

    file: RefusedFile
    label: str
    first: str
    settled_by: str


@require_http_methods(["GET", "HEAD"])
@desk_page(Capability.READ_CHECKS)
def refused_files(request: DeskRequest) -> HttpResponse:
    """The files that nobody has seen to, the oldest first; or those that somebody has."""
    every = queries.refused_files(request.actor, on=policy.today())
    state, source = request.GET.get("state", ""), request.GET.get("source", "")
    of_source = every.filter(source=source) if source else every
    found = _in_state(of_source, state)
    order = ("refused_on", "id") if state == "" else ("-refused_on", "-id")
    page = Paginator(found.select_related("settled_by").order_by(*order), PAGE).get_page(request.GET.get("page"))
    context = {"filters": _filters(every, of_source, state), "rows": _lines(page.object_list), "page": page}
    return render(request, "web/desk/checks/files.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.READ_CHECKS)
def refused_file(request: DeskRequest, pk: int) -> HttpResponse:
    """Why it was not taken, how its requests stand, and the form for whoever has seen to it."""
    on, by = policy.today(), request.actor
    file = get_object_or_404(queries.refused_files(by, on=on), pk=pk)
    # The faults quote what was answered of these families.
    named = Household.objects.filter(within(by), pk__in=file.households)
    look_in_passing(request, named, detail=_("没有采用的答复文件 {name}").format(name=file.name))
    requests = _requests(request, file)
    is_answered = bool(requests) and not any(row.is_waiting for row in requests)
    form = SettleForm(request.POST or None, initial={"reason": _("所涉请求都已有结果。") if is_answered else ""})
    if form.is_valid():
        try:
            actions.settle_refused(file=file, reason=form.cleaned_data["reason"], by=by, on=on)
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("已注明怎样处理的，这份文件不再算作待办。"))
        return redirect("desk:refused_file", pk=pk)
    may_settle = by.may(Capability.SETTLE_ANSWER_FILES) and file.settled_on is None
    context = {
        "file": file,
        "label": label_of(file.source),
        "mark": file.sha256[:MARK],
        "unlisted": file.faults_count - len(file.faults),
        "requests": requests,
        "hidden": len(file.requests) - len(requests),
        "is_answered": is_answered,
        "is_misplaced": any(row.request.source != file.source for row in requests),
        "form": form if may_settle else None,
        "settled_by": file.settled_by.shown_name if file.settled_by else "",
        "back_url": reverse("desk:refused_files"),
    }
    return render(request, "web/desk/checks/file.html", context)


def _requests(request: DeskRequest, file: RefusedFile) -> list[Row]:
    on = policy.today()
    named = queries.asked_in(request.actor, on=on).filter(pk__in=file.requests).order_by("id")
    return rows_of(with_case(named), on, working_days()) if file.requests else []


def _in_state(found: QuerySet[RefusedFile], state: str) -> QuerySet[RefusedFile]:
    return found if state == "all" else found.filter(settled_on__isnull=state != "settled")


def _lines(found: Iterable[RefusedFile]) -> list[Line]:
    return [
        Line(file, label_of(file.source), file.faults[0], file.settled_by.shown_name if file.settled_by else "")
        for file in found
    ]


def _filters(every: QuerySet[RefusedFile], of_source: QuerySet[RefusedFile], state: str) -> list[Filter]:
    labels = {"": _("待处理"), "settled": _("已处理"), "all": _("全部")}
    sources: dict[str, int] = dict(
        _in_state(every, state).order_by("source").values_list("source").annotate(Count("id"))
    )
    return [
        Filter("state", tuple(Choice(value, labels[value], _in_state(of_source, value).count()) for value in labels)),
        Filter(
            "source",
            (Choice("", _("全部")), *(Choice(name, label_of(name), count) for name, count in sources.items())),
            _("来源"),
        ),
    ]


urlpatterns = [
    path("checks/files/", refused_files, name="refused_files"),
    path("checks/files/<int:pk>/", refused_file, name="refused_file"),
]
