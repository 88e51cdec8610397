"""What the database itself keeps in order around a case."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from tests import rooms
from tests.cases.walk import Walk
from yihu.access.actor import Actor
from yihu.cases import actions
from yihu.cases.models import Case
from yihu.common.refusals import Refused
from yihu.households import actions as households
from yihu.policy.procedures import ClosingReason

MONDAY = date(2026, 7, 6)


def test_a_family_does_not_move_to_another_street_while_its_case_is_running(
    walk: Walk, district: rooms.District, service: Actor
) -> None:
    walk.apply(MONDAY)

    with pytest.raises(Refused, match="办结或者撤回以后才能迁往别的街道"):
        actions.move_household(
            household=walk.household, division=district.far_community, address="虚构里 2 号", by=service, on=MONDAY
        )

    walk.household.refresh_from_db()
    assert walk.household.division == district.community


def test_within_its_street_it_moves_and_after_the_case_anywhere(
    walk: Walk, district: rooms.District, service: Actor
) -> None:
    case = walk.apply(MONDAY)
    actions.move_household(
        household=walk.household, division=district.neighbour, address="虚构里 3 号", by=service, on=MONDAY
    )
    assert Case.objects.get(pk=case.pk).division == district.neighbour
    with walk.by(walk.people.clerk) as clerk:
        actions.close(case=case, reason=ClosingReason.WITHDRAWN, because="本人撤回", by=clerk, on=MONDAY)

    actions.move_household(
        household=walk.household, division=district.far_community, address="虚构里 2 号", by=service, on=MONDAY
    )

    walk.household.refresh_from_db()
    assert walk.household.division == district.far_community


def test_a_family_that_leaves_its_running_case_behind_is_stopped_at_the_end(
    walk: Walk, district: rooms.District, service: Actor
) -> None:
    case = walk.apply(MONDAY)
    households.move_household(
        household=walk.household, division=district.neighbour, address="虚构里 3 号", by=service, on=MONDAY
    )
    with pytest.raises(IntegrityError, match="案件没有随户迁移"), transaction.atomic():
        connection.check_constraints()

    Case.objects.filter(pk=case.pk).update(division=district.neighbour)
    connection.check_constraints()
