"""What stands around every page of the desk: who is there, and the rail of rooms."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yihu.web.parts import RailItem

# The rooms that have pages, in the order of the work, by the name of their first page.
ROOMS = ((_("政策"), "web:desk_check"),)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The rail, and nobody logged in. A page belongs to the room whose address it continues furthest."""
    rooms = [(str(label), reverse(name)) for label, name in ROOMS]
    here = max((url for _label, url in rooms if request.path.startswith(url)), key=len, default="")
    return {"rail": [RailItem(label, url, None, url == here) for label, url in rooms], "officer": None}
