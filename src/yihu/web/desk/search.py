"""Search as you type: families and cases within reach."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_POST

from yihu.common.actor import Actor
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.parts import Found


@require_POST
@desk_page()
def search(request: DeskRequest) -> HttpResponse:
    """What was found for what was typed: a part for htmx, a page without a script."""
    typed = request.POST.get("q", "").strip()
    template = "web/desk/_found.html" if request.htmx else "web/desk/found.html"
    return render(request, template, {"typed": typed, "found": find(typed, request.actor), "more": 0})


def find(typed: str, actor: Actor) -> list[Found]:
    """The answers for what was typed, the best first."""
    return []


urlpatterns = [path("search/", search, name="search")]
