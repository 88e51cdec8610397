"""A month's run: what it pays, who makes and who checks it, and that nothing of it changes afterwards."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests import many
from tests.payments.conftest import (
    AUGUST,
    FAMILY_PROGRAMME,
    JULY,
    MEMBER_PROGRAMME,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    Office,
    award,
    families,
    moves,
    opening,
    stop,
)
from yihu.access.actor import service
from yihu.awards.models import Award
from yihu.common.refusals import Refused
from yihu.payments import actions, queries
from yihu.payments.enums import LineChange, RunState
from yihu.payments.models import PaymentLine, PaymentRun


def paid(run: PaymentRun) -> list[tuple[str, int, int, str]]:
    """Household, month, fen and change of each line."""
    lines = run.lines.filter(cancelled=False).order_by("household__number", "period")
    return [
        (line.household.number[-2:], line.period.month, line.amount, line.change)
        for line in lines.select_related("household")
    ]


def test_a_run_pays_every_award_in_force_in_its_month(office: Office) -> None:
    one, two, _three, _four = families(4, members=3)
    award([one], 161_600)
    award([two], 67_000, start=JULY, until=OCTOBER)
    award([_three], start=OCTOBER)
    award([_four], start=JULY, until=SEPTEMBER)
    PaymentLine.objects.all().delete()

    run = office.make(SEPTEMBER)

    assert [row for row in paid(run) if row[1] == 9] == [("01", 9, 161_600, "new"), ("02", 9, 67_000, "new")]
    line = run.lines.get(household=one)
    assert (line.name, line.holder, line.members, line.division_id) == (
        line.account.holder.name, line.account.holder.name, 3, one.division_id,
    )  # fmt: skip
    assert run.number.startswith("FF202609-")
    assert (run.month, run.pay_on, run.state, run.maker_id) == (
        SEPTEMBER, date(2026, 9, 10), RunState.DRAFT, office.maker.staff,
    )  # fmt: skip


def test_a_run_adds_up(office: Office) -> None:
    award(families(3, members=2), 50_001, start=AUGUST)
    run = office.make(SEPTEMBER)

    assert (run.households_count, run.people_count, run.total) == (3, 6, 3 * 2 * 50_001)


def test_what_is_paid_to_a_member_counts_him_alone(office: Office) -> None:
    [family] = families(1, members=3)
    award([family], 10_000, programme=MEMBER_PROGRAMME, person=True)
    run = office.make(SEPTEMBER, MEMBER_PROGRAMME)

    assert (run.households_count, run.people_count, run.total) == (1, 1, 10_000)


def test_whoever_is_paid_beside_his_family_is_one_of_its_people(office: Office) -> None:
    one, two = families(2, members=3)
    award([one], 50_000)
    # Two heads are paid for themselves, one of them in two programmes; his family is paid, the other's is not.
    award([one, two], 10_000, programme=MEMBER_PROGRAMME, person=True)
    award([two], 20_000, programme="single_person_subsistence", person=True)
    run = office.make(SEPTEMBER, FAMILY_PROGRAMME, MEMBER_PROGRAMME, "single_person_subsistence")

    assert (run.households_count, run.people_count, run.total) == (2, 3 + 1, 90_000)


def test_who_moved_to_another_family_is_one_of_its_people(office: Office) -> None:
    left, joined = families(2, members=2)
    award([left], 10_000, programme=MEMBER_PROGRAMME, person=True)
    moves(many.people_of(left)[0], joined)
    award([joined], 50_000)
    run = office.make(SEPTEMBER, FAMILY_PROGRAMME, MEMBER_PROGRAMME)

    # Both families have an award; of the first nobody is paid but him, and he lives in the second.
    assert (run.households_count, run.people_count) == (2, 3)


def test_months_that_were_not_paid_are_made_up_for(office: Office) -> None:
    [family] = families(1)
    award([family], 1_000, start=JULY)

    assert paid(office.pay(SEPTEMBER)) == [
        ("01", 7, 1_000, "arrears"),
        ("01", 8, 1_000, "arrears"),
        ("01", 9, 1_000, "new"),
    ]
    assert paid(office.pay(OCTOBER)) == [("01", 10, 1_000, "same")]


def test_an_ended_award_is_made_up_for_until_its_end(office: Office) -> None:
    [family, other] = families(2)
    award([other], 5)
    office.pay(SEPTEMBER)
    award([family], 1_000, start=AUGUST, until=OCTOBER)

    assert paid(office.pay(OCTOBER)) == [
        ("01", 8, 1_000, "arrears"), ("01", 9, 1_000, "arrears"), ("02", 10, 5, "same"),
    ]  # fmt: skip


@pytest.fixture
def taken_over(office: Office) -> list[Award]:
    """Two families of the older books, paid here from September on."""
    return award(
        families(2), [1_000, 500], start=date(2019, 3, 1), opening=opening(date(2026, 8, 20), pays_from=SEPTEMBER)
    )


def test_an_opening_award_is_owed_from_the_month_from_which_it_is_paid_here(
    office: Office, taken_over: list[Award]
) -> None:
    with pytest.raises(Refused, match="没有应发的"):
        office.make(AUGUST)
    assert proposed(office, date(2026, 8, 25)) == []
    assert proposed(office, date(2026, 9, 2)) == ["2026-09"]
    assert paid(office.pay(OCTOBER)) == [
        ("01", 9, 1_000, "arrears"), ("01", 10, 1_000, "new"), ("02", 9, 500, "arrears"), ("02", 10, 500, "new"),
    ]  # fmt: skip


def test_a_first_run_that_is_given_up_loses_no_month(office: Office, taken_over: list[Award]) -> None:
    actions.cancel(run=office.make(SEPTEMBER), reason="等账户", by=office.maker)

    assert [row[:2] for row in paid(office.make(OCTOBER))] == [("01", 9), ("01", 10), ("02", 9), ("02", 10)]


def test_what_takes_the_place_of_an_opening_award_is_owed_from_the_same_month(
    office: Office, taken_over: list[Award]
) -> None:
    [_same, changed] = taken_over
    award([changed.household], 700, start=AUGUST)

    assert paid(office.make(SEPTEMBER)) == [("01", 9, 1_000, "new"), ("02", 9, 700, "new")]


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (1_500, [("01", 8, 500, "arrears"), ("01", 9, 500, "arrears"), ("01", 10, 1_500, "raised")]),
        (600, [("01", 10, 600, "lowered")]),
    ],
)
def test_a_change_after_the_fact_pays_the_rest_and_nothing_twice(
    office: Office, raised: int, expected: list[tuple[str, int, int, str]]
) -> None:
    [family] = families(1)
    award([family], 1_000, start=JULY)
    for month in (JULY, AUGUST, SEPTEMBER):
        office.pay(month)
    award([family], raised, start=AUGUST)

    assert paid(office.pay(OCTOBER)) == expected
    assert [row[1:3] for row in paid(office.pay(NOVEMBER))] == [(11, raised)]


def test_an_ended_award_owes_the_dead_nothing(office: Office) -> None:
    [family, other] = families(2)
    [mine] = award([family], 1_000, start=AUGUST, programme=MEMBER_PROGRAMME, person=True)
    award([other], 5, programme=MEMBER_PROGRAMME, person=True)
    mine.person.died_on = date(2026, 8, 3)
    mine.person.save()
    assert len(paid(office.make(SEPTEMBER, MEMBER_PROGRAMME))) == 3
    run = PaymentRun.objects.get()
    stop(mine, OCTOBER, "died")
    actions.refresh(run=run, by=office.maker, on=SEPTEMBER)

    assert paid(run) == [("01", 8, 1_000, "arrears"), ("02", 9, 5, "new")]


def test_what_never_began_owes_nothing_and_what_was_paid_for_it_counts(office: Office) -> None:
    one, two = families(2)
    [mine, _other] = award([one, two], [1_000, 5])
    office.pay(SEPTEMBER)
    stop(mine, SEPTEMBER, "renounced")
    award([one], 1_200)

    assert paid(office.make(OCTOBER)) == [("01", 9, 200, "arrears"), ("01", 10, 1_200, "raised"), ("02", 10, 5, "same")]


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
    same = replace(office.checker, staff=office.maker.staff)

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


def test_what_is_left_out_stays_owed(office: Office) -> None:
    one, _two = families(2)
    award([one, _two], [1_000, 70])
    run = office.make(SEPTEMBER)
    actions.remove_line(run=run, line=run.lines.get(household=one), reason="等新账户", by=office.maker)

    assert (paid(run), PaymentRun.objects.get().total) == ([("02", 9, 70, "new")], 70)
    actions.refresh(run=run, by=office.maker, on=SEPTEMBER)
    assert [row.reason for row in queries.left_out_of(run)] == ["等新账户"]
    office.approve(run)
    assert paid(office.make(OCTOBER)) == [
        ("01", 9, 1_000, "arrears"), ("01", 10, 1_000, "new"), ("02", 10, 70, "same"),
    ]  # fmt: skip


def test_who_is_left_out_stays_so_when_his_award_changes(office: Office) -> None:
    one, two = families(2)
    award([one, two], [1_000, 70], start=AUGUST)
    office.pay(AUGUST)
    run = office.make(SEPTEMBER)
    actions.remove_line(run=run, line=run.lines.get(household=one), reason="冒领待查", by=office.maker)
    award([one], 1_200)

    assert queries.missing(run, on=run.made_on) == (0, 0)
    actions.refresh(run=run, by=office.maker, on=SEPTEMBER)
    assert paid(run) == [("02", 9, 70, "same")]
    assert [(row.amount, row.reason) for row in queries.left_out_of(run)] == [(1_200, "冒领待查")]


def test_who_is_left_out_stays_so_when_the_run_is_given_up_and_made_again(office: Office) -> None:
    one, two = families(2)
    award([one, two], [1_000, 70])
    for _again in range(2):
        run = office.make(SEPTEMBER)
        for line in run.lines.filter(household=one, cancelled=False):
            actions.remove_line(run=run, line=line, reason="冒领待查", by=office.maker)
        actions.cancel(run=run, reason="改期", by=office.maker)
    run = office.make(SEPTEMBER)

    assert paid(run) == [("02", 9, 70, "new")]
    [held] = queries.left_out_of(run)
    assert (held.household, held.reason) == (one.number, "冒领待查")
    run = actions.put_back(run=run, line=run.lines.get(pk=held.line), by=office.maker, on=SEPTEMBER)
    assert run.total == 1_070
    # A run of another month pays what was left out of this one.
    actions.cancel(run=run, reason="不发了", by=office.maker)
    assert [row[:2] for row in paid(office.make(OCTOBER))] == [("01", 9), ("01", 10), ("02", 9), ("02", 10)]


def test_what_is_left_out_can_be_put_back(office: Office) -> None:
    award(families(2), [1_000, 70], start=AUGUST)
    run = office.make(SEPTEMBER)
    before = paid(run)
    actions.remove_line(run=run, line=run.lines.order_by("pk")[0], reason="等新账户", by=office.maker)
    assert len(paid(run)) == 2
    actions.put_back(run=run, line=run.lines.exclude(left_out_because="")[0], by=office.maker, on=SEPTEMBER)

    assert paid(run) == before
    assert PaymentRun.objects.get().total == 2 * 1_070


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


def proposed(office: Office, on: date) -> list[str]:
    """The months of runs that are still to be made."""
    work = queries.open_work(office.maker, on=on)
    return [item.key[-7:] for item in work if item.page == queries.PAGE_OF_NEW_RUN]


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


def test_a_family_is_told_what_it_was_paid(office: Office) -> None:
    [family] = families(1)
    award([family], 1_000, start=AUGUST)
    office.pay(SEPTEMBER)
    office.make(OCTOBER)

    told = [(event.on, event.title, event.detail) for event in queries.events_of(family) if event.page]
    assert told == [(date(2026, 9, 10), "发放低保 2026-09", "20.00 元，含补发 1 月")]


def test_months_of_the_same_amount_are_told_as_one(office: Office) -> None:
    [family] = families(1)
    award([family], 1_000, start=JULY)
    for month in (JULY, AUGUST, SEPTEMBER):
        run = office.pay(month)
    award([family], 1_100, start=OCTOBER)
    for month in (OCTOBER, NOVEMBER):
        later = office.pay(month)

    told = [(event.title, event.detail, event.key) for event in queries.events_of(family) if event.page]
    assert told == [
        ("发放低保 2026-07 至 2026-09", "每月 10.00 元，共 3 个月", run.number),
        ("发放低保 2026-10 至 2026-11", "每月 11.00 元，共 2 个月", later.number),
    ]


def test_the_rows_of_a_run_hold_former_months_in_one_sum(office: Office) -> None:
    one, _two = families(2)
    award([one], 1_000, start=AUGUST)
    award([_two], 70)
    run = office.make(SEPTEMBER)

    page = queries.lines_of(run)
    assert [(row.household, row.amount, row.label, row.street) for row in page.rows] == [
        (one.number, 2_000, "补发 1 月", "月坛"), (_two.number, 70, "新增", "月坛"),
    ]  # fmt: skip
    assert queries.lines_of(run, text=one.number[-4:]).count == 1
    assert queries.lines_of(run, change=LineChange.ARREARS).count == 1
    assert queries.lines_of(run, page=2, size=1).rows[0].household == _two.number
