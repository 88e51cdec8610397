"""What tests of the rooms begin with: a district, people who work in it, a family. Everybody is invented."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric

from tests.places import divisions
from yihu.access.actor import Actor, service
from yihu.access.capabilities import Capability
from yihu.access.enums import PrincipalKind
from yihu.access.models import Principal
from yihu.access.posts import actor_at
from yihu.access.scope import acting
from yihu.households import actions
from yihu.households.actions import NewMember
from yihu.households.enums import HEAD
from yihu.households.models import Household, Person
from yihu.organisations.models import Division

ON = date(2026, 3, 2)
SPOUSE, SON, DAUGHTER = 10, 20, 30
# What whoever loads a register needs; the service may nothing that is not named.
LOADS = (
    Capability.KEEP_FAMILIES,
    Capability.SETTLE_DIFFERENCES,
    Capability.MOVE_FAMILIES,
    Capability.DELIVER_LETTERS,
    Capability.KEEP_ACCOUNTS,
    Capability.LOAD_OPENING_LISTS,
    Capability.END_AWARDS,
    Capability.EXCHANGE_FILES,
    Capability.KEEP_STAFF,
    Capability.SEE_FORMER_STAFF,
    Capability.DECLARE_FOR_OTHERS,
)


@dataclass(frozen=True)
class District:
    """Two streets of a district, the first with two communities, the second with one."""

    district: Division
    street: Division
    community: Division
    neighbour: Division
    far_street: Division
    far_community: Division


def make_district() -> District:
    """The divisions alone, by the paths of their real codes."""
    names = {
        "11/0102/": "西城区",
        "11/0102/007/": "月坛街道",
        "11/0102/007/001/": "第一社区",
        "11/0102/007/002/": "第二社区",
        "11/0102/018/": "牛街街道",
        "11/0102/018/001/": "远社区",
    }
    made = divisions(names)
    return District(*(made[path] for path in names))


def actor(post: str, area: Division, number: int = 1) -> Actor:
    """Someone at a post, to which he need not be appointed; of one number there is one."""
    return actor_at(principal(f"甄{number}"), f"甄{number}", post, (area.path,))


def principal(name: str) -> int:
    """The key of someone of this name who acts; made when a test first asks for him."""
    with everywhere():
        return Principal.objects.get_or_create(kind=PrincipalKind.STAFF, name=name)[0].pk


@contextmanager
def everywhere() -> Iterator[Actor]:
    """As the service, in the whole district."""
    loader = service("tests", "11/0102/", may=LOADS)
    with acting(loader):
        yield loader


def identity_number(born: date, sequence: int = 1) -> str:
    """A number of an area never issued; an odd sequence is a man's."""
    body = f"000000{born:%Y%m%d}{sequence:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def make_family(
    division: Division, *, by: Actor, on: date = ON, members: Sequence[NewMember] = (), telephone: str = ""
) -> Household:
    """A family on file: by default a man of 1980, his wife and a daughter of 2015."""
    return actions.open_household(
        division=division,
        address="月坛北街 1 号",
        telephone=telephone,
        members=members
        or (
            NewMember("贾一鸣", HEAD, identity_number(date(1980, 5, 1), 1)),
            NewMember("甄如玉", SPOUSE, identity_number(date(1982, 6, 2), 2)),
            NewMember("贾小样", DAUGHTER, identity_number(date(2015, 9, 1), 4)),
        ),
        by=by,
        on=on,
    )


def move_out(
    *,
    household: Household,
    leaving: Mapping[int, int],
    division: Division,
    address: str,
    left_on: date,
    by: Actor,
    on: date,
    relations: Mapping[int, int] | None = None,
) -> Household:
    """Some set up a household of their own, as the desk does it: they leave one family and a file is opened for them.

    ``leaving`` gives their relations to the new head by the ids of their persons, ``relations`` those of who stays.
    """
    for member in household.members.filter(person__in=leaving, period__upper_inf=True):
        actions.end_membership(member=member, left_on=left_on, reason="分户", by=by, on=on, relations=relations)
    members = [
        NewMember(person.name, leaving[person.pk], since=left_on, person=person)
        for person in Person.objects.filter(pk__in=leaving).order_by("pk")
    ]
    return actions.open_household(division=division, address=address, members=members, by=by, on=on)
