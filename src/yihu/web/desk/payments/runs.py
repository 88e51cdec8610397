"""发放: the runs by month and programme, and the making of new ones."""

from collections import Counter
from collections.abc import Iterable

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from yihu.access.capabilities import Capability
from yihu.common.work import WorkItem
from yihu.payments import actions, queries
from yihu.payments.enums import RunPurpose, RunState
from yihu.payments.models import PaymentRun
from yihu.policy.labels import ProgrammeLabel, every_programme
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.forms import refusals_in
from yihu.web.desk.months import month_of
from yihu.web.parts import Choice, Filter

PER_PAGE = 50
TONES = {
    RunState.DRAFT: "plain",
    RunState.SUBMITTED: "warn",
    RunState.APPROVED: "good",
    RunState.CANCELLED: "bad",
}
# Years in which anybody can have been paid; whatever else stands in the address means this year.
YEARS = range(2000, 2101)


@require_safe
@desk_page(Capability.SEE_RUNS)
def runs(request: DeskRequest) -> HttpResponse:
    """All runs, the newest month first."""
    every = chosen = queries.runs(request.actor)
    for name, column in (("programme", "programmes__contains"), ("state", "state")):
        if request.GET.get(name):
            chosen = chosen.filter(**{column: [request.GET[name]] if name == "programme" else request.GET[name]})
    if request.GET.get("year"):
        chosen = chosen.filter(month__year=_year(request.GET["year"]))
    sums = chosen.exclude(state=RunState.CANCELLED).order_by().aggregate(runs=Count("pk"), total=Sum("total"))
    page = Paginator(chosen.order_by("-month", "programmes", "-id"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(run, TONES[RunState(run.state)]) for run in page.object_list],
        "filters": _filters(every),
        "count": sums["runs"],
        "total": sums["total"] or 0,
        "proposals": _proposals(request),
        "may_make": request.actor.may(Capability.MAKE_RUNS),
    }
    return render(request, "web/desk/payments/list.html", context)


def _year(text: str) -> int:
    year = int(text) if text.isdecimal() and len(text) == len("2026") else 0
    return year if year in YEARS else policy.today().year


class RunForm(forms.Form):
    """Which month of which programmes, and when the money is to arrive."""

    programmes = forms.MultipleChoiceField(
        label=gettext_lazy("项目"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("几个项目可以合成一批，一份银行文件"),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("用途"),
        choices=RunPurpose.choices,
        initial=RunPurpose.MONTHLY,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("等不到按月统发的，选即时发放"),
    )
    month = forms.CharField(
        label=gettext_lazy("所属月份"),
        max_length=7,
        widget=forms.TextInput(attrs={"type": "month"}),
        help_text=gettext_lazy("待遇属于哪个月"),
    )
    pay_on = forms.DateField(
        label=gettext_lazy("应到账日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("空着就是当月 10 日，遇休息日提前；已过 10 日的，两个工作日后"),
    )

    def __init__(self, *args: object, payable: Iterable[ProgrammeLabel], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(each.name, each.title) for each in payable]
        self.fields["programmes"].choices = choices  # type: ignore[attr-defined]

    def clean_month(self) -> object:
        """The first of the month."""
        month = month_of(self.cleaned_data["month"].strip())
        if month is None:
            raise forms.ValidationError(_("月份写成 2026-03 这样。"))
        return month


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.MAKE_RUNS)
def new_run(request: DeskRequest, key: str = "") -> HttpResponse:
    """A draft of a month; what is still to be made is offered."""
    programme, month, purpose, *_more = [*key.split("/"), "", ""]
    initial = {
        "programmes": [programme],
        "purpose": purpose if purpose in RunPurpose.values else RunPurpose.MONTHLY,
        "month": month or f"{policy.today():%Y-%m}",
    }
    payable = queries.payable(request.actor, on=policy.today())
    form = RunForm(request.POST or None, initial=initial, payable=payable)
    if form.is_valid():
        with refusals_in(form):
            run = actions.make_run(**form.cleaned_data, by=request.actor, on=policy.today())
            held = len(queries.left_out_of(run))
            if held:
                message = _("上一个批次里暂缓的 {n} 笔仍然暂缓，要发的请在“本批次暂缓的”里放回。")
                messages.warning(request, message.format(n=held))
            return redirect("desk:run", number=run.number)
    return render(request, "web/desk/payments/new.html", {"form": form, "proposals": _proposals(request)})


def _proposals(request: DeskRequest) -> list[tuple[WorkItem, str]]:
    """What is owed but in no run yet, with where to make it."""
    waiting = queries.open_work(request.actor, on=policy.today())
    return [
        (item, reverse("desk:new_run", args=[item.key])) for item in waiting if item.page == queries.PAGE_OF_NEW_RUN
    ]


def _filters(every: QuerySet[PaymentRun]) -> list[Filter]:
    names = Counter(name for each in every.order_by().values_list("programmes", flat=True) for name in each)
    states = dict(every.order_by().values_list("state").annotate(Count("pk")))
    years = sorted({month.year for month in every.order_by().values_list("month", flat=True).distinct()}, reverse=True)
    everything = Choice("", _("全部"))
    found = [Choice(value, str(label), states[value]) for value, label in RunState.choices if value in states]
    paid = [Choice(each.name, each.short, names[each.name]) for each in every_programme() if each.name in names]
    return [
        Filter("state", (Choice("", _("全部"), sum(states.values())), *found)),
        Filter("programme", (everything, *paid), _("项目")),
        Filter("year", (everything, *(Choice(str(year), str(year)) for year in years)), _("年份")),
    ]


urlpatterns = [
    path("runs/", runs, name="runs"),
    path("runs/new/", new_run, name="start_run"),
    path("runs/new/<path:key>/", new_run, name="new_run"),
]
