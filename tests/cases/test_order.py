"""The lawful order of a case under each text, from the window to the award."""

from datetime import date

import pytest

from tests.cases.street import say
from tests.cases.walk import Walk, answer_all, complain, confirm_now, related, to_approval_notice, to_confirmation
from yihu.access.actor import Actor
from yihu.awards.models import Award
from yihu.cases import actions
from yihu.cases.enums import CaseState, ObjectionSource, Opinion
from yihu.cases.models import HomeVisit, PublicNotice
from yihu.cases.steps import community_appraisal
from yihu.common import numbers
from yihu.common.refusals import Refused
from yihu.households.enums import FactSource
from yihu.letters.models import Letter

# SHA-256 of XC2020-007-0103 leaves 29 by a hundred, that of XC2020-007-0107 leaves 30.
DRAWN_29, DRAWN_30 = 103, 107


def test_a_plain_grant_under_the_order_of_2022(walk: Walk) -> None:
    walk.apply(date(2026, 3, 2))
    assert walk.open == ["admission"]
    walk.bring(date(2026, 3, 2))
    walk.admit(date(2026, 3, 3))
    assert walk.open == ["records_check", "home_visit"]
    walk.check(date(2026, 3, 4))
    assert walk.open == ["home_visit"]
    walk.visit(date(2026, 3, 5))
    assert walk.open == ["examination"]
    walk.examine(date(2026, 3, 6))
    walk.post(date(2026, 3, 6))
    walk.unpost(date(2026, 3, 14))
    assert walk.open == ["confirmation"]
    walk.confirm(date(2026, 3, 16))
    assert walk.open == ["grant_letter", "publication"]
    walk.publish(date(2026, 3, 16))
    walk.hand_over(date(2026, 3, 17))
    case = walk.case
    assert (case.state, case.closed_on) == (CaseState.GRANTED, date(2026, 3, 17))
    assert walk.award is not None
    assert walk.award.period.lower == date(2026, 4, 1)
    assert walk.letters == ["acceptance", "grant"]
    told = Letter.objects.get(kind="grant").content["paragraphs"]
    assert any("按最近所见标准" in paragraph for paragraph in told)
    published = PublicNotice.objects.get(kind="grant")
    assert (published.name, published.members, published.amount) == ("贾一", 3, walk.award.amount)
    with pytest.raises(Refused, match="已在享受最低生活保障"):
        walk.apply(date(2026, 3, 18))


def test_a_refusal_is_told_within_three_working_days_and_never_awarded(walk: Walk, service: Actor) -> None:
    (head,) = walk.household.people.filter(name="贾一")
    say(walk.household, "wage", "9000", by=service, on=date(2026, 3, 1), source=FactSource.DECLARED, person=head)
    walk.begin(date(2026, 3, 2))
    walk.survey(date(2026, 3, 4))
    walk.examine(date(2026, 3, 5), Opinion.REFUSE)
    # What is refused hangs too, with the opinion.
    walk.post(date(2026, 3, 5))
    walk.unpost(date(2026, 3, 13))
    walk.confirm(date(2026, 3, 13), Opinion.REFUSE)
    assert walk.open == ["refusal_letter"]
    assert walk.standing.open["refusal_letter"].due_on == date(2026, 3, 18)
    letter = walk.hand_over(date(2026, 3, 16))
    case = walk.case
    assert (case.state, walk.award) == (CaseState.REFUSED, None)
    assert not Award.objects.exists()
    assert letter.content["reasons"]
    assert any("行政复议" in right for right in letter.content["rights"])


def test_under_the_law_of_2026_the_street_still_decides(walk: Walk) -> None:
    walk.begin(date(2026, 8, 3))
    assert walk.case.procedure == "beijing/subsistence_allowance/application/2026-07-01"
    walk.survey(date(2026, 8, 4))
    walk.examine(date(2026, 8, 5))
    walk.post(date(2026, 8, 5))
    walk.unpost(date(2026, 8, 13))
    walk.confirm(date(2026, 8, 13))
    walk.hand_over(date(2026, 8, 13))
    letter = Letter.objects.get(kind="grant")
    assert any("社会救助法" in right for right in letter.content["rights"])
    assert walk.award
    assert walk.award.period.lower == date(2026, 9, 1)


@pytest.mark.parametrize(("serial", "drawn"), [(DRAWN_29, True), (DRAWN_30, False)], ids=["in-the-draw", "beside-it"])
def test_the_order_of_2012_asks_the_neighbours_and_leaves_the_decision_to_the_district(
    walk: Walk, serial: int, drawn: bool
) -> None:
    people = walk.people
    # A case's number decides whether it is among the thirty in a hundred that the district visits.
    numbers.take("case 11/0102/007/ 2020", serial - 1)
    walk.begin(date(2020, 8, 3))
    assert walk.open == ["records_check"]
    assert walk.case.due_on is None
    walk.check(date(2020, 8, 4))
    assert walk.open == ["home_visit"]
    walk.visit(date(2020, 8, 5))
    assert walk.open == ["community_appraisal"]
    assert walk.standing.open["community_appraisal"].due_on == date(2020, 8, 12)
    walk.appraise(date(2020, 8, 6))
    walk.examine(date(2020, 8, 7))
    walk.post(date(2020, 8, 7))
    walk.unpost(date(2020, 8, 15))
    walk.submit(date(2020, 8, 17))
    assert walk.number == f"XC2020-007-{serial:04d}"
    if drawn:
        assert walk.open == ["district_visit"]
        walk.district_visit(date(2020, 8, 18))
    assert walk.open == ["district_opinion"]
    walk.examine(date(2020, 8, 18), by=people.officer)
    walk.post(date(2020, 8, 18), by=people.officer)
    walk.unpost(date(2020, 8, 26), by=people.deputy)
    assert walk.open == ["confirmation"]
    walk.confirm(date(2020, 8, 26), by=people.deputy)
    assert walk.open == ["grant_letter", "publication"]
    walk.hand_over(date(2020, 8, 27))
    walk.publish(date(2020, 8, 27), by=people.officer)
    assert walk.case.state == CaseState.GRANTED
    assert walk.award
    assert walk.award.amount == 161600
    assert walk.award.period.lower == date(2020, 9, 1)


def test_a_disputed_appraisal_sends_people_to_the_door_again(walk: Walk) -> None:
    walk.begin(date(2020, 8, 3))
    walk.survey(date(2020, 8, 5))
    walk.appraise(date(2020, 8, 6), disputed=True)
    assert walk.open == ["second_visit"]
    walk.visit(date(2020, 8, 7))
    assert walk.open == ["examination"]


def test_an_appraisal_needs_two_thirds_of_residents(walk: Walk) -> None:
    walk.begin(date(2020, 8, 3))
    walk.survey(date(2020, 8, 5))
    with walk.by(walk.people.examiner) as actor, pytest.raises(Refused, match="居民代表不得少于") as refused:
        community_appraisal.record_appraisal(
            case=walk.case,
            step="community_appraisal",
            held_on=date(2020, 8, 6),
            participants=9,
            residents=5,
            found_true=True,
            disputed=False,
            minutes="到会人员认为属实。",
            by=actor,
            on=date(2020, 8, 6),
        )
    assert refused.value.field == "residents"


def test_of_a_family_with_a_relative_in_office_the_district_visits_before_the_decision(walk: Walk) -> None:
    related(walk, walk.people.second)
    walk.begin(date(2026, 3, 2))
    assert "relatives" in walk.case.circumstances
    walk.survey(date(2026, 3, 3))
    walk.examine(date(2026, 3, 4))
    walk.post(date(2026, 3, 4))
    walk.unpost(date(2026, 3, 12))
    assert walk.open == ["district_visit"]
    with pytest.raises(Refused, match="先办“区级入户”，再办“确认”"):
        confirm_now(walk, date(2026, 3, 12))
    walk.district_visit(date(2026, 3, 13))
    assert walk.open == ["confirmation"]


def test_a_complaint_brings_the_district_even_when_the_decision_was_due(at_confirmation: Walk) -> None:
    walk = at_confirmation
    assert walk.open == ["confirmation"]
    complain(walk, ObjectionSource.COMPLAINT, date(2026, 3, 13))
    assert walk.open == ["district_visit"]
    walk.district_visit(date(2026, 3, 16))
    assert walk.open == ["confirmation"]
    with pytest.raises(Refused, match="还有异议或者投诉没有答复"):
        walk.confirm(date(2026, 3, 17))
    answer_all(walk, date(2026, 3, 17))
    walk.confirm(date(2026, 3, 17))
    assert walk.award


@pytest.mark.parametrize("way", ["community_appraisal", "second_visit"])
def test_an_objection_is_looked_into_in_either_way_and_examined_again(surveyed: Walk, way: str) -> None:
    walk = surveyed
    walk.examine(date(2026, 3, 4))
    walk.post(date(2026, 3, 4))
    complain(walk, ObjectionSource.NOTICE, date(2026, 3, 6))
    walk.unpost(date(2026, 3, 12))
    assert walk.open == ["community_appraisal", "second_visit"]
    if way == "second_visit":
        walk.visit(date(2026, 3, 13))
    else:
        walk.appraise(date(2026, 3, 13))
    # The other way is not walked any more.
    assert walk.open == ["second_examination"]
    walk.examine(date(2026, 3, 16))
    answer_all(walk, date(2026, 3, 16))
    walk.confirm(date(2026, 3, 16))
    assert walk.award


def to_contested_notice(walk: Walk) -> None:
    walk.begin(date(2026, 3, 2))
    walk.survey(date(2026, 3, 3))
    walk.examine(date(2026, 3, 4))
    walk.post(date(2026, 3, 4))
    complain(walk, ObjectionSource.NOTICE, date(2026, 3, 5))


def send_back(walk: Walk, step: str, to: str, by: Actor, on: date) -> None:
    with walk.by(by) as actor:
        actions.send_back(case=walk.case, step=step, to=to, reason="公示有疑问", by=actor, on=on)


def test_an_objection_outlives_the_notice_that_it_was_raised_against(walk: Walk) -> None:
    to_contested_notice(walk)
    send_back(walk, "notice", "examination", walk.people.examiner, date(2026, 3, 5))
    walk.examine(date(2026, 3, 5))
    walk.post(date(2026, 3, 5))
    answer_all(walk, date(2026, 3, 6))
    walk.unpost(date(2026, 3, 13))
    assert walk.open == ["community_appraisal", "second_visit"]
    walk.visit(date(2026, 3, 13))
    # From here on it was looked into, and the same notice once more leads nowhere.
    send_back(walk, "second_examination", "examination", walk.people.examiner, date(2026, 3, 13))
    walk.examine(date(2026, 3, 13))
    walk.post(date(2026, 3, 13))
    walk.unpost(date(2026, 3, 24))
    assert walk.open == ["confirmation"]


def test_a_visit_after_the_objection_is_what_it_asks_for(walk: Walk) -> None:
    to_contested_notice(walk)
    send_back(walk, "notice", "home_visit", walk.people.examiner, date(2026, 3, 5))
    walk.visit(date(2026, 3, 6))
    walk.examine(date(2026, 3, 6))
    walk.post(date(2026, 3, 6))
    walk.unpost(date(2026, 3, 17))
    assert walk.open == ["confirmation"]


def test_who_puts_up_a_notice_does_not_undo_the_opinion(walk: Walk) -> None:
    to_contested_notice(walk)
    with pytest.raises(Refused, match="不能退回案件"):
        send_back(walk, "notice", "examination", walk.people.worker, date(2026, 3, 5))
    assert walk.open == ["notice"]


def test_in_2012_a_complaint_after_the_opinion_holds_the_decision_until_the_district_was_there(walk: Walk) -> None:
    to_approval_notice(walk)
    complain(walk, ObjectionSource.COMPLAINT, date(2020, 8, 20))
    answer_all(walk, date(2020, 8, 20))
    assert walk.open == ["district_visit", "approval_notice"]
    walk.unpost(date(2020, 8, 26), by=walk.people.officer)
    assert walk.open == ["district_visit"]
    walk.district_visit(date(2020, 8, 27))
    walk.confirm(date(2020, 8, 27), by=walk.people.deputy)
    assert walk.award


def test_in_2012_an_objection_to_the_new_notice_was_looked_into_as_well(walk: Walk) -> None:
    officer, deputy = walk.people.officer, walk.people.deputy
    to_approval_notice(walk)
    complain(walk, ObjectionSource.NOTICE, date(2020, 8, 20))
    walk.unpost(date(2020, 8, 26), by=officer)
    for posted, ended in ((date(2020, 8, 27), date(2020, 9, 4)), (date(2020, 9, 7), date(2020, 9, 15))):
        assert walk.open == ["district_resurvey"]
        walk.district_visit(posted)
        walk.examine(posted, by=officer)
        walk.post(posted, by=officer)
        if ended < date(2020, 9, 10):
            complain(walk, ObjectionSource.NOTICE, posted)
        walk.unpost(ended, by=officer)
    assert walk.open == ["confirmation"]
    answer_all(walk, date(2020, 9, 15))
    walk.confirm(date(2020, 9, 15), by=deputy)
    assert walk.award


def test_an_objection_during_the_notice_may_turn_a_grant_into_a_refusal(surveyed: Walk, service: Actor) -> None:
    walk = surveyed
    walk.examine(date(2026, 3, 4))
    walk.post(date(2026, 3, 4))
    complain(walk, ObjectionSource.NOTICE, date(2026, 3, 6))
    walk.unpost(date(2026, 3, 12))
    (head,) = walk.household.people.filter(name="贾一")
    say(walk.household, "wage", "9000", by=service, on=date(2026, 3, 13), source=FactSource.VERIFIED, person=head)
    walk.visit(date(2026, 3, 13))
    walk.examine(date(2026, 3, 16), Opinion.REFUSE)
    answer_all(walk, date(2026, 3, 16), upheld=True)
    walk.confirm(date(2026, 3, 16), Opinion.REFUSE)
    assert walk.open == ["refusal_letter"]


@pytest.mark.parametrize("upheld", [True, False])
def test_a_family_that_is_right_about_its_records_is_checked_again(at_confirmation: Walk, upheld: bool) -> None:
    walk = at_confirmation
    complain(walk, ObjectionSource.FAMILY, date(2026, 3, 13))
    answer_all(walk, date(2026, 3, 13), upheld=upheld)
    assert walk.open == (["records_check"] if upheld else ["confirmation"])
    if upheld:
        walk.check(date(2026, 3, 16))
        # The visit did not rest on the records.
        assert walk.open == ["examination"]
        walk.examine(date(2026, 3, 16))
        walk.post(date(2026, 3, 16))
        walk.unpost(date(2026, 3, 24))
    walk.confirm(date(2026, 3, 24))
    assert walk.award


def test_a_family_that_is_right_during_the_check_or_after_the_decision_undoes_nothing(admitted: Walk) -> None:
    walk = admitted
    complain(walk, ObjectionSource.FAMILY, date(2026, 3, 3))
    answer_all(walk, date(2026, 3, 3), upheld=True)
    assert walk.open == ["records_check", "home_visit"]
    walk.survey(date(2026, 3, 3))
    walk.examine(date(2026, 3, 4))
    walk.post(date(2026, 3, 4))
    walk.unpost(date(2026, 3, 12))
    walk.confirm(date(2026, 3, 13))
    complain(walk, ObjectionSource.FAMILY, date(2026, 3, 13))
    answer_all(walk, date(2026, 3, 13), upheld=True)
    assert walk.open == ["grant_letter", "publication"]


def test_a_file_that_is_sent_back_is_done_again_in_another_round(at_confirmation: Walk) -> None:
    walk = at_confirmation
    with walk.by(walk.people.director) as actor:
        actions.send_back(
            case=walk.case,
            step="confirmation",
            to="home_visit",
            reason="入户没有看后院",
            by=actor,
            on=date(2026, 3, 13),
        )
    assert walk.open == ["home_visit"]
    # What did not rest on the visit still stands.
    assert walk.standing.done.keys() == {"admission", "records_check"}
    walk.visit(date(2026, 3, 16))
    walk.examine(date(2026, 3, 17))
    walk.post(date(2026, 3, 17))
    walk.unpost(date(2026, 3, 25))
    walk.confirm(date(2026, 3, 25))
    rounds = [(row.name, row.round, row.state) for row in walk.standing.rows if row.name in ("home_visit", "notice")]
    assert rounds == [
        ("home_visit", 1, "repeated"),
        ("notice", 1, "repeated"),
        ("home_visit", 2, "done"),
        ("notice", 2, "done"),
    ]
    assert HomeVisit.objects.count() == 2


def test_only_what_was_done_before_can_be_done_again(at_confirmation: Walk) -> None:
    walk = at_confirmation
    for to, why in (("publication", "之前已经办结"), ("notice", "不能重办"), ("admission", "不能重办")):
        with walk.by(walk.people.director) as actor, pytest.raises(Refused, match=why):
            actions.send_back(case=walk.case, step="confirmation", to=to, reason="再查", by=actor, on=date(2026, 3, 13))


@pytest.mark.parametrize(
    ("opinion", "step", "instead"),
    [(Opinion.GRANT, "grant_letter", "重新认定"), (Opinion.REFUSE, "refusal_letter", "重新申请")],
)
def test_what_is_decided_is_not_sent_back(
    walk: Walk, service: Actor, opinion: Opinion, step: str, instead: str
) -> None:
    if opinion is Opinion.REFUSE:
        (head,) = walk.household.people.filter(name="贾一")
        say(walk.household, "wage", "9000", by=service, on=date(2026, 3, 1), source=FactSource.DECLARED, person=head)
    to_confirmation(walk, opinion)
    walk.confirm(date(2026, 3, 13), opinion)
    left = walk.open
    for who in (walk.people.examiner, walk.people.clerk):
        with walk.by(who) as actor, pytest.raises(Refused) as refused:
            actions.send_back(
                case=walk.case, step=step, to="examination", reason="再看", by=actor, on=date(2026, 3, 13)
            )
        assert who is walk.people.clerk or instead in refused.value.message
    assert walk.open == left
