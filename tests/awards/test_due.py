"""What is due, by the database, against a few lines of Python that say what due is."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.range import Range

from tests import many
from tests.awards.conftest import FAMILY_PROGRAMME, MEMBER_PROGRAMME, determined
from tests.due import due_of
from yihu.access.actor import service
from yihu.awards.models import Award, AwardTerm
from yihu.awards.periods import pay_period_of
from yihu.households.models import Household, Person

MONTHS = [date(2026, month, 1) for month in range(1, 13)]
SEASON, ONCE, STATUS = "heating_assistance", "temporary_assistance", "low_income"
KINDS = {FAMILY_PROGRAMME: "month", MEMBER_PROGRAMME: "month", SEASON: "season", ONCE: "once", STATUS: "status"}


@dataclass(frozen=True)
class Said:
    """One term: from and until (places in MONTHS, or without end), fen or a stop, and when it was known."""

    first: int
    until: int | None
    amount: int | None
    known: int


@st.composite
def terms(draw: st.DrawFn) -> list[Said]:
    """What may be said of one award, one after the other; the first gives something."""
    said = []
    for nth in range(draw(st.integers(1, 6))):
        first = draw(st.integers(0, 10))
        until = draw(st.none() | st.integers(first + 1, 11))
        amount = draw(st.integers(1, 9) if nth == 0 else st.none() | st.integers(1, 9))
        said.append(Said(first, until, amount, draw(st.integers(0, 11))))
    return said


claims = st.tuples(st.sampled_from(list(KINDS)), terms(), st.none() | st.integers(0, 11))


def expected(
    kind: str, said: list[Said], *, pays_from: int | None, died: date | None, until: date, known: date
) -> list[tuple[date, int]]:
    """By the definition: the last term known that covers a day, or is about it, decides what is due for it."""
    heard = [each for each in said if MONTHS[each.known] <= known]
    if kind == "status" or not heard:
        return []

    def covers(each: Said, day: date) -> bool:
        return MONTHS[each.first] <= day and (each.until is None or day < MONTHS[each.until])

    def decides(each: Said, day: date) -> bool:
        # The only period of a claim is that of its first term; it is due whatever days a later term covers.
        return covers(each, day) or (kind != "month" and each.amount is not None)

    days = MONTHS if kind == "month" else [MONTHS[said[0].first]]
    endless = [each for each in heard if each.until is None]
    runs_on = bool(endless) and endless[-1].amount is not None
    found = []
    for day in days:
        deciding = [each for each in heard if decides(each, day)]
        if day > until or (pays_from is not None and day < MONTHS[pays_from]) or not deciding:
            continue
        if died and day > died and not runs_on:
            continue
        if deciding[-1].amount is not None:
            found.append((day, deciding[-1].amount))
    return found


@pytest.mark.usefixtures("actor")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(claims, min_size=1, max_size=5), st.none() | st.integers(0, 11), st.sampled_from(MONTHS),
    st.sampled_from(MONTHS), st.sampled_from(MONTHS), st.integers(1, 28),
)  # fmt: skip
def test_due_is_what_the_last_term_known_says(
    family: Household,
    drawn: list[tuple[str, list[Said], int | None]],
    died: int | None,
    until: date,
    known: date,
    since: date,
    day: int,
) -> None:
    with transaction.atomic():
        person = many.people_of(family)[0]
        died_on = None if died is None else MONTHS[died].replace(day=15)
        wanted = {}
        for nth, (programme, said, pays_from) in enumerate(drawn):
            is_his = programme == MEMBER_PROGRAMME
            award = written(family, person if is_his else None, nth, programme, said, pays_from)
            wanted[award.pk] = expected(
                KINDS[programme], said, pays_from=pays_from, died=died_on if is_his else None, until=until, known=known
            )
        # Learnt last: nothing begins after a death that is known.
        Person.objects.filter(pk=person.pk).update(died_on=died_on)
        found = due_of(list(wanted), until=until, known_on=known)
        for award, rows in wanted.items():
            alone = due_of([award], until=until, known_on=known)
            assert [(each.period, each.amount) for each in alone] == rows
            assert [each for each in found if each.award == award] == alone
            # What begins before a day is left out, and nothing else is said otherwise.
            from_day = since.replace(day=day)
            later = due_of([award], until=until, known_on=known, since=from_day)
            assert later == [each for each in alone if each.period >= from_day]
        assert {each.award for each in found} == {award for award, rows in wanted.items() if rows}
        transaction.set_rollback(True)


def written(
    family: Household, person: Person | None, nth: int, programme: str, said: list[Said], pays_from: int | None = None
) -> Award:
    """The award as it stands in the tables."""
    kind = KINDS[programme]
    award = Award.objects.create(
        household=family, person=person, programme=programme, key=f"{nth}", kind=kind,
        form="" if kind == "status" else "money", pays_from=None if pays_from is None else MONTHS[pays_from],
        pay_period=pay_period_of(kind, MONTHS[said[0].first]),
    )  # fmt: skip
    determination = determined(family, 9, programme=programme, person=person)
    for each in said:
        AwardTerm.objects.create(
            award=award,
            period=Range(MONTHS[each.first], None if each.until is None else MONTHS[each.until]),
            amount=each.amount if kind != "status" else None,
            stops=each.amount is None,
            reason="left" if each.amount is None else "",
            determination=determination,
            granted_in_id=many.DISTRICT,
            known_on=MONTHS[each.known],
            made_by_id=service("tests").principal,
        )
    return award
