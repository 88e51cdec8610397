"""A step reaches somebody even where everybody at its posts is kept away from the family."""

from datetime import date

import pytest

from tests import rooms
from tests.cases.street import LONG_AGO, appoint
from tests.cases.walk import Walk, deliver, related, to_confirmation
from yihu.access.actor import Actor
from yihu.cases import actions, queries
from yihu.cases.steps import admission
from yihu.common.refusals import Refused
from yihu.organisations.models import Appointment, StaffMember
from yihu.policy.procedures import ClosingReason

FRIDAY = date(2026, 3, 13)


def waits(actor: Actor, walk: Walk, on: date = FRIDAY) -> list[tuple[str, str]]:
    with walk.by(actor):
        return [(item.title, item.detail) for item in queries.open_work(actor, on=on)]


def leave(actor: Actor, on: date = date(2026, 3, 1)) -> None:
    Appointment.objects.filter(staff=actor.staff).update(period=(LONG_AGO, on))


def test_where_the_director_is_a_relative_the_district_confirms(walk: Walk) -> None:
    related(walk, walk.people.director)
    to_confirmation(walk)
    walk.district_visit(FRIDAY)
    assert waits(walk.people.director, walk) == []
    assert waits(walk.people.officer, walk) == [("确认", "街道主任都须回避，由区级办理")]
    with pytest.raises(Refused, match="近亲属"):
        walk.confirm(FRIDAY)
    walk.confirm(FRIDAY, by=walk.people.officer)
    assert walk.award


def test_while_somebody_in_the_street_may_decide_the_district_does_not(walk: Walk, district: rooms.District) -> None:
    related(walk, walk.people.director)
    deputy = appoint("vice", "梅主任", "street_director", district.street)
    # Elsewhere in the district there is a director as well, who is no help here.
    appoint("other", "郝主任", "street_director", district.far_street)
    to_confirmation(walk)
    walk.district_visit(FRIDAY)
    assert waits(walk.people.officer, walk) == []
    with pytest.raises(Refused, match="“确认”由街道主任办理"):
        walk.confirm(FRIDAY, by=walk.people.officer)
    leave(deputy)
    assert waits(walk.people.officer, walk) == [("确认", "街道主任都须回避，由区级办理")]


def test_where_nobody_holds_the_post_the_district_decides(walk: Walk, district: rooms.District) -> None:
    appoint("other", "郝主任", "street_director", district.far_street)
    to_confirmation(walk)
    leave(walk.people.director)
    assert waits(walk.people.officer, walk) == [("确认", "街道主任没有人在任，由区级办理")]
    walk.confirm(FRIDAY, by=walk.people.officer)
    assert walk.award


def test_a_director_who_cannot_log_in_any_more_holds_nothing(at_confirmation: Walk) -> None:
    walk = at_confirmation
    StaffMember.objects.filter(pk=walk.people.director.person).update(is_active=False)
    assert [title for title, _words in waits(walk.people.officer, walk)] == ["确认"]


def test_where_the_only_examiner_is_a_relative_the_district_examines(walk: Walk) -> None:
    people = walk.people
    leave(people.second)
    related(walk, people.examiner)
    walk.begin(date(2026, 3, 2))
    # Community workers visit as well, and nobody asks the district for that.
    assert waits(people.officer, walk, date(2026, 3, 2)) == [("信息核对", "街道审核都须回避，由区级办理")]
    walk.ask_records(date(2026, 3, 3), by=people.officer)
    walk.give_up_waiting(date(2026, 3, 3), by=people.officer)
    walk.end_check(date(2026, 3, 3), by=people.officer)
    walk.visit(date(2026, 3, 3), by=people.worker, also=people.clerk)
    walk.examine(date(2026, 3, 4), by=people.officer)
    walk.post(date(2026, 3, 4), by=people.worker)
    walk.unpost(date(2026, 3, 12), by=people.worker)
    walk.district_visit(FRIDAY)
    walk.confirm(FRIDAY)
    assert walk.award


def test_where_the_only_director_examined_himself_the_district_decides(walk: Walk) -> None:
    """He was an examiner when the family applied, and has become the director since."""
    people = walk.people
    to_confirmation(walk)
    leave(people.director)
    Appointment.objects.filter(staff=people.examiner.staff).delete()
    promoted = people.examiner.person
    post = Appointment.objects.get(staff=people.director.staff).post
    Appointment.objects.create(post=post, staff_id=promoted, period=(date(2026, 3, 12), None))
    words = "街道主任都须回避或者办过前面的步骤，由区级办理"
    assert waits(people.officer, walk) == [("确认", words)]
    walk.confirm(FRIDAY, by=people.officer)


def test_whoever_of_the_district_is_a_relative_too_is_not_asked(walk: Walk) -> None:
    related(walk, walk.people.director)
    to_confirmation(walk)
    walk.district_visit(FRIDAY)
    related(walk, walk.people.officer)
    assert waits(walk.people.officer, walk) == []
    with pytest.raises(Refused, match="近亲属"):
        walk.confirm(FRIDAY, by=walk.people.officer)
    walk.confirm(FRIDAY, by=walk.people.deputy)


def test_where_no_clerk_is_left_the_district_admits_or_ends(walk: Walk) -> None:
    people = walk.people
    walk.apply(date(2026, 3, 2), by=people.worker)
    leave(people.clerk)
    assert waits(people.officer, walk, date(2026, 3, 2)) == [("受理", "窗口经办没有人在任，由区级办理")]
    with walk.by(people.officer) as actor:
        admission.ask_correction(
            case=walk.case, step="admission", missing=["application"], by=actor, on=date(2026, 3, 2)
        )
    deliver(walk, "missing_papers", date(2026, 3, 3), by=people.worker)
    with walk.by(people.officer) as actor:
        because = "两次联系都没有来"
        actions.close(case=walk.case, reason=ClosingReason.INCOMPLETE, because=because, by=actor, on=FRIDAY)
    assert walk.open == []
