"""A month's run: when there is one, who makes it, who checks it, and what waits for whom."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests import many
from tests.payments.conftest import (
    AUGUST,
    FAMILY_PROGRAMME,
    JULY,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    Office,
    award,
    families,
    stop,
)
from tests.payments.reading import paid, proposed
from yihu.access.actor import service
from yihu.common.refusals import Refused
from yihu.common.work import WorkItem
from yihu.payments import actions, queries
from yihu.payments.enums import LineChange, RunPurpose, RunState
from yihu.payments.models import PaymentLine, PaymentRun


def test_there_is_one_run_a_month_and_programme(office: Office) -> None:
    award(families(1), 1_000)
    office.make(SEPTEMBER)

    with pytest.raises(Refused, match="已有一个批次"):
        office.make(SEPTEMBER)
    assert PaymentLine.objects.count() == 1


def test_months_are_paid_one_after_another(office: Office) -> None:
    award(families(1), 1_000)
    run = office.make(OCTOBER)

    with pytest.raises(Refused, match=r"2026-10 .*批次还是“制单中”"):
        office.make(NOVEMBER)
    with pytest.raises(Refused, match=r"2026-10 .*已经制单，2026-09"):
        office.make(SEPTEMBER)
    actions.cancel(run=run, reason="重做", by=office.maker)
    office.pay(SEPTEMBER)
    assert [row[1] for row in paid(office.pay(OCTOBER))] == [10]


def test_a_month_in_which_nothing_is_owed_has_no_run(office: Office) -> None:
    with pytest.raises(Refused, match="没有应发的"):
        office.make(SEPTEMBER)
    assert not PaymentRun.objects.exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"month": date(2026, 9, 2)}, "写成月份的 1 日"),
        ({"month": date(2026, 9, 1), "on": date(2026, 7, 31)}, "还太早"),
        ({"month": SEPTEMBER, "pay_on": date(2026, 9, 2)}, "已经过了"),
        ({"month": SEPTEMBER, "pay_on": date(2036, 9, 10)}, "超过两个月"),
        ({"month": SEPTEMBER, "programmes": ["no_such_thing"]}, "没有“no_such_thing”这个项目"),
    ],
)
def test_a_run_that_makes_no_sense_is_refused(office: Office, options: dict[str, date], said: str) -> None:
    award(families(1), 1_000)
    with pytest.raises(Refused, match=said):
        office.make(**options)


def test_only_people_at_their_posts_deal_with_runs(office: Office) -> None:
    award(families(1), 1_000)
    values = {"programmes": [FAMILY_PROGRAMME], "month": SEPTEMBER, "on": SEPTEMBER}
    for actor in (office.checker, many.make_actor("window_clerk", "11/0102/007/"), service("tests", "11/0102/")):
        with pytest.raises(Refused, match="岗位不能制作发放批次"):
            actions.make_run(by=actor, **values)
    run = office.make(SEPTEMBER)
    actions.submit(run=run, by=office.maker, on=SEPTEMBER)
    with pytest.raises(Refused, match="岗位不能复核"):
        office.check(run, by=office.maker, on=SEPTEMBER)
    with pytest.raises(Refused, match="岗位不能退回"):
        actions.send_back(run=run, reason="不对", by=office.maker)
    assert not queries.runs(many.make_actor("window_clerk", "11/0102/007/")).exists()
    assert queries.run_of(run.number, actor=many.make_actor("auditor")) == run


def test_nobody_checks_what_he_made(office: Office) -> None:
    award(families(1), 1_000)
    run = office.make(SEPTEMBER)
    actions.submit(run=run, by=office.maker, on=SEPTEMBER)
    same = replace(office.checker, number=office.maker.number)

    with pytest.raises(Refused, match="不能是同一个人"):
        office.check(run, by=same, on=SEPTEMBER)
    with pytest.raises(IntegrityError, match="run_maker_is_not_checker"), transaction.atomic():
        PaymentRun.objects.filter(pk=run.pk).update(checker=office.maker.staff)


def test_a_run_goes_back_with_a_reason_and_comes_again(office: Office) -> None:
    award(families(1), 1_000)
    run = office.make(SEPTEMBER)
    actions.submit(run=run, by=office.maker, on=SEPTEMBER)
    with pytest.raises(Refused, match="请写明原因"):
        actions.send_back(run=run, reason=" ", by=office.checker)
    actions.send_back(run=run, reason="请再核户名", by=office.checker)

    with pytest.raises(Refused, match="现在是“制单中”"):
        office.check(run, on=SEPTEMBER)
    [item] = queries.open_work(office.maker, on=SEPTEMBER)
    assert "退回" in item.title
    assert "请再核户名" in item.detail
    assert office.approve(run).state == RunState.APPROVED


def test_what_was_not_seen_is_not_approved(office: Office) -> None:
    one, two = families(2)
    award([one], 1_000)
    run = office.make(SEPTEMBER)
    actions.submit(run=run, by=office.maker, on=SEPTEMBER)
    run = PaymentRun.objects.get(pk=run.pk)
    seen = queries.seal_of(run)
    # While the page stands open, somebody else sends it back, and it comes again.
    actions.send_back(run=run, reason="补一户", by=office.checker)
    award([two], 999_900)
    actions.refresh(run=run, by=office.maker, on=SEPTEMBER)
    actions.submit(run=run, by=office.maker, on=SEPTEMBER)

    for stale in (seen, ""):
        with pytest.raises(Refused, match="和您看到的不一样了"):
            actions.approve(run=run, seen=stale, by=office.checker, on=SEPTEMBER)
    assert office.check(run, on=SEPTEMBER).total == 1_000_900


def test_only_its_maker_changes_a_draft(office: Office) -> None:
    award(families(1), 1_000)
    run = office.make(SEPTEMBER)
    other = many.make_actor("finance_maker")

    for change in (
        lambda: actions.refresh(run=run, by=other, on=SEPTEMBER),
        lambda: actions.submit(run=run, by=other, on=SEPTEMBER),
        lambda: actions.remove_line(run=run, line=run.lines.get(), reason="查", by=other),
    ):
        with pytest.raises(Refused, match="由贾制单制单"):
            change()
    # So that nothing waits for someone who is gone.
    actions.cancel(run=run, reason="制单人调走", by=other)
    assert actions.make_run(programmes=[FAMILY_PROGRAMME], month=SEPTEMBER, by=other, on=SEPTEMBER).total == 1_000


def test_work_waits_for_maker_and_checker_in_turn(office: Office) -> None:
    award(families(1), 1_000)
    [item] = queries.open_work(office.maker, on=date(2026, 9, 2))
    assert (item.page, item.key, item.due_on) == (
        queries.PAGE_OF_NEW_RUN, f"{FAMILY_PROGRAMME}/2026-09", date(2026, 9, 10),
    )  # fmt: skip
    run = office.make(SEPTEMBER)
    [item] = queries.open_work(office.maker, on=SEPTEMBER)
    assert (item.page, item.key, item.detail) == (queries.PAGE_OF_RUN, run.number, "1 户 10.00 元")
    assert queries.open_work(office.checker, on=SEPTEMBER) == []
    actions.submit(run=run, by=office.maker, on=SEPTEMBER)
    assert queries.open_work(office.maker, on=SEPTEMBER) == []
    assert [item.key for item in queries.open_work(office.checker, on=SEPTEMBER)] == [run.number]
    office.check(run, on=SEPTEMBER)
    assert queries.open_work(office.checker, on=SEPTEMBER) == []
    assert [item.title for item in queries.open_work(office.maker, on=SEPTEMBER)] == ["生成低保 2026-09 银行文件"]
    actions.make_bank_file(run=run, profile="csv_utf8", by=office.maker, on=SEPTEMBER)
    assert [item.key[-7:] for item in queries.open_work(office.maker, on=OCTOBER)] == ["2026-10"]


@pytest.mark.parametrize("programme", ["heating_assistance", "temporary_assistance"])
def test_what_does_not_come_by_the_month_is_proposed_and_can_be_paid_while_it_is_owed(
    office: Office, programme: str
) -> None:
    def payable(on: date) -> list[str]:
        return [each.name for each in queries.payable(office.maker, on=on)]

    assert programme not in payable(SEPTEMBER)
    award(families(1), 1_000, programme=programme, start=OCTOBER)

    # A run can be made a month ahead, and is proposed when its month has come.
    assert programme in payable(SEPTEMBER)
    assert proposed(office, SEPTEMBER) == []
    assert proposed(office, date(2026, 10, 2)) == ["2026-10"]
    assert office.pay(OCTOBER, programme).total == 1_000
    assert programme not in payable(OCTOBER)
    assert proposed(office, NOVEMBER) == []


def test_a_month_in_which_no_award_runs_does_not_end_the_proposals(office: Office) -> None:
    one, two = families(2)
    award([one], 1_000, start=JULY, until=SEPTEMBER)
    office.pay(AUGUST)
    assert proposed(office, date(2026, 10, 2)) == []
    award([two], 700, start=OCTOBER)

    assert proposed(office, date(2026, 10, 2)) == ["2026-10"]
    assert proposed(office, date(2026, 12, 2)) == ["2026-10"]


def test_arrears_alone_are_proposed(office: Office) -> None:
    one, two = families(2)
    award([one, two], [1_000, 5], start=AUGUST, until=SEPTEMBER)
    run = office.make(AUGUST)
    actions.remove_line(run=run, line=run.lines.get(household=one), reason="等账户", by=office.maker)
    office.approve(run)

    assert proposed(office, AUGUST) == []
    assert proposed(office, date(2026, 9, 2)) == ["2026-09"]
    office.pay(SEPTEMBER)
    assert proposed(office, date(2026, 10, 2)) == []


ONCE = "temporary_assistance"
LATER = date(2026, 9, 18)


def test_what_is_granted_once_after_the_months_run_is_work_at_once_and_stands_first(office: Office) -> None:
    one, two, three = families(3)
    award([one], 1_000)
    office.pay(SEPTEMBER, FAMILY_PROGRAMME, ONCE)
    assert proposed(office, SEPTEMBER) == []
    award([two], 5_000, programme=ONCE, known_on=LATER)

    [item] = queries.open_work(office.maker, on=date(2026, 9, 20))[:1]
    assert (item.page, item.key) == (queries.PAGE_OF_NEW_RUN, f"{ONCE}/2026-09/urgent")
    assert item.title == "制作临时救助 2026-09 即时发放批次"
    assert item.due_on == date(2026, 9, 22)
    run = office.make(SEPTEMBER, ONCE, purpose=RunPurpose.URGENT, on=date(2026, 9, 20))
    assert [item.key for item in work_for_new_runs(office)] == []
    office.approve(run)
    assert [item.key for item in work_for_new_runs(office)] == []

    award([three], 7_000, programme=ONCE, known_on=LATER)
    assert [item.key for item in work_for_new_runs(office)] == [f"{ONCE}/2026-09/urgent"]
    assert office.make(SEPTEMBER, ONCE, purpose=RunPurpose.URGENT, on=date(2026, 9, 21)).total == 7_000


def test_what_rose_after_the_months_run_is_work_but_not_what_was_left_out_of_it(office: Office) -> None:
    one, two = families(2)
    award([one, two], 1_000)
    run = office.make(SEPTEMBER)
    actions.remove_line(run=run, line=run.lines.get(household=two), reason="等账户", by=office.maker)
    office.approve(run)
    award([two], 1_500, known_on=LATER)
    assert work_for_new_runs(office) == []
    award([one], 1_200, known_on=LATER)

    assert [item.key for item in work_for_new_runs(office)] == [f"{FAMILY_PROGRAMME}/2026-09/urgent"]


def test_what_became_known_while_a_draft_stands_belongs_into_it(office: Office) -> None:
    one, two = families(2)
    award([one], 1_000)
    office.make(SEPTEMBER)
    award([two], 1_000, known_on=LATER)

    assert work_for_new_runs(office) == []


def work_for_new_runs(office: Office) -> list[WorkItem]:
    """Runs that are to be made on the 20th."""
    work = queries.open_work(office.maker, on=date(2026, 9, 20))
    return [item for item in work if item.page == queries.PAGE_OF_NEW_RUN]


def test_an_urgent_run_is_told_beside_what_was_paid_before(office: Office) -> None:
    one, two = families(2)
    award([one], 1_000)
    office.pay(SEPTEMBER, FAMILY_PROGRAMME, ONCE)
    award([one], 1_200, known_on=LATER)
    award([two], 5_000, programme=ONCE, known_on=LATER)
    urgent = office.make(SEPTEMBER, FAMILY_PROGRAMME, ONCE, purpose=RunPurpose.URGENT, on=date(2026, 9, 20))

    assert [
        (each.month, each.before, each.before_households, each.steps, each.total) for each in queries.changes_of(urgent)
    ] == [(SEPTEMBER, 1_000, 1, (), 5_200)]
    assert queries.gone_from(urgent) == ()
    assert [(row.before, row.amount, row.label) for row in queries.lines_of(urgent).rows] == [
        (1_000, 200, "调增"), (None, 5_000, "一次"),
    ]  # fmt: skip

    office.approve(urgent)
    award([one], 100, programme=ONCE, known_on=LATER)
    [change] = queries.changes_of(office.make(OCTOBER, FAMILY_PROGRAMME, ONCE))
    assert (change.month, change.before, change.total) == (SEPTEMBER, 6_200, 1_300)
    assert [(step.cause, step.amount) for step in change.steps] == [
        (LineChange.FORMER_ONCE, -5_000), (LineChange.ONCE, 100),
    ]  # fmt: skip


def test_heating_is_called_what_it_is_called_elsewhere(office: Office) -> None:
    award(families(1), 80_000, programme="heating_assistance")

    [row] = queries.lines_of(office.make(SEPTEMBER, "heating_assistance")).rows
    assert row.label == "每采暖季"


def test_a_draft_tells_what_became_of_it_both_ways(office: Office) -> None:
    one, two, three = families(3)
    [ends, *_others] = award([one, two], 1_000)
    run = office.make(SEPTEMBER)
    assert not queries.stale(run, on=LATER)
    stop(ends, SEPTEMBER)
    award([two], 700, known_on=LATER)
    award([three], 400, known_on=LATER)

    assert queries.stale(run, on=LATER) == queries.Stale(1, 400, 2, 1_300)
    actions.refresh(run=run, by=office.maker, on=LATER, pay_on=LATER)
    assert not queries.stale(run, on=LATER)


def test_a_run_is_named_by_what_it_pays(office: Office) -> None:
    award(families(1), 5_000, programme=ONCE)
    office.make(SEPTEMBER, FAMILY_PROGRAMME, ONCE)

    [item] = queries.open_work(office.maker, on=SEPTEMBER)
    assert (item.title, item.programme) == ("提交临时救助 2026-09 发放批次", ONCE)


def test_whoever_accepts_is_told_which_run_pays_it(office: Office) -> None:
    award(families(1), 1_000)
    run = office.make(SEPTEMBER)

    told = queries.says_when_paid({FAMILY_PROGRAMME, ONCE}, actor=office.checker)
    assert told == f"制单中的 {run.number}（2026-09）由制单人刷新以后按新的发。"
    assert queries.says_when_paid({ONCE}, actor=office.checker) == ""
