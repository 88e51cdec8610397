"""What a month's run pays: every award in force, arrears, and nothing twice."""

from datetime import date

import pytest

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
from tests.payments.reading import paid, proposed
from yihu.awards.models import Award
from yihu.common.refusals import Refused
from yihu.payments import actions, queries
from yihu.payments.enums import LineChange, RunState
from yihu.payments.models import PaymentLine, PaymentRun


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
    assert run.number.startswith("XCFF202609-")
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
