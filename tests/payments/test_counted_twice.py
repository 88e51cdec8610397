"""Nobody is paid for the same month by two awards that he cannot both have."""

from datetime import date

import pytest
from django.db import connection
from psycopg.types.range import Range

from tests import many
from tests.awards.conftest import determined
from tests.payments.conftest import (
    FAMILY_PROGRAMME,
    OCTOBER,
    SEPTEMBER,
    Office,
    award,
    families,
    moves,
    opening,
    stop,
)
from tests.places import division
from tests.test_harness import needs_roles
from yihu.access.actor import service
from yihu.awards import actions as awards
from yihu.awards.models import Award, AwardTerm
from yihu.common.refusals import Refused
from yihu.payments import actions, queries
from yihu.payments.enums import ProblemKind
from yihu.payments.models import PaymentRun
from yihu.policy.exclusions import never_together
from yihu.policy.labels import programme_of, programmes

# Each pair that a text excludes, and each programme of families with itself.
PAIRS = [
    (each.name, other)
    for each in programmes(many.DISTRICT)
    for other in never_together(each.name, many.DISTRICT, on=SEPTEMBER)
]


def twice(run: PaymentRun) -> list[tuple[str, str]]:
    return [
        (problem.household, problem.detail)
        for problem in queries.problems_of(run)
        if problem.kind is ProblemKind.COUNTED_TWICE
    ]


def test_what_excludes_what_is_said_by_the_packs() -> None:
    single = "single_person_subsistence"

    assert set(PAIRS) == {
        (FAMILY_PROGRAMME, FAMILY_PROGRAMME), (FAMILY_PROGRAMME, single), (single, FAMILY_PROGRAMME),
    }  # fmt: skip
    assert never_together("old_age_allowance", many.DISTRICT, on=SEPTEMBER) == ()
    assert never_together("no_such_programme", many.DISTRICT, on=SEPTEMBER) == ()


def counted_twice(office: Office, one: str, other: str) -> tuple[Award, Award]:
    """A child who moved is counted where it was and where it is; of one family, whoever is paid beside it."""
    here, there = families(1, members=2)[0], families(1, first=50)[0]
    if one == other:
        [first] = award([here], programme=one)
        moves(many.people_of(here)[1], there)
        # Granted here it would be refused; older books brought it.
        return first, award([there], programme=other, opening=opening(SEPTEMBER))[0]
    persons = {each: programme_of(each, many.DISTRICT).of_member for each in (one, other)}
    return award([here], programme=one, person=persons[one])[0], award([here], programme=other, person=persons[other])[
        0
    ]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_whoever_is_counted_twice_stands_in_the_way_until_one_is_stopped(office: Office, one: str, other: str) -> None:
    first, second = counted_twice(office, one, other)
    run = office.make(SEPTEMBER, *{one, other})

    found = twice(run)
    assert len(found) == 2
    for family, detail in found:
        assert family in (first.household.number, second.household.number)
        assert first.household.number in detail
        assert second.household.number in detail
    with pytest.raises(Refused, match="同一个人在两处领取"):
        actions.submit(run=run, by=office.maker, on=run.made_on)

    stop(second, SEPTEMBER)
    actions.refresh(run=run, by=office.maker, on=run.made_on)
    assert twice(run) == []
    office.approve(run)


def test_what_another_run_pays_counts_too_and_what_is_left_out_does_not(office: Office) -> None:
    [family] = families(1)
    award([family])
    office.pay(SEPTEMBER)
    award([family], programme="single_person_subsistence", person=True)

    run = office.make(SEPTEMBER, "single_person_subsistence")
    [(_number, detail)] = twice(run)
    assert detail.endswith(f"在户 {family.number} 和户 {family.number} 都算了 2026-09 的")
    actions.remove_line(run=run, line=run.lines.get(), reason="两处领取", by=office.maker)
    assert twice(run) == []


def test_an_opening_balance_counts_whoever_lived_there(office: Office) -> None:
    here, there = families(1, members=2)[0], families(1, first=50)[0]
    moves(many.people_of(here)[1], there, on=date(2026, 9, 10))
    award([there], start=OCTOBER)
    award([here], opening=opening(SEPTEMBER))

    assert len(twice(office.make(OCTOBER))) == 2


def test_a_member_who_is_not_counted_is_in_nobodys_way(office: Office) -> None:
    here = families(1, members=2)[0]
    lodger = many.people_of(here)[0]
    [claim] = award([here])
    living = here.members.values_list("person", flat=True)
    without = determined(here, 161_600, members=[{"counted_member": int(person != lodger.pk)} for person in living])
    assert lodger.pk in without.people
    assert lodger.pk not in without.counted_people
    AwardTerm.objects.create(
        award=claim, period=Range(SEPTEMBER, None), amount=161_600, determination=without, known_on=SEPTEMBER,
        made_by_id=service("tests").principal, granted_in_id=many.DISTRICT,
    )  # fmt: skip
    award([here], programme="single_person_subsistence", person=True)

    assert twice(office.make(SEPTEMBER, FAMILY_PROGRAMME, "single_person_subsistence")) == []


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_nothing_is_granted_beside_what_is_there(office: Office, one: str, other: str) -> None:
    first, second = counted_twice(office, one, other)
    stop(second, SEPTEMBER)
    granted = {
        "household": second.household, "person": second.person, "programme": other, "key": "running",
        "amount": 161_600,
        "determination": determined(second.household, 161_600, programme=other, person=second.person),
        "on": SEPTEMBER,
    }  # fmt: skip

    with many.district_at_work() as service:
        with pytest.raises(Refused, match=f"从 2026 年 10 月 起已算在户 {first.household.number} 的.*先在那里终止"):
            awards.grant(period=Range(OCTOBER, None), by=service, **granted)
        stop(first, OCTOBER)
        assert awards.grant(period=Range(OCTOBER, None), by=service, **granted).award == second


@needs_roles
def test_what_another_district_counts_stands_in_the_way_of_both_and_names_no_family(office: Office) -> None:
    here = families(1, members=2)[0]
    moved = many.people_of(here)[1]
    elsewhere = "11/0108/"
    with many.at_work_in("11/"):
        community = division(f"{elsewhere}001/001/")
        there = families(1, first=50, community=community.pk)[0]
        moves(moved, there, on=date(2026, 9, 10))
        many.Person.objects.filter(pk=moved.pk).update(household=there)
    with many.at_work_in(elsewhere):
        maker, checker = (many.make_actor(f"finance_{each}", elsewhere) for each in ("maker", "checker"))
        [other] = award([there], start=OCTOBER)
        theirs = Office(maker, checker).make(OCTOBER)
        assert twice(theirs) == [], "nobody else pays for October yet"
    [claim] = award([here], opening=opening(SEPTEMBER))
    ours = office.make(OCTOBER)
    [(family, detail)] = twice(ours)
    assert family == here.number
    assert detail == f"已迁走的一位成员在户 {here.number} 算了 2026-10 的，别的区的一户也算了他"
    with pytest.raises(Refused, match="同一个人在两处领取"):
        actions.submit(run=ours, by=office.maker, on=ours.made_on)
    with many.at_work_in(elsewhere):
        [(family, detail)] = twice(theirs)
        assert family == other.household.number
        assert detail.startswith(moved.name)
        assert here.number not in detail

    stop(claim, OCTOBER)
    actions.refresh(run=ours, by=office.maker, on=ours.made_on)
    assert twice(ours) == []
    with many.at_work_in(elsewhere):
        assert twice(theirs) == []
    with many.at_work_in("11/0102/007/"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM payments_counted_elsewhere(%s, %s::varchar[], %s::varchar[])",
            [theirs.pk, [FAMILY_PROGRAMME], [FAMILY_PROGRAMME]],
        )
        assert cursor.fetchone() == (0,)
