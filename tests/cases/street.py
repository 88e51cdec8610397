"""A street at work: who has a post in it, and a poor family that lives there. Everybody is invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zlib import crc32

from tests import places, rooms
from tests.policy.register import MODEST_HOME, NOTHING_ELSE
from yihu.access.actor import Actor
from yihu.access.posts import actor_at
from yihu.common.models import CalendarDay
from yihu.common.working_days import seed_from_chinesecalendar
from yihu.households import actions as households
from yihu.households.actions import NewFact, NewMember
from yihu.households.enums import HEAD, FactSource
from yihu.households.models import Fact, Household, Person
from yihu.organisations.models import Appointment, Division, StaffMember
from yihu.policy.labels import parse_fact

LONG_AGO = date(2019, 1, 2)


@dataclass(frozen=True)
class People:
    """Who works in the first street of the district, and above it."""

    clerk: Actor
    examiner: Actor
    second: Actor
    worker: Actor
    director: Actor
    officer: Actor
    deputy: Actor


def load_calendar() -> None:
    """The holidays and make-up days of the years in which the tests play."""
    days = seed_from_chinesecalendar((2019, 2020, 2021, 2022, 2023, 2025, 2026))
    CalendarDay.objects.bulk_create(
        CalendarDay(day=day, is_working=is_working, name=name, source="测试") for day, is_working, name in days
    )


def appoint(username: str, name: str, kind: str, division: Division) -> Actor:
    """Someone at a post."""
    staff = StaffMember.objects.create_user(username, name=name)
    post = places.post(kind, division.path)
    Appointment.objects.create(post=post, staff=staff, period=(LONG_AGO, None))
    return actor_at(staff.pk, name, kind, (division.path,))


def make_people(place: rooms.District) -> People:
    """One at each post; two examiners and two officers of the district, since some steps take two."""
    return People(
        clerk=appoint("clerk", "贾经办", "window_clerk", place.street),
        examiner=appoint("examiner", "甄审核", "street_examiner", place.street),
        second=appoint("second", "郝审核", "street_examiner", place.street),
        worker=appoint("worker", "梅社工", "community_worker", place.community),
        director=appoint("director", "吴主任", "street_director", place.street),
        officer=appoint("officer", "贾监督", "district_officer", place.district),
        deputy=appoint("deputy", "甄监督", "district_officer", place.district),
    )


def make_poor_family(
    division: Division,
    *,
    by: Actor,
    on: date = LONG_AGO,
    wage: str = "1894",
    names: Sequence[str] = ("贾一", "甄二", "郝三"),
) -> Household:
    """Up to three adults, of whom the head alone earns something, in the dwelling that they own."""
    born = (date(1980, 5, 1), date(1982, 6, 2), date(1955, 3, 4))
    start = crc32("".join(names).encode()) % 990
    members = [
        NewMember(name, relation, rooms.identity_number(day, start + place))
        for place, (name, relation, day) in enumerate(zip(names, (HEAD, rooms.SPOUSE, rooms.SON), born, strict=False))
    ]
    household = households.open_household(division=division, address="虚构胡同 1 号", members=members, by=by, on=on)
    people = list(household.people.order_by("id"))
    said = [NewFact(name, parse_fact(name, text)) for name, text in MODEST_HOME.items()]
    for person in people:
        typed = {**NOTHING_ELSE, "wage": wage if person == people[0] else "0"}
        said += [NewFact(name, parse_fact(name, text), person=person) for name, text in typed.items()]
    households.record_facts(household=household, facts=said, source=FactSource.DECLARED, by=by, on=on)
    return household


def say(
    household: Household, name: str, text: str, *, by: Actor, on: date, source: FactSource, person: Person | None = None
) -> Fact:
    """One fact as it would be typed."""
    department = "社保" if source is FactSource.RECEIVED else ""
    (fact,) = households.record_facts(
        household=household,
        facts=[NewFact(name, parse_fact(name, text), person=person)],
        source=source,
        department=department,
        by=by,
        on=on,
    )
    return fact
