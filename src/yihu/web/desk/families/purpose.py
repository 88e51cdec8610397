"""Why someone looks into a family's file: asked once a day, written down every time it is opened.

A page that shows a file begins with ``look``; one that has its reason by itself, such as a case, with
``look_for_case``, after which the family's own page does not ask again that day; one that quotes from many files, with
``look_in_passing``.
"""

from collections.abc import Iterable
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from yihu.access.capabilities import Capability
from yihu.access.posts import posts
from yihu.cases.models import Case
from yihu.households import actions
from yihu.households.enums import ReadKind, ReadPurpose
from yihu.households.models import Household
from yihu.organisations.queries import within
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page

KEY = "purposes"
LONGEST_DETAIL = 100


def look(request: DeskRequest, household: Household, kind: ReadKind, *, detail: str = "") -> HttpResponse | None:
    """Write down that this is looked at, for the reason given today; without one, the way to the question."""
    known = purpose_of(request, household)
    if known is None:
        return _to_question(request, household)
    purpose, why = known
    words = " · ".join(filter(None, (detail, why)))
    actions.record_read(household=household, kind=kind, purpose=purpose, detail=words, by=request.actor)
    return None


def look_for_case(request: DeskRequest, case: Case, kind: ReadKind = ReadKind.CASE, *, detail: str = "") -> None:
    """Write down that this is looked at on account of a case."""
    remember(request, case.household, ReadPurpose.CASE, case.number)
    # A street that handled it reads it after the family moved away; the new one reads it with the family.
    handled_in = case.division_id if request.actor.reaches(case.division_id) else ""
    words = " · ".join(filter(None, (case.number, detail)))
    actions.record_read(
        household=case.household,
        kind=kind,
        purpose=ReadPurpose.CASE,
        detail=words,
        handled_in=handled_in,
        by=request.actor,
    )


def look_in_passing(request: DeskRequest, households: Iterable[Household], *, detail: str) -> None:
    """Write into each of these files that something of it is seen on a page that asks for no family in particular."""
    purpose = usual_at(request.actor.post) or ReadPurpose.CASE
    for household in households:
        actions.record_read(household=household, kind=ReadKind.FILE, purpose=purpose, detail=detail, by=request.actor)


def purpose_of(request: DeskRequest, household: Household) -> tuple[str, str] | None:
    """The reason given today for this family, with what was said of it; None if nobody asked yet."""
    known = _known(request).get(household.number)
    return (known[0], known[1]) if known else None


def remember(request: DeskRequest, household: Household, purpose: str, detail: str) -> None:
    """Until the end of the day this is why the family's file is opened."""
    families = _known(request) | {household.number: [purpose, detail]}
    request.session[KEY] = {"day": policy.today().isoformat(), "families": families}


def _to_question(request: DeskRequest, household: Household) -> HttpResponse:
    """The way to the question, and from there back to the page that was asked for."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return redirect(f"{reverse('desk:purpose', args=[household.number])}?{urlencode({'next': back})}")


class PurposeForm(forms.Form):
    """Why, and in a few words what for."""

    purpose = forms.ChoiceField(label=_("目的"), choices=ReadPurpose.choices, widget=forms.RadioSelect)
    detail = forms.CharField(
        label=_("说明"), required=False, max_length=LONGEST_DETAIL, help_text=_("例如：来访人问 3 月的救助金")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(Capability.OPEN_FAMILIES)
def ask(request: DeskRequest, number: str) -> HttpResponse:
    """The question, before the file of a family that nothing has led to."""
    household = get_object_or_404(Household.objects.filter(within(request.actor)), number=number)
    form = PurposeForm(request.POST or None, initial={"purpose": usual(request)})
    back = request.GET.get("next", "")
    if not back or not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("desk:family", args=[number])
    if form.is_valid():
        remember(request, household, form.cleaned_data["purpose"], form.cleaned_data["detail"].strip())
        return redirect(back)
    context = {"form": form, "household": household, "back_url": reverse("desk:families")}
    return render(request, "web/desk/families/purpose.html", context)


def usual(request: DeskRequest) -> str:
    """The purpose that is chosen before one is given: where a post has none of its own, a visitor is at the window."""
    return usual_at(request.actor.post) or ReadPurpose.VISITOR


def usual_at(post: str) -> str:
    """What whoever sits at a post most often looks for, empty where nothing is usual."""
    found = posts().get(post)
    return found.purpose if found else ""


def _known(request: DeskRequest) -> dict[str, list[str]]:
    kept = request.session.get(KEY, {})
    return kept["families"] if kept.get("day") == policy.today().isoformat() else {}


urlpatterns = [path("families/<str:number>/purpose/", ask, name="purpose")]
