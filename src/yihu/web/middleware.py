"""Each request of someone who is logged in is one transaction in his name and within his areas."""

from collections.abc import Callable, Collection
from dataclasses import replace

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yihu.access.actor import Actor
from yihu.access.capabilities import Capability
from yihu.access.scope import acting, keep_away
from yihu.common.refusals import Refused
from yihu.households import queries as households
from yihu.households.noting import looks_noted
from yihu.organisations import queries
from yihu.web import policy

POST_KEY = "post"


class ActingMiddleware:
    """Sets ``request.actor`` and opens the transaction that the database's own lock reads. Where it is undone, the
    looks into files that were taken down in it are written again.

    The actor is None for strangers and for whoever holds no post today; the latter can still change his own password,
    and that is remembered in his name. ATOMIC_REQUESTS would not do: it begins inside the view, after the scope must
    be set. A page that is streamed is written after the transaction has ended and reads no family's rows.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; what failed on the way leaves nothing behind."""
        if _holds_nul(request):
            raise BadRequest
        request.actor = None  # type: ignore[attr-defined]
        if not request.user.is_authenticated:
            return self.get_response(request)
        # What he holds today, the bar over every page shows too.
        appointments = queries.appointments_of(request.user.pk, on=policy.today())
        held = list(queries.with_relatives(appointments))
        request.held = held  # type: ignore[attr-defined]
        himself = request.user.principal
        actor = queries.actor_among(held, himself, post=request.session.get(POST_KEY))
        request.actor = actor  # type: ignore[attr-defined]
        request.has_failed = False  # type: ignore[attr-defined]
        who, origin = actor or queries.without_post(himself), request.META.get("REMOTE_ADDR", "")
        is_kept = False
        with looks_noted() as looks:
            try:
                with acting(who, origin=origin):
                    if actor is not None:
                        request.actor = _apart_from_relatives(actor, held[0].relatives)  # type: ignore[attr-defined]
                    response = self.get_response(request)
                    has_failed = request.has_failed or response.status_code >= 500  # type: ignore[attr-defined]
                    if has_failed:
                        transaction.set_rollback(True)
                # What the database refuses, it refuses at the end.
                is_kept = not has_failed
            finally:
                if looks and not is_kept:
                    with acting(who, origin=origin):
                        for look in looks:
                            look()
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Whatever a view raises undoes what it wrote; a refusal that it did not turn into words becomes a page."""
        # Undone only at the end: the page that says so may still ask the database.
        request.has_failed = True  # type: ignore[attr-defined]
        if isinstance(exception, Refused):
            return render(request, "web/desk/refused.html", {"refusal": exception.message}, status=409)
        return None


def _holds_nul(request: HttpRequest) -> bool:
    """Whether anything that was sent holds the character NUL: no text of ours does, and the database takes none."""
    sent = [request.path]
    for name, values in (*request.GET.lists(), *request.POST.lists()):
        sent += [name, *values]
    for name, files in request.FILES.lists():
        sent += [name, *(each.name or "" for each in files)]
    return any("\0" in each for each in sent)


def _apart_from_relatives(actor: Actor, relatives: Collection[bytes]) -> Actor:
    """The same, kept from the families of his close relatives: for whoever handles files they do not exist."""
    kept = households.families_of(relatives, on=policy.today())
    # A run pays everybody: who makes it out or checks it must not lose sight of one family.
    if not actor.may(Capability.SEE_WHOLE_RUNS):
        keep_away(kept)
    return replace(actor, kept=tuple(kept.items()))
