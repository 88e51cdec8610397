"""Each request of someone who is logged in is one transaction in his name and within his areas."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from yihu.common.scope import acting
from yihu.organisations import queries
from yihu.web.policy import today

POST_KEY = "post"


class ActingMiddleware:
    """Sets ``request.actor`` (None for strangers) and opens the transaction that the database's own lock reads.

    ATOMIC_REQUESTS would not do: it begins inside the view, after the scope must be set.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; what failed on the way leaves nothing behind."""
        request.actor = None  # type: ignore[attr-defined]
        if not request.user.is_authenticated:
            return self.get_response(request)
        actor = queries.actor_of(request.user, post=request.session.get(POST_KEY), on=today())
        request.actor = actor  # type: ignore[attr-defined]
        if actor is None:
            return self.get_response(request)
        with acting(actor, origin=request.META.get("REMOTE_ADDR", "")):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response
