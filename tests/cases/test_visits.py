"""Who goes to the family's home, and when."""

from datetime import date

import pytest

from tests import rooms
from tests.cases.street import appoint
from tests.cases.walk import Walk, complain, related
from yihu.cases import actions, queries
from yihu.cases.enums import ObjectionSource
from yihu.cases.models import HomeVisit
from yihu.common.refusals import Refused
from yihu.policy.procedures import StepKind

MONDAY = date(2026, 3, 2)


def test_after_an_objection_the_visit_of_before_is_not_the_new_one(surveyed: Walk) -> None:
    walk = surveyed
    walk.examine(date(2026, 3, 4))
    walk.post(date(2026, 3, 4))
    complain(walk, ObjectionSource.NOTICE, date(2026, 3, 6))
    walk.unpost(date(2026, 3, 12))
    with pytest.raises(Refused, match="入户日期须在 2026-03-12 到 2026-03-13 之间"):
        walk.visit(date(2026, 3, 13), visited_on=date(2026, 3, 3))
    walk.visit(date(2026, 3, 13), visited_on=date(2026, 3, 12))


def test_a_visit_that_was_sent_back_is_made_again(surveyed: Walk) -> None:
    walk = surveyed
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


def test_the_first_visit_may_have_been_made_before_it_is_written_down(admitted: Walk) -> None:
    walk = admitted
    walk.visit(date(2026, 3, 5), visited_on=MONDAY)
    assert HomeVisit.objects.get().visited_on == MONDAY


def test_who_went_along_for_the_street_does_not_go_for_the_district(walk: Walk) -> None:
    related(walk, walk.people.second)
    people = walk.people
    walk.begin(MONDAY)
    walk.check(date(2026, 3, 3))
    walk.visit(date(2026, 3, 3), also=people.officer)
    walk.examine(date(2026, 3, 4))
    walk.post(date(2026, 3, 4))
    walk.unpost(date(2026, 3, 12))
    day = date(2026, 3, 13)
    with pytest.raises(Refused, match="您已经办过这件案子的“入户调查”"):
        walk.visit(day, by=people.officer, also=people.deputy, kind=StepKind.DISTRICT_VISIT)
    with pytest.raises(Refused, match="贾监督办过前面的步骤"):
        walk.visit(day, by=people.deputy, also=people.officer, kind=StepKind.DISTRICT_VISIT)
    for actor, waits in ((people.officer, False), (people.deputy, True)):
        with walk.by(actor):
            assert bool(queries.open_work(actor, on=day)) is waits


def test_only_colleagues_whose_post_it_is_go_along(admitted: Walk, district: rooms.District) -> None:
    walk = admitted
    accountant = appoint("accountant", "吴制单", "finance_maker", district.district)
    stranger = appoint("stranger", "郝社工", "community_worker", district.far_community)
    for also in (accountant, stranger):
        with pytest.raises(Refused, match="岗位不参加这里的入户"):
            walk.visit(MONDAY, also=also)
    walk.visit(MONDAY)
