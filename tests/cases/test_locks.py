"""What the database itself keeps in order around a case."""

from datetime import date

import pytest

from tests import rooms
from tests.cases.walk import Walk
from yihu.access.actor import Actor
from yihu.cases import actions
from yihu.common.refusals import Refused
from yihu.households import actions as households
from yihu.policy.procedures import ClosingReason

MONDAY = date(2026, 7, 6)


def test_a_family_does_not_move_to_another_street_while_its_case_is_running(
    walk: Walk, district: rooms.District, service: Actor
) -> None:
    walk.apply(MONDAY)

    with pytest.raises(Refused, match="办结或者撤回以后才能迁往别的街道"):
        households.move_household(
            household=walk.household, division=district.far_community, address="虚构里 2 号", by=service, on=MONDAY
        )

    walk.household.refresh_from_db()
    assert walk.household.division == district.community


def test_within_its_street_it_moves_and_after_the_case_anywhere(
    walk: Walk, district: rooms.District, service: Actor
) -> None:
    case = walk.apply(MONDAY)
    households.move_household(
        household=walk.household, division=district.neighbour, address="虚构里 3 号", by=service, on=MONDAY
    )
    with walk.by(walk.people.clerk) as clerk:
        actions.close(case=case, reason=ClosingReason.WITHDRAWN, because="本人撤回", by=clerk, on=MONDAY)

    households.move_household(
        household=walk.household, division=district.far_community, address="虚构里 2 号", by=service, on=MONDAY
    )

    walk.household.refresh_from_db()
    assert walk.household.division == district.far_community
