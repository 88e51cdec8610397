"""Every address of the desk, and how somebody at a post opens it."""

import io
import re
from collections.abc import Iterator

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from python_calamine import CalamineWorkbook

from tests.cases.street import appoint
from tests.web.desk.conftest import BACKEND
from tests.web.routes import ROUTES
from tests.web.things import Things
from yihu.access.models import Login
from yihu.access.posts import posts
from yihu.organisations.models import Division
from yihu.organisations.paths import chain

# Answered, sent on, told what is wrong in the form, or why it cannot be done.
OPENED = (200, 302, 400, 409)


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
