"""The questions of one pack, and one family's answers to them."""

from __future__ import annotations

import json
from datetime import date
from functools import cache

import policy_packs
from policy_engine import (
    Determination,
    Family,
    InputError,
    InputType,
    Pack,
    PlanError,
    RuleFailure,
    assess,
    day_number,
)
from policy_engine.inputs import NONE
from policy_engine.language import _
from policy_engine.opening import assumed
from yihu.policy.answers import RELATION, UNKNOWN, Answers, Problem, Subject
from yihu.policy.questions import Choice, Question, question_of
from yihu.policy.result import Answer, answer_of
from yihu.policy.wanting import Wanting

_LONGEST = 200


class NoAnswer(Exception):
    """The policy of that day gives no answer to this family; the message says why."""


@cache
def form_of(pack: str) -> HouseholdForm:
    """The form of a pack, made once a process."""
    return HouseholdForm(policy_packs.load(pack))


class HouseholdForm:
    """The questions of one pack, and the answers of one family to them."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        specs = [spec for spec in pack.inputs.values() if spec.question or spec.meaning]
        order = list(pack.topics)
        specs.sort(key=lambda spec: order.index(spec.topic) if spec.topic else len(order))
        self.questions = {spec.name: question_of(spec, pack) for spec in specs}

    def read(self, text: str) -> Answers:
        """The answers that a page carried. Raises ValueError for anything that no page of ours wrote."""
        data = json.loads(text)
        try:
            household, members, trail = data["household"], data["members"], data["trail"]
            people = [dict(member.items()) for member in members]
            answers = Answers(dict(household.items()), people, [str(name) for name in trail])
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(text[:_LONGEST]) from error
        if not 1 <= len(people) <= self.pack.most_members:
            raise ValueError(len(people))
        for subject in (None, *range(len(people))):
            for name, value in answers.of(subject).items():
                question = self.questions.get(name)
                known = question is not None and question.of_member == (subject is not None)
                if not known or not isinstance(value, str) or len(value) > _LONGEST:
                    raise ValueError(name)
        answers.trail = [name for name in trail if name in self.questions]
        return answers

    def names(self, answers: Answers) -> list[str]:
        """How each member is called: by relation, numbered where two are the same."""
        if answers.to_the_family and len(answers.members) == 1:
            return [_("您")]
        said = [self._relative(member.get(RELATION, "")) for member in answers.members]
        counts: dict[str, int] = {}
        names = []
        for name in said:
            counts[name] = counts.get(name, 0) + 1
            names.append(f"{name}{counts[name]}" if said.count(name) > 1 else name)
        return names

    def _relative(self, written: str) -> str:
        spec = self.pack.inputs.get(RELATION)
        try:
            values = spec.parse(written) if spec is not None and written != UNKNOWN else None
        except InputError:
            values = None
        if not values or spec is None:
            return _("家人")
        return spec.said_at_home.get(str(values[RELATION])) or spec.describe(values)

    def relatives(self) -> list[Choice]:
        """The relations that a resident adds people by."""
        spec = self.pack.inputs.get(RELATION)
        return [Choice(value, label) for value, label in spec.said_at_home.items()] if spec is not None else []

    def said(self, question: Question, answers: Answers, subject: Subject) -> str:
        """An answer in words, as a list of answers shows it."""
        written = answers.of(subject).get(question.name)
        if written is None:
            return ""
        if written == UNKNOWN:
            return _("不清楚")
        for choice in question.choices if question.kind in ("code", "division") else ():
            if choice.value == written:
                return choice.label
        if question.kind in ("set", "grades"):
            labels = {choice.value: choice.label for choice in question.choices}
            parts = [part.split(":") for part in written.split(";") if part and part != NONE]
            named = [labels.get(kind, kind) + "".join(f" {each} 级" for each in grade) for kind, *grade in parts]
            return "、".join(named) or _("没有")
        spec = self.pack.inputs[question.name]
        try:
            values = spec.parse(written) if written else spec.default
        except InputError:
            return written
        if not values:
            return _("不清楚")
        return _("没有") if question.unit and not any(values.values()) else spec.describe(values)

    def problems(self, answers: Answers, day: date) -> list[Problem]:
        """Every answer that cannot be used."""
        return self._family(answers, day)[1]

    def _family(self, answers: Answers, day: date) -> tuple[Family, list[Problem]]:
        facts: list[dict[str, int | None]] = []
        problems = []
        for subject in (None, *range(len(answers.members))):
            known: dict[str, int | None] = {}
            for name, written in answers.of(subject).items():
                spec = self.pack.inputs[name]
                if written == UNKNOWN or (not written.strip() and spec.default is None):
                    continue
                try:
                    values = spec.parse(written) or {}
                except InputError as error:
                    problems.append(Problem(name, subject, str(error)))
                    continue
                if spec.type is InputType.DATE and any(value > day_number(day) for value in values.values()):
                    message = _("“{text}”在 {day} 之后，还没有到").format(text=written.strip(), day=day)
                    problems.append(Problem(name, subject, message))
                    continue
                known.update(values)
            facts.append(known)
        return Family(facts[0], facts[1:], self.names(answers)), problems

    def _assess(self, answers: Answers, day: date) -> Determination:
        try:
            return assess(self.pack.plan(day), self._family(answers, day)[0])
        except (PlanError, RuleFailure) as error:
            raise NoAnswer(str(error)) from error

    def covers(self, day: date) -> bool:
        """Whether the pack has policies for that day."""
        first, last = self.pack.covers
        return first <= day and (last is None or day <= last)

    def still_to_ask(self, answers: Answers, day: date) -> dict[str, list[Subject]]:
        """The facts that could still change a result and were not answered, in the order of the questions."""
        determination = self._assess(answers, day)
        found = Wanting(determination, answers).facts(determination.results)
        # What opens once something is granted is asked about as well.
        for _granted, then in assumed(determination):
            found |= Wanting(then, answers).facts(then.results)
        asked = {}
        for name, question in self.questions.items():
            subjects = [each for each in answers.subjects(question) if (name, each) in found]
            if subjects and not question.for_staff:
                asked[name] = subjects
        return asked

    def answer(self, answers: Answers, day: date) -> Answer:
        """What every programme says of the family. Raises NoAnswer."""
        return answer_of(self._assess(answers, day))
