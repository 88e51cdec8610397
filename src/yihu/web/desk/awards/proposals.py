"""到期变动: what the calendar alone changes, to be accepted or not, one by one or many at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yihu.access.capabilities import Capability
from yihu.awards import actions, queries
from yihu.awards.enums import SET_ASIDE, ProposalKind, ProposalState
from yihu.awards.models import CalendarLook, Proposal, ProposalQuerySet
from yihu.awards.periods import RUNNING, name_of
from yihu.common.refusals import Refused
from yihu.households.queries import in_short
from yihu.organisations.queries import within
from yihu.payments import queries as payments
from yihu.policy.labels import every_programme, programme_of
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.numbers import number_in
from yihu.web.parts import Choice, Filter, Tone

PER_PAGE = 100
SHOWN_REFUSALS = 5
TONES: dict[str, Tone] = {
    ProposalKind.CHANGE: "info",
    ProposalKind.BEGIN: "good",
    ProposalKind.CONTINUE: "good",
    ProposalKind.END: "bad",
    ProposalKind.LOOK: "warn",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One of the list: ``head`` is who heads the family now, ``granted_from`` the day from which accepting it today
    grants it, ``season`` what the season or year is called that it is for, if any.
    """

    proposal: Proposal
    tone: Tone
    head: str
    granted_from: date
    season: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.DECIDE_PROPOSALS)
def proposals(request: DeskRequest, programme: str = "") -> HttpResponse:
    """What waits, with filters in the address; ``programme`` leads to what waits of one."""
    if programme:
        return redirect(f"{reverse('desk:proposals')}?programme={programme}")
    every = queries.proposals(request.actor)
    if request.method == "POST":
        _decide(request, every)
        shown = request.GET.copy()
        shown.pop("all", None)
        return redirect(f"{reverse('desk:proposals')}?{shown.urlencode()}")
    chosen = _chosen(request, every)
    looks = CalendarLook.objects.filter(within(request.actor))
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    state = _state(request)
    every_row = request.GET.copy()
    every_row["all"] = "1"
    context = {
        "page": page,
        "rows": _rows(page.object_list, policy.today()),
        "filters": _filters(request, every),
        "waits": state == ProposalState.WAITING,
        "was_set_aside": state in SET_ASIDE,
        "asked": request.GET.urlencode(),
        "all_address": every_row.urlencode(),
        # Nothing that moves money is ticked before somebody ticks it.
        "all_ticked": "all" in request.GET,
        "look": looks.filter(problem="").last(),
        "problem": looks.last(),
    }
    return render(request, "web/desk/awards/proposals.html", context)


def _decide(request: DeskRequest, every: ProposalQuerySet) -> None:
    keys = {number_in(key) for key in request.POST.getlist("proposal")}
    chosen = list(every.filter(pk__in=keys))
    if not chosen:
        messages.error(request, _("请先选择要办理的。"))
        return
    reason, on = request.POST.get("reason", ""), policy.today()
    for do, act, said in (
        ("decline", actions.decline_proposals, _("已记下 {count} 件的原因，待遇不变。")),
        ("reopen", actions.reopen_proposals, _("已重新打开 {count} 件，在待办理里。")),
    ):
        if request.POST.get("do") == do:
            try:
                act(proposals=chosen, reason=reason, by=request.actor, on=on)
            except Refused as refused:
                messages.error(request, refused.message)
            else:
                messages.success(request, said.format(count=len(chosen)))
            return
    if request.POST.get("do") != "accept":
        messages.error(request, _("请选择怎么办理。"))
        return
    done = actions.accept_proposals(proposals=chosen, by=request.actor, on=on, reason=reason)
    if done.accepted:
        drafts = payments.says_when_paid({each.programme for each in done.accepted}, actor=request.actor)
        messages.success(request, _said(done.accepted) + drafts)
    for proposal, why in done.refused[:SHOWN_REFUSALS]:
        messages.error(request, f"{proposal.home.number}：{why}")
    if len(done.refused) > SHOWN_REFUSALS:
        messages.error(request, _("一共 {count} 件没有办成，都还在这里。").format(count=len(done.refused)))


def _rows(proposals: Iterable[Proposal], on: date) -> list[Row]:
    shown = list(proposals)
    families = in_short([each.home.number for each in shown], on=on)
    rows = []
    for each in shown:
        day = each.granted_from(on)
        label = programme_of(each.programme, each.home.division_id)
        family = families.get(each.home.number)
        rows.append(Row(each, TONES[each.kind], family.head if family else "", day, name_of(label, day)))
    return rows


def _said(accepted: Sequence[Proposal]) -> str:
    """What accepting did, by what it is: only money goes into a run, and only what goes on is paid."""
    effects: Counter[str] = Counter()
    for each in accepted:
        label = programme_of(each.programme, each.home.division_id)
        if each.ends and each.key != RUNNING:
            effect = _("没有发的不再发，已经发的列为多发")
        elif each.ends:
            effect = _("身份到日子终止") if label.is_status else _("到日子停，以后不再给")
        elif label.is_status:
            effect = _("身份从起始日起有效，不发钱")
        elif label.is_money:
            effect = _("下一批次按新的发放")
        else:
            effect = _("等着交付，在“交付”里登记")
        effects[effect] += 1
    parts = "；".join(_("{count} 件{effect}").format(count=count, effect=effect) for effect, count in effects.items())
    if len(effects) == 1:
        return _("已采纳 {count} 件，{effect}。").format(count=len(accepted), effect=next(iter(effects)))
    return _("已采纳 {count} 件：{parts}。").format(count=len(accepted), parts=parts)


def _state(request: DeskRequest) -> str:
    state = request.GET.get("state", ProposalState.WAITING)
    return state if state in ProposalState.values else ProposalState.WAITING


def _of_state(request: DeskRequest, every: ProposalQuerySet) -> ProposalQuerySet:
    state = _state(request)
    return every.waiting() if state == ProposalState.WAITING else every.filter(state=state)


def _chosen(request: DeskRequest, every: ProposalQuerySet) -> ProposalQuerySet:
    chosen = _of_state(request, every)
    for name in ("programme", "kind"):
        if request.GET.get(name):
            chosen = chosen.filter(**{name: request.GET[name]})
    return chosen


def _filters(request: DeskRequest, every: ProposalQuerySet) -> list[Filter]:
    plain = every.order_by()
    states = dict(plain.values_list("state").annotate(Count("pk")))
    states[ProposalState.WAITING] = plain.waiting().count()
    of_state = _of_state(request, plain)
    names = dict(of_state.values_list("programme").annotate(Count("pk")))
    kinds = dict(of_state.values_list("kind").annotate(Count("pk")))
    shown = [each for each in every_programme() if each.name in names]
    everything = Choice("", _("全部"))
    return [
        Filter("state", tuple(Choice(str(v), str(label), states.get(v, 0)) for v, label in ProposalState.choices)),
        Filter(
            "programme",
            (everything, *(Choice(each.name, each.short, names[each.name]) for each in shown)),
            _("项目"),
        ),
        Filter(
            "kind",
            (everything, *(Choice(str(v), str(label), kinds[v]) for v, label in ProposalKind.choices if v in kinds)),
            _("变动"),
        ),
    ]


urlpatterns = [
    path("awards/proposals/", proposals, name="proposals"),
    path("awards/proposals/<slug:programme>/", proposals, name="proposals"),
]
