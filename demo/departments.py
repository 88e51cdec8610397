"""Plays the other departments, which exist nowhere but here: they answer what the stories say that they know.

Whatever a story does not say otherwise is as the family's file has it. The loader answers on the days of the stories;
once the demonstration runs, what is asked at the desk is answered within minutes.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from demo.facts import Difference
from yihu.access.scope import acting
from yihu.common import files, secrets
from yihu.common.secrets import Kind as Secret
from yihu.households import queries as households
from yihu.households.models import Person
from yihu.organisations.queries import service_everywhere
from yihu.policy.labels import parse_fact
from yihu.records_checks import actions, exchange
from yihu.records_checks.enums import WAITING, RequestState
from yihu.records_checks.models import SourceRequest
from yihu.records_checks.questions import AS_OF, FOUND, IDENTITY, NAME, NUMBER
from yihu.records_checks.sources import Column, Kind, Source, source_of
from yihu.records_checks.sources.columns import NO, YES

DAY = timedelta(days=1)
# A fact of a person (None: of the household) by its name, with the engine's values.
Known = Mapping[tuple[int | None, str], Mapping[str, int]]


def answer(subject: str, differences: Sequence[Difference], people: Sequence[Person], *, on: date) -> None:
    """Answer whatever was asked about one thing. ``people`` stand in the order in which the differences count them."""
    by = service_everywhere("demo", may=actions.EXCHANGES)
    told = {
        (None if each.member is None else people[each.member].pk, each.name): parse_fact(each.name, each.received)
        for each in differences
    }
    with acting(by, origin="示范"):
        waiting = SourceRequest.objects.filter(check_round__subject=subject, state__in=WAITING)
        for request in waiting.select_related("check_round__household").order_by("pk"):
            content = _answer_of(request, told, on=on)
            name = f"{request.number}.csv"
            actions.take_answer(source=request.source, name=name, content=content, by=by, on=on)


def drop_answers(*, on: date) -> int:
    """Drop answers to what was asked today into the folders; how many. What waits since earlier goes on waiting."""
    dropped = 0
    with acting(service_everywhere("demo"), origin="示范"):
        waiting = SourceRequest.objects.filter(check_round__asked_on=on, state=RequestState.SENT)
        for request in waiting.select_related("check_round__household").order_by("pk"):
            path = exchange.folder(request.source, exchange.ANSWERS) / f"{request.number}.csv"
            if not path.exists():
                files.write(path, _answer_of(request, {}, on=on))
                dropped += 1
    return dropped


def _answer_of(request: SourceRequest, told: Known, *, on: date) -> bytes:
    source, check = source_of(request.source), request.check_round
    facts = households.facts_on([check.household_id], on=on, known_on=on)
    known = {(fact.person_id, fact.name): fact.value for fact in facts} | dict(told)
    people = Person.objects.in_bulk(check.people)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([NUMBER, NAME, IDENTITY, FOUND, AS_OF, *(column.title for column in source.columns)])
    for place, pk in enumerate(check.people):
        person = people[pk]
        assert person.identity_number is not None
        said = _said(source, known, told, pk, is_first=place == 0)
        number = secrets.decrypt(Secret.IDENTITY, person.identity_number)
        cells = [_text(column, said[column.key]) if column.key in said else "" for column in source.columns]
        writer.writerow([request.number, person.name, number, YES if said else NO, on - DAY, *cells])
    return text.getvalue().encode("utf-8-sig")


def _said(source: Source, known: Known, told: Known, person: int, *, is_first: bool) -> dict[str, int]:
    """What a source says of a person: what there is, and 0 for what a family's sum would otherwise be without. What
    a family has is in its head's name.
    """
    said, filled = {}, set()
    for column in source.columns:
        whose = None if column.of_household else person
        if not column.fact or (column.of_household and not is_first) or (column.fact, column.engine_name) in filled:
            continue
        # Of what a source sees only in part, kin may have given the rest.
        facts = told if column.at_least and not column.of_household else known
        value = facts.get((whose, column.fact), {}).get(column.engine_name, 0)
        if value:
            said[column.key] = value
            filled.add((column.fact, column.engine_name))
    if said:
        # Of what is added up over a family, nothing may be left blank.
        said |= {each.key: 0 for each in source.columns if each.of_household and is_first and each.key not in said}
    return said


def _text(column: Column, value: int) -> str:
    if column.kind in (Kind.MONEY, Kind.AREA):
        return f"{value // 100}.{value % 100:02d}"
    return YES if column.kind is Kind.FLAG else str(value)
