"""How people log in: with a name that was given to them. Nobody signs himself up, and nothing goes by mail."""

from collections.abc import Mapping
from typing import Any

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import path
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from yihu.access.enums import OUTSIDE, PrincipalKind
from yihu.access.models import Login as User
from yihu.common.refusals import Refused
from yihu.web.own_post import switch_post


class Adapter(DefaultAccountAdapter):
    """What allauth asks us."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by whoever appoints."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the desk, where it is said that the password has changed."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)


def counted_name(request: HttpRequest | None, credentials: Mapping[str, str] | None = None) -> str:
    """Under which name wrong passwords are counted: that of the account which the name would open, however written."""
    given = credentials or (request.POST if request else {})
    typed = (given.get("username") or given.get("login") or "").strip()
    account = User.objects.filter(username__iexact=typed).values_list("username", flat=True).first()
    return account or typed.lower()


class Login(views.LoginView):
    """The login page; in the demonstration with the accounts that anyone may enter."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page's values."""
        shown = import_string(settings.OFFERED_ACCOUNTS)() if settings.OFFERED_ACCOUNTS else []
        return super().get_context_data(**kwargs) | {"demo_accounts": shown}


class ChangePassword(views.PasswordChangeView):
    """Whoever has a password and works here changes it himself."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form. Raises Refused for everybody else: his account is set up by whoever keeps it."""
        user = request.user
        if (
            not isinstance(user, User)
            or not user.has_usable_password()
            or PrincipalKind(user.principal.kind) in OUTSIDE
        ):
            raise Refused(_("这个账号不能在这里改密码。请由管理账号的人设置。"))
        found: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return found


# Of allauth's pages only those that somebody with a given account needs, and the choice among his own posts.
urlpatterns = [
    path("login/", Login.as_view(), name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("post/", switch_post, name="switch_post"),
    path("password/change/", login_required(ChangePassword.as_view()), name="account_change_password"),
]
