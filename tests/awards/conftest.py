"""A family in a small district, and determinations about it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pytest

from tests import many
from yihu.access.actor import Actor, service
from yihu.households.models import Household, Person
from yihu.policy.models import Determination

FAMILY_PROGRAMME = "subsistence_allowance"
MEMBER_PROGRAMME = "old_age_allowance"


@pytest.fixture
def actor(db: None) -> Iterator[Actor]:
    """The service at work in a district of two streets."""
    with many.district_at_work() as actor:
        many.make_district()
        yield actor


@pytest.fixture
def family(actor: Actor) -> Household:
    """A family of three."""
    return many.make_family(members=3)


def determined(
    household: Household,
    amount: int | None,
    *,
    programme: str = FAMILY_PROGRAMME,
    person: Person | None = None,
    on: date = date(2026, 8, 20),
    outcome: str = "eligible",
    is_ceiling: bool = False,
    members: Sequence[Mapping[str, int]] = (),
    people: Sequence[int] = (),
) -> Determination:
    """A determination as the policies leave it behind, without its reasons; of whoever lives there unless it says."""
    return Determination.objects.create(
        household=household,
        programme=programme,
        person=person,
        on=on,
        known_on=on,
        outcome=outcome,
        amount=amount,
        is_ceiling=is_ceiling,
        people=list(people) or list(household.members.filter(period__upper_inf=True).values_list("person", flat=True)),
        record={"members": [*members]} if members else {},
        explanation={},
        hash="0" * 64,
        made_by_id=service("tests").principal,
    )
