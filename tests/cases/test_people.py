"""Who a case is about: everybody is checked before anybody decides, and one of the family applies."""

from datetime import date

import pytest

from tests import rooms
from tests.cases.walk import PROGRAMME, Walk, complain, related
from tests.policy.register import NOTHING_ELSE
from yihu.access.actor import Actor
from yihu.cases import actions, queries
from yihu.cases.enums import CaseState, Channel, ObjectionSource
from yihu.cases.models import Examination, PublicNotice
from yihu.common.refusals import Refused
from yihu.households import actions as households
from yihu.households.actions import NewFact, NewMember
from yihu.households.enums import HEAD, FactSource
from yihu.households.models import Person
from yihu.letters.models import Letter
from yihu.policy.labels import parse_fact
from yihu.policy.procedures import ClosingReason

MONDAY = date(2026, 3, 2)


def joins(walk: Walk, by: Actor, on: date, name: str = "梅四") -> Person:
    """An adult without any income joins the family."""
    member = NewMember(name, rooms.SON, rooms.identity_number(date(1990, 1, 1), 7))
    person = households.add_member(household=walk.household, member=member, by=by, on=on).person
    said = [NewFact(key, parse_fact(key, text), person=person) for key, text in {**NOTHING_ELSE, "wage": "0"}.items()]
    households.record_facts(household=walk.household, facts=said, source=FactSource.DECLARED, by=by, on=on)
    return person


def back(walk: Walk, step: str, to: str, by: Actor, on: date) -> None:
    with walk.by(by) as actor:
        actions.send_back(case=walk.case, step=step, to=to, reason="有人后来加入", by=actor, on=on)


def test_who_joins_after_the_check_signs_and_is_checked_before_an_opinion(surveyed: Walk, service: Actor) -> None:
    walk = surveyed
    newcomer = joins(walk, service, date(2026, 3, 4))

    with pytest.raises(Refused, match=r"^梅四没有有效的核对授权。请本人签署"):
        walk.examine(date(2026, 3, 4))
    households.sign_consent(person=newcomer, document=None, by=service, on=date(2026, 3, 4))
    with pytest.raises(Refused, match=r"^梅四还没有核对过。请退回“信息核对”"):
        walk.examine(date(2026, 3, 4))
    assert not Examination.objects.exists()

    back(walk, "examination", "records_check", walk.people.examiner, date(2026, 3, 4))
    walk.check(date(2026, 3, 5))
    walk.examine(date(2026, 3, 5))
    assert newcomer.pk in Examination.objects.get().determination.people


def test_who_joins_after_the_opinion_is_not_decided_upon(at_confirmation: Walk, service: Actor) -> None:
    walk = at_confirmation
    newcomer = joins(walk, service, date(2026, 3, 12))
    households.sign_consent(person=newcomer, document=None, by=service, on=date(2026, 3, 12))

    with pytest.raises(Refused, match="梅四还没有核对过"):
        walk.confirm(date(2026, 3, 13))
    back(walk, "confirmation", "records_check", walk.people.director, date(2026, 3, 13))
    assert walk.open == ["records_check"]


def test_a_consent_taken_back_stops_the_decision(at_confirmation: Walk, service: Actor) -> None:
    walk = at_confirmation
    someone = walk.household.people.get(name="甄二")
    households.withdraw_consent(person=someone, reason="不愿意", by=service, on=date(2026, 3, 12))

    with pytest.raises(Refused, match=r"^甄二没有有效的核对授权"):
        walk.confirm(date(2026, 3, 13))


def test_the_opinion_on_notice_was_of_this_very_family(at_confirmation: Walk, service: Actor) -> None:
    """One leaves and a child comes: the sum stays, the family does not."""
    walk = at_confirmation
    leaving = walk.household.members.get(person__name="郝三")
    households.end_membership(
        member=leaving, left_on=date(2026, 3, 12), reason="迁出", by=service, on=date(2026, 3, 12)
    )
    child = NewMember("贾小", rooms.SON, birth_date=date(2026, 3, 1), sex="male")
    person = households.add_member(household=walk.household, member=child, by=service, on=date(2026, 3, 12)).person
    said = [NewFact(key, parse_fact(key, text), person=person) for key, text in {**NOTHING_ELSE, "wage": "0"}.items()]
    households.record_facts(
        household=walk.household, facts=said, source=FactSource.DECLARED, by=service, on=date(2026, 3, 12)
    )

    with pytest.raises(Refused, match="审核以后共同生活的成员有变"):
        walk.confirm(date(2026, 3, 13))


def test_a_relative_declared_after_the_application_brings_the_district_to_the_door(walk: Walk) -> None:
    walk.apply(MONDAY)
    assert walk.case.circumstances == []
    related(walk, walk.people.second)
    walk.begin(MONDAY)
    assert walk.case.circumstances == ["relatives"]
    walk.survey(date(2026, 3, 3))
    walk.examine(date(2026, 3, 4))
    walk.post(date(2026, 3, 4))
    walk.unpost(date(2026, 3, 12))
    assert walk.open == ["district_visit"]


def test_a_relative_declared_before_the_decision_keeps_it_back(at_confirmation: Walk) -> None:
    walk = at_confirmation
    related(walk, walk.people.second)
    walk.confirm(date(2026, 3, 13))
    assert (walk.open, walk.award) == (["district_visit"], None)

    walk.district_visit(date(2026, 3, 16))
    walk.confirm(date(2026, 3, 17))
    assert walk.award is not None
    assert walk.case.circumstances == ["relatives"]


def test_a_relative_who_joins_the_family_is_registered_apart(admitted: Walk, service: Actor) -> None:
    walk = admitted
    walk.check(MONDAY)
    newcomer = joins(walk, service, date(2026, 3, 3))
    related(walk, walk.people.second, newcomer)
    assert walk.case.circumstances == []
    walk.visit(date(2026, 3, 4))
    assert walk.case.circumstances == ["relatives"]


def test_a_relative_declared_after_the_decision_undoes_nothing(at_confirmation: Walk) -> None:
    walk = at_confirmation
    walk.confirm(date(2026, 3, 13))
    related(walk, walk.people.second)
    walk.publish(date(2026, 3, 13))
    assert (walk.open, walk.case.circumstances) == (["grant_letter"], [])


def moves_out(walk: Walk, district: rooms.District, on: date) -> None:
    """The applicant goes to live in another street, out of this one's reach; the others stay."""
    first, second, third = walk.household.people.order_by("id")
    with walk.by(walk.people.officer) as officer:
        rooms.move_out(
            household=walk.household,
            leaving={first.pk: HEAD},
            division=district.far_community,
            address="虚构里 9 号",
            left_on=on,
            by=officer,
            on=on,
            relations={second.pk: HEAD, third.pk: rooms.SON},
        )


def test_an_applicant_who_moved_out_of_reach_does_not_take_the_case_along(
    surveyed: Walk, district: rooms.District
) -> None:
    walk = surveyed
    moves_out(walk, district, date(2026, 3, 4))
    with walk.by(walk.people.examiner):
        case = queries.handled_in(walk.people.examiner).get()
        assert case == walk.case
    complain(walk, ObjectionSource.COMPLAINT, date(2026, 3, 5))
    assert walk.case.objections.count() == 1


def dies(walk: Walk, by: Actor, on: date) -> None:
    """The applicant dies, and his wife becomes the head."""
    first, second, third = walk.household.people.order_by("id")
    relations = {second.pk: HEAD, third.pk: rooms.SON}
    households.record_death(person=first, died_on=on, by=by, on=on, relations=relations)


def names(walk: Walk, name: str, by: Actor, on: date) -> None:
    """Another member applies from now on."""
    with walk.by(by) as actor:
        actions.change_applicant(
            case=walk.case,
            applicant=Person.objects.get(name=name),
            because="原申请人去世",
            by=actor,
            on=on,
        )


def ends(walk: Walk, reason: ClosingReason, on: date) -> None:
    """The window ends the case."""
    with walk.by(walk.people.clerk) as clerk:
        actions.close(case=walk.case, reason=reason, because="这一户不再办理", by=clerk, on=on)


def test_when_the_applicant_dies_another_member_applies_before_anything_goes_on(admitted: Walk, service: Actor) -> None:
    walk = admitted
    walk.check(MONDAY)
    dies(walk, service, date(2026, 3, 3))
    with pytest.raises(Refused, match="申请人贾一已不是这一户的成员。请先变更申请人"):
        walk.visit(date(2026, 3, 4))
    with pytest.raises(Refused, match="请先变更申请人"):
        ends(walk, ClosingReason.WITHDRAWN, date(2026, 3, 4))

    with pytest.raises(Refused, match="贾一已是申请人，请另选一位"):
        names(walk, "贾一", walk.people.second, date(2026, 3, 3))
    names(walk, "甄二", walk.people.clerk, date(2026, 3, 4))
    walk.visit(date(2026, 3, 4))
    walk.examine(date(2026, 3, 5))
    walk.post(date(2026, 3, 5))
    walk.unpost(date(2026, 3, 13))
    walk.confirm(date(2026, 3, 16))
    letter = walk.hand_over(date(2026, 3, 16))

    assert (letter.addressee, PublicNotice.objects.get().name) == ("甄二", "甄二")
    assert walk.case.application.applicant.name == "甄二"


def test_after_the_decision_the_letter_goes_to_who_applies_now(at_confirmation: Walk, service: Actor) -> None:
    walk = at_confirmation
    walk.confirm(date(2026, 3, 13))
    dies(walk, service, date(2026, 3, 13))
    with pytest.raises(Refused, match="请先变更申请人"):
        walk.hand_over(date(2026, 3, 16))
    names(walk, "郝三", walk.people.clerk, date(2026, 3, 16))
    assert walk.hand_over(date(2026, 3, 16)).addressee == "郝三"


@pytest.mark.parametrize("how", ["moved", "left"])
def test_the_case_of_an_applicant_who_left_goes_on_with_another(
    admitted: Walk, district: rooms.District, service: Actor, how: str
) -> None:
    walk = admitted
    if how == "moved":
        moves_out(walk, district, date(2026, 3, 3))
    else:
        first, second, third = walk.household.people.order_by("id")
        households.end_membership(
            member=walk.household.members.get(person=first),
            left_on=date(2026, 3, 3),
            reason="离婚",
            by=service,
            on=date(2026, 3, 3),
            relations={second.pk: HEAD, third.pk: rooms.SON},
        )
    with pytest.raises(Refused, match="请先变更申请人"):
        walk.visit(date(2026, 3, 4))
    names(walk, "甄二", walk.people.examiner, date(2026, 3, 4))
    walk.visit(date(2026, 3, 4))
    assert walk.open == ["records_check"]


@pytest.mark.parametrize("how", ["died", "closed"])
def test_a_case_of_which_nobody_is_left_is_ended_and_the_relatives_are_told(
    walk: Walk, district: rooms.District, service: Actor, how: str
) -> None:
    alone = NewMember("吴独", HEAD, rooms.identity_number(date(1950, 1, 1), 5))
    walk.household = households.open_household(
        division=district.community, address="虚构里 5 号", members=[alone], by=service, on=date(2019, 1, 2)
    )
    walk.begin(MONDAY)
    with pytest.raises(Refused, match="现在不能以“救助对象已去世或者离开”结束"):
        ends(walk, ClosingReason.NOBODY_LEFT, MONDAY)
    if how == "died":
        households.record_death(
            person=walk.household.people.get(), died_on=date(2026, 3, 3), by=service, on=date(2026, 3, 4)
        )
    else:
        households.close_household(
            household=walk.household, closed_on=date(2026, 3, 3), reason="出国定居", by=service, on=date(2026, 3, 4)
        )

    with pytest.raises(Refused, match="已没有共同生活的成员。请以“救助对象已去世或者离开”结束办理"):
        walk.visit(date(2026, 3, 4))
    with pytest.raises(Refused, match="现在不能以“申请人撤回”结束"):
        ends(walk, ClosingReason.WITHDRAWN, date(2026, 3, 4))
    ends(walk, ClosingReason.NOBODY_LEFT, date(2026, 3, 4))
    assert (walk.case.state, walk.open) == (CaseState.TERMINATED, [])
    letter = Letter.objects.get(kind="termination")
    assert letter.addressee == "吴独的家属"
    assert letter.content["paragraphs"][0].startswith("吴独一家的最低生活保障申请")
    assert not any("重新申请" in paragraph for paragraph in letter.content["paragraphs"])


def applies(walk: Walk, name: str, proxy: str = "") -> None:
    """Somebody of the family asks for it at the window."""
    with walk.by(walk.people.clerk) as clerk:
        actions.apply(
            household=walk.household,
            programme=PROGRAMME,
            applicant=walk.household.people.get(name=name),
            channel=Channel.WINDOW,
            proxy=proxy,
            by=clerk,
            on=MONDAY,
        )


def test_a_child_does_not_apply_where_an_adult_can(walk: Walk, district: rooms.District, service: Actor) -> None:
    walk.household = rooms.make_family(district.community, by=service, on=date(2019, 1, 2))
    with pytest.raises(Refused, match="贾小样未成年，请选一位成年的家庭成员"):
        applies(walk, "贾小样")
    applies(walk, "甄如玉")


def test_for_children_alone_somebody_acts(walk: Walk, district: rooms.District, service: Actor) -> None:
    children = [
        NewMember("吴大", HEAD, rooms.identity_number(date(2012, 1, 1), 5)),
        NewMember("吴小", rooms.DAUGHTER, rooms.identity_number(date(2014, 1, 1), 6)),
    ]
    walk.household = rooms.make_family(district.community, by=service, on=date(2019, 1, 2), members=children)
    with pytest.raises(Refused, match="这一户没有成年人，请写明由谁代办"):
        applies(walk, "吴小", proxy=" ")
    applies(walk, "吴小", proxy="吴伯")


def test_a_child_does_not_take_over_from_who_died(walk: Walk, district: rooms.District, service: Actor) -> None:
    walk.household = rooms.make_family(district.community, by=service, on=date(2019, 1, 2))
    walk.begin(MONDAY)
    first, second, third = walk.household.people.order_by("id")
    relations = {second.pk: HEAD, third.pk: rooms.DAUGHTER}
    households.record_death(person=first, died_on=MONDAY, by=service, on=date(2026, 3, 3), relations=relations)
    with pytest.raises(Refused, match="贾小样未成年"):
        names(walk, "贾小样", walk.people.clerk, date(2026, 3, 3))
    names(walk, "甄如玉", walk.people.clerk, date(2026, 3, 3))
    assert walk.case.applicant_name == "甄如玉"
