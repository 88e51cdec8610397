"""到期变动: what the calendar alone changes, to be accepted or not, one by one or many at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

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
from yihu.policy.labels import ProgrammeLabel, every_programme, programme_of
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
    """One of the list: ``head`` is who heads the family now, ``holds_from`` the day from which it holds, or would if it
    were accepted today; ``season`` what the season or year is called that it is for, if any.
    """

    proposal: Proposal
    tone: Tone
    head: str
    holds_from: date
    season: str


@dataclass(frozen=True, slots=True)
class Undone:
    """What was not done: so many stay ticked, the reason stays typed, and what is wrong with it stands beside it."""

    keys: frozenset[int] = frozenset()
    reason: str = ""
    error: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.DECIDE_PROPOSALS)
def proposals(request: DeskRequest, work: str = "") -> HttpResponse:
    """What waits, with filters in the address; ``work``, as 待办 names it, leads to what waits of a programme, or to
    one of it alone.
    """
    if work:
        programme, _sep, one = work.partition("/")
        asked = {"programme": programme} | ({"one": one} if one else {})
        return redirect(f"{reverse('desk:proposals')}?{urlencode(asked)}")
    every = queries.proposals(request.actor)
    undone = Undone()
    if request.method == "POST":
        undone = _decide(request, every)
        if not undone.keys:
            shown = request.GET.copy()
            for name in ("all", "one"):
                shown.pop(name, None)
            return redirect(f"{reverse('desk:proposals')}?{shown.urlencode()}")
    chosen = _chosen(request, every)
    looks = CalendarLook.objects.filter(within(request.actor))
    one_alone = number_in(request.GET.get("one", ""))
    if one_alone:
        chosen = chosen.filter(pk=one_alone)
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
        "all_ticked": "all" in request.GET and not undone.keys,
        "one_alone": bool(one_alone),
        "undone": undone,
        "look": looks.filter(problem="").last(),
        "problem": looks.last(),
    }
    return render(request, "web/desk/awards/proposals.html", context)


def _decide(request: DeskRequest, every: ProposalQuerySet) -> Undone:
    """Do what was pressed; what could not be done for want of a reason."""
    keys = {number_in(key) for key in request.POST.getlist("proposal")}
    chosen = list(every.filter(pk__in=keys))
    if not chosen:
        messages.error(request, _("请先选择要办理的。"))
        return Undone()
    reason, on = request.POST.get("reason", ""), policy.today()
    for do, act, said in (
        ("decline", actions.decline_proposals, _("已记下 {count} 件的原因，待遇不变。")),
        ("reopen", actions.reopen_proposals, _("已重新打开 {count} 件，在待办理里。")),
    ):
        if request.POST.get("do") == do:
            try:
                act(proposals=chosen, reason=reason, by=request.actor, on=on)
            except Refused as refused:
                if refused.field == "reason":
                    return Undone(frozenset(each.pk for each in chosen), reason, refused.message)
                messages.error(request, refused.message)
            else:
                messages.success(request, said.format(count=len(chosen)))
            return Undone()
    if request.POST.get("do") != "accept":
        messages.error(request, _("请选择怎么办理。"))
        return Undone(frozenset(each.pk for each in chosen), reason)
    done = actions.accept_proposals(proposals=chosen, by=request.actor, on=on, reason=reason)
    if done.accepted:
        drafts = payments.says_when_paid({each.programme for each in done.accepted}, actor=request.actor)
        messages.success(request, _said(done.accepted) + drafts)
    for proposal, why in done.refused[:SHOWN_REFUSALS]:
        messages.error(request, f"{proposal.home.number}：{why}")
    if len(done.refused) > SHOWN_REFUSALS:
        messages.error(request, _("一共 {count} 件没有办成，都还在这里。").format(count=len(done.refused)))
    looks = any(proposal.kind == ProposalKind.LOOK for proposal, _why in done.refused)
    error = _("请写明核实的结果。") if looks and not reason.strip() else ""
    return Undone(frozenset(proposal.pk for proposal, _why in done.refused), reason, error)


def _rows(proposals: Iterable[Proposal], on: date) -> list[Row]:
    shown = list(proposals)
    families = in_short([each.home.number for each in shown], on=on)
    rows = []
    for each in shown:
        day = each.granted_from(on) if each.state == ProposalState.WAITING else each.held_from()
        label = programme_of(each.programme, each.home.division_id)
        family = families.get(each.home.number)
        rows.append(Row(each, TONES[each.kind], family.head if family else "", day, _season(each, label)))
    return rows


def _season(proposal: Proposal, label: ProgrammeLabel) -> str:
    """The season or the year that it is for, whenever it is accepted: ``2026—2027 采暖季``."""
    name = name_of(label, proposal.from_day)
    if not name:
        return ""
    return f"{name.replace('-', '—')} {label.season.label}" if label.season else _("{year} 年").format(year=name)


def _said(accepted: Sequence[Proposal]) -> str:
    """What accepting did, by what it is: only money goes into a run, and only what goes on is paid."""
    effects: Counter[str] = Counter()
    for each in accepted:
        label = programme_of(each.programme, each.home.division_id)
        if each.ends and each.key != RUNNING:
            effect = _("没有发的不再发，已经发的在这一户的发放页列为多发")
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
    path("awards/proposals/<path:work>/", proposals, name="proposals"),
]
