"""事实: what a family states, what an officer verified, and differences between sources settled by a person."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yihu.access.capabilities import Capability
from yihu.awards.queries import held_by
from yihu.common.refusals import Refused
from yihu.documents import actions as documents
from yihu.documents.enums import DocumentKind
from yihu.households import actions, queries
from yihu.households.actions import NewFact
from yihu.households.enums import FactSource
from yihu.households.models import Fact, Household, Person
from yihu.households.queries import Discrepancy
from yihu.policy import NONE
from yihu.policy.facts import family_of
from yihu.policy.labels import FactEntry, FactTopic, fact_label, fact_text, facts_for_form, parse_fact
from yihu.policy.questions import Choice, Question
from yihu.web import policy
from yihu.web.desk.access import DeskRequest
from yihu.web.desk.families.forms import reason
from yihu.web.desk.families.registering import of_family, recorded
from yihu.web.desk.forms import refusals_in
from yihu.web.desk.forms.entries import DayField, PaperField

FEW_CHOICES = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """One fact of one subject on the page: as it was typed, as it stands, and what is wrong with what was typed."""

    id: str
    question: Question
    entry: FactEntry
    text: str
    choices: tuple[Choice, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One fact with its cells, one for the family or one for each member."""

    question: Question
    cells: tuple[Cell, ...]


class StatementForm(forms.Form):
    """Who says so, from when on, on what evidence."""

    source = forms.ChoiceField(
        label=gettext_lazy("来源"),
        choices=[
            (FactSource.DECLARED, gettext_lazy("家庭申报")),
            (FactSource.VERIFIED, gettext_lazy("工作人员核实")),
        ],
        widget=forms.RadioSelect,
    )
    since = DayField(label=gettext_lazy("从哪天起"), help_text=gettext_lazy("情况从这一天起变成这样"))
    note = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("核实的，写怎样核实：看了什么、问了谁"),
    )
    file = PaperField(label=gettext_lazy("证明材料"), required=False)

    def __init__(self, may_verify: bool, *args: object, **values: object) -> None:
        super().__init__(*args, **values)  # type: ignore[arg-type]
        if not may_verify:
            source = self.fields["source"]
            source.choices = [each for each in source.choices if each[0] != FactSource.VERIFIED]  # type: ignore[attr-defined]

    def clean(self) -> None:
        """A verification says how it was made."""
        said = self.cleaned_data
        if said.get("source") == FactSource.VERIFIED and not said.get("note", "").strip():
            self.add_error("note", _("核实的事实请写明怎样核实。"))


@of_family(Capability.KEEP_FAMILIES, gettext_lazy("登记事实"))
def state(request: DeskRequest, household: Household) -> HttpResponse:
    """Every fact of the family by topic. What is left as it stands, or empty, says nothing new."""
    on = policy.today()
    held = held_by([household.pk], on)[household.pk]
    known = family_of(household, on=on, known_on=on, held=held)
    topics = facts_for_form(known)
    may_verify = request.actor.may(Capability.SETTLE_DIFFERENCES)
    verifies = may_verify and request.GET.get("as") == FactSource.VERIFIED
    initial = {"since": on, "source": FactSource.VERIFIED if verifies else FactSource.DECLARED}
    form = StatementForm(may_verify, request.POST or None, request.FILES or None, initial=initial)
    problems: dict[str, str] = {}
    if request.method == "POST":
        typed, problems = _read(request, topics)
        if not typed and not problems:
            form.add_error(None, _("没有改动：请填写要登记的事实，或返回。"))
        if form.is_valid() and not problems:
            with refusals_in(form):
                count = _record(request, household, typed, form.cleaned_data)
                return recorded(request, household, _("登记了 {n} 项事实。").format(n=count))
    context = {
        "household": household,
        "form": form,
        "topics": [(topic, _lines(request, topic, problems)) for topic in topics],
        "names": [known.family.name_of(place) for place in range(len(known.people))],
        "problems": problems,
    }
    return render(request, "web/desk/families/state.html", context)


def _id(question: Question, entry: FactEntry) -> str:
    return question.name if entry.person is None else f"p{entry.person}-{question.name}"


def _read(
    request: DeskRequest, topics: tuple[FactTopic, ...]
) -> tuple[list[tuple[str, int | None, dict[str, int]]], dict[str, str]]:
    """What was typed anew, and what cannot be read of it, by the id of its cell."""
    typed, problems = [], {}
    verified = request.POST.get("source") == FactSource.VERIFIED
    for row in (row for topic in topics for row in topic.rows):
        for entry in row.entries:
            text = request.POST.get(_id(row.question, entry), "").strip()
            # A verification of what stands already says something new: that it was verified.
            confirms = verified and f"ok-{_id(row.question, entry)}" in request.POST
            if not text or (text == entry.text and not confirms):
                continue
            try:
                typed.append((row.question.name, entry.person, parse_fact(row.question.name, text)))
            except Refused as refused:
                problems[_id(row.question, entry)] = refused.message
    return typed, problems


def _record(
    request: DeskRequest,
    household: Household,
    typed: list[tuple[str, int | None, dict[str, int]]],
    said: Mapping[str, object],
) -> int:
    people = Person.objects.in_bulk({person for _name, person, _value in typed if person})
    on, by = policy.today(), request.actor
    upload = said["file"]
    with transaction.atomic():
        evidence = None
        if upload:
            evidence = documents.keep(
                kind=DocumentKind.PROOF,
                name=upload.name,  # type: ignore[attr-defined]
                content=upload.read(),  # type: ignore[attr-defined]
                division=household.division,
                by=by,
                on=on,
            )
            actions.keep_paper(household=household, document=evidence, by=by)
        facts = [
            NewFact(name, value, people[person] if person else None, since=said["since"], note=str(said["note"]))  # type: ignore[arg-type]
            for name, person, value in typed
        ]
        source = FactSource(str(said["source"]))
        return len(
            actions.record_facts(household=household, facts=facts, source=source, by=by, on=on, evidence=evidence)
        )


def _lines(request: DeskRequest, topic: FactTopic, problems: Mapping[str, str]) -> list[Line]:
    lines = []
    for row in topic.rows:
        cells = []
        for entry in row.entries:
            key = _id(row.question, entry)
            text = request.POST.get(key, entry.text)
            cells.append(Cell(key, row.question, entry, text, _choices(row.question, entry), problems.get(key, "")))
        lines.append(Line(row.question, tuple(cells)))
    return lines


def _choices(question: Question, entry: FactEntry) -> tuple[Choice, ...]:
    """What can be picked from a list; nothing where it is typed."""
    if question.kind in ("division", "grades"):
        listed = _grades(question) if question.kind == "grades" else question.choices
        known = entry.text in ("", "?") or any(choice.value == entry.text for choice in listed)
        return listed if known else (*listed, Choice(entry.text, entry.said))
    if question.kind == "flag" or (question.kind == "code" and len(question.choices) < FEW_CHOICES):
        return question.choices
    return ()


def _grades(question: Question) -> tuple[Choice, ...]:
    """Each kind with each grade; whoever has several is given the kind that stands for several."""
    each = [
        Choice(f"{kind.value}:{grade.value}", f"{kind.label} {grade.label}")
        for kind in question.choices
        for grade in question.grades
    ]
    return (Choice(NONE, _("无")), *each)


# ---- differences


class SettleForm(forms.Form):
    """Which of the two is adopted, and why."""

    adopted = forms.TypedChoiceField(label=gettext_lazy("采信"), coerce=int, widget=forms.RadioSelect)
    reason = reason(gettext_lazy("理由"))

    def __init__(self, found: Discrepancy, *args: object, **values: object) -> None:
        super().__init__(*args, **values)  # type: ignore[arg-type]
        self.fields["adopted"].choices = [(fact.pk, _words(fact)) for fact in (found.declared, found.other)]  # type: ignore[attr-defined]


def _words(fact: Fact) -> str:
    who = fact.department or fact.get_source_display()
    return f"{fact_text(fact.name, fact.value)}（{who} {fact.known_on}）"


@of_family(Capability.SETTLE_DIFFERENCES, gettext_lazy("认定不一致"))
def settle(request: DeskRequest, household: Household, declared: int, other: int) -> HttpResponse:
    """The two sides beside each other with all that was ever said, and which one holds."""
    pairs = queries.discrepancies(household, on=policy.today())
    found = next((each for each in pairs if {each.declared.pk, each.other.pk} == {declared, other}), None)
    if found is None:
        messages.info(request, _("这一处不一致已经认定过，或者又有了新的说法。下面是现在的情况。"))
        return redirect("desk:family", household.number)
    form = SettleForm(found, request.POST or None)
    if form.is_valid():
        adopted = next(each for each in (found.declared, found.other) if each.pk == form.cleaned_data["adopted"])
        with refusals_in(form):
            actions.settle(adopted=adopted, reason=form.cleaned_data["reason"], by=request.actor, on=policy.today())
            return recorded(request, household, _("已采信：{what}。").format(what=_words(adopted)))
    context = {
        "household": household,
        "form": form,
        "label": fact_label(found.name),
        "person": found.person,
        "sides": [(fact, fact_text(fact.name, fact.value)) for fact in (found.declared, found.other)],
        "history": [
            (fact, fact_text(fact.name, fact.value))
            for fact in queries.versions_of(household, found.name, found.person)
        ],
    }
    return render(request, "web/desk/families/settle.html", context)


urlpatterns = [
    path("families/<str:number>/facts/", state, name="state_facts"),
    path("families/<str:number>/differences/<int:declared>/<int:other>/", settle, name="settle"),
]
