"""在册期初: awards that were running before this register began, checked row by row and then taken over."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from yihu.awards import permissions
from yihu.awards.models import OpeningImport
from yihu.awards.opening.checks import BadRow, Check
from yihu.awards.opening.loading import import_opening
from yihu.awards.opening.sheets import rows_of, template
from yihu.common.actor import Actor
from yihu.common.refusals import Refused
from yihu.documents import storage
from yihu.documents.models import Document
from yihu.organisations.enums import PostKind
from yihu.organisations.models import Division
from yihu.organisations.queries import within
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.forms import refusals_in
from yihu.web.desk.trail_words import names_of
from yihu.web.desk.workbooks import download

POSTS = frozenset(PostKind) & permissions.IMPORT_OPENING
PER_PAGE = 20
# More than this nobody mends by reading; the count says how many there are.
MOST_SHOWN = 500
# The list that was checked and waits to be taken over: the hash of its content, and its name.
CHECKED = "opening_checked"


def may_open(actor: Actor) -> bool:
    """Whether someone may take such a list in."""
    return actor.post in POSTS


class ListForm(forms.Form):
    """The list."""

    file = forms.FileField(
        label=gettext_lazy("名单"),
        help_text=gettext_lazy("Excel 或 CSV，表头照模板"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["data-most"] = settings.DOCUMENT_MOST_BYTES

    def clean_file(self) -> Any:
        """Not larger than any paper may be."""
        file = self.cleaned_data["file"]
        if file.size > settings.DOCUMENT_MOST_BYTES:
            most = settings.DOCUMENT_MOST_BYTES // 1024 // 1024
            raise forms.ValidationError(_("文件超过 {most} MB。请分成几个文件，一个一个载入。").format(most=most))
        return file


@dataclass(frozen=True, slots=True)
class Trial:
    """What taking a list over would do. ``sums``: programme, awards, fen a month; ``opened``: families new on file."""

    name: str
    bad: tuple[BadRow, ...]
    bad_count: int
    bad_rows: int
    sums: tuple[tuple[str, int, int], ...]
    count: int
    total: int
    already: int
    opened: int

    @property
    def is_ready(self) -> bool:
        """Whether it can be taken over as it is."""
        return not self.bad and self.count > 0


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(posts=POSTS)
def opening(request: DeskRequest) -> HttpResponse:
    """The lists that were taken over; a new one is tried first, and every row that is bad is named."""
    form = ListForm(request.POST or None, request.FILES or None)
    trial = None
    if form.is_valid():
        request.session.pop(CHECKED, None)
        with refusals_in(form):
            file = form.cleaned_data["file"]
            content = file.read()
            trial = _trial(content, file.name, _division(request))
            if trial.is_ready:
                request.session[CHECKED] = [storage.store(content), file.name]
    every = OpeningImport.objects.filter(within(request.actor)).select_related("document").order_by("-id")
    page = Paginator(every, PER_PAGE).get_page(request.GET.get("page"))
    called = names_of(each.imported_by for each in page.object_list)
    context = {
        "form": form,
        "trial": trial,
        "page": page,
        "rows": [(each, called[each.imported_by]) for each in page.object_list],
    }
    return render(request, "web/desk/opening/opening.html", context)


@require_http_methods(["POST"])
@desk_page(posts=POSTS)
def take_over(request: DeskRequest) -> HttpResponse:
    """Take over the list that was just tried; pressed twice it changes nothing."""
    checked = request.session.get(CHECKED)
    if not checked:
        messages.error(request, _("没有等着载入的名单。请重新选择文件，核对以后再载入。"))
        return redirect("desk:opening")
    digest, name = checked
    content = storage.open(Document(sha256=digest, name=name))
    try:
        report = import_opening(
            content=content, name=name, division=_division(request), by=request.actor, on=policy.today()
        )
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        said = _("已载入 {created} 笔，新建 {opened} 户，已有的 {already} 笔没有动。")
        messages.success(request, said.format(created=report.created, opened=report.opened, already=report.already))
    del request.session[CHECKED]
    return redirect("desk:opening")


@require_safe
@desk_page(posts=POSTS)
def empty(request: DeskRequest) -> HttpResponse:
    """The workbook that is to be filled in."""
    return download(template(), _("在册名单模板.xlsx"))


@require_safe
@desk_page(posts=POSTS)
def original(request: DeskRequest, opening: int) -> HttpResponse:
    """A list as it came in."""
    rows = OpeningImport.objects.filter(within(request.actor)).select_related("document")
    document = get_object_or_404(rows, pk=opening).document
    return download(storage.open(document), document.name, document.content_type)


def _division(request: DeskRequest) -> Division:
    return get_object_or_404(Division, code__in=request.actor.areas)


def _trial(content: bytes, name: str, division: Division) -> Trial:
    check = Check(rows_of(content, name=name), division=division, on=policy.today())
    bad = sorted(check.bad, key=lambda row: (row.sheet, row.row))
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for award in check.awards:
        counts[award.programme.title] += 1
        sums[award.programme.title] += award.amount
    return Trial(
        name=name,
        bad=tuple(bad[:MOST_SHOWN]),
        bad_count=len(bad),
        bad_rows=len({(row.sheet, row.row) for row in bad}),
        sums=tuple((title, count, sums[title]) for title, count in counts.most_common()),
        count=counts.total(),
        total=sums.total(),
        already=check.already,
        opened=len({award.opens for award in check.awards if award.opens}),
    )


urlpatterns = [
    path("awards/opening/", opening, name="opening"),
    path("awards/opening/take-over/", take_over, name="opening_take_over"),
    path("awards/opening/template/", empty, name="opening_template"),
    path("awards/opening/<int:opening>/", original, name="opening_original"),
]
