"""Who goes to the family's home, and when."""

from datetime import date

import pytest

from tests.cases.walk import Walk, complain, related
from yihu.cases import actions
from yihu.cases.enums import ObjectionSource
from yihu.cases.models import HomeVisit
from yihu.common.refusals import Refused
from yihu.policy.procedures import StepKind

MONDAY = date(2026, 3, 2)


def test_after_an_objection_the_visit_of_before_is_not_the_new_one(walk: Walk) -> None:
    walk.begin(MONDAY)
    walk.survey(date(2026, 3, 3))
    walk.examine(date(2026, 3, 4))
    walk.post(date(2026, 3, 4))
    complain(walk, ObjectionSource.NOTICE, date(2026, 3, 6))
    walk.unpost(date(2026, 3, 12))
    with pytest.raises(Refused, match="入户日期须在 2026-03-12 到 2026-03-13 之间"):
        walk.visit(date(2026, 3, 13), visited_on=date(2026, 3, 3))
    walk.visit(date(2026, 3, 13), visited_on=date(2026, 3, 12))


def test_a_visit_that_was_sent_back_is_made_again(walk: Walk) -> None:
    walk.begin(MONDAY)
    walk.survey(date(2026, 3, 3))
    with walk.by(walk.people.examiner) as actor:
        day = date(2026, 3, 5)
        actions.send_back(case=walk.case, step="examination", to="home_visit", reason="再看", by=actor, on=day)
    with pytest.raises(Refused, match="入户日期须在 2026-03-05 到"):
        walk.visit(date(2026, 3, 6), visited_on=date(2026, 3, 3))
    walk.visit(date(2026, 3, 6), visited_on=date(2026, 3, 5))
    assert HomeVisit.objects.count() == 2


def test_the_district_goes_itself_after_it_was_called(walk: Walk) -> None:
    related(walk, walk.people.second)
    walk.begin(MONDAY)
    walk.survey(date(2026, 3, 3))
    walk.examine(date(2026, 3, 4))
    walk.post(date(2026, 3, 4))
    walk.unpost(date(2026, 3, 12))
    people = walk.people
    with pytest.raises(Refused, match="入户日期须在 2026-03-12 到"):
        walk.visit(
            date(2026, 3, 13),
            visited_on=date(2026, 3, 3),
            by=people.officer,
            also=people.deputy,
            kind=StepKind.DISTRICT_VISIT,
        )


def test_the_first_visit_may_have_been_made_before_it_is_written_down(walk: Walk) -> None:
    walk.begin(MONDAY)
    walk.visit(date(2026, 3, 5), visited_on=MONDAY)
    assert HomeVisit.objects.get().visited_on == MONDAY
