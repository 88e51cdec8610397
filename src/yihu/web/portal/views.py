"""能领什么: a resident answers one question a page and sees what every programme says.

Nothing is stored. The answers so far travel in the body of each page's form, so that they stand in no address, no log,
no cookie and no table; the number in the address only counts pages, so that the browser's own Back has pages to go to.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from yihu.organisations.queries import street_windows
from yihu.policy import RELATION, Answers, HouseholdForm, NoAnswer, Question, Subject
from yihu.web import policy
from yihu.web.numbers import number_in
from yihu.web.portal import fields
from yihu.web.portal.fields import Field

PEOPLE, SUMMARY, ANSWER = "people", "summary", "answer"
ANYONE = "这位家人"
DIRECTORY_SECONDS = 300

# Only the visitor's own browser keeps a page, and only to go back to it: with no-store, Back could not show a page
# that answers a form.
kept_for_back = cache_control(private=True, no_cache=True, max_age=0)


@require_safe
@kept_for_back
def start(request: HttpRequest) -> HttpResponse:
    """What this is, what it needs, and that nothing is kept."""
    return _start(request)


def _start(request: HttpRequest, *, lost: bool = False) -> HttpResponse:
    form, day = policy.household_form(), policy.today()
    context = {"place": form.pack.title, "day": day, "lost": lost, "answers": Answers().written(), "at": PEOPLE}
    return render(request, "web/portal/start.html", context, status=400 if lost else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@kept_for_back
def check(request: HttpRequest, page: int = 0) -> HttpResponse:
    """One page of the self-check: takes what the page before asked, and shows what comes next."""
    if request.method != "POST":
        response = redirect("web:start")
        # Whoever starts anew leaves nothing for the next person at the same telephone or computer.
        response["Clear-Site-Data"] = '"cache"'
        return response
    form = policy.household_form()
    try:
        answers = form.read(request.POST.get("answers", ""))
    except ValueError:
        return _start(request, lost=True)
    visit = Visit(request, form, answers, policy.today(), page, request.POST.get("then") == SUMMARY)
    try:
        return visit.take(request.POST.get("at", ""), request.POST.get("go", "next"))
    except NoAnswer as error:
        return visit.page("web/portal/no_answer.html", SUMMARY, {"message": str(error)})


@dataclass(slots=True)
class Visit:
    """One request of the self-check."""

    request: HttpRequest
    form: HouseholdForm
    answers: Answers
    day: date
    number: int
    from_summary: bool

    def take(self, at: str, go: str) -> HttpResponse:
        """Record what was answered at a step and show the step that `go` leads to."""
        if go.startswith("to:"):
            self.from_summary = at == SUMMARY
            return self.show(go.removeprefix("to:"))
        if at == PEOPLE:
            return self.take_people(go)
        question = self.form.questions.get(at)
        if question is not None:
            return self.take_answer(question, go)
        return self.show(ANSWER if at == SUMMARY else PEOPLE)

    def take_people(self, go: str) -> HttpResponse:
        """Add someone, take someone off, or go on."""
        action, _mark, value = go.partition(":")
        members = self.answers.members
        changed = ""
        if action == "add" and value in {each.value for each in self.form.relatives()}:
            if len(members) < self.form.pack.most_members:
                members.append({RELATION: value})
                changed = _("加上了：{name}").format(name=self.form.names(self.answers)[-1])
        elif action == "remove" and 0 < number_in(value) < len(members):
            changed = _("去掉了：{name}").format(name=self.form.names(self.answers)[number_in(value)])
            del members[number_in(value)]
        elif action == "next":
            return self.show_next()
        return self.show_people(changed)

    def take_answer(self, question: Question, go: str) -> HttpResponse:
        """Record one question's answers, or say what is wrong with them."""
        sent = [self.submitted(question, subject) for subject in self.subjects(question)]
        for field in sent:
            common = question.common if go == "common" else None
            text = common.value if common else fields.written(field)
            if text is not None:
                self.answers.of(field.subject)[question.name] = text
        if go == "back":
            return self.show_before(question)
        self.find_problems(question, sent)
        if any(field.problem for field in sent):
            return self.show_question(question, sent)
        if question.name not in self.answers.trail:
            self.answers.trail.append(question.name)
        return self.show_next()

    def find_problems(self, question: Question, sent: list[Field]) -> None:
        """Say beside each control what the form says of its answer."""
        by_subject = {field.subject: field for field in sent}
        for problem in self.form.problems(self.answers, self.day):
            field = by_subject.get(problem.subject) if problem.name == question.name else None
            if field is not None and not field.problem:
                field.problem = fields.plain(field, problem.message)

    def submitted(self, question: Question, subject: Subject) -> Field:
        data = self.request.POST
        assert isinstance(data, QueryDict)
        return fields.submitted(question, subject, self.person(subject), data)

    def person(self, subject: Subject) -> str:
        return "" if subject is None else self.form.names(self.answers)[subject]

    def subjects(self, question: Question) -> list[Subject]:
        """Whom the page asks about: those who were asked before, and those whose answer still counts."""
        everyone = self.answers.subjects(question)
        wanted = self.form.still_to_ask(self.answers, self.day).get(question.name, [])
        asked = [each for each in everyone if each in wanted or question.name in self.answers.of(each)]
        return asked or everyone

    def show_next(self) -> HttpResponse:
        """The first question whose answer still counts, else the list of answers."""
        wanted = next(iter(self.form.still_to_ask(self.answers, self.day)), None)
        return self.show(wanted or SUMMARY)

    def show_before(self, question: Question) -> HttpResponse:
        """The step before a question, as it was walked."""
        if self.from_summary:
            return self.show(SUMMARY)
        trail = self.answers.trail
        position = trail.index(question.name) if question.name in trail else len(trail)
        return self.show(trail[position - 1] if position else PEOPLE)

    def show(self, step: str) -> HttpResponse:
        """A step by its name."""
        if step in self.form.questions:
            question = self.form.questions[step]
            kept = [
                fields.shown(question, each, self.person(each), self.answers.of(each).get(question.name))
                for each in self.subjects(question)
            ]
            return self.show_question(question, kept)
        if step == PEOPLE:
            return self.show_people()
        problems = self.form.problems(self.answers, self.day)
        if problems:
            question = self.form.questions[problems[0].name]
            kept = [
                fields.shown(question, each, self.person(each), self.answers.of(each).get(question.name))
                for each in self.subjects(question)
            ]
            self.find_problems(question, kept)
            return self.show_question(question, kept)
        return self.show_answer() if step == ANSWER else self.show_summary()

    def show_question(self, question: Question, asked: list[Field]) -> HttpResponse:
        """One question about everyone whom it concerns."""
        wanted = self.form.still_to_ask(self.answers, self.day)
        wanted.pop(question.name, None)
        trail = self.answers.trail
        wrong = [field for field in asked if field.problem]
        context = {
            "question": question,
            "fields": asked,
            "wrong": wrong,
            "focus": wrong[0].first_id if wrong else "",
            "heading": _heading(question, asked),
            "number": (trail.index(question.name) if question.name in trail else len(trail)) + 1,
            "left": len(wanted),
            "by_person": len(asked) > 1,
            "few_choices": len(question.choices) <= 4,
        }
        return self.page("web/portal/question.html", question.name, context)

    def show_people(self, changed: str = "") -> HttpResponse:
        """Who lives in the household."""
        names = [_("户主")] if len(self.answers.members) == 1 else self.form.names(self.answers)
        full = len(names) >= self.form.pack.most_members
        context = {"names": names, "relatives": [] if full else self.form.relatives(), "changed": changed}
        return self.page("web/portal/people.html", PEOPLE, context)

    def show_summary(self) -> HttpResponse:
        """Every answer, each to be changed."""
        names = self.form.names(self.answers)
        rows = []
        for question in self.form.questions.values():
            said = [
                (self.person(each), self.form.said(question, self.answers, each))
                for each in self.answers.subjects(question)
                if question.name in self.answers.of(each) and question.name != RELATION
            ]
            if said:
                alike = len({text for _person, text in said}) == 1 and len(said) == len(names) > 1
                rows.append((question, [("", said[0][1])] if alike else said))
        return self.page("web/portal/summary.html", SUMMARY, {"names": names, "rows": rows})

    def show_answer(self) -> HttpResponse:
        """What every programme says."""
        context = {"answer": self.form.answer(self.answers, self.day), "windows": _directory()}
        return self.page("web/portal/answer.html", ANSWER, context)

    def page(self, template: str, step: str, context: dict[str, Any]) -> HttpResponse:
        """A page that carries the answers on to the next."""
        carried = {
            "at": step,
            "answers": self.answers.written(),
            "then": SUMMARY if self.from_summary else "",
            "next_page": self.number + 1,
            "day": self.day,
            "place": self.form.pack.title,
        }
        return render(self.request, template, {**carried, **context})


def _directory() -> list[tuple[str, str | None]]:
    """Each street with its telephone; it changes once in years, and asking each time would cost a fifth of the page."""
    found: list[tuple[str, str | None]] | None = cache.get("street_windows")
    if found is None:
        found = [(window.division.name, window.telephone) for window in street_windows()]
        cache.set("street_windows", found, DIRECTORY_SECONDS)
    return found


def _heading(question: Question, asked: list[Field]) -> str:
    """The question, put to whom it is about."""
    if len(asked) > 1:
        return question.text.replace(ANYONE, _("家里每个人"))
    person = asked[0].person
    if not person or ANYONE in question.text:
        return question.text.replace(ANYONE, person)
    return _("{person}：{question}").format(person=person, question=question.text)
