"""在册期初: awards that were running before this register began, checked row by row and then taken over.

The work is done in the background; a page shows how far it is, and may be left.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.awards.enums import ListState
from yihu.awards.models import OpeningImport, OpeningList
from yihu.awards.opening import lists
from yihu.awards.opening.loading import usual_first_month
from yihu.awards.opening.sheets import template
from yihu.awards.opening.trials import Trial
from yihu.common.refusals import Refused
from yihu.documents import storage
from yihu.documents.models import Document
from yihu.organisations.models import Division
from yihu.organisations.queries import within
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.forms import refusals_in
from yihu.web.desk.months import month_of
from yihu.web.desk.workbooks import download
from yihu.web.numbers import number_in
from yihu.web.parts import Chip, Progress, Tone

PER_PAGE = 20
TONES: dict[ListState, Tone] = {
    ListState.TO_CHECK: "info",
    ListState.BAD: "bad",
    ListState.READY: "good",
    ListState.TO_LOAD: "info",
    ListState.LOADED: "good",
    ListState.FAILED: "bad",
}
# A short list is done before anybody looks twice: the page asks soon at first, and then at leisure.
QUICK, SOON, LEISURELY = 8, "400ms", "2s"
# Asked for so often, what still has not begun may be asked for anew.
PATIENCE = 20


def may_open(actor: Actor) -> bool:
    """Whether someone may take such a list in."""
    return actor.may(Capability.LOAD_OPENING_LISTS)


class ListForm(forms.Form):
    """The list."""

    file = forms.FileField(
        label=gettext_lazy("名单"),
        help_text=gettext_lazy("Excel 或 CSV，表头照模板"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["data-most"] = settings.DOCUMENT_MOST_BYTES


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.LOAD_OPENING_LISTS)
def opening(request: DeskRequest) -> HttpResponse:
    """The lists that are on their way and those that were taken over; a new one is handed in to be checked."""
    form = ListForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals_in(form):
            file = form.cleaned_data["file"]
            handed_in = lists.hand_in(
                content=file.read(), name=file.name, division=_division(request), by=request.actor, on=policy.today()
            )
            return redirect(_address(handed_in, waited=0))
    every = (
        OpeningImport.objects.filter(within(request.actor)).select_related("document", "imported_by").order_by("-id")
    )
    page = Paginator(every, PER_PAGE).get_page(request.GET.get("page"))
    on_their_way = _lists(request).filter(state__in=lists.ON_THEIR_WAY).order_by("-id")
    context = {
        "form": form,
        "lists": [(each, _chip(each)) for each in on_their_way],
        "page": page,
        "rows": [(each, each.imported_by.shown_name) for each in page.object_list],
    }
    return render(request, "web/desk/awards/opening.html", context)


@require_safe
@desk_page(Capability.LOAD_OPENING_LISTS)
def opening_list(request: DeskRequest, pk: int) -> HttpResponse:
    """How far one list is, and what came of it; to htmx the part that changes."""
    shown = get_object_or_404(_lists(request), pk=pk)
    is_moving = shown.state in lists.WAITING
    is_at_work = is_moving and lists.is_at_work(shown)
    waited = request.GET.get("waited", "")
    asked = number_in(waited) if waited else PATIENCE
    context = {
        "list": shown,
        "chip": _chip(shown),
        "work": _progress(shown, asked, is_at_work=is_at_work) if is_moving else None,
        "may_ask_again": is_moving and not is_at_work and asked >= PATIENCE,
        "trial": Trial.read(shown.found) if shown.found else None,
        "pays_from": usual_first_month(policy.today()),
    }
    return render(request, f"web/desk/awards/{'_opening_list' if request.htmx else 'opening_list'}.html", context)


@require_POST
@desk_page(Capability.LOAD_OPENING_LISTS)
def take_over(request: DeskRequest, pk: int) -> HttpResponse:
    """Have a good list loaded, and say from which month on it is paid here; pressed twice it changes nothing."""
    typed = request.POST.get("pays_from", "").strip()

    def do(one: OpeningList) -> OpeningList:
        month = month_of(typed)
        if typed and month is None:
            raise Refused(_("月份写成 2026-03 这样。"), field="pays_from")
        return lists.take_over(opening_list=one, pays_from=month, by=request.actor)

    return _done(request, pk, do)


@require_POST
@desk_page(Capability.LOAD_OPENING_LISTS)
def check_again(request: DeskRequest, pk: int) -> HttpResponse:
    """Have it checked anew."""
    return _done(request, pk, lambda one: lists.check_again(opening_list=one, by=request.actor))


@require_POST
@desk_page(Capability.LOAD_OPENING_LISTS)
def drop(request: DeskRequest, pk: int) -> HttpResponse:
    """Give it up."""
    return _done(request, pk, lambda one: lists.drop(opening_list=one, by=request.actor))


@require_safe
@desk_page(Capability.LOAD_OPENING_LISTS)
def bad_rows(request: DeskRequest, pk: int) -> HttpResponse:
    """The rows that have to be mended, as a workbook."""
    shown = get_object_or_404(_lists(request), pk=pk)
    if not shown.bad_rows:
        raise Http404
    name = _("{name} 要改的行.xlsx").format(name=shown.name.rpartition(".")[0] or shown.name)
    return download(storage.open(Document(sha256=shown.bad_rows, name=name)), name)


@require_safe
@desk_page(Capability.LOAD_OPENING_LISTS)
def empty(request: DeskRequest) -> HttpResponse:
    """The workbook that is to be filled in."""
    return download(template(), _("在册名单模板.xlsx"))


@require_safe
@desk_page(Capability.LOAD_OPENING_LISTS)
def original(request: DeskRequest, opening: int) -> HttpResponse:
    """A list as it came in."""
    rows = OpeningImport.objects.filter(within(request.actor)).select_related("document")
    document = get_object_or_404(rows, pk=opening).document
    return download(storage.open(document), document.name, document.content_type)


def _division(request: DeskRequest) -> Division:
    return get_object_or_404(Division, path__in=request.actor.areas)


def _lists(request: DeskRequest) -> Any:
    return OpeningList.objects.filter(within(request.actor)).select_related("staff", "opening")


def _done(request: HttpRequest, pk: int, do: Callable[[OpeningList], OpeningList]) -> HttpResponse:
    """Do it, and show how the list stands then, or why it was not done."""
    found = get_object_or_404(_lists(request), pk=pk)  # type: ignore[arg-type]
    try:
        found = do(found)
    except Refused as refused:
        messages.error(request, refused.message)
    if found.state == ListState.DROPPED:
        messages.success(request, _("已放弃名单“{name}”，没有载入任何一行。").format(name=found.name))
        return redirect("desk:opening")
    return redirect(_address(found, waited=0))


def _address(shown: OpeningList, *, waited: int) -> str:
    return f"{reverse('desk:opening_list', args=[shown.pk])}?waited={waited}"


def _chip(shown: OpeningList) -> Chip:
    state = ListState(shown.state)
    return Chip(str(state.label), TONES.get(state, "plain"))


def _progress(shown: OpeningList, asked: int, *, is_at_work: bool) -> Progress:
    is_loading = shown.state == ListState.TO_LOAD
    detail = _("要么全部载入，要么一行也不载入；可以离开这一页，回来再看") if is_loading else ""
    return Progress(
        label=_("载入") if is_loading else _("逐行核对"),
        done=shown.done,
        # Taken over is all at once.
        total=0 if is_loading else shown.total,
        state="running" if is_at_work else "waiting",
        refresh_url=_address(shown, waited=asked + 1),
        unit=_("行"),
        detail=detail,
        stop_url="" if is_loading else reverse("desk:opening_drop", args=[shown.pk]),
        pace=SOON if asked < QUICK else LEISURELY,
        target="#list",
    )


urlpatterns = [
    path("awards/opening/", opening, name="opening"),
    path("awards/opening/template/", empty, name="opening_template"),
    path("awards/opening/<int:opening>/", original, name="opening_original"),
    path("awards/opening/lists/<int:pk>/", opening_list, name="opening_list"),
    path("awards/opening/lists/<int:pk>/take-over/", take_over, name="opening_take_over"),
    path("awards/opening/lists/<int:pk>/again/", check_again, name="opening_again"),
    path("awards/opening/lists/<int:pk>/drop/", drop, name="opening_drop"),
    path("awards/opening/lists/<int:pk>/bad-rows/", bad_rows, name="opening_bad_rows"),
]
