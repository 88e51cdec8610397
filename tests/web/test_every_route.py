"""Every address of the desk × every post × what belongs to a foreign street: nothing is seen, not even counted."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests import rooms
from tests.cases.street import load_calendar, make_people
from tests.web.addresses import OPENED, address, open_page, patterns, seat, words
from tests.web.routes import ROUTES, Route
from tests.web.things import ON, Furnished, Things, make_far_district, make_things
from yihu.access.actor import Actor
from yihu.access.posts import labels_of, posts
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division
from yihu.web import policy

ABOUT_A_FAMILY = {path: route for path, route in ROUTES.items() if route.is_about_a_family}
ABOUT_NONE = {path: route for path, route in ROUTES.items() if not route.is_about_a_family}


def test_every_address_of_the_desk_stands_in_the_table() -> None:
    assert sorted(patterns()) == sorted(ROUTES), "see tests/web/routes.py"


def test_every_address_of_the_desk_is_guarded_as_the_table_says() -> None:
    guarded = {path: getattr(pattern.callback, "capability", None) for path, pattern in patterns().items()}

    assert guarded == {path: route.capability for path, route in ROUTES.items()}


def test_every_address_says_what_it_is_about() -> None:
    parts = {path: set(pattern.pattern.converters) for path, pattern in patterns().items()}

    assert {path: names for path, names in parts.items() if path in ROUTES and names != set(ROUTES[path].about)} == {}


def test_strangers_are_sent_to_log_in(client: Client, db: None) -> None:
    let_in = [
        path
        for path in ROUTES
        if not open_page(client, path).headers.get("Location", "").startswith("/accounts/login/")
    ]

    assert let_in == []


@pytest.fixture
def service(furnished: Furnished) -> Iterator[Actor]:
    with rooms.everywhere() as actor:
        yield actor


@pytest.mark.slow
def test_other_posts_are_told_whose_page_it_is(furnished: Furnished, service: Actor) -> None:
    wrong = []
    for kind in posts():
        client = seat(kind, furnished.district.community)
        for path, route in ROUTES.items():
            if kind in route.posts:
                continue
            answer = open_page(client, path, furnished.things)
            if answer.status_code != 403 or labels_of(route.posts) not in words(answer):
                wrong.append((path, kind, answer.status_code))

    assert wrong == []


def seen_of(things: Things, kind: str, paths: Iterable[str], place: Division) -> list[tuple[str, str, int]]:
    """At which of these addresses someone at a post somewhere else sees anything of the family's."""
    client = seat(kind, place)
    seen = []
    for path in paths:
        where = address(path, things)
        for answer in (client.get(where), client.post(where), client.get(where, headers={"HX-Request": "true"})):
            said = words(answer)
            if answer.status_code not in (404, 405) or any(mark in said for mark in things.marks):
                seen.append((path, kind, answer.status_code))
    return seen


def foreign(furnished: Furnished, kind: str) -> Division:
    """A community in which a post of a kind has nothing to do with the family."""
    return furnished.far if posts()[kind].level == DivisionLevel.DISTRICT else furnished.district.far_community


def test_what_is_about_a_foreign_family_does_not_exist(furnished: Furnished, service: Actor) -> None:
    """Each address at the first post that may open it."""
    asked: dict[str, list[str]] = {}
    for path, route in ABOUT_A_FAMILY.items():
        asked.setdefault(route.posts[0], []).append(path)
    for kind, paths in asked.items():
        assert seen_of(furnished.things, kind, paths, foreign(furnished, kind)) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(posts()))
def test_what_is_about_a_foreign_family_exists_at_no_post(furnished: Furnished, service: Actor, kind: str) -> None:
    paths = [path for path, route in ABOUT_A_FAMILY.items() if kind in route.posts]

    assert seen_of(furnished.things, kind, paths, foreign(furnished, kind)) == []


def test_a_community_is_foreign_to_its_neighbour(furnished: Furnished, service: Actor) -> None:
    client = seat("community_worker", furnished.district.neighbour)
    opened = [
        path
        for path, route in ABOUT_A_FAMILY.items()
        if "community_worker" in route.posts and open_page(client, path, furnished.things).status_code != 404
    ]

    assert opened == []


@pytest.mark.parametrize("typed", ["甄远客", "zhenyuanke", "zyk", "household", "case", "letter_number"])
def test_a_search_finds_nothing_foreign(furnished: Furnished, service: Actor, typed: str) -> None:
    things = furnished.things
    text = str(getattr(things, typed, typed))
    for kind in ("window_clerk", "auditor"):
        said = words(seat(kind, foreign(furnished, kind)).post(reverse("desk:search"), {"q": text}))
        assert "没有找到" in said
        assert [mark for mark in things.marks if mark in said and mark not in text] == []


def test_those_whose_family_it_is_can_open_every_page(furnished: Furnished, service: Actor) -> None:
    """Otherwise the other tests would hold for addresses that nobody can open. Each is opened once, and at every post
    some are.
    """
    clients = {kind: seat(kind, furnished.district.community) for kind in posts()}
    asked = a_post_each(ROUTES)
    assert set(asked.values()) == set(posts())

    wrong = []
    for path, kind in asked.items():
        answer = open_page(clients[kind], path, furnished.things)
        if answer.status_code not in OPENED:
            wrong.append((path, kind, answer.status_code))

    assert wrong == []


def a_post_each(routes: Mapping[str, Route]) -> dict[str, str]:
    """For each address one of the posts that may open it, so that each post opens about as many."""
    opens: Counter[str] = Counter()
    chosen = {}
    for path, route in sorted(routes.items(), key=lambda each: (len(each[1].posts), each[0])):
        chosen[path] = min(route.posts, key=lambda post: opens[post])
        opens[chosen[path]] += 1
    return chosen


@dataclass(frozen=True)
class Before:
    """A street at work in which the family does not live yet; ``make`` brings it there with all its things."""

    district: rooms.District
    far: Division
    make: Callable[[], Things]


@pytest.fixture
def before(db: None, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> Iterator[Before]:
    settings.DOCUMENT_ROOT, settings.EXCHANGE_ROOT = tmp_path / "documents", tmp_path / "exchange"
    monkeypatch.setattr(policy, "today", lambda: ON)
    district = rooms.make_district()
    with rooms.everywhere() as actor:
        load_calendar()
        people = make_people(district)
        yield Before(district, make_far_district(), lambda: make_things(district.community, people, actor))


def differing(before: Before, asked: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The addresses, each at a post somewhere else, that say something else once the family is there, or anything
    of it.
    """
    places = {DivisionLevel.DISTRICT: before.far}
    clients = {
        kind: seat(kind, places.get(DivisionLevel(posts()[kind].level), before.district.far_community))
        for kind in dict.fromkeys(kind for _path, kind in asked)
    }

    def pages() -> dict[tuple[str, str], tuple[int, str]]:
        answers = ((path, kind, open_page(clients[kind], path)) for path, kind in asked)
        return {(path, kind): (answer.status_code, words(answer)) for path, kind, answer in answers}

    without, things, within = pages(), before.make(), pages()
    assert [(each, within[each][0]) for each in asked if within[each][0] not in OPENED] == []
    return [
        each for each in asked if within[each] != without[each] or any(mark in within[each][1] for mark in things.marks)
    ]


def test_pages_are_the_same_whether_or_not_there_are_foreign_families(before: Before) -> None:
    """Each address at one of its posts, and at every post some."""
    asked = list(a_post_each(ABOUT_NONE).items())
    assert {kind for _path, kind in asked} == set(posts())

    assert differing(before, asked) == []


@pytest.mark.slow
def test_pages_are_the_same_at_every_post(before: Before) -> None:
    asked = [(path, kind) for path, route in ABOUT_NONE.items() for kind in posts() if kind in route.posts]

    assert differing(before, asked) == []
