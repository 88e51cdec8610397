"""The accounts of the demonstration: invented people at every post, whose password stands on the login page."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from yihu.access.actor import Actor
from yihu.access.models import Login
from yihu.access.posts import label_of
from yihu.organisations import actions
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division
from yihu.organisations.paths import number_of
from yihu.organisations.queries import own_offices

PASSWORD = "yihu-demo-2026"
SINCE = date(2020, 1, 1)

DISTRICT = "11/0102/"
STREET = "11/0102/007/"
COMMUNITY = "11/0102/007/003/"

# Account, name, post, division. One for each post, in the order in which a family's case passes them.
SHOWN = (
    ("shegong", "贾安平", "community_worker", COMMUNITY),
    ("jingban", "甄晓禾", "window_clerk", STREET),
    ("shenhe", "贾知行", "street_examiner", STREET),
    ("zhuren", "甄怀远", "street_director", STREET),
    ("quji", "贾守正", "district_officer", DISTRICT),
    ("zhidan", "甄如数", "finance_maker", DISTRICT),
    ("fuhe", "贾再思", "finance_checker", DISTRICT),
    ("shenji", "甄明鉴", "auditor", DISTRICT),
)
# Two go on a home visit, and whoever admitted a case does not examine it.
SECOND = (
    ("shegong2", "贾乐群", "community_worker", COMMUNITY),
    ("jingban2", "甄亦可", "window_clerk", STREET),
    ("shenhe2", "贾慎之", "street_examiner", STREET),
    ("quji2", "甄求实", "district_officer", DISTRICT),
)
# In every other street: how accounts begin, and with which surname names do.
OF_STREETS = (
    ("jingban", "甄", "window_clerk"),
    ("shenhe", "贾", "street_examiner"),
    ("zhuren", "郝", "street_director"),
)
GIVEN = ("一帆", "二丰", "三省", "四维", "五车", "六合", "七步", "八达", "九思", "十里", "百川", "千寻", "万里", "亿年")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demonstration that anyone may enter with one click."""

    username: str
    password: str
    name: str
    office: str
    post: str


def shown() -> list[DemoAccount]:
    """Those that the login page offers, as far as they are loaded."""
    present = set(Login.objects.filter(username__in=[row[0] for row in SHOWN]).values_list("username", flat=True))
    places = Division.objects.in_bulk([row[3] for row in SHOWN])
    return [
        DemoAccount(username, PASSWORD, name, str(places[place]), label_of(kind))
        for username, name, kind, place in SHOWN
        if username in present
    ]


@transaction.atomic
def load(*, by: Actor, on: date) -> int:
    """Make the accounts that are not there yet; how many that were. The divisions must be loaded."""
    wanted = [*SHOWN, *SECOND, *_of_streets()]
    present = set(Login.objects.values_list("username", flat=True))
    missing = [row for row in wanted if row[0] not in present]
    if not missing:
        return 0
    # One hash for all: making one takes a third of a second, and the password is no secret.
    password_hash = make_password(PASSWORD)
    offices = {office.division_id: office for office in own_offices()}
    for username, name, kind, place in missing:
        staff = actions.create_staff(username=username, name=name, password_hash=password_hash, by=by, on=on)
        actions.appoint(staff=staff, post_kind=kind, office=offices[place], since=SINCE, by=by, on=on)
    return len(missing)


def _of_streets() -> list[tuple[str, str, str, str]]:
    streets = Division.objects.filter(level=DivisionLevel.STREET, path__startswith=DISTRICT).exclude(path=STREET)
    paths = list(streets.order_by("path").values_list("path", flat=True))
    return [
        (f"{start}-{number_of(path)}", surname + given, kind, path)
        for path, given in zip(paths, GIVEN, strict=True)
        for start, surname, kind in OF_STREETS
    ]
