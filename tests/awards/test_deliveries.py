"""Help that is not money is delivered, and counts once it arrived."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from psycopg.types.range import Range

from tests import many
from tests.at_once import at_once, scoped
from tests.awards.conftest import FAMILY_PROGRAMME, determined
from tests.due import due_of
from tests.test_harness import needs_roles
from yihu.access.actor import Actor, service
from yihu.access.capabilities import Capability
from yihu.access.scope import acting
from yihu.awards import actions, queries
from yihu.awards.models import Award, AwardTerm, Delivery
from yihu.awards.periods import pay_period_of
from yihu.common.refusals import Refused
from yihu.households.models import Household, Member, Person

ON, LATER = date(2026, 9, 3), date(2026, 9, 5)


@pytest.fixture
def clerk(actor: Actor) -> Actor:
    return many.make_actor("window_clerk", "11/0102/007/")


@pytest.fixture
def other(actor: Actor) -> Actor:
    """Who takes down that it arrived."""
    return many.make_actor("window_clerk", "11/0102/007/", name="郝登记")


def deliver(by: Actor, **values: Any) -> Delivery:
    """As he himself is logged in, and so of what follows: the database lets nobody write another's name."""
    with acting(by):
        return actions.deliver(by=by, **values)


def receive(by: Actor, **values: Any) -> Delivery:
    with acting(by):
        return actions.receive(by=by, **values)


def refuse(by: Actor, **values: Any) -> Delivery:
    with acting(by):
        return actions.refuse(by=by, **values)


def given(family: Household, form: str = "goods", **values: Any) -> AwardTerm:
    """An award of a form, as a programme of that form would leave it behind."""
    kind = values.pop("kind", "month")
    award = Award.objects.create(
        household=family, person=values.pop("person", None), programme=FAMILY_PROGRAMME,
        key=values.pop("key", f"{form}{kind}"), kind=kind, form=form,
        pay_period=pay_period_of(kind, date(2026, 9, 1)),
    )  # fmt: skip
    return AwardTerm.objects.create(
        award=award, period=Range(date(2026, 9, 1), None), determination=determined(family, 1), known_on=ON,
        made_by_id=service("tests").principal, granted_in_id=many.DISTRICT,
        **{"help": "米面油" if form not in ("", "money") else "", **values},
    )  # fmt: skip


def test_what_was_given_out_counts_once_it_arrived(family: Household, clerk: Actor, other: Actor) -> None:
    terms = [given(family, key=key) for key in "123"]
    one, two, three = (
        deliver(term=term, quantity=quantity, by=clerk, on=ON) for term, quantity in zip(terms, (2, 3, 5), strict=True)
    )
    receive(delivery=one, received_by="贾一", receipt="签收单 3 号", by=other, on=LATER)
    refuse(delivery=two, because="不在家", by=other, on=LATER)

    [found] = queries.delivered(clerk, since=ON, until=date(2026, 10, 1))
    assert (found.given_out, found.received, found.refused, found.under_way) == (10, 2, 3, 5)
    assert queries.delivered(clerk, since=LATER, until=date(2026, 10, 1)) == ()
    assert (three.what, three.delivered_by_id) == ("米面油", clerk.principal)
    assert due_of([terms[0].award_id], until=date(2026, 12, 1), known_on=LATER) == []


@pytest.mark.parametrize("kind", ["month", "once"])
def test_nothing_is_given_out_twice(family: Household, clerk: Actor, other: Actor, kind: str) -> None:
    term = given(family, kind=kind)
    first = deliver(term=term, quantity=1, by=clerk, on=ON)
    with pytest.raises(Refused, match="已经送出"):
        deliver(term=term, quantity=1, by=clerk, on=LATER)
    again = {name: getattr(first, name) for name in ("term", "period", "what", "quantity", "delivered_on")}
    with pytest.raises(IntegrityError, match="delivery_once_for_a_period"), acting(clerk):
        Delivery.objects.create(**again, delivered_by_id=clerk.principal)
    refuse(delivery=first, because="不在家", by=other, on=LATER)
    taken = deliver(term=term, quantity=1, by=clerk, on=LATER)
    receive(delivery=taken, received_by="贾一", receipt="3", by=other, on=LATER)

    later = AwardTerm.objects.create(
        award=term.award, period=term.period, determination=term.determination, known_on=LATER, help="面粉",
        made_by_id=clerk.principal, granted_in_id=many.DISTRICT,
    )  # fmt: skip
    with pytest.raises(Refused, match="已经送出"):
        deliver(term=later, quantity=1, by=clerk, on=LATER)
    if kind == "month":
        assert deliver(term=later, quantity=1, by=clerk, on=date(2026, 10, 1)).period == date(2026, 10, 1)


def test_two_at_once_give_it_out_once(transactional_db: None) -> None:
    with many.district_at_work():
        many.make_district()
        term = given(many.make_family())
        clerks = [many.make_actor("window_clerk", "11/0102/007/", name=name) for name in ("甲", "乙")]
    done = at_once([scoped(by, actions.deliver, term=term, quantity=1, on=ON) for by in clerks])
    assert sorted(type(each) for each in done if isinstance(each, Refused)) == [Refused], done
    with many.district_at_work():
        assert Delivery.objects.count() == 1


def test_whoever_moved_is_given_help_where_he_lives_now(transactional_db: None) -> None:
    with many.district_at_work():
        many.make_district()
        former = many.make_family(members=2)
        home = many.make_family(community="11/0102/009/001/", first=50)
        person = many.people_of(former)[1]
        term = given(former, person=person)
        Member.objects.filter(person=person).update(period=Range(date(2019, 1, 1), ON))
        Member.objects.create(household=home, person=person, relation=20, period=Range(ON, None))
        Person.objects.filter(pk=person.pk).update(household=home)
        old = many.make_actor("window_clerk", "11/0102/007/", name="甲")
        new = many.make_actor("window_clerk", "11/0102/009/", name="乙")
    with acting(old):
        assert not queries.undelivered(old, on=ON).exists()
        with pytest.raises(Refused, match="迁到别的街道"):
            deliver(term=AwardTerm(pk=term.pk, award_id=term.award_id), quantity=1, by=old, on=ON)
    with acting(new):
        [found] = queries.undelivered(new, on=ON)
        related = replace(new, kept=((home.pk, home.number),))
        with pytest.raises(Refused, match="近亲属"):
            deliver(term=found, quantity=1, by=related, on=ON)
        deliver(term=found, quantity=1, by=new, on=ON)
        assert [each.home for each in queries.deliveries(new)] == [home.pk]
        assert len(queries.delivered(new, since=ON, until=LATER)) == 1
    with acting(old):
        assert not queries.deliveries(old).exists()


def test_only_what_is_not_money_is_delivered(family: Household, clerk: Actor) -> None:
    for form, kind, values in (("money", "month", {"amount": 1}), ("", "status", {})):
        term = given(family, form, kind=kind, **values)
        with pytest.raises(Refused, match="没有交付"):
            deliver(term=term, quantity=1, by=clerk, on=ON)
        with pytest.raises(DatabaseError, match="才有交付"), transaction.atomic():
            Delivery.objects.create(
                term=term,
                period=ON.replace(day=1),
                what="大米",
                quantity=1,
                delivered_on=ON,
                delivered_by_id=service("tests").principal,
            )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"quantity": 0}, "数量要大于 0"),
        ({"on": date(2026, 8, 31)}, "没有生效"),
        ({"quantity": 2_000_000_000}, "最多 9999"),
    ],
)
def test_a_delivery_that_makes_no_sense_is_refused(
    family: Household, clerk: Actor, values: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        deliver(**{"term": given(family), "quantity": 1, "by": clerk, "on": ON, **values})
    assert not Delivery.objects.exists()


def test_what_became_of_it_is_said_once(family: Household, clerk: Actor, other: Actor) -> None:
    sent = deliver(term=given(family), quantity=1, by=clerk, on=LATER)
    for reason, do in (
        ("请写明是谁收的", lambda: receive(delivery=sent, received_by=" ", receipt="3", by=other, on=LATER)),
        (
            "请写明签收的凭据",
            lambda: receive(delivery=sent, received_by="贾一", receipt=" ", by=other, on=LATER),
        ),
        ("请写明为什么", lambda: refuse(delivery=sent, because="", by=other, on=LATER)),
        ("不能更早收到", lambda: receive(delivery=sent, received_by="贾一", receipt="3", by=other, on=ON)),
    ):
        with pytest.raises(Refused, match=reason):
            do()
    receive(delivery=sent, received_by="贾一", receipt="3", by=other, on=LATER)
    with pytest.raises(Refused, match="已经登记过结果"):
        refuse(delivery=sent, because="坏了", by=other, on=LATER)
    for change in ({"quantity": 9}, {"received_by": "甄二"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Delivery.objects.update(**change)


def test_whoever_gave_it_out_does_not_take_down_what_became_of_it(
    family: Household, clerk: Actor, other: Actor
) -> None:
    """Else he gives out as much as one may, takes down himself that it came back, and gives it out again."""
    arrived, back = (deliver(term=given(family, key=key), quantity=9999, by=clerk, on=ON) for key in "12")
    with pytest.raises(Refused, match="不能再由您登记"):
        receive(delivery=arrived, received_by="贾一", receipt="3", by=clerk, on=LATER)
    with pytest.raises(Refused, match="不能再由您登记"):
        refuse(delivery=back, because="不在家", by=clerk, on=LATER)
    became = (
        (arrived, {"received_on": LATER, "received_by": "贾一", "receipt": "3"}),
        (back, {"refused_on": LATER, "refused_because": "不在家"}),
    )
    for sent, result in became:
        for who in ({"recorded_by": None}, {"recorded_by": clerk.principal}):
            with pytest.raises(IntegrityError, match="delivery_taken_down_by_another"), acting(clerk):
                Delivery.objects.filter(pk=sent.pk).update(**result, **who)

    found = receive(delivery=arrived, received_by="贾一", receipt="3", by=other, on=LATER)
    assert found.recorded_by_id == other.principal
    assert refuse(delivery=back, because="不在家", by=other, on=LATER).recorded_by_id == other.principal
    with pytest.raises(DatabaseError), acting(clerk):
        Delivery.objects.filter(pk=arrived.pk).update(recorded_by=clerk.principal)


@needs_roles
def test_nobody_gives_out_or_takes_down_in_the_name_of_another(family: Household, clerk: Actor, other: Actor) -> None:
    """Past the actions too: two names in a row are two people who were logged in."""
    term = given(family)
    sent = {"term": term, "period": ON.replace(day=1), "what": term.help, "quantity": 3, "delivered_on": ON}
    with pytest.raises(DatabaseError, match="送出只能登记在"), acting(clerk):
        Delivery.objects.create(**sent, delivered_by_id=other.principal)
    with acting(clerk):
        found = Delivery.objects.create(**sent, delivered_by_id=clerk.principal)
    result = {"refused_on": LATER, "refused_because": "不在家", "recorded_by": other.principal}
    with pytest.raises(DatabaseError, match="结果只能登记在"), acting(clerk):
        Delivery.objects.filter(pk=found.pk).update(**result)
    with acting(other):
        assert Delivery.objects.filter(pk=found.pk).update(**result) == 1


def test_only_those_who_may_deliver_do(family: Household, clerk: Actor) -> None:
    term = given(family)
    for who in (many.make_actor("finance_maker"), service("tests", "11/0102/009/", may=[Capability.DELIVER_HELP])):
        with pytest.raises(Refused):
            actions.deliver(term=term, quantity=1, by=who, on=ON)
    with pytest.raises(IntegrityError, match="delivery_received_or_refused"), transaction.atomic():
        Delivery.objects.create(
            term=term, period=ON.replace(day=1), what="米面油", quantity=1, delivered_on=ON,
            delivered_by_id=service("tests").principal,
            received_on=LATER, received_by="贾",
            refused_on=LATER, refused_because="x",
        )  # fmt: skip
