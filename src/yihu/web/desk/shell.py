"""What stands around every page of the desk: who is there, and the rail of rooms."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from yihu.access.actor import Actor
from yihu.common.work import counted
from yihu.web import policy
from yihu.web.desk.entry import Count
from yihu.web.desk.rooms import ROOMS
from yihu.web.middleware import POST_KEY
from yihu.web.parts import Officer, RailItem


def shell(request: HttpRequest) -> dict[str, Any]:
    """The rail, and the officer where there is one; neither is looked up by a page that shows neither."""
    return {
        "rail": SimpleLazyObject(lambda: rail(request.path, actor_of(request), counts(request))),
        "officer": SimpleLazyObject(lambda: officer(request)),
    }


def actor_of(request: HttpRequest) -> Actor | None:
    """Who acts; None for strangers, who may open no room."""
    return getattr(request, "actor", None)


def counts(request: HttpRequest) -> dict[str, int]:
    """How much there is in a room, by the name of its first page; nothing for strangers."""
    actor = actor_of(request)
    if actor is None:
        return {}
    on = policy.today()
    # What is counted for two places is asked once.
    asked = list(_counted(actor))
    found = dict(zip(asked, counted([count(actor, on=on) for count in asked]), strict=True))
    waiting = {
        room.page: found[room.rail_count]
        for room in ROOMS
        if room.page and room.rail_count in found and room.rail_count
    }
    open_work = (found[room.count_open_work] for room in ROOMS if room.count_open_work)
    return waiting | {ROOMS[0].page: sum(open_work)}


def _counted(actor: Actor) -> set[Count]:
    shown = {room.rail_count for room in ROOMS if room.rail_count and room.capability and actor.may(room.capability)}
    return shown | {room.count_open_work for room in ROOMS if room.count_open_work}


def rail(path: str, actor: Actor | None, waiting: Mapping[str, int] | None = None) -> list[RailItem]:
    """The rooms that someone may enter, with how much waits there; a page belongs to the one whose address it continues
    furthest. The first room's address is that of the whole desk, which every page continues.
    """
    desk = reverse(ROOMS[0].page)
    rooms = [
        (str(room.label), reverse(room.page), (waiting or {}).get(room.page))
        for room in ROOMS
        if room.capability is not None and actor is not None and actor.may(room.capability)
    ]
    within = (url for _label, url, _count in rooms if url != desk and path.startswith(url))
    here = desk if path == desk else max(within, key=len, default="")
    return [RailItem(label, url, count, is_current=url == here) for label, url, count in rooms]


def officer(request: HttpRequest) -> Officer | None:
    """Who is logged in, at which post, and the other posts that he holds today; None for strangers."""
    if getattr(request, "actor", None) is None:
        return None
    held = [each.post for each in request.held]  # type: ignore[attr-defined]
    chosen = request.session.get(POST_KEY)
    now = next((post for post in held if post.pk == chosen), held[0])
    others = tuple((str(post.pk), str(post)) for post in held if post != now)
    return Officer(str(request.user), str(now.division), now.label, others)
