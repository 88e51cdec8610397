"""Every address of the desk × every post × what belongs to a foreign street: nothing is seen, not even counted."""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings
from python_calamine import CalamineWorkbook

from tests import rooms
from tests.cases.walk import appoint, load_calendar, make_people
from tests.web.desk.conftest import BACKEND
from tests.web.routes import ROUTES
from tests.web.things import ON, Things, make_far_district, make_things
from yihu.access.actor import Actor
from yihu.access.models import Login
from yihu.access.posts import labels_of, posts
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division, StaffMember
from yihu.organisations.paths import chain
from yihu.web import policy

# Answered, sent on, told what is wrong in the form, or why it cannot be done.
OPENED = (200, 302, 400, 409)
ABOUT_A_FAMILY = {path: route for path, route in ROUTES.items() if route.is_about_a_family}
ABOUT_NONE = {path: route for path, route in ROUTES.items() if not route.is_about_a_family}


def patterns() -> dict[str, URLPattern]:
    """Every address under desk/, by how it is written behind that."""

    def below(resolver: URLResolver, path: str) -> Iterator[tuple[str, URLPattern]]:
        for each in resolver.url_patterns:
            here = path + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from below(each, here)
            elif here.startswith("desk/"):
                yield here.removeprefix("desk/"), each

    return dict(below(get_resolver(), ""))


def test_every_address_of_the_desk_stands_in_the_table() -> None:
    assert sorted(patterns()) == sorted(ROUTES), "see tests/web/routes.py"


def test_every_address_of_the_desk_is_guarded_as_the_table_says() -> None:
    guarded = {path: getattr(pattern.callback, "capability", None) for path, pattern in patterns().items()}

    assert guarded == {path: route.capability for path, route in ROUTES.items()}


def test_every_address_says_what_it_is_about() -> None:
    parts = {path: set(pattern.pattern.converters) for path, pattern in patterns().items()}

    assert {path: names for path, names in parts.items() if path in ROUTES and names != set(ROUTES[path].about)} == {}


@pytest.fixture
def district(db: None, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> rooms.District:
    settings.DOCUMENT_ROOT, settings.EXCHANGE_ROOT = tmp_path / "documents", tmp_path / "exchange"
    monkeypatch.setattr(policy, "today", lambda: ON)
    return rooms.make_district()


@pytest.fixture
def service(district: rooms.District) -> Iterator[Actor]:
    with rooms.everywhere() as actor:
        load_calendar()
        yield actor


Made = Callable[[], Things]


@pytest.fixture
def make(district: rooms.District, service: Actor) -> Made:
    """Makes the family with all its things in the first street; the people who work there are there before."""
    people = make_people(district)
    return lambda: make_things(district.community, people, service)


def seat(kind: str, community: Division) -> Client:
    """The browser of someone at a post whose area holds a community."""
    division = Division.objects.get(path__in=chain(community.path), level=posts()[kind].level)
    who = appoint(f"{kind}-{division.code}", "郝在席", kind, division)
    client = Client(raise_request_exception=False)
    client.force_login(Login.objects.get(pk=who.staff), backend=BACKEND)
    return client


def address(path: str, things: Things | None) -> str:
    """Where it is; of no things, something of the right form."""
    where = path
    for part, thing in ROUTES[path].about.items():
        said = thing.removeprefix("=") if thing.startswith("=") else getattr(things, thing, 1)
        where = re.sub(rf"<\w+:{part}>", str(said), where)
    return f"/desk/{where}"


def open_page(client: Client, path: str, things: Things | None = None) -> HttpResponse:
    """Ask for the page, or send its form where it is only that."""
    where = address(path, things)
    answer = client.get(where)
    return client.post(where, ROUTES[path].typed) if answer.status_code == 405 else answer


def words(answer: HttpResponse) -> str:
    """What a page says, or a file holds, without what differs each time."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return "\n".join(str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", content.decode(errors="replace"))


def test_strangers_are_sent_to_log_in(client: Client, db: None) -> None:
    let_in = [
        path
        for path in ROUTES
        if not open_page(client, path).headers.get("Location", "").startswith("/accounts/login/")
    ]

    assert let_in == []


@pytest.mark.slow
def test_other_posts_are_told_whose_page_it_is(district: rooms.District, make: Made) -> None:
    things = make()
    wrong = []
    for kind in posts():
        client = seat(kind, district.community)
        for path, route in ROUTES.items():
            if kind in route.posts:
                continue
            answer = open_page(client, path, things)
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


def test_what_is_about_a_foreign_family_does_not_exist(district: rooms.District, make: Made) -> None:
    """Each address at the first post that may open it."""
    things, far = make(), make_far_district()
    asked: dict[str, list[str]] = {}
    for path, route in ABOUT_A_FAMILY.items():
        asked.setdefault(route.posts[0], []).append(path)
    for kind, paths in asked.items():
        foreign = far if posts()[kind].level == DivisionLevel.DISTRICT else district.far_community
        assert seen_of(things, kind, paths, foreign) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(posts()))
def test_what_is_about_a_foreign_family_exists_at_no_post(district: rooms.District, make: Made, kind: str) -> None:
    things = make()
    foreign = make_far_district() if posts()[kind].level == DivisionLevel.DISTRICT else district.far_community
    paths = [path for path, route in ABOUT_A_FAMILY.items() if kind in route.posts]

    assert seen_of(things, kind, paths, foreign) == []


def test_a_community_is_foreign_to_its_neighbour(district: rooms.District, make: Made) -> None:
    things = make()
    client = seat("community_worker", district.neighbour)
    opened = [
        path
        for path, route in ABOUT_A_FAMILY.items()
        if "community_worker" in route.posts and open_page(client, path, things).status_code != 404
    ]

    assert opened == []


def test_pages_are_the_same_whether_or_not_there_are_foreign_families(district: rooms.District, make: Made) -> None:
    far = make_far_district()
    clients = {
        kind: seat(kind, far if posts()[kind].level == DivisionLevel.DISTRICT else district.far_community)
        for kind in posts()
    }
    asked = [(path, kind) for path, route in ABOUT_NONE.items() for kind in posts() if kind in route.posts]

    def pages() -> dict[tuple[str, str], tuple[int, str]]:
        answers = ((path, kind, open_page(clients[kind], path)) for path, kind in asked)
        return {(path, kind): (answer.status_code, words(answer)) for path, kind, answer in answers}

    before, things, after = pages(), make(), pages()

    assert [(each, after[each][0]) for each in asked if after[each][0] not in OPENED] == []

    for each in asked:
        assert after[each] == before[each], each
    assert [each for each in asked if any(mark in after[each][1] for mark in things.marks)] == []


@pytest.mark.parametrize("typed", ["甄远客", "zhenyuanke", "zyk", "household", "case", "letter_number"])
def test_a_search_finds_nothing_foreign(district: rooms.District, make: Made, typed: str) -> None:
    things = make()
    text = str(getattr(things, typed, typed))
    for kind, place in (("window_clerk", district.far_community), ("auditor", make_far_district())):
        said = words(seat(kind, place).post(reverse("desk:search"), {"q": text}))
        assert "没有找到" in said
        assert [mark for mark in things.marks if mark in said and mark not in text] == []


def test_those_whose_family_it_is_can_open_every_page(district: rooms.District, make: Made) -> None:
    """Otherwise the other tests would hold for addresses that nobody can open."""
    things = make()
    wrong = []
    for path, route in ROUTES.items():
        kind = next(kind for kind in posts() if kind in route.posts)
        answer = open_page(seat(kind, district.community), path, things)
        StaffMember.objects.filter(name="郝在席").update(is_active=False)
        Login.objects.filter(principal__name="郝在席").update(username=f"gone-{StaffMember.objects.count()}")
        StaffMember.objects.filter(name="郝在席").update(name="郝离席")
        if answer.status_code not in OPENED:
            wrong.append((path, kind, answer.status_code))

    assert wrong == []
