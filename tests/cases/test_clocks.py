"""The last days of things: working days with their holidays, notices, corrections, more time."""

from datetime import date

import pytest

from tests.cases.walk import Walk, complain, to_approval_notice
from yihu.cases import actions, queries
from yihu.cases.enums import ObjectionSource
from yihu.cases.models import CorrectionRequest
from yihu.cases.steps import admission
from yihu.common.refusals import Refused
from yihu.policy.procedures import Circumstance


def due(walk: Walk, step: str) -> date | None:
    return walk.standing.open[step].due_on


@pytest.mark.parametrize(
    ("begun_on", "begin_by", "decide_by"),
    [
        # An ordinary month.
        (date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 30)),
        # On a Friday: the day itself and the weekend do not count.
        (date(2026, 3, 6), date(2026, 3, 11), date(2026, 4, 3)),
        # Before the Spring Festival: 14 February is worked, 15 to 23 February are not, 28 February is again.
        # 13, 14 and 24 to 28 February are 7 days, 2 to 6 and 9 to 13 March 10, 16 to 18 March 3.
        (date(2026, 2, 12), date(2026, 2, 24), date(2026, 3, 18)),
    ],
)
def test_the_clocks_of_a_case_know_holidays_and_make_up_days(
    walk: Walk, begun_on: date, begin_by: date, decide_by: date
) -> None:
    walk.begin(begun_on)
    assert walk.case.due_on == decide_by
    assert not walk.case.due_is_provisional
    assert due(walk, "records_check") == due(walk, "home_visit") == begin_by


def test_once_a_check_has_begun_no_days_run_but_those_of_the_whole(admitted: Walk) -> None:
    walk = admitted
    walk.ask_records(date(2026, 3, 5))
    assert due(walk, "records_check") is None


def test_a_deadline_in_a_year_without_published_holidays_is_provisional(walk: Walk) -> None:
    walk.begin(date(2026, 12, 28))
    assert walk.case.due_is_provisional


def test_a_notice_hangs_seven_days_after_the_day_it_was_put_up(surveyed: Walk) -> None:
    walk = surveyed
    walk.examine(date(2026, 3, 4))
    walk.post(date(2026, 3, 4))
    notice = walk.standing.open["notice"].notice
    assert notice.ends_on == date(2026, 3, 11)
    with pytest.raises(Refused, match="公示到 2026-03-11 为止"):
        walk.unpost(date(2026, 3, 11))
    walk.unpost(date(2026, 3, 12))
    assert walk.open == ["confirmation"]


@pytest.mark.parametrize(
    ("posted", "last", "first", "due", "late"),
    [
        (date(2026, 3, 4), date(2026, 3, 11), date(2026, 3, 12), date(2026, 3, 12), date(2026, 3, 13)),
        # Its last day is a Friday: whoever works on Saturday may end it then, Monday is in time.
        (date(2026, 3, 6), date(2026, 3, 13), date(2026, 3, 14), date(2026, 3, 16), date(2026, 3, 17)),
    ],
)
def test_a_notice_is_late_only_after_the_first_working_day_on_which_it_can_be_ended(
    surveyed: Walk, posted: date, last: date, first: date, due: date, late: date
) -> None:
    walk = surveyed
    walk.examine(posted)
    walk.post(posted)
    assert walk.standing.open["notice"].due_on == due
    with walk.by(walk.people.examiner) as actor:
        assert not queries.open_work(actor, on=last)
        (item,) = queries.open_work(actor, on=first)
        assert item.due_on == due

    def state(on: date) -> str:
        return next(step.state for step in queries.line_of(walk.standing, on=on) if step.name == "notice")

    assert [state(first), state(due), state(late)] == ["open", "open", "late"]
    walk.unpost(first)


def test_a_notice_does_not_end_on_a_day_of_rest(surveyed: Walk) -> None:
    walk = surveyed
    walk.examine(date(2026, 3, 7))
    walk.post(date(2026, 3, 7))
    assert walk.standing.open["notice"].notice.ends_on == date(2026, 3, 16)


def test_a_notice_is_put_up_once(surveyed: Walk) -> None:
    walk = surveyed
    walk.examine(date(2026, 3, 4))
    with pytest.raises(Refused, match="还没有张贴公示"):
        walk.unpost(date(2026, 3, 12))
    walk.post(date(2026, 3, 4))
    with pytest.raises(Refused, match="已于 2026-03-04 张贴"):
        walk.post(date(2026, 3, 5))


@pytest.mark.parametrize(("objects", "due"), [(False, date(2020, 8, 28)), (True, date(2020, 9, 22))])
def test_the_days_after_a_notice_run_from_its_end_and_not_from_its_registration(
    walk: Walk, objects: bool, due: date
) -> None:
    """The notice hangs until Tuesday the 25th, which is written down on Friday only."""
    to_approval_notice(walk)
    if objects:
        complain(walk, ObjectionSource.NOTICE, date(2020, 8, 20))
    walk.unpost(date(2020, 8, 28), by=walk.people.officer)
    if objects:
        walk.district_visit(date(2020, 8, 31))
        walk.examine(date(2020, 8, 31), by=walk.people.officer)
        walk.post(date(2020, 8, 31), by=walk.people.officer)
        walk.unpost(date(2020, 9, 8), by=walk.people.officer)
    assert walk.standing.open["confirmation"].due_on == due


def test_everything_missing_is_named_once(walk: Walk) -> None:
    walk.apply(date(2026, 3, 2))
    with walk.by(walk.people.clerk) as actor:
        missing = ["application", "commitment"]
        admission.ask_correction(
            case=walk.case, step="admission", missing=missing, note="请本人来", by=actor, on=date(2026, 3, 2)
        )
        with pytest.raises(Refused, match="已经一次性告知过"):
            admission.ask_correction(case=walk.case, step="admission", missing=missing, by=actor, on=date(2026, 3, 3))
    assert walk.letters == ["missing_papers"]
    with pytest.raises(Refused, match="还缺：书面申请"):
        walk.admit(date(2026, 3, 3))
    walk.bring(date(2026, 3, 9))
    walk.admit(date(2026, 3, 9))
    # The clocks begin with the admission, not with the first visit to the window.
    assert walk.case.due_on == date(2026, 4, 7)
    assert CorrectionRequest.objects.get().met_on == date(2026, 3, 9)


def test_nobody_may_be_asked_for_what_the_check_finds_out(walk: Walk) -> None:
    walk.apply(date(2026, 3, 2))
    with walk.by(walk.people.clerk) as actor, pytest.raises(Refused, match="不得要求申请人提供"):
        admission.ask_correction(
            case=walk.case, step="admission", missing=["application", "income_proof"], by=actor, on=date(2026, 3, 2)
        )
    assert not CorrectionRequest.objects.exists()


def test_in_2020_the_family_itself_brought_its_proofs(walk: Walk) -> None:
    walk.apply(date(2020, 8, 3))
    walk.bring(date(2020, 8, 3), but=("income_proof",))
    with pytest.raises(Refused, match="还缺：收入证明"):
        walk.admit(date(2020, 8, 3))


def test_more_time_is_taken_once_and_only_for_the_reasons_of_the_law(at_confirmation: Walk) -> None:
    walk = at_confirmation
    with walk.by(walk.people.director) as actor:
        with pytest.raises(Refused, match="只有这些情形可以延长") as refused:
            actions.extend(
                case=walk.case, circumstances=[Circumstance.SPECIAL], because="忙", by=actor, on=date(2026, 3, 13)
            )
        assert refused.value.field == "circumstances"
        hard = [Circumstance.HARD_TO_SURVEY]
        with pytest.raises(Refused, match="请写明延长的原因"):
            actions.extend(case=walk.case, circumstances=hard, because=" ", by=actor, on=date(2026, 3, 13))
        actions.extend(case=walk.case, circumstances=hard, because="长期在外地", by=actor, on=date(2026, 3, 13))
        # 45 working days from the admission, over Qingming and the first of May.
        assert walk.case.due_on == date(2026, 5, 8)
        with pytest.raises(Refused, match="不能再延长"):
            actions.extend(case=walk.case, circumstances=hard, because="还要", by=actor, on=date(2026, 3, 16))
    assert walk.letters == ["acceptance", "extension"]


def test_an_objection_is_no_reason_until_somebody_objects(surveyed: Walk) -> None:
    walk = surveyed
    walk.examine(date(2026, 3, 4))
    walk.post(date(2026, 3, 4))
    objected = [Circumstance.OBJECTION]
    with walk.by(walk.people.director) as actor:
        with pytest.raises(Refused, match="现在没有“公示有异议”") as refused:
            actions.extend(case=walk.case, circumstances=objected, because="有异议", by=actor, on=date(2026, 3, 5))
        assert refused.value.field == "circumstances"
        complain(walk, ObjectionSource.NOTICE, date(2026, 3, 5))
        actions.extend(case=walk.case, circumstances=objected, because="有异议", by=actor, on=date(2026, 3, 5))
    # It is told by the notice, not by the case: a way that another notice opens is not walked for good.
    assert walk.case.circumstances == []
    assert walk.letters == ["acceptance", "extension"]
    walk.unpost(date(2026, 3, 12))
    walk.visit(date(2026, 3, 12))
    with walk.by(walk.people.examiner) as actor:
        back = {"step": "second_examination", "to": "examination", "reason": "重新审核"}
        actions.send_back(case=walk.case, by=actor, on=date(2026, 3, 12), **back)
    walk.examine(date(2026, 3, 12))
    walk.post(date(2026, 3, 12))
    walk.unpost(date(2026, 3, 20))
    assert walk.open == ["confirmation"]


def test_what_is_decided_needs_no_more_time(at_confirmation: Walk) -> None:
    walk = at_confirmation
    walk.confirm(date(2026, 3, 13))
    hard = [Circumstance.HARD_TO_SURVEY]
    with walk.by(walk.people.director) as actor, pytest.raises(Refused, match="已于 2026-03-13 作出决定，不用延长"):
        actions.extend(case=walk.case, circumstances=hard, because="难", by=actor, on=date(2026, 3, 13))


def test_where_no_text_limits_the_whole_there_is_nothing_to_extend(walk: Walk) -> None:
    walk.begin(date(2020, 8, 3))
    with walk.by(walk.people.officer) as actor, pytest.raises(Refused, match="没有全程期限"):
        actions.extend(
            case=walk.case,
            circumstances=[Circumstance.HARD_TO_SURVEY],
            because="难",
            by=actor,
            on=date(2020, 8, 4),
        )


def test_nothing_is_done_before_its_step_was_open(walk: Walk) -> None:
    walk.begin(date(2026, 3, 4))
    with pytest.raises(Refused, match="从 2026-03-04 起才能办理"):
        walk.ask_records(date(2026, 3, 3))
    with pytest.raises(Refused, match="入户日期须在 2026-03-04 到 2026-03-05 之间"):
        walk.visit(date(2026, 3, 5), visited_on=date(2026, 3, 3))


@pytest.mark.parametrize(
    ("confirmed", "start"), [(date(2026, 3, 31), date(2026, 4, 1)), (date(2026, 12, 1), date(2027, 1, 1))]
)
def test_an_award_begins_with_the_month_after_the_decision(at_confirmation: Walk, confirmed: date, start: date) -> None:
    walk = at_confirmation
    assert walk.standing.award_from(confirmed) == start
