"""Who may do what in a case, and what is left when somebody is refused: nothing."""

from datetime import date, timedelta

import pytest

from tests import rooms
from tests.cases.street import appoint, make_poor_family, say
from tests.cases.walk import PROGRAMME, Walk, answer_all, complain, confirm_now, deliver, related, to_confirmation
from yihu.access.actor import Actor
from yihu.access.posts import actor_at
from yihu.awards import actions as award_actions
from yihu.awards.enums import EndReason
from yihu.awards.models import Award
from yihu.cases import actions, queries
from yihu.cases.enums import CaseState, Channel, ObjectionSource, Opinion
from yihu.cases.models import Application, Case, Confirmation, Examination, HomeVisit, Objection
from yihu.cases.steps import admission, letter
from yihu.common.refusals import Refused
from yihu.households.enums import FactSource
from yihu.letters.models import Letter
from yihu.policy.models import Determination
from yihu.policy.procedures import ClosingReason

MONDAY, TOLD = date(2026, 3, 2), date(2026, 3, 16)


def test_one_application_of_a_programme_runs_at_a_time(walk: Walk) -> None:
    walk.apply(MONDAY)
    with pytest.raises(Refused, match="已有一件正在办理"):
        walk.apply(MONDAY)
    assert Application.objects.count() == Case.objects.count() == 1


@pytest.mark.parametrize(
    ("unpaid_from", "applied", "may"),
    [
        # Decided on the day itself, the next award is for June.
        (date(2026, 5, 1), date(2026, 5, 6), True),
        (date(2026, 6, 1), date(2026, 5, 6), True),
        (date(2026, 7, 1), date(2026, 5, 6), False),
        (date(2026, 7, 1), date(2026, 5, 31), False),
        (date(2026, 7, 1), date(2026, 6, 1), True),
        (None, date(2026, 5, 6), False),
    ],
)
def test_who_stops_receiving_applies_for_what_comes_after(
    granted: Walk, unpaid_from: date | None, applied: date, may: bool
) -> None:
    walk = granted
    walk.publish(TOLD)
    if unpaid_from is not None:
        with walk.by(walk.people.officer) as actor:
            award_actions.stop(
                award=Award.objects.get(),
                from_day=unpaid_from,
                reason=EndReason.RENOUNCED,
                by=actor,
                on=TOLD,
            )
    if may:
        assert walk.apply(applied).number.endswith("0002")
    else:
        with pytest.raises(Refused, match="已在享受最低生活保障"):
            walk.apply(applied)


def test_a_claim_that_was_stopped_is_taken_up_again(granted: Walk) -> None:
    walk = granted
    walk.publish(TOLD)
    with walk.by(walk.people.officer) as actor:
        month = date(2026, 6, 1)
        award_actions.stop(award=Award.objects.get(), from_day=month, reason=EndReason.RENOUNCED, by=actor, on=TOLD)
    walk.apply(date(2026, 5, 6))
    walk.begin(date(2026, 5, 6))
    walk.survey(date(2026, 5, 7))
    walk.examine(date(2026, 5, 8))
    walk.post(date(2026, 5, 8))
    walk.unpost(date(2026, 5, 18))
    walk.confirm(date(2026, 5, 18))
    terms = Award.objects.get().terms.worth_telling().order_by("id")
    assert [(each.shown.lower, each.shown.upper, each.end_reason) for each in terms] == [
        # Taken up on the very day, nothing of it was lost; that it had been renounced stands in its terms.
        (date(2026, 4, 1), month, ""),
        (month, None, ""),
    ]
    assert list(Award.objects.get().terms.filter(stops=True).values_list("reason", flat=True)) == [EndReason.RENOUNCED]


def test_numbers_count_by_street_and_year(walk: Walk, district: rooms.District, service: Actor) -> None:
    assert walk.apply(MONDAY).number == "XC2026-007-0001"
    other = Walk(walk.people, make_poor_family(district.neighbour, by=service, names=("吴甲", "吴乙", "吴丙")), service)
    assert other.apply(MONDAY).number == "XC2026-007-0002"


def test_an_applicant_is_a_member(walk: Walk, district: rooms.District, service: Actor) -> None:
    strangers = make_poor_family(district.neighbour, by=service, names=("吴甲", "吴乙", "吴丙"))
    with walk.by(walk.people.clerk) as actor, pytest.raises(Refused, match="须是共同生活的家庭成员") as refused:
        actions.apply(
            household=walk.household,
            programme=PROGRAMME,
            applicant=strangers.people.order_by("id")[0],
            channel=Channel.WINDOW,
            by=actor,
            on=MONDAY,
        )
    assert refused.value.field == "applicant"


def test_whose_turn_it_is_the_procedure_says(walk: Walk) -> None:
    walk.apply(MONDAY)
    walk.bring(MONDAY)
    with pytest.raises(Refused, match="“受理”由窗口经办办理"):
        walk.admit(MONDAY, by=walk.people.examiner)
    walk.admit(MONDAY)
    with pytest.raises(Refused, match="由街道审核办理"):
        walk.ask_records(MONDAY, by=walk.people.clerk)


def test_who_admitted_does_not_examine(surveyed: Walk, district: rooms.District) -> None:
    """The clerk has become an examiner meanwhile."""
    walk = surveyed
    clerk = walk.people.clerk
    promoted = actor_at(clerk.principal, clerk.name, "street_examiner", clerk.areas)
    with pytest.raises(Refused, match="您已经办过这件案子的“受理”"):
        walk.examine(date(2026, 3, 4), by=promoted)
    assert not Examination.objects.exists()
    with walk.by(promoted):
        assert not queries.open_work(promoted, on=date(2026, 3, 4))


def test_who_examined_does_not_decide(at_confirmation: Walk) -> None:
    walk = at_confirmation
    examiner = walk.people.examiner
    promoted = actor_at(examiner.principal, examiner.name, "street_director", examiner.areas)
    with pytest.raises(Refused, match="须由另一个人办理"):
        walk.confirm(date(2026, 3, 13), by=promoted)


def test_a_relative_can_do_nothing(walk: Walk) -> None:
    related(walk, walk.people.examiner)
    walk.begin(MONDAY)
    for do in (walk.ask_records, walk.visit):
        with pytest.raises(Refused, match="是您申报的近亲属"):
            do(MONDAY)
    with walk.by(walk.people.examiner) as actor:
        for refused in (
            lambda: actions.raise_objection(
                case=walk.case, source=ObjectionSource.COMPLAINT, content="疑问", by=actor, on=MONDAY
            ),
            lambda: actions.close(case=walk.case, reason=ClosingReason.WITHDRAWN, because="撤回", by=actor, on=MONDAY),
        ):
            with pytest.raises(Refused, match="须由其他人办理"):
                refused()
        assert not queries.open_work(actor, on=MONDAY)
        assert not queries.work_around(actor, on=MONDAY)
        assert [case.number for case in queries.kept_from(actor, on=MONDAY)] == [walk.number]
    walk.ask_records(MONDAY, by=walk.people.second)


def test_a_relative_does_not_come_along(walk: Walk) -> None:
    related(walk, walk.people.worker)
    walk.begin(MONDAY)
    with pytest.raises(Refused, match="梅社工与这一户有近亲属关系"):
        walk.visit(MONDAY)
    assert not HomeVisit.objects.exists()
    walk.visit(MONDAY, also=walk.people.second)


def test_two_go_and_one_of_them_writes_it_down(admitted: Walk) -> None:
    walk = admitted
    with pytest.raises(Refused, match="不得少于 2 人"):
        walk.visit(MONDAY, also=walk.people.examiner)
    with pytest.raises(Refused, match="登记人须是入户调查人员之一"):
        walk.visit(MONDAY, by=walk.people.second, went=(walk.people.examiner, walk.people.worker))


def test_a_foreign_street_reaches_nothing(admitted: Walk, district: rooms.District) -> None:
    walk = admitted
    stranger = appoint("stranger", "吴审核", "street_examiner", district.far_street)
    with walk.by(stranger):
        assert not queries.readable(stranger)
        assert not queries.work_around(stranger, on=MONDAY)
        assert not Case.objects.exists()


def test_differences_are_settled_before_an_opinion(walk: Walk, service: Actor) -> None:
    head = walk.household.people.order_by("id")[0]
    walk.begin(MONDAY)
    walk.survey(MONDAY)
    say(walk.household, "wage", "2050", by=service, on=MONDAY, source=FactSource.RECEIVED, person=head)
    with pytest.raises(Refused, match="还有 1 处申报与查实不一致"):
        walk.examine(date(2026, 3, 3))
    assert not Determination.objects.exists()


def test_nobody_grants_what_the_rules_refuse(walk: Walk, service: Actor) -> None:
    head = walk.household.people.order_by("id")[0]
    walk.begin(MONDAY)
    walk.survey(MONDAY)
    say(walk.household, "wage", "90000", by=service, on=MONDAY, source=FactSource.VERIFIED, person=head)
    with pytest.raises(Refused, match="不符合条件，不能提出同意"):
        walk.examine(date(2026, 3, 3), Opinion.GRANT)
    assert not Examination.objects.exists()
    assert not Determination.objects.exists()


def test_nobody_refuses_alone_what_the_rules_grant(at_confirmation: Walk) -> None:
    walk = at_confirmation
    with pytest.raises(Refused, match="审核的意见是同意"):
        walk.confirm(date(2026, 3, 13), Opinion.REFUSE)
    assert not Confirmation.objects.exists()


def test_two_may_refuse_what_the_rules_grant(walk: Walk) -> None:
    to_confirmation(walk, Opinion.REFUSE)
    walk.confirm(date(2026, 3, 13), Opinion.REFUSE)
    assert Confirmation.objects.get().decision == Opinion.REFUSE
    assert not Award.objects.exists()


def test_what_changed_after_the_notice_goes_back(at_confirmation: Walk, service: Actor) -> None:
    walk = at_confirmation
    head = walk.household.people.order_by("id")[0]
    say(walk.household, "wage", "2500", by=service, on=date(2026, 3, 13), source=FactSource.VERIFIED, person=head)
    with pytest.raises(Refused, match="审核以后情况或标准有变"):
        walk.confirm(date(2026, 3, 13))
    # Nothing of the attempt is left: no decision, no determination beside that of the opinion, no award, no letter.
    assert not Confirmation.objects.exists()
    assert Determination.objects.count() == 1
    assert not Award.objects.exists()
    assert walk.letters == ["acceptance"]


def test_two_officers_at_once_cannot_both_do_a_step(at_confirmation: Walk) -> None:
    walk = at_confirmation
    walk.confirm(date(2026, 3, 13))
    with pytest.raises(Refused, match="“确认”已经办结"):
        confirm_now(walk, date(2026, 3, 13))
    assert Award.objects.count() == 1


@pytest.mark.parametrize(
    ("reason", "by", "state", "letter"),
    [
        (ClosingReason.WITHDRAWN, "clerk", CaseState.WITHDRAWN, "withdrawal"),
        (ClosingReason.NOT_COOPERATING, "director", CaseState.TERMINATED, "termination"),
    ],
)
def test_a_case_may_end_without_a_decision(
    admitted: Walk, reason: ClosingReason, by: str, state: CaseState, letter: str
) -> None:
    walk = admitted
    with walk.by(getattr(walk.people, by)) as actor:
        with pytest.raises(Refused, match="请写明原因"):
            actions.close(case=walk.case, reason=reason, because="", by=actor, on=MONDAY)
        actions.close(case=walk.case, reason=reason, because="本人来说不办了", by=actor, on=date(2026, 3, 3))
    assert (walk.case.state, walk.case.closed_on) == (state, date(2026, 3, 3))
    assert walk.open == []
    assert walk.letters == ["acceptance", letter]
    with pytest.raises(Refused, match="已于 2026-03-03 结案"):
        complain(walk, ObjectionSource.COMPLAINT, date(2026, 3, 4))
    # The family may apply again.
    assert walk.apply(date(2026, 4, 1)).number.endswith("0002")


def end_for_want_of_papers(walk: Walk, on: date, by: Actor | None = None) -> None:
    with walk.by(by or walk.people.clerk) as actor:
        actions.close(case=walk.case, reason=ClosingReason.INCOMPLETE, because="两次联系都没有来", by=actor, on=on)


@pytest.mark.parametrize(("day", "clause"), [(MONDAY, "第十条"), (date(2020, 8, 3), "第十三条")])
def test_an_application_whose_papers_never_come_ends(walk: Walk, day: date, clause: str) -> None:
    walk.apply(day)
    walk.bring(day, but=("application", "commitment"))
    with pytest.raises(Refused, match="还没有一次性告知补正"):
        end_for_want_of_papers(walk, day)
    with walk.by(walk.people.clerk) as actor:
        admission.ask_correction(
            case=walk.case, step="admission", missing=["application", "commitment"], by=actor, on=day
        )
    # What the family was not given in hand it did not leave undone.
    with pytest.raises(Refused, match="要先送达并登记签收"):
        end_for_want_of_papers(walk, day + timedelta(days=30))
    deliver(walk, "missing_papers", day)
    with pytest.raises(Refused, match="从送达的第二天起"):
        end_for_want_of_papers(walk, day)
    with pytest.raises(Refused, match="由窗口经办办理"):
        end_for_want_of_papers(walk, day + timedelta(days=30), by=walk.people.examiner)
    walk.bring(day + timedelta(days=1), but=("commitment",))
    end_for_want_of_papers(walk, day + timedelta(days=30))
    assert (walk.case.state, walk.open) == (CaseState.TERMINATED, [])
    assert walk.letters == ["missing_papers", "incomplete"]
    told = Letter.objects.get(kind="incomplete").content
    assert len(told["reasons"]) == 1
    assert "承诺书" in told["reasons"][0]
    assert any(clause in paragraph for paragraph in told["paragraphs"])
    assert walk.apply(day + timedelta(days=31)).number.endswith("0002")


def test_who_brought_what_he_was_told_to_is_not_turned_away(walk: Walk) -> None:
    walk.apply(MONDAY)
    with walk.by(walk.people.clerk) as actor:
        admission.ask_correction(case=walk.case, step="admission", missing=["application"], by=actor, on=MONDAY)
    deliver(walk, "missing_papers", MONDAY)
    walk.bring(date(2026, 3, 3), but=("commitment",))
    with pytest.raises(Refused, match="告知的材料都已补齐"):
        end_for_want_of_papers(walk, date(2026, 3, 9))
    walk.bring(date(2026, 3, 9))
    walk.admit(date(2026, 3, 9))
    with pytest.raises(Refused, match="不能以“告知后未补齐材料”结束"):
        end_for_want_of_papers(walk, date(2026, 3, 10))


def test_in_2012_a_check_that_speaks_against_the_family_ended_the_case(walk: Walk) -> None:
    walk.begin(date(2020, 8, 3))
    walk.check(date(2020, 8, 4))
    with walk.by(walk.people.examiner) as actor:
        actions.close(
            case=walk.case,
            reason=ClosingReason.RECORDS_AGAINST,
            because="名下有两处住房",
            by=actor,
            on=date(2020, 8, 5),
        )
    assert walk.case.state == CaseState.REFUSED
    assert walk.letters[-1] == "records_refusal"


def test_nobody_ends_a_case_that_is_decided(at_confirmation: Walk) -> None:
    walk = at_confirmation
    walk.confirm(date(2026, 3, 13))
    with walk.by(walk.people.clerk) as actor, pytest.raises(Refused, match="不能以“申请人撤回”结束"):
        actions.close(case=walk.case, reason=ClosingReason.WITHDRAWN, because="撤", by=actor, on=date(2026, 3, 13))


def test_a_doubt_after_the_decision_does_not_undo_it(at_confirmation: Walk) -> None:
    walk = at_confirmation
    walk.confirm(date(2026, 3, 13))
    complain(walk, ObjectionSource.COMPLAINT, date(2026, 3, 16))
    assert walk.open == ["grant_letter", "publication"]
    with walk.by(walk.people.examiner) as actor:
        titles = [item.title for item in queries.open_work(actor, on=date(2026, 3, 16))]
    assert "答复异议" in titles
    answer_all(walk, date(2026, 3, 16))
    assert Objection.objects.get().answered_on == date(2026, 3, 16)


def test_a_doubt_is_answered_once(at_confirmation: Walk) -> None:
    walk = at_confirmation
    doubt = complain(walk, ObjectionSource.COMPLAINT, date(2026, 3, 13))
    answer_all(walk, date(2026, 3, 13))
    with walk.by(walk.people.second) as actor, pytest.raises(Refused, match="已于 2026-03-13 答复"):
        actions.answer_objection(objection=doubt, answer="再答", upheld=True, by=actor, on=date(2026, 3, 16))


def test_the_letter_of_the_decision_goes_out_once(granted: Walk) -> None:
    walk = granted
    with walk.by(walk.people.clerk) as actor, pytest.raises(Refused, match="已经办结"):
        letter.hand_over(case=walk.case, step="grant_letter", by=actor, on=TOLD)
    assert Letter.objects.filter(kind="grant").count() == 1
