"""What is known of a family: as of any day, whoever said it, never altered."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import rooms
from tests.rooms import HEAD, ON, NewMember
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.common.refusals import Refused
from yihu.households import actions, queries
from yihu.households.actions import NewFact
from yihu.households.enums import FactSource
from yihu.households.models import Fact, Household, Person

DAY = timedelta(days=1)
DECLARED, RECEIVED, VERIFIED = FactSource.DECLARED, FactSource.RECEIVED, FactSource.VERIFIED


def say(
    family: Household,
    source: FactSource,
    value: int | None,
    *,
    by: Actor,
    on: date = ON,
    person: Person | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Fact:
    """Something said under one name; None takes it back."""
    fact = NewFact("cars", {} if value is None else {"cars": value}, person, since=since, until=until)
    department = "交管" if source == RECEIVED else ""
    (said,) = actions.record_facts(household=family, facts=[fact], source=source, by=by, on=on, department=department)
    return said


def value_on(family: Household, on: date, known_on: date) -> int | None:
    facts = queries.facts_on([family.pk], on=on, known_on=known_on)
    assert len(facts) <= 1
    return facts[0].value.get("cars") if facts else None


def head_of(family: Household) -> Person:
    return queries.members_on(family, ON)[0].person


def test_verified_goes_before_received_before_declared_before_older(family: Household, service: Actor) -> None:
    days = (ON + n * DAY for n in count())
    for source, value, counts in (
        (DECLARED, 1, 1),
        (DECLARED, 2, 2),
        (RECEIVED, 3, 3),
        (DECLARED, 4, 3),
        (VERIFIED, 5, 5),
        (RECEIVED, 6, 5),
        (VERIFIED, 7, 7),
        (VERIFIED, None, None),
    ):
        day = next(days)
        say(family, source, value, by=service, on=day)
        assert value_on(family, day, day) == counts

    # And on every earlier day what was known then.
    assert [value_on(family, ON + 9 * DAY, ON + n * DAY) for n in range(-1, 8)] == [None, 1, 2, 3, 3, 5, 5, 7, None]


def test_a_fact_holds_from_its_first_day_to_the_one_before_its_end(family: Household, service: Actor) -> None:
    say(family, DECLARED, 1, by=service, since=ON - 9 * DAY, until=ON - 3 * DAY)

    assert [value_on(family, ON - n * DAY, ON) for n in (10, 9, 4, 3)] == [None, 1, 1, None]


def test_of_two_said_on_one_day_the_later_counts(family: Household, service: Actor) -> None:
    say(family, DECLARED, 1, by=service)
    say(family, DECLARED, 2, by=service)

    assert value_on(family, ON, ON) == 2


def test_what_is_known_of_people_goes_where_they_live(
    family: Household, district: rooms.District, service: Actor
) -> None:
    child = queries.members_on(family, ON)[2]
    later = ON + 30 * DAY
    say(family, DECLARED, 1, by=service, person=child.person)
    say(family, DECLARED, 2, by=service)
    actions.end_membership(member=child, left_on=later, reason="过继", by=service, on=later)
    other = rooms.make_family(
        district.neighbour,
        by=service,
        on=later,
        members=[
            NewMember("吴名", HEAD, birth_date=date(1950, 1, 1), sex="male"),
            NewMember("", 30, person=child.person),
        ],
    )

    def seen(families: Sequence[Household], on: date) -> list[int]:
        return [fact.value["cars"] for fact in queries.facts_on([each.pk for each in families], on=on, known_on=on)]

    assert sorted(seen([family], later - DAY)) == [1, 2]
    assert seen([family], later) == [2]
    assert seen([other], later) == [1]
    assert sorted(seen([family, other], later)) == [1, 2]
    assert seen([], later) == []


said = st.builds(
    dict,
    of_person=st.booleans(),
    name=st.sampled_from(["cars", "homes"]),
    value=st.none() | st.integers(0, 3),
    source=st.sampled_from(FactSource),
    known=st.integers(0, 6),
    since=st.integers(-6, 0),
    length=st.none() | st.integers(1, 8),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(said, max_size=12), on=st.integers(-7, 8), known_on=st.integers(-1, 7))
def test_the_facts_that_count_are_those_that_the_words_say(
    rows: list[dict[str, object]], on: int, known_on: int, family: Household, service: Actor
) -> None:
    point = transaction.savepoint()
    try:
        person = head_of(family)
        facts = Fact.objects.bulk_create(plain(row, family, person, service.principal) for row in rows)
        day, known = ON + on * DAY, ON + known_on * DAY

        chosen = queries.facts_on([family.pk], on=day, known_on=known)

        # Whoever lives nowhere yet on that day has no facts in it.
        by_hand = best(facts, day, known, but=None if day >= ON else person)
        assert {(fact.person_id, fact.name): fact.pk for fact in chosen} == by_hand
        assert all(fact.known_on <= known for fact in chosen)
    finally:
        transaction.savepoint_rollback(point)


def plain(row: dict[str, object], family: Household, person: Person, by: int) -> Fact:
    """A row of the table as it is drawn."""
    known = ON + row["known"] * DAY
    since = known + row["since"] * DAY
    return Fact(
        household=None if row["of_person"] else family,
        person=person if row["of_person"] else None,
        name=row["name"],
        value={} if row["value"] is None else {row["name"]: row["value"]},
        period=(since, since + row["length"] * DAY if row["length"] else None),
        source=row["source"],
        department="交管" if row["source"] == RECEIVED else "",
        known_on=known,
        recorded_by_id=by,
    )


def best(facts: Sequence[Fact], day: date, known: date, *, but: Person | None) -> dict[tuple[int | None, str], int]:
    """The same said over in Python."""
    found: dict[tuple[int | None, str], tuple[tuple[int, date, int], int]] = {}
    for fact in facts:
        since, until = fact.period
        if fact.known_on > known or day < since or (until and day >= until) or (but and fact.person_id == but.pk):
            continue
        weight = (FactSource.values.index(fact.source), fact.known_on, fact.pk)
        key = (fact.person_id, fact.name)
        if key not in found or weight > found[key][0]:
            found[key] = (weight, fact.pk)
    return {key: pk for key, (_, pk) in found.items()}


@pytest.mark.parametrize(
    ("said_before", "differ"),
    [
        ([(DECLARED, 1)], None),
        ([(DECLARED, 1), (RECEIVED, 1)], None),
        ([(DECLARED, 1), (RECEIVED, 2)], (1, 2)),
        ([(RECEIVED, 2), (DECLARED, 1)], (1, 2)),
        ([(DECLARED, 1), (RECEIVED, 2), (RECEIVED, 1)], None),
        ([(DECLARED, 1), (RECEIVED, 2), (VERIFIED, 1)], None),
        ([(DECLARED, 1), (RECEIVED, 2), (VERIFIED, 3)], None),
        ([(DECLARED, 1), (VERIFIED, 1), (RECEIVED, 2)], (1, 2)),
        ([(VERIFIED, 1), (RECEIVED, 2)], (1, 2)),
        ([(VERIFIED, 1), (DECLARED, 2)], (2, 1)),
        ([(VERIFIED, 1), (DECLARED, 1), (RECEIVED, 1)], None),
        ([(DECLARED, 1), (RECEIVED, None)], (1, None)),
    ],
)
def test_what_differs_stays_open_until_it_is_settled(
    said_before: list[tuple[FactSource, int | None]],
    differ: tuple[int, int | None] | None,
    family: Household,
    service: Actor,
) -> None:
    # All on one day: the order of recording counts then.
    for source, value in said_before:
        say(family, source, value, by=service)

    found = queries.discrepancies(family, on=ON)

    pairs = [(each.declared.value.get("cars"), each.other.value.get("cars")) for each in found]
    assert pairs == ([differ] if differ else [])


def test_a_difference_is_settled_by_a_new_fact_with_its_reason(family: Household, service: Actor) -> None:
    person = head_of(family)
    say(family, DECLARED, 0, by=service, person=person)
    received = say(family, RECEIVED, 1, by=service, person=person, since=ON - 9 * DAY)
    (open_one,) = queries.discrepancies(family, on=ON)
    assert (open_one.person, open_one.other) == (person, received)
    with pytest.raises(Refused, match="写明原因"):
        actions.settle(adopted=received, reason=" ", by=service, on=ON)

    settled = actions.settle(adopted=received, reason="看过行驶证", by=service, on=ON + DAY)

    settled.refresh_from_db()
    assert (settled.source, settled.value, settled.basis, settled.note) == (
        VERIFIED,
        {"cars": 1},
        received,
        "看过行驶证",
    )
    assert settled.period == Fact.objects.get(pk=received.pk).period
    assert queries.discrepancies(family, on=ON)
    assert not queries.discrepancies(family, on=ON + DAY)
    assert queries.versions_of(family, "cars", person) == [settled, received, open_one.declared]
    assert queries.versions_of(family, "cars") == []


def test_a_difference_is_settled_once(family: Household, service: Actor) -> None:
    """Two officers have it on their desks, and each adopts another side."""
    declared = say(family, DECLARED, 0, by=service)
    received = say(family, RECEIVED, 1, by=service)
    actions.settle(adopted=declared, reason="看过行驶证", by=service, on=ON)

    for side in (received, declared):
        with pytest.raises(Refused, match="这一处不一致已经认定过"):
            actions.settle(adopted=side, reason="另一位看的", by=service, on=ON)

    assert Fact.objects.filter(source=VERIFIED).count() == 1


@pytest.mark.parametrize("post", ["community_worker", "window_clerk"])
def test_who_takes_papers_in_settles_nothing_by_any_door(
    post: str, family: Household, district: rooms.District, service: Actor
) -> None:
    say(family, DECLARED, 1, by=service)
    received = say(family, RECEIVED, 2, by=service)
    worker = rooms.actor(post, district.community)

    with acting(worker), pytest.raises(Refused, match="岗位不能认定不一致的情况"):
        actions.settle(adopted=received, reason="看过", by=worker, on=ON)
    with acting(worker), pytest.raises(Refused, match="岗位不能登记核实的情况"):
        say(family, VERIFIED, 1, by=worker)
    with acting(worker):
        assert say(family, DECLARED, 3, by=worker).value == {"cars": 3}


@pytest.mark.parametrize(
    ("fact", "field", "message"),
    [
        (NewFact("cars", {"cars": 1}, since=ON + DAY), "since", "晚于 2026-03-02"),
        (NewFact("cars", {"cars": 1}, since=ON, until=ON), "until", "要晚于起始日期"),
    ],
)
def test_days_that_cannot_be_are_refused(
    fact: NewFact, field: str, message: str, family: Household, service: Actor
) -> None:
    with pytest.raises(Refused, match=message) as refused:
        actions.record_facts(household=family, facts=[fact], source=DECLARED, by=service, on=ON)

    assert refused.value.field == field


def test_nothing_is_known_of_someone_before_his_birth(family: Household, service: Actor) -> None:
    child = queries.members_on(family, ON)[2].person
    say(family, DECLARED, 1, by=service, person=child, since=child.birth_date)

    with pytest.raises(Refused, match="早于出生日期 2015-09-01"):
        say(family, DECLARED, 1, by=service, person=child, since=child.birth_date - DAY)


def test_a_fact_belongs_to_the_file_of_its_person(family: Household, district: rooms.District, service: Actor) -> None:
    other = rooms.make_family(
        district.neighbour, by=service, members=[NewMember("吴名", HEAD, birth_date=date(1950, 1, 1), sex="male")]
    )

    with pytest.raises(Refused, match="吴名的档案不在户 XC-007-000001"):
        say(family, DECLARED, 1, by=service, person=head_of(other))


@pytest.mark.parametrize("value", [{"cars": True}, {"cars": "1"}, {"cars": 1.0}, {"Cars": 1}, {"cars": 2**62}])
def test_only_what_the_policies_read_is_written(value: dict[str, int], family: Household, service: Actor) -> None:
    with pytest.raises(ValueError, match="NewFact"):
        actions.record_facts(household=family, facts=[NewFact("cars", value)], source=DECLARED, by=service, on=ON)


def test_only_a_department_is_named_and_it_always_is(family: Household, service: Actor) -> None:
    for source, department in ((RECEIVED, ""), (DECLARED, "民政"), (VERIFIED, "民政")):
        with pytest.raises(Refused, match="写明是哪个部门"):
            actions.record_facts(
                household=family,
                facts=[NewFact("cars", {"cars": 1})],
                source=source,
                by=service,
                on=ON,
                department=department,
            )


def test_into_a_closed_file_only_answers_come(family: Household, service: Actor) -> None:
    later = ON + DAY
    actions.close_household(household=family, closed_on=later, reason="出国", by=service, on=later)

    say(family, RECEIVED, 1, by=service, on=later)
    for source in (DECLARED, VERIFIED):
        with pytest.raises(Refused, match="已于 2026-03-03 销档"):
            say(family, source, 1, by=service, on=later)


@pytest.mark.parametrize("statement", ["UPDATE households_fact SET note = 'x'", "DELETE FROM households_fact"])
def test_a_fact_is_never_altered(statement: str, family: Household, service: Actor) -> None:
    say(family, DECLARED, 1, by=service)

    with (
        pytest.raises((IntegrityError, InternalError), match="事实一经登记不能改动"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_one_query_answers_for_one_family_and_for_many(
    family: Household, district: rooms.District, service: Actor, django_assert_num_queries: object
) -> None:
    other = rooms.make_family(
        district.neighbour, by=service, members=[NewMember("吴名", HEAD, birth_date=date(1950, 1, 1), sex="male")]
    )
    for each in (family, other):
        say(each, DECLARED, 1, by=service, person=head_of(each))

    for families in ([family.pk], [family.pk, other.pk]):
        with django_assert_num_queries(1):
            assert len(queries.facts_on(families, on=ON, known_on=ON)) == len(families)
