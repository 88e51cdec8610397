"""What stands around every page of the desk: who is there, and the rail of rooms."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.cases.queries import count_running
from yihu.organisations.queries import appointments_of
from yihu.records_checks import queries as records_checks
from yihu.web import policy
from yihu.web.desk.access import may_open
from yihu.web.desk.inbox.inbox import work_of
from yihu.web.middleware import POST_KEY
from yihu.web.parts import Officer, RailItem

# The rooms that have pages, in the order of the work, by the name of their first page.
ROOMS = (
    (_("待办"), "desk:inbox"),
    (_("家庭"), "desk:families"),
    (_("受理"), "desk:cases"),
    (_("核对"), "desk:checks"),
    (_("待遇"), "desk:awards"),
    (_("发放"), "desk:runs"),
    (_("监督"), "desk:supervision"),
    (_("政策"), "desk:check"),
    (_("人员"), "desk:staff"),
)


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
    """How much waits in a room, by the name of its first page; nothing for strangers."""
    actor = actor_of(request)
    if actor is None:
        return {}
    waiting = {"desk:inbox": len(work_of(request))}
    if actor.may(Capability.READ_CASES):
        waiting["desk:cases"] = count_running(actor)
        waiting["desk:checks"] = len(work_of(request, records_checks))
    return waiting


def rail(path: str, actor: Actor | None, waiting: Mapping[str, int] | None = None) -> list[RailItem]:
    """The rooms that someone may enter, with how much waits there; a page belongs to the one whose address it continues
    furthest. The first room's address is that of the whole desk, which every page continues.
    """
    desk = reverse(ROOMS[0][1])
    every = [(str(label), reverse(name), (waiting or {}).get(name)) for label, name in ROOMS]
    rooms = [room for room in every if may_open(actor, room[1])]
    within = (url for _label, url, _count in rooms if url != desk and path.startswith(url))
    here = desk if path == desk else max(within, key=len, default="")
    return [RailItem(label, url, count, is_current=url == here) for label, url, count in rooms]


def officer(request: HttpRequest) -> Officer | None:
    """Who is logged in, at which post, and the other posts that he holds today; None for strangers."""
    if getattr(request, "actor", None) is None:
        return None
    held = [each.post for each in appointments_of(request.user, on=policy.today())]  # type: ignore[arg-type]
    chosen = request.session.get(POST_KEY)
    now = next((post for post in held if post.pk == chosen), held[0])
    others = tuple((str(post.pk), str(post)) for post in held if post != now)
    return Officer(str(request.user), str(now.division), now.label, others)
