"""What stands around every page of the desk: who is there, and the rail of rooms."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from yihu.organisations.queries import appointments_of
from yihu.web import policy
from yihu.web.middleware import POST_KEY
from yihu.web.parts import Officer, RailItem

# The rooms that have pages, in the order of the work, by the name of their first page.
ROOMS = ((_("政策"), "desk:check"),)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The rail, and the officer where there is one; neither is looked up by a page that shows neither."""
    return {
        "rail": SimpleLazyObject(lambda: rail(request.path)),
        "officer": SimpleLazyObject(lambda: officer(request)),
    }


def rail(path: str) -> list[RailItem]:
    """Every room; a page belongs to the one whose address it continues furthest."""
    rooms = [(str(label), reverse(name)) for label, name in ROOMS]
    here = max((url for _label, url in rooms if path.startswith(url)), key=len, default="")
    return [RailItem(label, url, is_current=url == here) for label, url in rooms]


def officer(request: HttpRequest) -> Officer | None:
    """Who is logged in, at which post, and the other posts that he holds today; None for strangers."""
    if getattr(request, "actor", None) is None:
        return None
    held = [each.post for each in appointments_of(request.user, on=policy.today())]  # type: ignore[arg-type]
    chosen = request.session.get(POST_KEY)
    now = next((post for post in held if post.pk == chosen), held[0])
    others = tuple((str(post.pk), str(post)) for post in held if post != now)
    return Officer(str(request.user), str(now.division), now.get_kind_display(), others)
