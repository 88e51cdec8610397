"""One family that every page must show rightly, and a way to walk through the self-check."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from tests.ready import Ready
from tests.web.things import ON, Furnished, furnish
from tests.web.walk import Walk
from yihu.policy import Answers, HouseholdForm, Question, Subject
from yihu.web import policy

AUGUST_2020 = date(2020, 8, 1)


@pytest.fixture
def august_2020(monkeypatch: pytest.MonkeyPatch) -> date:
    """The pages take 1 August 2020 for today."""
    monkeypatch.setattr(policy, "today", lambda: AUGUST_2020)
    return AUGUST_2020


@pytest.fixture(autouse=True)
def no_remembered_directory() -> None:
    """Every test reads its own directory of telephones."""
    cache.clear()


@pytest.fixture
def form() -> HouseholdForm:
    """The form of the district."""
    return policy.household_form()


def usual_answer(question: Question, subject: Subject) -> str:
    """What one of three adults of Xicheng answers: 1,894.00 a month, earned by the head; nothing else, no car."""
    if question.name == "wage":
        return "1894" if subject == 0 else "0"
    if question.name == "homes":
        return "1"
    if question.name == "has_heating":
        return "是"
    if question.kind == "date":
        return "1980-5-31"
    assert question.common is not None
    return question.common.value


@pytest.fixture
def three_adults(form: HouseholdForm, august_2020: date) -> Answers:
    """Every question answered that the form wants answered."""
    answers = Answers(members=[{"relation": "2"}, {"relation": "12"}, {"relation": "20"}])
    while wanted := form.still_to_ask(answers, august_2020):
        name, subjects = next(iter(wanted.items()))
        for subject in subjects:
            answers.of(subject)[name] = usual_answer(form.questions[name], subject)
        answers.trail.append(name)
    return answers


@pytest.fixture
def walk(client: Client, db: None) -> Walk:
    """A resident's way through the pages without a browser."""
    return Walk(client)


@pytest.fixture
def furnished(ready: Ready, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Furnished]:
    """A street and a family with everything that a page can be about; each worker makes them once."""
    monkeypatch.setattr(policy, "today", lambda: ON)
    with ready.at("things", furnish, settings) as made:
        yield made
