"""What stands in the way of a run, and the ways out."""

from collections.abc import Callable
from datetime import date

import pytest
from psycopg.types.range import Range

from tests import many
from tests.awards.conftest import determined
from tests.payments.conftest import (
    FAMILY_PROGRAMME,
    MEMBER_PROGRAMME,
    OCTOBER,
    SEPTEMBER,
    Office,
    award,
    families,
    give_accounts,
    moves,
    opening,
    stop,
)
from tests.rooms import LOADS
from yihu.access.actor import service
from yihu.awards import actions as awards
from yihu.common.months import next_month
from yihu.common.refusals import Refused
from yihu.households.models import Household, Member, Person
from yihu.payments import actions, queries
from yihu.payments.enums import ProblemKind, RunState
from yihu.payments.models import Account, PaymentRun
from yihu.payments.queries import Stale
from yihu.policy.models import Determination

AUGUST_30 = date(2026, 8, 30)


def kinds(run: PaymentRun) -> list[ProblemKind]:
    return [problem.kind for problem in queries.problems_of(run)]


def refused_until_settled(office: Office, run: PaymentRun, kind: ProblemKind, settle: Callable[[], object]) -> None:
    """The run is not submitted before the problem is settled, and goes its way afterwards."""
    assert kinds(run) == [kind]
    with pytest.raises(Refused, match=f"1 件需处理.*{kind.label}"):
        actions.submit(run=run, by=office.maker, on=run.made_on)
    settle()
    actions.refresh(run=run, by=office.maker, on=run.made_on)
    assert kinds(run) == []
    assert office.approve(run).state == RunState.APPROVED


def dies(person: Person, on: date = AUGUST_30) -> None:
    """A death, as the register takes it down."""
    Member.objects.filter(person=person).update(period=Range(many.SINCE, date.fromordinal(on.toordinal() + 1)))
    person.died_on = on
    person.save()


def open_account(office: Office, family: Household, number: str, **options: str) -> None:
    holder = many.people_of(family)[-1]
    actions.open_account(
        household=family, holder=holder, bank="某某银行", number=number, by=office.maker, on=SEPTEMBER, **options
    )


def test_a_family_without_an_account(office: Office) -> None:
    [family] = many.make_families(1)
    award([family])
    run = office.make(SEPTEMBER)

    refused_until_settled(office, run, ProblemKind.NO_ACCOUNT, lambda: open_account(office, family, "9550000000000001"))
    assert run.lines.get().account.tail == "0001"


def test_an_account_that_was_changed_after_the_draft(office: Office) -> None:
    [family] = families(1)
    award([family])
    run = office.make(SEPTEMBER)
    open_account(office, family, "9550000000000002")

    refused_until_settled(office, run, ProblemKind.ACCOUNT_CHANGED, lambda: None)


def test_the_name_of_the_holder_was_corrected_after_the_draft(office: Office) -> None:
    [family] = families(1)
    award([family])
    run = office.make(SEPTEMBER)
    Person.objects.filter(household=family).update(name="贾改名")

    refused_until_settled(office, run, ProblemKind.ACCOUNT_CHANGED, lambda: None)
    assert run.lines.get().holder == "贾改名"


def test_an_account_that_families_share_without_a_reason(office: Office) -> None:
    one, _two, three = families(3)
    award([one, _two, three])
    for family in (_two, three):
        open_account(office, family, "9550000000000003", shared_because="母女同住" if family == three else "")
    run = office.make(SEPTEMBER)
    assert kinds(run) == []
    actions.cancel(run=run, reason="重做", by=office.maker)
    open_account(office, one, "9550000000000003")
    run = office.make(SEPTEMBER)

    problems = queries.problems_of(run)
    assert [problem.household for problem in problems] == [one.number, _two.number]
    assert three.number in problems[0].detail
    open_account(office, one, "9550000000000003", shared_because="邻居代领，有书面协议")
    actions.refresh(run=run, by=office.maker, on=SEPTEMBER)
    assert kinds(run) == []


def test_the_holder_of_the_account_died(office: Office) -> None:
    [family] = families(1, members=2)
    award([family])
    run = office.make(SEPTEMBER)
    dies(many.people_of(family)[0], SEPTEMBER)

    refused_until_settled(
        office, run, ProblemKind.HOLDER_DEAD, lambda: open_account(office, family, "9550000000000004")
    )


def test_the_holder_of_the_account_moved_out(office: Office) -> None:
    [family] = families(1, members=2)
    moves(many.people_of(family)[0], None)
    award([family])
    run = office.make(SEPTEMBER)

    refused_until_settled(
        office, run, ProblemKind.HOLDER_NOT_MEMBER, lambda: open_account(office, family, "9550000000000005")
    )


def test_a_recipient_died_and_his_award_was_not_ended(office: Office) -> None:
    [family] = families(1, members=2)
    [mine] = award([family], 10_000, programme=MEMBER_PROGRAMME, person=True, start=date(2026, 8, 1))
    dies(many.people_of(family)[0])
    open_account(office, family, "9550000000000006")
    run = office.make(SEPTEMBER, MEMBER_PROGRAMME)

    refused_until_settled(
        office,
        run,
        ProblemKind.RECIPIENT_DEAD,
        lambda: stop(mine, SEPTEMBER, "died"),
    )
    assert run.lines.get().period == date(2026, 8, 1)


def test_who_moved_is_paid_where_he_lives(office: Office) -> None:
    home, other = families(2, members=2)
    award([home], 10_000, programme=MEMBER_PROGRAMME, person=True, start=date(2026, 8, 1))
    office.pay(date(2026, 8, 1), MEMBER_PROGRAMME)
    moves(many.people_of(home)[0], other)
    run = office.make(SEPTEMBER, MEMBER_PROGRAMME)

    assert kinds(run) == []
    assert run.lines.get().account == Account.objects.get(household=other)
    open_account(office, other, "9550000000000008")
    refused_until_settled(office, run, ProblemKind.ACCOUNT_CHANGED, lambda: None)


def test_who_moved_to_a_family_without_an_account_is_not_paid_into_his_former_one(office: Office) -> None:
    [home] = families(1, members=2)
    [other] = many.make_families(1, first=2)
    award([home], 10_000, programme=MEMBER_PROGRAMME, person=True)
    moves(many.people_of(home)[0], other)
    run = office.make(SEPTEMBER, MEMBER_PROGRAMME)

    [problem] = queries.problems_of(run)
    assert (problem.household, problem.account_of) == (home.number, other.number)
    assert (run.lines.get().account, run.lines.get().holder) == (None, "")
    refused_until_settled(
        office,
        run,
        ProblemKind.NO_ACCOUNT_WHERE_HE_LIVES,
        lambda: open_account(office, other, "9550000000000009"),
    )


def test_who_lives_in_no_family_any_more_is_not_paid(office: Office) -> None:
    [home] = families(1, members=2)
    award([home], 10_000, programme=MEMBER_PROGRAMME, person=True)
    moves(many.people_of(home)[0], None)

    [problem] = queries.problems_of(office.make(SEPTEMBER, MEMBER_PROGRAMME))
    assert (problem.kind, problem.account_of) == (ProblemKind.NO_ACCOUNT_WHERE_HE_LIVES, "")
    assert problem.detail == "不在任何一户登记"


def confirmed(determination: Determination, on: date) -> None:
    """A grant that was decided on a determination, from the month after it on."""
    awards.grant(
        household=determination.household,
        person=None,
        programme=FAMILY_PROGRAMME,
        key="running",
        period=Range(next_month(on), None),
        amount=determination.amount,
        determination=determination,
        by=service("tests", many.DISTRICT, may=LOADS),
        on=on,
    )


def gone(person: Person, kind: ProblemKind) -> None:
    """He died, or he left."""
    dies(person) if kind is ProblemKind.MEMBER_DIED else moves(person, None)


@pytest.mark.parametrize("kind", [ProblemKind.MEMBER_DIED, ProblemKind.MEMBER_LEFT])
@pytest.mark.parametrize("from_opening", [False, True])
def test_a_member_is_gone_and_the_family_was_not_determined_again(
    office: Office, from_opening: bool, kind: ProblemKind
) -> None:
    [family] = families(1, members=3)
    award([family], start=date(2026, 8, 1), opening=opening(date(2026, 8, 1)) if from_opening else None)
    gone(many.people_of(family)[2], kind)
    run = office.make(SEPTEMBER)
    again = determined(family, 161_600, on=date(2026, 9, 2))
    # An opinion that nobody decided on changes nothing.
    assert kinds(run) == [kind]

    if kind is ProblemKind.MEMBER_DIED:
        refused_until_settled(office, run, kind, lambda: confirmed(again, date(2026, 9, 2)))
    else:
        # What was decided holds until it is decided anew; the maker is told.
        assert office.approve(run).households_count == 1


@pytest.mark.parametrize("kind", [ProblemKind.MEMBER_DIED, ProblemKind.MEMBER_LEFT])
def test_who_was_gone_before_the_determination_that_counts_him_stands_in_the_way(
    office: Office, kind: ProblemKind
) -> None:
    [family] = families(1, members=3)
    # Decided in September, when nobody knew yet of what happened in August.
    award([family], start=SEPTEMBER)
    gone(many.people_of(family)[2], kind)
    run = office.make(SEPTEMBER)
    assert kinds(run) == [kind]

    with many.district_at_work():
        confirmed(determined(family, 100_000, on=date(2026, 9, 3)), date(2026, 9, 3))
    assert kinds(run) == []


def test_who_joins_or_leaves_within_the_month_does_not_stand_in_the_way(office: Office) -> None:
    family, other = families(2, members=3)
    joins, leaves = many.people_of(other)[2], many.people_of(family)[2]
    moves(joins, family, date(2026, 9, 2))
    award([family], start=SEPTEMBER)
    moves(leaves, None, date(2026, 9, 2))

    assert kinds(office.make(SEPTEMBER)) == []


def test_a_death_before_the_determination_is_known_to_it(office: Office) -> None:
    [family] = families(1, members=3)
    dies(many.people_of(family)[2])
    award([family], start=SEPTEMBER)

    assert kinds(office.make(SEPTEMBER)) == []


def test_a_family_of_which_nobody_is_left(office: Office) -> None:
    [family] = families(1)
    award([family])
    run = office.make(SEPTEMBER)
    dies(many.people_of(family)[0], date(2026, 9, 2))
    actions.refresh(run=run, by=office.maker, on=date(2026, 9, 5))

    assert ProblemKind.NO_MEMBER in kinds(run)


def test_an_award_that_ended_after_the_draft_or_after_it_was_handed_over(office: Office) -> None:
    one, _two = families(2)
    [mine, _other] = award([one, _two], start=date(2026, 8, 1))
    run = office.make(SEPTEMBER)
    actions.submit(run=run, by=office.maker, on=SEPTEMBER)
    stop(mine, SEPTEMBER, "left")

    with pytest.raises(Refused, match=r"1 件需处理.*待遇已经终止"):
        office.check(run, on=SEPTEMBER)
    actions.send_back(run=run, reason="请刷新", by=office.checker)
    refused_until_settled(office, run, ProblemKind.NOT_IN_FORCE, lambda: None)
    assert run.lines.filter(household=one, cancelled=False).get().period == date(2026, 8, 1)


def test_whatever_the_problem_the_family_can_be_left_out(office: Office) -> None:
    one, _two = many.make_families(2)
    give_accounts([_two])
    award([one, _two], start=date(2026, 8, 1))
    run = office.make(SEPTEMBER)
    [problem] = queries.problems_of(run)
    assert (problem.household, problem.blocking) == (one.number, True)
    assert "登记收款账户" in problem.remedy

    actions.remove_line(run=run, line=run.lines.get(pk=problem.line), reason="等账户", by=office.maker)
    assert office.approve(run).households_count == 1
    open_account(office, one, "9550000000000007")
    assert office.make(OCTOBER).households_count == 2


def named(family: Household, name: str) -> Person:
    """The head by another name, with an account in it."""
    person = many.people_of(family)[0]
    person.name = name
    person.save()
    give_accounts([family])
    return person


def test_a_name_that_one_format_cannot_hold_is_told_and_does_not_block(office: Office) -> None:
    [family] = many.make_families(1)
    named(family, "贾" * 25)
    award([family])
    run = office.make(SEPTEMBER)

    [problem] = queries.problems_of(run)
    assert (problem.kind, problem.blocking) == (ProblemKind.UNWRITABLE, False)
    assert "户名" in problem.detail
    assert "有 75 字节，格式只容 60 字节" in problem.detail
    assert office.approve(run).state == RunState.APPROVED


def test_a_name_that_no_format_can_hold_blocks(office: Office) -> None:
    [family] = many.make_families(1)
    person = named(family, "=贾一鸣")
    award([family])

    def correct() -> None:
        person.name = "贾一鸣"
        person.save()

    run = office.make(SEPTEMBER)
    problems = queries.problems_of(run)
    assert {(each.kind, each.blocking) for each in problems} == {
        (ProblemKind.UNWRITABLE, True), (ProblemKind.UNWRITABLE, False),
    }  # fmt: skip
    with pytest.raises(Refused, match=r"1 件需处理.*写不进银行文件"):
        actions.submit(run=run, by=office.maker, on=run.made_on)
    correct()
    actions.refresh(run=run, by=office.maker, on=run.made_on)
    assert office.approve(run).state == RunState.APPROVED


def test_two_names_of_which_each_format_holds_another_block_the_run(office: Office) -> None:
    """A run goes to the bank in one file."""
    long, rare = many.make_families(2)
    named(long, "贾" * 25)
    # Of three bytes in one encoding and four in the other.
    named(rare, "㐀" * 18)
    award([long, rare])
    problems = queries.problems_of(office.make(SEPTEMBER))

    assert [(each.household, each.blocking) for each in problems] == [(long.number, True), (rare.number, False)]


@pytest.mark.parametrize("name", ["贾\U0002ebf0", "贾\ue863"])
def test_a_rare_character_can_be_written(office: Office, name: str) -> None:
    [family] = many.make_families(1)
    named(family, name)
    award([family])

    run = office.pay(SEPTEMBER)
    assert actions.make_bank_file(run=run, profile="csv_utf8", by=office.maker, on=SEPTEMBER).lines_count == 1


def test_what_the_draft_lacks_is_counted(office: Office) -> None:
    one, _two = families(2)
    award([one], 1_000)
    run = office.make(SEPTEMBER)
    assert queries.stale(run, on=run.made_on) == Stale()
    award([_two], 700)

    assert queries.stale(run, on=run.made_on) == Stale(1, 700)
    assert run.programmes == [FAMILY_PROGRAMME]
    assert Account.objects.count() == 2
