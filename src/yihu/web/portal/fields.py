"""A question as controls for a thumb, and what was chosen there as the text that the form reads."""

import re
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from yihu.policy import NONE, UNKNOWN, Question, Subject

NUMBERS = ("money", "count", "area")
KINDS_OF_DISABILITY = 2
LONGEST_TEXT = 40
NUMBER = re.compile(r"[-+−]?[\d,，]+([.．]\d*)?")


@dataclass(slots=True)
class Pair:
    """One kind with its grade."""

    kind: str = ""
    grade: str = ""


@dataclass(slots=True)
class Field:
    """The controls of one question about one person, or about the household."""

    question: Question
    subject: Subject
    person: str
    has: str = ""
    text: str = ""
    year: str = ""
    month: str = ""
    day: str = ""
    chosen: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    problem: str = ""

    @property
    def id(self) -> str:
        """The start of every name and id of these controls."""
        return "h" if self.subject is None else f"m{self.subject}"

    @property
    def first_id(self) -> str:
        """The control that an error leads to."""
        if self.question.kind == "date":
            return f"{self.id}-year"
        if self.problem and self.has == "yes" and self.question.kind in NUMBERS:
            return f"{self.id}-text"
        if self.problem and self.has == "yes" and self.question.kind == "grades":
            return f"{self.id}-kind0"
        return f"{self.id}-first"


def shown(question: Question, subject: Subject, person: str, written: str | None) -> Field:
    """The controls as an earlier answer leaves them; `written` None where there is none yet."""
    field = Field(question, subject, person, pairs=tuple(Pair() for _each in range(KINDS_OF_DISABILITY)))
    if written is None:
        return field
    if written == UNKNOWN:
        field.has = UNKNOWN
        return field
    match question.kind:
        case "date":
            field.year, field.month, field.day = [*written.split("-"), "", "", ""][:3]
        case "grades":
            field.has = "no" if written == NONE else "yes"
            given = [Pair(*part.split(":", 1)) for part in written.split(";") if ":" in part]
            field.pairs = (*given, *field.pairs)[: max(KINDS_OF_DISABILITY, len(given))]
        case "set":
            field.has = "no" if written == NONE else ""
            field.chosen = tuple(part for part in written.split(";") if part != NONE)
        case kind if kind in NUMBERS:
            field.has, field.text = ("no", "") if written == "0" else ("yes", written)
        case _:
            field.has = written
    return field


def submitted(question: Question, subject: Subject, person: str, data: QueryDict) -> Field:
    """The controls as they were sent, whatever stands in them."""
    field = Field(question, subject, person)
    field.has = data.get(f"{field.id}-has", "")[:LONGEST_TEXT]
    field.text = data.get(f"{field.id}-text", "").strip()[:LONGEST_TEXT]
    field.year = data.get(f"{field.id}-year", "").strip()[:8]
    field.month = data.get(f"{field.id}-month", "").strip()[:8]
    field.day = data.get(f"{field.id}-day", "").strip()[:8]
    allowed = {choice.value for choice in question.choices}
    field.chosen = tuple(value for value in data.getlist(f"{field.id}-set") if value in allowed)
    sent = sum(f"{field.id}-kind{n}" in data for n in range(len(question.choices) or 1))
    field.pairs = tuple(
        Pair(data.get(f"{field.id}-kind{n}", "")[:8], data.get(f"{field.id}-grade{n}", "")[:8])
        for n in range(max(KINDS_OF_DISABILITY, sent))
    )
    return field


def plain(field: Field, message: str) -> str:
    """What is wrong in words for the page; `message` is the form's own, which speaks of notations and ranges."""
    if field.question.kind in NUMBERS and not NUMBER.fullmatch(field.text):
        example = "2" if field.question.kind == "count" else "1894.50"
        return _("“{text}”不是数字。请用数字写，例如 {example}。").format(text=field.text, example=example)
    return message


def written(field: Field) -> str | None:
    """What was chosen as text of the form, None with a problem set where the answer is not complete."""
    if field.has == UNKNOWN and field.question.kind != "set":
        return UNKNOWN
    match field.question.kind:
        case "date":
            return _date(field)
        case "set":
            return _set(field)
        case "grades":
            return _grades(field)
        case kind if kind in NUMBERS:
            return _number(field)
    if field.has not in {choice.value for choice in field.question.choices}:
        field.problem = _("还没有选。不知道的，选“不清楚”。")
        return None
    return field.has


def _number(field: Field) -> str | None:
    if field.has == "no":
        return "0"
    if field.has != "yes" and not field.text:
        field.problem = _("还没有选。没有就选“没有”，不知道就选“不清楚”。")
        return None
    field.has = "yes"
    if not field.text:
        field.problem = _("选了“有”，请填是多少；不知道是多少，选“不清楚”。")
        return None
    return field.text


def _date(field: Field) -> str | None:
    if not (field.year or field.month or field.day):
        field.problem = _("还没有填。照身份证填年、月、日；不知道就勾“不清楚”。")
        return None
    if not (field.year and field.month and field.day):
        field.problem = _("年、月、日要填全，例如 1950 年 3 月 8 日。")
        return None
    return f"{field.year}-{field.month}-{field.day}"


def _set(field: Field) -> str | None:
    if field.has and field.chosen:
        field.problem = _("“没有”“不清楚”不能和别的一起选。")
        return None
    if field.has == UNKNOWN:
        return UNKNOWN
    if not field.has and not field.chosen:
        field.problem = _("还没有选。都没有就选“没有”。")
        return None
    return ";".join(field.chosen) or NONE


def _grades(field: Field) -> str | None:
    if field.has == "no":
        return NONE
    pairs = [pair for pair in field.pairs if pair.kind or pair.grade]
    if not field.has and not pairs:
        field.problem = _("还没有选。没有证就选“没有”，不知道就选“不清楚”。")
        return None
    field.has = "yes"
    if not pairs or not all(pair.kind and pair.grade for pair in pairs):
        field.problem = _("请照证件选类别和等级；不知道就选“不清楚”。")
        return None
    return ";".join(f"{pair.kind}:{pair.grade}" for pair in pairs)
