"""Many invented families at once, as rows written straight into the tables of a small district.

Whoever tests how a family comes on file uses the rooms' own actions (`tests.rooms`). A scope must be set.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from psycopg.types.range import Range

from tests import places
from tests.places import divisions
from tests.rooms import LOADS, identity_number
from yihu.access.actor import Actor, service
from yihu.access.posts import actor_at, label_of
from yihu.access.scope import acting
from yihu.common import secrets
from yihu.common.names import pinyin_of
from yihu.households.enums import HEAD, Sex
from yihu.households.models import Household, Member, Person
from yihu.organisations.models import Appointment, Division, StaffMember
from yihu.organisations.numbering import prefix_of
from yihu.organisations.paths import district_of, number_of, street_of

DISTRICT = "11/0102/"
STREETS = {"11/0102/007/": "月坛街道", "11/0102/009/": "牛街街道"}
COMMUNITIES = {
    "11/0102/007/001/": "甲社区",
    "11/0102/007/002/": "乙社区",
    "11/0102/009/001/": "丙社区",
}
SINCE = date(2019, 1, 1)
SPOUSE = 10
CHILD = 20
NAMES = ("贾一鸣", "甄小满", "郝大海", "梅若兰", "吴名氏")


@contextmanager
def district_at_work(reason: str = "") -> Iterator[Actor]:
    """The service at work in the whole district."""
    with at_work_in(DISTRICT, reason=reason) as actor:
        yield actor


@contextmanager
def at_work_in(area: str, *, reason: str = "") -> Iterator[Actor]:
    """The same in another area, such as a whole province."""
    actor = service("tests", area, may=LOADS)
    with acting(actor, reason=reason):
        yield actor


def make_district() -> dict[str, Division]:
    """One district, two streets and three communities, by their paths."""
    return divisions({DISTRICT: "西城区", **STREETS, **COMMUNITIES})


def make_actor(kind: str, division: str = DISTRICT, *, name: str = "") -> Actor:
    """Someone appointed to a post, ready to act."""
    staff = StaffMember.objects.create_user(
        name or f"{kind}-{StaffMember.objects.count() + 1}", name=name or label_of(kind)
    )
    post = places.post(kind, division)
    Appointment.objects.create(post=post, staff=staff, period=Range(SINCE, None))
    return actor_at(staff.pk, staff.name, kind, (division,))


def make_families(
    count: int, *, members: int = 1, community: str = "11/0102/007/001/", since: date = SINCE, first: int = 1
) -> list[Household]:
    """Families of so many members each, the first one head; numbered from ``first``, each person with a number."""
    households = Household.objects.bulk_create(
        Household(
            number=f"{prefix_of(district_of(community))}-{number_of(street_of(community))}-{first + at:06d}",
            division_id=community,
            address=f"某胡同 {first + at} 号",
            opened_on=since,
        )
        for at in range(count)
    )
    people = Person.objects.bulk_create(
        _person(household, _serial(household) * 10 + at, NAMES[(at + _serial(household)) % len(NAMES)])
        for household in households
        for at in range(members)
    )
    relations: Sequence[int] = (HEAD, SPOUSE, *[CHILD] * members)
    Member.objects.bulk_create(
        Member(
            household_id=person.household_id, person=person, relation=relations[at % members], period=Range(since, None)
        )
        for at, person in enumerate(people)
    )
    return households


def make_family(**options: object) -> Household:
    """One such family."""
    [household] = make_families(1, **options)  # type: ignore[arg-type]
    return household


def people_of(household: Household) -> list[Person]:
    """Who is in the file, in the order of coming."""
    return list(household.people.order_by("pk"))


def _serial(household: Household) -> int:
    return int(household.number[-6:])


def _person(household: Household, serial: int, name: str) -> Person:
    # Each thousand numbers has a birthday of its own: the sequence has three digits.
    place = int(household.division_id.replace("/", ""))
    birth = date(1940 + serial // 1000 % 60, 1 + serial // 60_000 % 12, 1 + place % 28)
    number = identity_number(birth, serial % 1000)
    written = pinyin_of(name)
    return Person(
        household=household,
        name=name,
        pinyin=written.full,
        initials=written.initials,
        sex=Sex.FEMALE,
        birth_date=birth,
        identity_number=secrets.encrypt(secrets.Kind.IDENTITY, number),
        identity_digest=secrets.digest(secrets.Kind.IDENTITY, number),
        identity_tail=number[-4:],
    )
