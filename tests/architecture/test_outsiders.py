"""Who does not work here sees nothing of the register but his own household, or what was granted him, by one door."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests import rooms
from tests.architecture.test_declared_locks import TABLES
from tests.places import division
from tests.test_harness import needs_roles
from yihu.access.actor import Actor, service
from yihu.access.enums import OUTSIDE, PrincipalKind
from yihu.access.models import Login
from yihu.access.posts import actor_at
from yihu.access.scope import acting
from yihu.common.clock import today
from yihu.common.refusals import Refused
from yihu.households import actions, queries
from yihu.households.enums import DisclosedField, DisclosurePurpose, ReadKind
from yihu.households.models import FileRead, Grant, Household, Member, Person, Resident
from yihu.organisations.enums import OrganisationKind
from yihu.organisations.models import Organisation, Partner

pytestmark = [pytest.mark.django_db, needs_roles]

ON, UNTIL = date(2026, 3, 2), date(2026, 9, 1)
CARE = DisclosurePurpose.CARE


@pytest.fixture
def district(db: None) -> Iterator[rooms.District]:
    with rooms.everywhere():
        yield rooms.make_district()


@pytest.fixture
def family(district: rooms.District) -> Household:
    with rooms.everywhere() as by:
        return rooms.make_family(district.community, by=by)


@pytest.fixture
def other(district: rooms.District) -> Household:
    number = rooms.identity_number(date(1950, 1, 1), 3)
    with rooms.everywhere() as by:
        return rooms.make_family(district.community, by=by, members=[actions.NewMember("郝独居", 2, number)])


@pytest.fixture
def officer(district: rooms.District) -> Actor:
    return rooms.actor("district_officer", district.district)


def made(organisation: str = "某照料中心", name: str = "梅照料") -> Actor:
    """Somebody of a charity, with an account."""
    of, _made = Organisation.objects.get_or_create(name=organisation, kind=OrganisationKind.CHARITY)
    partner = Partner.objects.create(kind=PrincipalKind.PARTNER, name=name, organisation=of)
    Login.objects.create(principal=partner, username=f"partner{partner.pk}", password="!")
    return queries.partner_acting(partner)


def resident(family: Household) -> Actor:
    """The head of a family, with an account."""
    head = Person.objects.get(memberships__household=family, memberships__relation=2)
    himself = Resident.objects.create(kind=PrincipalKind.RESIDENT, name=head.name, person=head)
    Login.objects.create(principal=himself, username=f"resident{himself.pk}", password="!")
    return queries.resident_acting(himself, on=ON)


def seen() -> dict[str, int]:
    """How many rows of each table of the rooms whoever acts sees."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            [(found[table],)] = cursor.fetchall()
    return {table: count for table, count in found.items() if count}


@pytest.mark.usefixtures("family")
def test_a_partner_sees_no_row_of_any_table() -> None:
    assert len(seen()) > 5
    with acting(made()):
        assert seen() == {}


@pytest.mark.usefixtures("family")
def test_no_area_makes_an_outsider_see_more(district: rooms.District) -> None:
    for kind in OUTSIDE:
        with acting(Actor(kind, rooms.principal("梅外"), "梅外", "district_officer", (district.district.path,))):
            assert seen() == {}
            assert not queries.families(actor_at(1, "", "", (district.district.path,))).exists()
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM search_people('{11/}', 50, null, null, null, null, null, '贾',"
                    " null, null, null)"
                )
                assert cursor.fetchone() == (0,)


def test_a_resident_sees_his_own_household_and_who_lives_in_it(family: Household, other: Household) -> None:
    with acting(resident(family)):
        assert seen() == {"households_household": 1, "households_member": 3, "households_person": 3}
        assert Household.objects.get() == family
        assert not Member.objects.filter(household=other).exists()


def test_a_resident_who_lives_nowhere_sees_nothing_and_nobody_changes_what_he_sees(family: Household) -> None:
    actor = resident(family)
    with acting(actor):
        assert not Household.objects.filter(pk=family.pk).update(address="改了")
        assert not Member.objects.all().delete()[0]
    assert queries.resident_acting(Resident.objects.get(), on=date(1999, 1, 1)).own == ()


def day(after: int) -> date:
    """So many days after today, which is what the database says that it is."""
    return today() + timedelta(days=after)


def granted(
    family: Household,
    officer: Actor,
    *fields: DisclosedField,
    organisation: str = "某照料中心",
    since: int = 0,
    until: int = 30,
) -> Grant:
    of, _made = Organisation.objects.get_or_create(name=organisation, kind=OrganisationKind.CHARITY)
    with acting(officer):
        return actions.give_grant(
            organisation=of, household=family, purpose=CARE, fields=fields, until=day(until), basis="本人同意书",
            by=officer, on=day(since),
        )  # fmt: skip


def test_a_partner_is_shown_what_was_granted_and_the_file_says_so(family: Household, officer: Actor) -> None:
    granted(family, officer, DisclosedField.HEAD, DisclosedField.SIZE)
    partner = made()

    with acting(partner):
        assert queries.disclosed(family.pk, CARE) == {"head": "贾一鸣", "size": 3}
        assert seen() == {}

    read = FileRead.objects.get(household=family, kind=ReadKind.DISCLOSURE)
    assert (read.actor_id, read.purpose, read.detail) == (partner.principal, CARE, "某照料中心")


@pytest.mark.parametrize(
    ("purpose", "since", "until"),
    [
        (DisclosurePurpose.CHARITY, -5, 30),
        (CARE, 2, 30),
        (CARE, -5, 0),
    ],
)
def test_without_a_grant_for_it_on_that_day_nothing_is_shown(
    family: Household, officer: Actor, purpose: DisclosurePurpose, since: int, until: int
) -> None:
    granted(family, officer, DisclosedField.ADDRESS, since=since, until=until)

    with acting(made()), pytest.raises(Refused, match="没有这一户这项用途的有效授权"):
        queries.disclosed(family.pk, purpose)


def test_a_partner_does_not_say_what_day_it_is(family: Household, officer: Actor) -> None:
    """A grant that is over, or not yet begun, is none whatever day somebody names."""
    granted(family, officer, DisclosedField.ADDRESS, since=-5, until=-2)

    with (
        acting(made()),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="disclosed"),
        transaction.atomic(),
    ):
        cursor.execute("SELECT disclosed(%s, %s, %s)", [family.pk, CARE, day(-4)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date")
        assert cursor.fetchone() == (today(),)


def test_of_a_family_that_moved_to_another_district_nothing_is_shown_until_it_comes_back(
    family: Household, officer: Actor, district: rooms.District
) -> None:
    granted(family, officer, DisclosedField.ADDRESS, DisclosedField.COMMUNITY)
    elsewhere = division("11/0108/001/001/")
    partner = made()
    with acting(partner):
        assert queries.disclosed(family.pk, CARE)["community"] == "第一社区"
    with acting(service("tests", "11/")):
        Household.objects.filter(pk=family.pk).update(division=elsewhere, address="海淀某处")

    with acting(partner), pytest.raises(Refused, match="没有这一户"):
        queries.disclosed(family.pk, CARE)

    # Who gave it still sees it, and takes it back; the other district sees what was shown of its family.
    there = rooms.actor("district_officer", division("11/0108/"), 2)
    with acting(there):
        grant = Grant.objects.get()
        with pytest.raises(Refused, match="不在您负责的区域"):
            actions.end_grant(grant=grant, reason="已迁来", by=there, on=today())
    with acting(service("tests", "11/")):
        Household.objects.filter(pk=family.pk).update(division=district.far_community)
    with acting(partner):
        assert queries.disclosed(family.pk, CARE)["community"] == "远社区"
    with acting(service("tests", "11/")):
        Household.objects.filter(pk=family.pk).update(division=elsewhere)
    with acting(officer):
        assert not Household.objects.filter(pk=family.pk).exists()
        actions.end_grant(grant=Grant.objects.get(), reason="已迁出", by=officer, on=today())
    with acting(service("tests", "11/")):
        Household.objects.filter(pk=family.pk).update(division=district.community)
    with acting(partner), pytest.raises(Refused, match="没有这一户"):
        queries.disclosed(family.pk, CARE)


def test_a_grant_is_not_ended_from_a_day_to_come(family: Household, officer: Actor) -> None:
    """It would be shown until then, could not be ended any more, and a second one could stand beside it."""
    granted(family, officer, DisclosedField.HEAD)
    with acting(officer), pytest.raises(DatabaseError, match="不能从以后的日子起终止"), transaction.atomic():
        Grant.objects.update(ended_on=day(1))


@pytest.mark.parametrize("function", ["app_look_again", "app_make_months"])
def test_whoever_does_not_work_here_does_not_put_the_database_in_order(family: Household, function: str) -> None:
    with (
        acting(made()),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="不能整理数据库"),
        transaction.atomic(),
    ):
        cursor.execute(f"SELECT {function}()")


def test_a_grant_is_taken_back_on_its_first_day_and_for_good(family: Household, officer: Actor) -> None:
    grant = granted(family, officer, DisclosedField.HEAD)
    partner = made()
    with acting(partner):
        queries.disclosed(family.pk, CARE)
    with acting(officer):
        actions.end_grant(grant=grant, reason="授权给错了单位", by=officer, on=today())
        with pytest.raises(Refused, match="不必再终止"):
            actions.end_grant(grant=grant, reason="再来", by=officer, on=today())
        for later, why in ((None, "已经终止"), (day(-1), "已经终止"), (day(5), "不能从以后的日子起终止")):
            with pytest.raises(DatabaseError, match=why), transaction.atomic():
                Grant.objects.filter(pk=grant.pk).update(ended_on=later)
    with acting(partner), pytest.raises(Refused, match="没有这一户"):
        queries.disclosed(family.pk, CARE)
    # What was taken back does not stand in the way of another on the same day.
    granted(family, officer, DisclosedField.SIZE)
    with acting(partner):
        assert queries.disclosed(family.pk, CARE) == {"size": 3}


def test_the_last_day_of_a_grant_still_counts_and_one_that_was_ended_does_not(
    family: Household, officer: Actor
) -> None:
    grant = granted(family, officer, *DisclosedField, since=-5, until=1)
    partner = made()
    with acting(partner):
        shown = queries.disclosed(family.pk, CARE)
    assert set(shown) == set(DisclosedField)
    with acting(officer):
        actions.end_grant(grant=grant, reason="不再需要", by=officer, on=today())
    with acting(partner), pytest.raises(Refused, match="没有这一户"):
        queries.disclosed(family.pk, CARE)


def test_of_a_closed_family_nothing_is_shown(family: Household, officer: Actor) -> None:
    granted(family, officer, DisclosedField.HEAD)
    with rooms.everywhere():
        Household.objects.filter(pk=family.pk).update(closed_on=today())

    with acting(made()), pytest.raises(Refused, match="没有这一户"):
        queries.disclosed(family.pk, CARE)


def test_another_family_another_organisation_and_one_who_was_shut_out_are_shown_nothing(
    family: Household, other: Household, officer: Actor
) -> None:
    granted(family, officer, DisclosedField.HEAD)
    mine, foreign = made(), made("某基金会", "郝基金")
    for actor, household in ((mine, other), (foreign, family), (resident(family), family), (officer, family)):
        with acting(actor), pytest.raises(Refused, match="没有这一户"):
            queries.disclosed(household.pk, CARE)
    Partner.objects.filter(name="梅照料").update(is_active=False)
    with acting(mine), pytest.raises(Refused, match="没有这一户"):
        queries.disclosed(family.pk, CARE)
    assert not FileRead.objects.filter(kind=ReadKind.DISCLOSURE).exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"basis": " "}, "依据"),
        ({"fields": ()}, "哪些内容"),
        ({"until": ON}, "期限"),
        ({"by": actor_at(2, "贾", "window_clerk", ("11/0102/",))}, "不能授权"),
        ({"by": actor_at(2, "贾", "district_officer", ("11/0108/",))}, "不在您负责的区域"),
    ],
)
def test_a_grant_names_fields_a_basis_and_an_end_and_is_the_districts(
    family: Household, officer: Actor, changed: dict[str, object], words: str
) -> None:
    of = Organisation.objects.create(name="某中心", kind=OrganisationKind.CHARITY)
    values = {
        "organisation": of, "household": family, "purpose": CARE, "fields": [DisclosedField.HEAD], "until": UNTIL,
        "basis": "协议", "by": officer, "on": ON,
    }  # fmt: skip
    with acting(officer), pytest.raises(Refused, match=words):
        actions.give_grant(**{**values, **changed})  # type: ignore[arg-type]


def test_the_database_keeps_a_grant_as_it_was_given(family: Household, officer: Actor) -> None:
    grant = granted(family, officer, DisclosedField.HEAD)
    with acting(officer):
        for change in (
            {"fields": ["address"]},
            {"purpose": "charity"},
            {"basis": "另一份"},
            {"period": (day(0), day(60))},
            {"granted_in": "11/0102/007/"},
        ):
            with pytest.raises(DatabaseError, match="授权不能改动"), transaction.atomic():
                Grant.objects.filter(pk=grant.pk).update(**change)
        for ended, said in ((day(-1), "grant_is_ended_while_it_lasts"), (day(30), "不能从以后的日子起终止")):
            with pytest.raises(DatabaseError, match=said), transaction.atomic():
                Grant.objects.filter(pk=grant.pk).update(ended_on=ended)
        with pytest.raises(DatabaseError, match="grant_ends"), transaction.atomic():
            Grant.objects.create(
                organisation=grant.organisation, household=family, purpose="charity", fields=["head"], basis="x",
                period=(day(0), None), granted_in_id=grant.granted_in_id,
            )  # fmt: skip
        with pytest.raises(Refused, match="已有这一户"):
            granted(family, officer, DisclosedField.SIZE)


def test_no_outsider_acts_as_a_program(family: Household) -> None:
    for actor in (made(), resident(family)):
        with (
            acting(actor),
            connection.cursor() as cursor,
            pytest.raises(DatabaseError, match="程序的名义"),
            transaction.atomic(),
        ):
            cursor.execute("SELECT app_service('demo')")


def test_who_is_outside_is_said_once(wanted_kinds: set[str]) -> None:
    assert wanted_kinds == {kind.value for kind in OUTSIDE}


@pytest.fixture
def wanted_kinds() -> set[str]:
    """The kinds that the database takes for outsiders."""
    found = set()
    for kind in PrincipalKind:
        with acting(Actor(kind, 1, "x", post="", areas=())), connection.cursor() as cursor:
            cursor.execute("SELECT app_is_outside()")
            if cursor.fetchone() == (True,):
                found.add(kind.value)
    return found
