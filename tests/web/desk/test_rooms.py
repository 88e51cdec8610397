"""Rooms are found by standing in one list, and say of themselves what the rest puts together."""

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from django.apps import apps
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from tests.web.things import ON, Furnished
from yihu.access.capabilities import Capability
from yihu.access.posts import actor_at, posts
from yihu.access.scope import acting
from yihu.common.work import counted
from yihu.organisations.models import StaffMember
from yihu.web import desk
from yihu.web.desk.inbox.inbox import work_of
from yihu.web.desk.rooms import ROOMS
from yihu.web.desk.shell import counts

# Of no room: how one gets in, and what every page of the program is served with.
OF_NO_ROOM = {"access"}
# What a room may ask of the database to say how much waits.
MOST = 6


def test_every_module_with_addresses_belongs_to_one_room() -> None:
    found = [each.name for each in walk_packages(desk.__path__, f"{desk.__name__}.") if not each.ispkg]
    pages = {name for name in found if name != "yihu.web.desk.urls" and hasattr(import_module(name), "urlpatterns")}
    listed = [module for room in ROOMS for module in room.modules]

    assert sorted(listed) == sorted(pages)


def test_every_folder_of_the_desk_with_an_entry_is_listed() -> None:
    folders = {path.parent.name for path in Path(desk.__path__[0]).glob("*/entry.py")}

    assert len(folders) == len(ROOMS)
    for room in ROOMS:
        assert {module.split(".")[3] for module in room.modules} <= folders


def test_the_first_page_of_a_room_needs_what_its_entry_says() -> None:
    for room in ROOMS:
        if room.page:
            assert resolve(reverse(room.page)).func.capability is room.capability  # type: ignore[attr-defined]


def test_every_table_is_one_rooms() -> None:
    tables = {model._meta.app_label for model in apps.get_models() if model.__module__.startswith("yihu.")}
    listed = [app for room in ROOMS for app in room.apps]

    assert sorted(listed) == sorted(tables - OF_NO_ROOM)


def test_the_rail_counts_what_the_inbox_lists(furnished: Furnished, rf: RequestFactory) -> None:
    district = furnished.district
    waiting = {}
    number = StaffMember.objects.order_by("pk")[0].pk
    for kind, post in posts().items():
        place = {"community": district.community, "street": district.street, "district": district.district}[post.level]
        actor = actor_at(number, "甄", kind, (place.pk,))
        with acting(actor):
            for room in ROOMS:
                if room.open_work and room.count_open_work:
                    with CaptureQueriesContext(connection) as asked:
                        [count] = counted([room.count_open_work(actor, on=ON)])
                    assert count == len(room.open_work(actor, on=ON)), (kind, room.label)
                    assert len(asked) <= MOST, (kind, room.label, len(asked))
            request = rf.get("/desk/")
            request.actor = actor  # type: ignore[attr-defined]
            shown = counts(request)
            waiting[kind] = shown["desk:inbox"]
            assert shown["desk:inbox"] == len(work_of(actor, on=ON))
            assert ("desk:cases" in shown) is actor.may(Capability.READ_CASES)
    # Otherwise nothing would have been compared.
    assert {kind for kind, count in waiting.items() if count} >= {"window_clerk", "street_examiner", "district_officer"}
