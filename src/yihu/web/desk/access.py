"""Who may open which page of the desk. Every address of the desk goes through `desk_page`; a test walks them all."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.urls import resolve
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.models import Login
from yihu.access.posts import holding, label_of

View = Callable[..., HttpResponseBase]


class DeskRequest(HttpRequest):
    """A request as a guarded page gets it: someone is logged in and acts at a post."""

    actor: Actor
    user: Login
    htmx: HtmxDetails


def desk_page(capability: Capability) -> Callable[[View], View]:
    """A page for those who may do this. Which of its rows they see is the page's matter.

    Strangers are sent to log in, whoever holds no post today is told so, others get 403 and the names of the posts
    that may. So does, before the file of a family, its close relative.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_login(request)
            if request.actor is None:
                return render(request, "web/desk/no_post.html", status=403)
            if not request.actor.may(capability):
                may = [label_of(kind) for kind in holding(capability)]
                return render(request, "web/desk/other_post.html", {"may": may}, status=403)
            if kwargs.get("number") in dict(request.actor.kept).values():
                return kept_away(request)
            response = view(request, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                # What one officer saw is not for whoever presses "back" after him.
                add_never_cache_headers(response)
            return response

        guarded.capability = capability  # type: ignore[attr-defined]
        return guarded

    return guard


def kept_away(request: HttpRequest) -> HttpResponse:
    """What the close relative of a family is told, and nothing of the family."""
    return render(request, "web/desk/kept_away.html", status=403)


def may_open(actor: Actor | None, url: str) -> bool:
    """Whether someone may open the page at an address of the desk; strangers may open none."""
    capability = getattr(resolve(url).func, "capability", None)
    return actor is not None and capability is not None and actor.may(capability)


def _to_login(request: HttpRequest) -> HttpResponse:
    # The login page belongs into the window, not into the part of a page that was asked for.
    if getattr(request, "htmx", None):
        return HttpResponseClientRedirect(resolve_url(settings.LOGIN_URL))
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "")
