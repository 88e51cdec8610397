"""认定: what was found of a family, with which facts and why, and whether it comes out the same today."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from yihu.awards.models import Award
from yihu.cases.models import Case
from yihu.households.enums import FactSource, ReadKind
from yihu.organisations.queries import within
from yihu.policy.explanations import Explanation, StatedFact
from yihu.policy.labels import programme_of
from yihu.policy.models import Determination
from yihu.policy.replays import replayed
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.purpose import look
from yihu.web.desk.trail_words import names_of
from yihu.web.parts import Chip, Tone

OUTCOMES: dict[str, tuple[Promise, Tone]] = {
    "eligible": (_("符合条件"), "good"),
    "not_eligible": (_("不符合条件"), "bad"),
    "unknown": (_("还不知道"), "warn"),
}
SOURCES = {str(source.label): source.value for source in FactSource}


@require_safe
@desk_page()
def determination(request: DeskRequest, determination: int) -> HttpResponse:
    """The frozen page; with ``?replay`` it is worked out again as well."""
    rows = Determination.objects.filter(within(request.actor, "household__division_id"))
    shown = get_object_or_404(rows.select_related("household__division__parent", "person"), pk=determination)
    label = programme_of(shown.programme)
    if (response := look(request, shown.household, ReadKind.FILE, detail=f"{label.short} {shown}")) is not None:
        return response
    words, tone = OUTCOMES[shown.outcome]
    explanation = Explanation.read(shown.explanation)
    steps = Case.objects.filter(household=shown.household_id).order_by("-id")
    context = {
        "shown": shown,
        "household": shown.household,
        "label": label,
        "outcome": Chip(str(words), tone),
        "explanation": explanation,
        "groups": _groups(explanation),
        "made_by": names_of([shown.made_by])[shown.made_by],
        "awards": Award.objects.filter(determination=shown).order_by("id"),
        "cases": steps.filter(steps__examination__determination=shown)
        .union(steps.filter(steps__confirmation__determination=shown).order_by(), all=False)
        .order_by("-id"),
        "pack": shown.record.get("pack", ""),
        "overrides": shown.record.get("overrides", {}),
        "replayed": replayed(shown) if "replay" in request.GET else None,
    }
    return render(request, "web/desk/determinations/page.html", context)


def _groups(explanation: Explanation) -> list[tuple[str, list[tuple[StatedFact, str]]]]:
    """The facts by whose they are, household first; with the kind of their source, if somebody stated them."""
    return [
        (who, [(fact, SOURCES.get(fact.source, "")) for fact in facts])
        for who, facts in groupby(explanation.facts, key=lambda fact: fact.who)
    ]


urlpatterns = [path("determinations/<int:determination>/", determination, name="determination")]
