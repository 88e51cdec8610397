"""Help that is not money is delivered, and counts once it arrived."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from psycopg.types.range import Range

from tests import many
from tests.awards.conftest import FAMILY_PROGRAMME, determined
from yihu.access.actor import Actor, service
from yihu.access.capabilities import Capability
from yihu.awards import actions, queries
from yihu.awards.due import due_of
from yihu.awards.models import Award, AwardTerm, Delivery
from yihu.awards.periods import pay_period_of
from yihu.common.refusals import Refused
from yihu.households.models import Household

ON, LATER = date(2026, 9, 3), date(2026, 9, 5)


@pytest.fixture
def clerk(actor: Actor) -> Actor:
    return many.make_actor("window_clerk", "11/0102/007/")


def given(family: Household, form: str = "goods", **values: Any) -> AwardTerm:
    """An award of a form, as a programme of that form would leave it behind."""
    kind = values.pop("kind", "month")
    award = Award.objects.create(
        household=family, programme=FAMILY_PROGRAMME, key=f"{form}{kind}", kind=kind, form=form,
        pay_period=pay_period_of(kind, date(2026, 9, 1)),
    )  # fmt: skip
    return AwardTerm.objects.create(
        award=award, period=Range(date(2026, 9, 1), None), determination=determined(family, 1), known_on=ON,
        made_by_id=service("tests").principal, granted_in_id=many.DISTRICT,
        **{"help": "米面油" if form not in ("", "money") else "", **values},
    )  # fmt: skip


def test_what_was_given_out_counts_once_it_arrived(family: Household, clerk: Actor) -> None:
    term = given(family)
    one, two, three = (actions.deliver(term=term, what="大米", quantity=many, by=clerk, on=ON) for many in (2, 3, 5))
    actions.receive(delivery=one, received_by="贾一", receipt="签收单 3 号", by=clerk, on=LATER)
    actions.refuse(delivery=two, because="不在家", by=clerk, on=LATER)

    [found] = queries.delivered(clerk, since=ON, until=date(2026, 10, 1))
    assert (found.given_out, found.received, found.refused, found.under_way) == (10, 2, 3, 5)
    assert queries.delivered(clerk, since=LATER, until=date(2026, 10, 1)) == ()
    assert (three.what, three.delivered_by_id) == ("大米", clerk.principal)
    assert due_of([term.award_id], until=date(2026, 12, 1), known_on=LATER) == []
    assert actions.deliver(term=term, what=" ", quantity=1, by=clerk, on=ON).what == "米面油"


def test_only_what_is_not_money_is_delivered(family: Household, clerk: Actor) -> None:
    for form, kind, values in (("money", "month", {"amount": 1}), ("", "status", {})):
        term = given(family, form, kind=kind, **values)
        with pytest.raises(Refused, match="没有交付"):
            actions.deliver(term=term, what="大米", quantity=1, by=clerk, on=ON)
        with pytest.raises(DatabaseError, match="才有交付"), transaction.atomic():
            Delivery.objects.create(
                term=term, what="大米", quantity=1, delivered_on=ON, delivered_by_id=service("x").principal
            )


@pytest.mark.parametrize(
    ("values", "said"),
    [({"quantity": 0}, "数量要大于 0"), ({"on": date(2026, 8, 31)}, "没有生效"), ({"what": "米" * 201}, "最多 200")],
)
def test_a_delivery_that_makes_no_sense_is_refused(
    family: Household, clerk: Actor, values: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        actions.deliver(**{"term": given(family), "what": "大米", "quantity": 1, "by": clerk, "on": ON, **values})
    assert not Delivery.objects.exists()


def test_what_became_of_it_is_said_once(family: Household, clerk: Actor) -> None:
    sent = actions.deliver(term=given(family), what="轮椅", quantity=1, by=clerk, on=LATER)
    for reason, do in (
        ("请写明是谁收的", lambda: actions.receive(delivery=sent, received_by=" ", receipt="3", by=clerk, on=LATER)),
        (
            "请写明签收的凭据",
            lambda: actions.receive(delivery=sent, received_by="贾一", receipt=" ", by=clerk, on=LATER),
        ),
        ("请写明为什么", lambda: actions.refuse(delivery=sent, because="", by=clerk, on=LATER)),
        ("不能更早收到", lambda: actions.receive(delivery=sent, received_by="贾一", receipt="3", by=clerk, on=ON)),
    ):
        with pytest.raises(Refused, match=reason):
            do()
    actions.receive(delivery=sent, received_by="贾一", receipt="3", by=clerk, on=LATER)
    with pytest.raises(Refused, match="已经登记过结果"):
        actions.refuse(delivery=sent, because="坏了", by=clerk, on=LATER)
    for change in ({"quantity": 9}, {"received_by": "甄二"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Delivery.objects.update(**change)


def test_only_those_who_may_deliver_do(family: Household, clerk: Actor) -> None:
    term = given(family)
    for who in (many.make_actor("finance_maker"), service("x", "11/0102/009/", may=[Capability.DELIVER_HELP])):
        with pytest.raises(Refused):
            actions.deliver(term=term, what="大米", quantity=1, by=who, on=ON)
    with pytest.raises(IntegrityError, match="delivery_received_or_refused"), transaction.atomic():
        Delivery.objects.create(
            term=term, what="大米", quantity=1, delivered_on=ON, delivered_by_id=service("x").principal,
            received_on=LATER, received_by="贾",
            refused_on=LATER, refused_because="x",
        )  # fmt: skip
