"""The gate of every address: who holds exactly what it needs gets in, who holds all but that does not.

The post is an invented one: its rights stand in no file but that of the test, and it is seated, logs in and asks as
everybody does. A new post opens nothing.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

import pytest
from django.test import Client

from tests import rooms
from tests.web.routes import ROUTES
from tests.web.test_every_route import OPENED, Made, address, district, make, open_page, seat, service, words
from tests.web.things import Things, make_far_district
from yihu.access import posts as access_posts
from yihu.access.capabilities import Capability
from yihu.web.desk.rooms import ROOMS

__all__ = ["district", "make", "service"]

# The database knows this kind; what it may, the test says.
KIND = "auditor"
EVERYTHING = frozenset(Capability)
# What a shut door says, before whose page it is.
TOLD = "可以打开它的岗位"

Invent = Callable[[Collection[Capability]], None]


@pytest.fixture
def invent(monkeypatch: pytest.MonkeyPatch) -> Invent:
    """Gives the invented post its rights from now on."""
    known = dict(access_posts.posts())

    def given(capabilities: Collection[Capability]) -> None:
        kind = replace(known[KIND], label="新设的岗位", capabilities=frozenset(capabilities))
        monkeypatch.setattr(access_posts, "posts", lambda: known | {KIND: kind})

    return given


def refused(client: Client, path: str, things: Things | None) -> bool:
    """Whether each way to ask is answered with whose page it is, and nothing else is said."""
    where = address(path, things)
    answers = (client.get(where), client.post(where, ROUTES[path].typed))
    said = [words(answer) for answer in answers if answer.status_code == 403]
    return all(answer.status_code in (403, 405) for answer in answers) and any(
        "可以打开它的岗位" in one for one in said
    )


def test_a_post_without_capabilities_finds_every_door_shut(
    district: rooms.District, make: Made, invent: Invent
) -> None:
    things = make()
    invent(())
    for place in (district.community, make_far_district()):
        client = seat(KIND, place)
        opened = [path for path in ROUTES if not refused(client, path, things)]
        told = words(client.get("/desk/"))

        assert opened == []
        assert [mark for mark in things.marks if mark in told] == []
        assert [str(room.label) for room in ROOMS if room.page and f">{room.label}<" in told] == []


def test_whoever_holds_what_an_address_needs_gets_in_with_nothing_else(
    district: rooms.District, make: Made, invent: Invent
) -> None:
    things = make()
    client = seat(KIND, district.community)
    wrong = []
    for path, route in ROUTES.items():
        invent({route.capability})
        # What he may not find, as a run of which he may see nothing, is not there once he is in.
        answer = open_page(client, path, things)
        if answer.status_code not in (*OPENED, 404):
            wrong.append((path, answer.status_code))

    assert wrong == []


def test_whoever_holds_all_but_what_an_address_needs_does_not(
    district: rooms.District, make: Made, invent: Invent
) -> None:
    things = make()
    client = seat(KIND, district.community)
    wrong = []
    for path, route in ROUTES.items():
        invent(EVERYTHING - {route.capability})
        answer = open_page(client, path, things)
        if answer.status_code != 403 or TOLD not in words(answer):
            wrong.append(path)

    assert wrong == []


@pytest.mark.slow
def test_one_capability_opens_its_own_addresses_and_no_other(
    district: rooms.District, make: Made, invent: Invent
) -> None:
    things = make()
    client = seat(KIND, district.community)
    wrong = []
    for capability in Capability:
        invent({capability})
        wrong += [
            (capability, path)
            for path, route in ROUTES.items()
            if route.capability != capability and not refused(client, path, things)
        ]

    assert wrong == []
