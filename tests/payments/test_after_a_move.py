"""After a move the file says what was paid before, and nothing that was paid is owed again."""

from datetime import date

import pytest

from tests import many
from tests.payments.conftest import OCTOBER, SEPTEMBER, Office, award, families
from tests.places import divisions
from yihu.access.actor import Actor
from yihu.access.scope import acting
from yihu.households import actions as households
from yihu.households.models import Household
from yihu.organisations.models import Division
from yihu.payments.models import PaymentLine

OLD, NEW = "11/0102/007/", "11/0102/009/"
THERE = "11/0109/"


def move(family: Household, to: str, by: Actor) -> None:
    division = Division.objects.get(pk=to)
    households.move_household(household=family, division=division, address="某路 2 号", by=by, on=date(2026, 9, 20))


def test_the_new_street_sees_what_was_paid_before_the_move_and_the_old_one_too(office: Office) -> None:
    moved, stays = families(2)
    award([moved, stays])
    office.pay(SEPTEMBER)
    with many.district_at_work() as service:
        move(moved, f"{NEW}001/", service)

    seen = {}
    for street in (OLD, NEW):
        clerk = many.make_actor("window_clerk", street)
        with acting(clerk):
            seen[street] = set(PaymentLine.objects.values_list("household", flat=True))
            assert PaymentLine.objects.filter(household=moved, run__month=SEPTEMBER).count() == 1
    assert seen == {OLD: {moved.pk, stays.pk}, NEW: {moved.pk}}


@pytest.fixture
def elsewhere(office: Office) -> Office:
    """Those who deal with money in another district."""
    divisions({f"{THERE}001/001/": "某社区"})
    return Office(
        many.make_actor("finance_maker", THERE, name="梅制单"), many.make_actor("finance_checker", THERE, name="吴复核")
    )


def test_who_moves_to_another_district_is_not_owed_again_what_was_paid(office: Office, elsewhere: Office) -> None:
    [moved] = families(1)
    award([moved])
    office.pay(SEPTEMBER)
    with many.at_work_in("11/") as service:
        move(moved, f"{THERE}001/001/", service)

    with acting(elsewhere.maker):
        run = elsewhere.pay(OCTOBER)
        assert [(line.period, line.amount) for line in run.lines.all()] == [(OCTOBER, 161_600)]
