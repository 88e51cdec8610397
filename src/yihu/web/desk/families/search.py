"""Search as you type: families and cases within reach."""

import re

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.cases.models import Case
from yihu.cases.queries import readable
from yihu.households import queries
from yihu.organisations.models import Division
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.families import family
from yihu.web.parts import Chip, Found

MOST = 8
# Letters, the year, the street and the serial, from the left as far as they were typed.
CASE_NUMBER = re.compile(r"[A-Z]+\d{4}(-\d{0,3}(-\d{0,4})?)?")
TONES = {"applied": "info", "open": "info", "granted": "good"}


@require_POST
@sensitive_post_parameters()
@desk_page(Capability.FIND_FAMILIES)
def search(request: DeskRequest) -> HttpResponse:
    """What was found for what was typed: a part for htmx, a page without a script."""
    typed = request.POST.get("q", "").strip()[:60]
    shown = typed if CASE_NUMBER.fullmatch(typed.upper()) else queries.wanted(typed).text
    template = "web/desk/families/_found.html" if request.htmx else "web/desk/families/found.html"
    return render(request, template, {"typed": shown, "found": find(typed, request.actor), "more": 0})


def find(typed: str, actor: Actor) -> list[Found]:
    """The answers for what was typed, the best first."""
    number = typed.upper()
    if actor.may(Capability.READ_CASES) and CASE_NUMBER.fullmatch(number):
        # That a family is kept from him he is told where he opens its case, and nothing of it before.
        cases = readable(actor).exclude(household__in=dict(actor.kept or ())).filter(number__startswith=number)
        return [_case(case) for case in cases.order_by("-id")[:MOST]]
    return [_family(found) for found in queries.search(typed, actor=actor, limit=MOST)] if typed else []


def _family(found: queries.Found) -> Found:
    place = f"{found.street_name} {Division(name=found.division_name, level='community').shown_name}"
    url = reverse("desk:family", args=[found.household_number])
    return Found(url, found.name, f"{place} · {found.detail}", found.household_number)


def _case(case: Case) -> Found:
    title = _("{name} 申请{programme}").format(name=case.applicant_name, programme=family.shorts()(case.programme))
    chip = Chip(case.get_state_display(), TONES.get(case.state, "plain"))  # type: ignore[arg-type]
    return Found(reverse("desk:case", args=[case.number]), title, str(case.division), case.number, chip)


urlpatterns = [path("search/", search, name="search")]
