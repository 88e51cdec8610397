"""Nobody is counted for the same month in two districts, though neither sees the other's families."""

import threading
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.db import DatabaseError, connection
from psycopg.types.range import Range

from tests import many
from tests.at_once import at_once
from tests.awards.conftest import FAMILY_PROGRAMME, determined
from tests.places import division
from tests.test_harness import needs_roles
from yihu.access.actor import Actor, service
from yihu.access.enums import PrincipalKind
from yihu.access.scope import acting
from yihu.awards import actions
from yihu.awards.enums import EndReason
from yihu.awards.models import Award, AwardTerm
from yihu.common.refusals import Refused
from yihu.households.models import Household, Member, Person
from yihu.policy.models import Determination

THERE = "11/0108/"
SINGLE = "single_person_subsistence"
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
LEFT_ON = date(2026, 8, 30)

pytestmark = needs_roles


@pytest.fixture
def here(db: None) -> Household:
    """A family of two here."""
    with many.district_at_work():
        many.make_district()
        return many.make_family(members=2)


@pytest.fixture
def there(here: Household) -> Household:
    """A family of another district, to which the second of the first one moved."""
    with many.at_work_in("11/"):
        division(f"{THERE}001/001/")
        found = many.make_family(community=f"{THERE}001/001/", first=50)
        moved = many.people_of(here)[1]
        Member.objects.filter(person=moved).update(period=Range(many.SINCE, LEFT_ON))
        Member.objects.create(household=found, person=moved, relation=many.CHILD, period=Range(LEFT_ON, None))
        Person.objects.filter(pk=moved.pk).update(household=found)
    return found


@pytest.fixture
def officer(there: Household) -> Iterator[Actor]:
    """The other district at work."""
    with many.at_work_in(THERE) as found:
        yield found


def moved_to(there: Household) -> Person:
    return Person.objects.get(household=there, memberships__relation=many.CHILD)


def granted(
    family: Household, *, programme: str = FAMILY_PROGRAMME, person: Person | None = None, in_district: str = THERE
) -> AwardTerm:
    with many.at_work_in(in_district) as by:
        return actions.grant(
            household=family, person=person, programme=programme, key="running", period=Range(OCTOBER, None),
            amount=100_000, determination=determined(family, 100_000, programme=programme, person=person), by=by,
            on=SEPTEMBER,
        )  # fmt: skip


def before_moving(here: Household, *, counts_him: bool = True) -> Award:
    """The family here has its award since before, which counts both or the first alone."""
    with many.at_work_in("11/") as by:
        claim = Award.objects.create(
            household=here, programme=FAMILY_PROGRAMME, key="running", kind="month", form="money"
        )
        counting = Determination.objects.create(
            household=here, programme=FAMILY_PROGRAMME, on=LEFT_ON, known_on=LEFT_ON, outcome="eligible",
            amount=161_600, people=list(here.members.order_by("pk").values_list("person", flat=True)),
            explanation={}, hash="0" * 64, made_by_id=by.principal,
            record={"members": [{"counted_member": 1}, {"counted_member": int(counts_him)}]},
        )  # fmt: skip
        AwardTerm.objects.create(
            award=claim, period=Range(date(2026, 1, 1), None), amount=161_600, determination=counting,
            granted_in_id=many.DISTRICT, known_on=date(2026, 1, 1), made_by_id=by.principal,
        )  # fmt: skip
    return claim


def test_whoever_is_counted_in_another_district_is_not_counted_here_until_it_ends(
    here: Household, officer: Actor, there: Household
) -> None:
    claim = before_moving(here)
    # Nothing of it is seen there.
    assert not Award.objects.filter(pk=claim.pk).exists()

    with pytest.raises(Refused, match="您看不到的一户") as refused:
        granted(there)
    assert here.number not in refused.value.message
    assert not Award.objects.exists()

    with many.district_at_work() as by:
        actions.stop(award=claim, from_day=OCTOBER, reason=EndReason.LEFT, by=by, on=SEPTEMBER)
    assert granted(there).award.household == there


def test_whoever_another_family_does_not_count_is_in_nobodys_way(
    here: Household, officer: Actor, there: Household
) -> None:
    before_moving(here, counts_him=False)
    assert granted(there)


def test_a_person_with_an_award_of_his_own_from_there_is_not_counted_in_a_family_here(
    here: Household, officer: Actor, there: Household
) -> None:
    person = moved_to(there)
    with many.at_work_in("11/") as by:
        own = Award.objects.create(
            household=here, person=person, programme=SINGLE, key="running", kind="month", form="money"
        )
        AwardTerm.objects.create(
            award=own, period=Range(date(2026, 1, 1), None), amount=50_000,
            determination=determined(here, 50_000, programme=SINGLE, person=person),
            granted_in_id=many.DISTRICT, known_on=date(2026, 1, 1), made_by_id=by.principal,
        )  # fmt: skip
    with pytest.raises(Refused, match="已算在"):
        granted(there)


def test_it_says_yes_or_no_and_nothing_to_who_does_not_work_here(here: Household, there: Household) -> None:
    before_moving(here)
    with many.at_work_in("11/"):
        people = list(Member.objects.filter(household=here).values_list("person", flat=True))
    outsider = Actor(PrincipalKind.PARTNER, service("tests").principal, "梅外", post="", areas=())
    told = []
    for actor in (service("tests", THERE), service("tests", many.DISTRICT), outsider):
        with acting(actor), connection.cursor() as cursor:
            cursor.execute(
                "SELECT awards_counted_elsewhere(%s::bigint[], %s::text[], %s::daterange, 0)",
                [people, [FAMILY_PROGRAMME], Range(OCTOBER, None)],
            )
            told.append(cursor.fetchone()[0])
    # Whoever sees the family is told of it in words elsewhere.
    assert told == [True, False, False]


def written(family: Household, people: list[int], *, by: Actor) -> AwardTerm:
    """The rows of a grant without the action that looks first."""
    claim = Award.objects.create(
        household=family, programme=FAMILY_PROGRAMME, key="running", kind="month", form="money"
    )
    return AwardTerm.objects.create(
        award=claim, period=Range(OCTOBER, None), amount=100_000,
        determination=determined(family, 100_000, people=people), granted_in_id=by.areas[0], known_on=SEPTEMBER,
        made_by_id=by.principal,
    )  # fmt: skip


def acted(family: Household, people: list[int], *, by: Actor) -> AwardTerm:
    """The same by the action."""
    return actions.grant(
        household=family, person=None, programme=FAMILY_PROGRAMME, key="running", period=Range(OCTOBER, None),
        amount=100_000, determination=determined(family, 100_000, people=people), by=by, on=SEPTEMBER,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("grants", [acted, written])
def test_of_two_districts_that_grant_at_the_same_moment_the_second_is_refused(grants: Callable[..., AwardTerm]) -> None:
    with many.at_work_in("11/"):
        many.make_district()
        division(f"{THERE}001/001/")
        here, there = many.make_family(members=2), many.make_family(community=f"{THERE}001/001/", first=50)
        both = [person.pk for person in many.people_of(here)]
        Member.objects.filter(person=both[1]).update(period=Range(many.SINCE, LEFT_ON))
        Member.objects.create(household=there, person_id=both[1], relation=many.CHILD, period=Range(LEFT_ON, None))
        Person.objects.filter(pk=both[1]).update(household=there)
    is_granted, is_over = threading.Event(), threading.Event()

    def first() -> None:
        with many.district_at_work() as by:
            grants(here, both, by=by)
            is_granted.set()
            # Committed once the other waits for it, or is through without having waited.
            while not is_over.wait(0.05) and not somebody_waits():
                pass

    def second() -> None:
        assert is_granted.wait(20)
        try:
            with many.at_work_in(THERE) as by:
                grants(there, both[1:], by=by)
        finally:
            is_over.set()

    one, other = at_once([first, second])
    assert one is None, one
    assert isinstance(other, Refused if grants is acted else DatabaseError), other
    assert "不能再算" in str(other)
    with many.at_work_in("11/"):
        assert [term.award.household for term in AwardTerm.objects.all()] == [here]


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])
