"""What hangs in the community, and what those are told whose case ends because somebody died."""

from datetime import date

import pytest

from tests import rooms
from tests.cases.street import LONG_AGO, say
from tests.cases.test_people import ends
from tests.cases.walk import Walk, to_approval_notice
from yihu.access.actor import Actor
from yihu.cases.models import HomeVisit, PublicNotice
from yihu.common.refusals import Refused
from yihu.households import actions as households
from yihu.households.actions import NewMember
from yihu.households.enums import HEAD, FactSource
from yihu.letters.models import Letter
from yihu.policy.procedures import ClosingReason

MOTHER = 52


def test_only_those_are_counted_who_count_as_the_family(walk: Walk, service: Actor) -> None:
    lodger = walk.household.people.get(name="郝三")
    say(walk.household, "counted_member", "否", by=service, on=LONG_AGO, source=FactSource.DECLARED, person=lodger)
    walk.begin(date(2026, 3, 2))
    walk.survey(date(2026, 3, 3))
    walk.examine(date(2026, 3, 4))
    walk.post(date(2026, 3, 4))

    notice = PublicNotice.objects.get()
    assert (notice.name, notice.members) == ("贾一", 2)
    assert (notice.visited, notice.appraised) == ("", ""), "since 2021 the law shows neither"


def test_until_2021_the_visit_and_the_appraisal_hang_too(walk: Walk) -> None:
    """民发〔2012〕220号 第二十五条: 公示入户调查、民主评议和审核结果."""
    to_approval_notice(walk)

    street, district = PublicNotice.objects.order_by("pk")
    assert (street.visited, street.appraised) == ("2020-08-05，已办", "2020-08-06，真实有效")
    assert (street.members, street.amount, street.get_opinion_display()) == (None, None, "同意")
    assert (district.visited, district.members) == ("", 3)


def test_what_one_member_gets_hangs_under_his_name_and_counts_nobody(walk: Walk, service: Actor) -> None:
    walk.programme = "education_assistance"
    student = walk.household.people.get(name="甄二")
    for name, text in (("school_stage", "5"), ("new_student", "是"), ("tuition", "5500")):
        say(walk.household, name, text, by=service, on=LONG_AGO, source=FactSource.DECLARED, person=student)
    family = walk.household
    say(family, "current_awards", "低收入", by=service, on=LONG_AGO, source=FactSource.VERIFIED)
    walk.apply(date(2026, 8, 3), person=student)
    walk.begin(date(2026, 8, 3))
    walk.examine(date(2026, 8, 4))
    walk.confirm(date(2026, 8, 5))
    walk.publish(date(2026, 8, 6))

    notice = PublicNotice.objects.get(kind="grant")
    assert (notice.name, notice.members, notice.amount) == ("甄二", None, 550_000)


def test_the_procedure_says_how_many_go_along(walk: Walk, service: Actor) -> None:
    walk.programme = "temporary_assistance"
    say(walk.household, "emergency_need", "5000", by=service, on=LONG_AGO, source=FactSource.DECLARED)
    walk.begin(date(2026, 3, 2))
    walk.visit(date(2026, 3, 3), went=[walk.people.examiner])
    assert HomeVisit.objects.get().visitors == [walk.people.examiner.person]

    walk.programme = "subsistence_allowance"
    walk.apply(date(2026, 3, 4))
    walk.begin(date(2026, 3, 4))
    with pytest.raises(Refused, match=r"不得少于 2 人，请再选一位（民发〔2021〕57号 第十五条、第十六条"):
        walk.visit(date(2026, 3, 5), went=[walk.people.examiner])


def test_a_living_applicant_is_told_that_the_one_for_whom_she_asked_is_dead(
    walk: Walk, district: rooms.District, service: Actor
) -> None:
    members = [
        NewMember("吴一", HEAD, rooms.identity_number(date(1970, 5, 1), 101)),
        NewMember("郝老", MOTHER, rooms.identity_number(date(1946, 3, 4), 102)),
    ]
    walk.household = households.open_household(
        division=district.community, address="虚构胡同 9 号", members=members, by=service, on=LONG_AGO
    )
    walk.programme = "old_age_allowance"
    mother = walk.household.people.get(name="郝老")
    say(walk.household, "hukou", "110102", by=service, on=LONG_AGO, source=FactSource.DECLARED, person=mother)
    walk.apply(date(2026, 3, 30), person=mother)
    walk.begin(date(2026, 3, 30))
    households.record_death(person=mother, died_on=date(2026, 4, 1), by=service, on=date(2026, 4, 2))
    ends(walk, ClosingReason.NOBODY_LEFT, date(2026, 4, 2))

    letter = Letter.objects.get(kind="termination")
    assert letter.addressee == "吴一"
    assert letter.content["paragraphs"][0] == (
        f"郝老的高龄老年人津贴申请（{walk.number}）已于 2026-04-02 结束办理：救助对象已去世或者离开，不再作出决定。"
    )
