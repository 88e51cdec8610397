"""``__in`` with any number of values, of any kind of column."""

from datetime import date, timedelta

import pytest
from django.db.models import F, Q
from django.db.models.functions import ExtractYear

from tests import rooms
from yihu.common.lookups import FEW
from yihu.households.models import Household, Person
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division

MORE_THAN_A_STATEMENT_HOLDS = range(70_000, 0, -1)


@pytest.fixture
def family(db: None) -> Household:
    district = rooms.make_district()
    with rooms.everywhere() as actor:
        return rooms.make_family(district.community, by=actor)


def test_any_number_of_rows_is_looked_for_at_once(family: Household) -> None:
    ids = [*MORE_THAN_A_STATEMENT_HOLDS, family.pk]
    with rooms.everywhere():
        assert Household.objects.filter(pk__in=ids).get() == family
        assert Person.objects.filter(household__in=ids).count() == family.members.count() > 0
        assert not Household.objects.exclude(pk__in=ids).exists()


def test_a_statement_reads_the_same_however_many_the_values() -> None:
    some, more = (Person.objects.filter(household__in=range(n)).query.sql_with_params() for n in (FEW + 1, 2 * FEW))

    assert some[0] == more[0]
    assert [len(values) for (values,) in (some[1], more[1])] == [FEW + 1, 2 * FEW]


def test_every_kind_of_column_can_be_looked_up(family: Household) -> None:
    place, numbers = family.division, range(9_000, 9_000 + FEW)
    words, days = [f"无此人{n}" for n in numbers], [date(1, 1, 1) + timedelta(days=n) for n in numbers]
    with rooms.everywhere():
        head = Person.objects.order_by("pk").first()
        assert head is not None
        found = Person.objects.filter(pk=head.pk)
        assert found.filter(birth_date__in=[head.birth_date, *days]).exists()
        assert found.filter(name__in=[*words, head.name, None]).exists()
        assert found.filter(identity_digest__in=[head.identity_digest, *map(str.encode, words)]).exists()
        assert found.filter(birth_date__year__in=[head.birth_date.year, *numbers]).exists()
        assert found.annotate(born=ExtractYear("birth_date")).filter(born__in=(head.birth_date.year, *numbers)).exists()
        assert found.filter(household__in=[family, *numbers]).exists()
        assert found.filter(household__in=Household.objects.filter(pk=family.pk)).exists()
        assert found.filter(name__in=[F("name"), *words]).exists()
        assert Household.objects.filter(division__in=[place, *words]).get() == family
        assert Household.objects.filter(division__level__in=[DivisionLevel.COMMUNITY, *words]).exists()
        assert Division.objects.in_bulk([place.pk, *words]) == {place.pk: place}


def test_no_value_finds_nothing_and_shuts_nothing_out(family: Household) -> None:
    with rooms.everywhere():
        assert not Person.objects.filter(name__in=[]).exists()
        assert not Person.objects.filter(Q(household__in=[None])).exists()
        assert Person.objects.exclude(household__in=set()).exists()
