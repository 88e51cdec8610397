"""交付: help that is not money, from what was awarded to what arrived; many at once, as a van takes them round."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from yihu.access.capabilities import Capability
from yihu.awards import actions, queries
from yihu.awards.models import MOST_AT_ONCE, AwardTerm, Delivery
from yihu.common.refusals import Refused
from yihu.households.enums import HEAD
from yihu.households.models import Household, Member
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division
from yihu.organisations.queries import within
from yihu.policy.labels import every_programme
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.numbers import number_in
from yihu.web.parts import Choice, Filter

PER_PAGE = 100
SHOWN_REFUSALS = 5
DAY = timedelta(days=1)
WAITING, UNDER_WAY, RECEIVED, REFUSED = "waiting", "under_way", "received", "refused"
STATES = {
    WAITING: gettext_lazy("待送出"),
    UNDER_WAY: gettext_lazy("已送出，待签收"),
    RECEIVED: gettext_lazy("已收到"),
    REFUSED: gettext_lazy("没有收"),
}
# How a delivery of a state looks in the table.
OF_STATE = {
    UNDER_WAY: {"received_on__isnull": True, "refused_on__isnull": True},
    RECEIVED: {"received_on__isnull": False},
    REFUSED: {"refused_on__isnull": False},
}


class _OnADay(forms.Form):
    """What happened on a day that has come."""

    on = forms.DateField(label=gettext_lazy("日期"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean_on(self) -> date:
        """Nothing is taken down before it happened."""
        typed: date = self.cleaned_data["on"]
        if typed > policy.today():
            raise forms.ValidationError(_("这一天还没有到。"))
        return typed


class SendForm(_OnADay):
    """How many were given out to each, and when; what it is, the award says."""

    quantity = forms.IntegerField(label=gettext_lazy("每户（人）数量"), min_value=1, max_value=MOST_AT_ONCE, initial=1)


class ReceiveForm(_OnADay):
    """Who took it, and which paper he signed."""

    received_by = forms.CharField(
        label=gettext_lazy("签收人"), required=False, max_length=60, help_text=gettext_lazy("不填就是领取人本人")
    )
    receipt = forms.CharField(label=gettext_lazy("签收凭据"), max_length=100, help_text=gettext_lazy("签收单的编号"))


class RefuseForm(_OnADay):
    """Why it was not taken."""

    because = forms.CharField(label=gettext_lazy("为什么没有收"), max_length=200)


FORMS: dict[str, type[_OnADay]] = {"send": SendForm, "receive": ReceiveForm, "refuse": RefuseForm}
OFFERED = {WAITING: ("send",), UNDER_WAY: ("receive", "refuse")}


Chosen = QuerySet[AwardTerm] | QuerySet[Delivery]


@dataclass(frozen=True, slots=True)
class Row:
    """Help to one recipient, given out by ``delivery`` or not yet; ``key`` is what is chosen by."""

    key: int
    term: AwardTerm
    delivery: Delivery | None
    household: Household
    name: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.DELIVER_HELP)
def deliveries(request: DeskRequest) -> HttpResponse:
    """What waits and what became of it, with filters in the address; under it what is done with those chosen."""
    on, state = policy.today(), _state(request)
    chosen = _chosen(request, state, on)
    done = request.POST.get("do", "")
    shown = {
        name: FORMS[name](request.POST if name == done else None, initial={"on": on}, prefix=name)
        for name in OFFERED.get(state, ())
    }
    if done in shown and shown[done].is_valid() and _do(request, done, shown[done], chosen):
        return redirect(f"{reverse('desk:deliveries')}?{request.GET.urlencode()}")
    page: Page[Any] = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(page.object_list),
        "filters": _filters(request, state, on),
        "state": state,
        "forms": shown,
        "asked": request.GET.urlencode(),
        "year": on.year,
        "sums": queries.delivered(request.actor, since=on.replace(month=1, day=1), until=on + DAY),
    }
    return render(request, "web/desk/awards/deliveries.html", context)


def _do(request: DeskRequest, done: str, form: _OnADay, chosen: Chosen) -> bool:
    """Each whole or not at all; whether the page begins anew."""
    keys = {number_in(key) for key in request.POST.getlist("row")}
    rows = _rows(chosen.filter(pk__in=keys))
    if not rows:
        form.add_error(None, _("请先选择。"))
        return False
    refused = list[str]()
    for row in rows:
        try:
            _do_one(request, done, form.cleaned_data, row)
        except Refused as why:
            refused.append(f"{row.household.number}：{why.message}")
    if len(refused) < len(rows):
        messages.success(request, _("已登记 {count} 件。").format(count=len(rows) - len(refused)))
    for each in refused[:SHOWN_REFUSALS]:
        messages.error(request, each)
    if len(refused) > SHOWN_REFUSALS:
        messages.error(request, _("一共 {count} 件没有登记成，都还在这里。").format(count=len(refused)))
    return True


def _do_one(request: DeskRequest, done: str, typed: Mapping[str, Any], row: Row) -> None:
    by, on, sent = request.actor, typed["on"], row.delivery
    if sent is None:
        actions.deliver(term=row.term, quantity=typed["quantity"], by=by, on=on)
    elif done == "receive":
        received_by = typed["received_by"].strip() or row.name
        actions.receive(delivery=sent, received_by=received_by, receipt=typed["receipt"], by=by, on=on)
    else:
        actions.refuse(delivery=sent, because=typed["because"], by=by, on=on)


def _state(request: DeskRequest) -> str:
    state = request.GET.get("state", WAITING)
    return state if state in STATES else WAITING


def _of_state(request: DeskRequest, state: str, on: date) -> tuple[Chosen, str]:
    """What is listed in a state, and where its award is found from it."""
    if state == WAITING:
        return queries.undelivered(request.actor, on=on), "award__"
    return queries.deliveries(request.actor).filter(**OF_STATE[state]), "term__award__"


def _chosen(request: DeskRequest, state: str, on: date) -> Chosen:
    found, award = _of_state(request, state, on)
    if request.GET.get("programme"):
        found = found.filter(**{f"{award}programme": request.GET["programme"]})
    if request.GET.get("street"):
        found = found.filter(queries.claims_within(request.actor, award, place=request.GET["street"]))
    return found


def _rows(found: Iterable[Any]) -> list[Row]:
    """Of terms or deliveries, each with its ``home``."""
    every = list(found)
    homes = Household.objects.select_related("division__parent").in_bulk({each.home for each in every})
    heads = Member.objects.filter(household__in=homes, relation=HEAD, period__contains=policy.today())
    names = dict(heads.values_list("household", "person__name"))
    rows = list[Row]()
    for each in every:
        home = homes[each.home]
        sent = each if isinstance(each, Delivery) else None
        term = sent.term if sent else each
        name = term.award.person.name if term.award.person else names.get(home.pk, "")
        rows.append(Row(each.pk, term, sent, home, name))
    return rows


def _filters(request: DeskRequest, state: str, on: date) -> list[Filter]:
    """Those that make a difference to whoever asks."""
    found, award = _of_state(request, state, on)
    counts = dict(found.order_by().values_list(f"{award}programme").annotate(Count("pk")))
    streets = Division.objects.filter(within(request.actor, "path"), level=DivisionLevel.STREET).order_by("path")
    places = [Choice(each.path, each.name) for each in streets]
    everything = Choice("", _("全部"))
    shown = [Choice(each.name, each.short, counts[each.name]) for each in every_programme() if each.name in counts]
    return [
        Filter("state", tuple(Choice(name, str(label)) for name, label in STATES.items())),
        Filter("programme", (everything, *shown), _("项目")),
        *([Filter("street", (everything, *places), _("街道"))] if len(places) > 1 else []),
    ]


urlpatterns = [path("awards/deliveries/", deliveries, name="deliveries")]
