"""认定: what was found of a family, with which facts and why, and whether it comes out the same today."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yihu.access.capabilities import Capability
from yihu.awards.models import AwardTerm
from yihu.cases.models import Case
from yihu.cases.queries import determinations_of, resting_on
from yihu.households.enums import FactSource, ReadKind
from yihu.organisations.queries import within
from yihu.policy.explanations import Explanation, StatedFact
from yihu.policy.labels import programme_of
from yihu.policy.models import Determination
from yihu.policy.replays import replayed
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.desk.cases.turn import through_case
from yihu.web.desk.families.purpose import look, look_for_case
from yihu.web.desk.policy.outcomes import OUTCOMES
from yihu.web.parts import Chip

SOURCES = {str(source.label): source.value for source in FactSource}


@require_safe
@desk_page(Capability.READ_FILES)
@through_case
def determination(request: DeskRequest, determination: int, case: Case | None) -> HttpResponse:
    """The frozen page; with ``?replay`` it is worked out again as well."""
    rows = (
        Determination.objects.filter(pk__in=determinations_of(case))
        if case
        else Determination.objects.filter(within(request.actor, "household__division_id"))
    )
    shown = get_object_or_404(rows.select_related("household__division__parent", "person", "made_by"), pk=determination)
    label = programme_of(shown.programme, shown.household.division_id)
    detail = _("{on} 的{short}认定").format(on=shown.on, short=label.short)
    if case:
        look_for_case(request, case, detail=detail)
    elif (response := look(request, shown.household, ReadKind.FILE, detail=detail)) is not None:
        return response
    words, tone = OUTCOMES[shown.outcome]
    explanation = Explanation.read(shown.explanation)
    people, of_people = _matrix([fact for fact in explanation.facts if fact.who])
    context = {
        "shown": shown,
        "household": shown.household,
        "case": case,
        "label": label,
        "outcome": Chip(str(words), tone),
        "explanation": explanation,
        "of_family": _matrix([fact for fact in explanation.facts if not fact.who])[1],
        "people": people,
        "of_people": of_people,
        "made_by": shown.made_by.shown_name,
        "terms": AwardTerm.objects.filter(determination=shown).with_end().select_related("award").order_by("id"),
        "is_here": request.actor.reaches(shown.household.division_id),
        "cases": resting_on(shown.pk),
        "pack": shown.record.get("pack", ""),
        "overrides": shown.record.get("overrides", {}),
        "replayed": replayed(shown) if "replay" in request.GET else None,
    }
    return render(request, "web/desk/awards/determination.html", context)


def _matrix(facts: Sequence[StatedFact]) -> tuple[list[str], list[tuple[str, list[tuple[StatedFact, str]]]]]:
    """Facts of people as rows, people as columns; each with the kind of its source, empty where nobody stated it."""
    columns: list[list[StatedFact]] = []
    for fact in facts:
        # Everyone's facts come in one order, so the first of them begins the next person.
        if fact.name == facts[0].name:
            columns.append([])
        columns[-1].append(fact)
    rows = zip(*columns, strict=True)
    return (
        [column[0].who for column in columns],
        [(row[0].label, [(fact, SOURCES.get(fact.source, "")) for fact in row]) for row in rows],
    )


urlpatterns = [path("awards/determinations/<int:determination>/", determination, name="determination")]
