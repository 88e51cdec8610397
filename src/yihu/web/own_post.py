"""Changing from one of one's posts to another. A matter of one's own log-in, as the password is: nothing is seen by it
and no post is needed for it.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yihu.common.refusals import Refused
from yihu.organisations.queries import appointments_of
from yihu.web import policy
from yihu.web.middleware import POST_KEY


@require_POST
@login_required
def switch_post(request: HttpRequest) -> HttpResponse:
    """From the next page on someone acts at the post that he chose; what he saw before may not be his any more."""
    today = policy.today()
    held = {str(each.post_id): each.post_id for each in appointments_of(request.user.pk, on=today)}  # type: ignore[arg-type]
    chosen = held.get(request.POST.get("post", ""))
    if chosen is None:
        raise Refused(_("您今天不担任这个岗位，不能换过去。请在右上角选一个列出的岗位。"))
    request.session[POST_KEY] = chosen
    return redirect(settings.LOGIN_REDIRECT_URL)
