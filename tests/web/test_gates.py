"""The gate of every address: who holds exactly what it needs gets in, who holds all but that does not.

The post is an invented one: its rights stand in no file but that of the test, and it is seated, logs in and asks as
everybody does. A new post opens nothing. Behind each gate stands an empty page here; the pages themselves are opened by
`test_every_route.py`, and by the slow tests below.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from tests import rooms
from tests.web.addresses import OPENED, address, open_page, patterns, seat, words
from tests.web.routes import ROUTES
from tests.web.things import Furnished, Things
from yihu.access import posts as access_posts
from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.web.desk import shell
from yihu.web.desk.rooms import ROOMS

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


@pytest.fixture
def service(furnished: Furnished) -> Iterator[Actor]:
    with rooms.everywhere() as actor:
        yield actor


def empty(request: HttpRequest, **about: object) -> HttpResponse:
    """The page behind each gate."""
    return HttpResponse("空白页")


@pytest.fixture
def gates_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind the guard of each address stands an empty page, and no rail is counted around what a shut door says."""
    monkeypatch.setattr(shell, "counts", lambda request: {})
    for pattern in patterns().values():
        guard = pattern.callback
        while "capability" not in guard.__code__.co_freevars:
            guard = guard.__wrapped__
        page = guard.__closure__[guard.__code__.co_freevars.index("view")]
        monkeypatch.setattr(page, "cell_contents", empty)


def refused(client: Client, path: str, things: Things | None) -> bool:
    """Whether each way to ask is answered with whose page it is, and nothing else is said."""
    where = address(path, things)
    answers = (client.get(where), client.post(where, ROUTES[path].typed))
    said = [words(answer) for answer in answers if answer.status_code == 403]
    return all(answer.status_code in (403, 405) for answer in answers) and any(TOLD in one for one in said)


def all_shut(furnished: Furnished) -> None:
    """A post without rights finds no way in, in the family's street and in another district."""
    for place in (furnished.district.community, furnished.far):
        client = seat(KIND, place)
        opened = [path for path in ROUTES if not refused(client, path, furnished.things)]
        told = words(client.get("/desk/"))

        assert opened == []
        assert [mark for mark in furnished.things.marks if mark in told] == []
        assert [str(room.label) for room in ROOMS if room.page and f">{room.label}<" in told] == []


@pytest.mark.usefixtures("service", "gates_alone")
def test_a_post_without_capabilities_finds_every_door_shut(furnished: Furnished, invent: Invent) -> None:
    invent(())
    all_shut(furnished)


@pytest.mark.usefixtures("service", "gates_alone")
def test_whoever_holds_what_an_address_needs_gets_in_with_nothing_else(furnished: Furnished, invent: Invent) -> None:
    client = seat(KIND, furnished.district.community)
    wrong = []
    for path, route in ROUTES.items():
        invent({route.capability})
        if words(open_page(client, path, furnished.things)) != "空白页":
            wrong.append(path)

    assert wrong == []


@pytest.mark.usefixtures("service", "gates_alone")
def test_whoever_holds_all_but_what_an_address_needs_does_not(furnished: Furnished, invent: Invent) -> None:
    client = seat(KIND, furnished.district.community)
    wrong = []
    for path, route in ROUTES.items():
        invent(EVERYTHING - {route.capability})
        if not refused(client, path, furnished.things):
            wrong.append(path)

    assert wrong == []


@pytest.mark.slow
@pytest.mark.usefixtures("service", "gates_alone")
def test_one_capability_opens_its_own_addresses_and_no_other(furnished: Furnished, invent: Invent) -> None:
    client = seat(KIND, furnished.district.community)
    wrong = []
    for capability in Capability:
        invent({capability})
        wrong += [
            (capability, path)
            for path, route in ROUTES.items()
            if route.capability != capability and not refused(client, path, furnished.things)
        ]

    assert wrong == []


@pytest.mark.slow
@pytest.mark.usefixtures("service")
def test_no_page_shows_anything_to_a_post_without_capabilities(furnished: Furnished, invent: Invent) -> None:
    invent(())
    all_shut(furnished)


@pytest.mark.slow
@pytest.mark.usefixtures("service")
def test_every_page_opens_with_the_one_capability_that_it_needs(furnished: Furnished, invent: Invent) -> None:
    client = seat(KIND, furnished.district.community)
    wrong = []
    for path, route in ROUTES.items():
        invent({route.capability})
        # What he may not find, as a run of which he may see nothing, is not there once he is in.
        answer = open_page(client, path, furnished.things)
        if answer.status_code not in (*OPENED, 404):
            wrong.append((path, answer.status_code))

    assert wrong == []
