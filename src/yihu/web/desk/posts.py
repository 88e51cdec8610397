"""Changing from one of one's posts to another."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yihu.common.refusals import Refused
from yihu.organisations.queries import appointments_of
from yihu.web import policy
from yihu.web.desk.access import DeskRequest, desk_page
from yihu.web.middleware import POST_KEY


@require_POST
@desk_page()
def switch_post(request: DeskRequest) -> HttpResponse:
    """From the next page on someone acts at the post that he chose; what he saw before may not be his any more."""
    held = {str(each.post_id): each.post_id for each in appointments_of(request.user, on=policy.today())}
    chosen = held.get(request.POST.get("post", ""))
    if chosen is None:
        raise Refused(_("您今天不担任这个岗位，不能换过去。请在右上角选一个列出的岗位。"))
    request.session[POST_KEY] = chosen
    return redirect(settings.LOGIN_REDIRECT_URL)


urlpatterns = [path("post/", switch_post, name="switch_post")]
