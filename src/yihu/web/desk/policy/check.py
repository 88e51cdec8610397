"""政策试算: the same answer for staff, all facts and every programme on one page. Nothing is stored here either."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from yihu.access.capabilities import Capability
from yihu.policy import (
    HEAD,
    RELATION,
    Answer,
    Answers,
    HouseholdForm,
    NoAnswer,
    Problem,
    Question,
    Subject,
)
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.numbers import number_in
from yihu.web.portal.views import kept_for_back

# More fields than this page could send are refused by the server as a whole.
MOST_MEMBERS = 40


@dataclass(slots=True)
class Entry:
    """One fact of one subject as it was typed."""

    question: Question
    id: str
    text: str
    problem: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@desk_page(Capability.TRY_POLICY)
@kept_for_back
def check(request: DeskRequest) -> HttpResponse:
    """The form on the left, every programme on the right."""
    form = policy.household_form()
    data = request.POST
    assert isinstance(data, QueryDict)
    typed_day = data.get("day", policy.today().isoformat()).strip()
    answers = _typed(form, data) if request.method == "POST" else Answers(members=[_head(form)], to_the_family=False)
    focus = _change_rows(form, answers, data.get("do", ""))
    day, day_problem = _day(form, typed_day)
    problems = form.problems(answers, day) if day else []
    answer, failure = _answer(form, answers, day) if day and not problems and data else (None, "")
    context = {
        "place": form.pack.title,
        "day": day,
        "typed_day": typed_day,
        "day_problem": day_problem,
        "household": _entries(form, answers, None, problems),
        "members": _members(form, answers, problems),
        "problems": [_link(form, answers, problem) for problem in problems],
        "answer": answer,
        "failure": failure,
        "focus": focus or (_id_of(form, problems[0]) if problems else "day"),
        "relations": form.questions[RELATION].choices if RELATION in form.questions else (),
        "questions": [each for each in form.questions.values() if each.meaning],
        "is_full": len(answers.members) >= MOST_MEMBERS,
        "most": MOST_MEMBERS,
    }
    template = "web/desk/policy/_results.html" if request.htmx else "web/desk/policy/check.html"
    return render(request, template, context)


def _head(form: HouseholdForm) -> dict[str, str]:
    """The first row of an empty form: the head of the household."""
    choices = form.questions[RELATION].choices if RELATION in form.questions else ()
    head = next((choice.label for choice in choices if choice.value == HEAD), "")
    return {RELATION: head} if head else {}


def _typed(form: HouseholdForm, data: QueryDict) -> Answers:
    """Everything that was typed, as it was typed."""
    count = data.get("members", "1")
    people = min(max(number_in(count), 1), MOST_MEMBERS)
    answers = Answers({}, [{} for _each in range(people)], [], to_the_family=False)
    for question in form.questions.values():
        for subject in answers.subjects(question):
            name = _id(question, subject)
            values = data.getlist(name)
            text = ";".join(values) if question.kind == "set" else data.get(name, "")
            answers.of(subject)[question.name] = text[:200]
    return answers


def _change_rows(form: HouseholdForm, answers: Answers, do: str) -> str:
    """Add a row, take one off, or write into blanks what most say; where to go on typing."""
    action, _mark, value = do.partition(":")
    if action == "add" and len(answers.members) < MOST_MEMBERS:
        answers.members.append({})
        return f"m{len(answers.members) - 1}-{RELATION}"
    if action == "remove" and value.isdecimal() and number_in(value) < len(answers.members) > 1:
        del answers.members[number_in(value)]
        return "add"
    if action == "fill":
        for question in form.questions.values():
            for subject in answers.subjects(question):
                typed = answers.of(subject).get(question.name, "").strip()
                answers.of(subject)[question.name] = typed or question.usual
        return "calculate"
    return ""


def _day(form: HouseholdForm, typed: str) -> tuple[date | None, str]:
    try:
        day = parse_date(typed)
    except ValueError:
        day = None
    if day is None:
        return None, _("“{typed}”不是日期，写成 2020-08-01").format(typed=typed)
    if not form.covers(day):
        first = form.pack.covers[0]
        return None, _("没有 {day} 的政策；最早可以选 {first}").format(day=day, first=first)
    return day, ""


def _answer(form: HouseholdForm, answers: Answers, day: date) -> tuple[Answer | None, str]:
    try:
        return form.answer(answers, day), ""
    except NoAnswer as error:
        return None, str(error)


def _id(question: Question, subject: Subject) -> str:
    return f"h-{question.name}" if subject is None else f"m{subject}-{question.name}"


def _entries(form: HouseholdForm, answers: Answers, subject: Subject, problems: list[Problem]) -> list[Entry]:
    wrong = {problem.name: problem.message for problem in problems if problem.subject == subject}
    return [
        Entry(question, _id(question, subject), answers.of(subject).get(name, ""), wrong.get(name, ""))
        for name, question in form.questions.items()
        if question.of_member == (subject is not None)
    ]


def _members(form: HouseholdForm, answers: Answers, problems: list[Problem]) -> list[tuple[str, list[Entry]]]:
    """Each member under the name that the results use."""
    names = form.names(answers)
    return [(names[each], _entries(form, answers, each, problems)) for each in range(len(names))]


def _id_of(form: HouseholdForm, problem: Problem) -> str:
    return _id(form.questions[problem.name], problem.subject)


def _link(form: HouseholdForm, answers: Answers, problem: Problem) -> tuple[str, str]:
    question = form.questions[problem.name]
    who = "" if problem.subject is None else form.names(answers)[problem.subject] + " "
    return _id_of(form, problem), f"{who}{question.label}：{problem.message}"


urlpatterns = [path("check/", check, name="check")]
