"""Addresses for pages that are drawn without the rooms behind them, and one way to draw a part."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.urls import include, path


def nothing(request: HttpRequest) -> HttpResponse:
    """Stands at the addresses that the parts lead to."""
    return HttpResponse()


urlpatterns = [
    path("desk/", include("yihu.web.desk.urls")),
    path("accounts/login/", nothing, name="account_login"),
    path("accounts/logout/", nothing, name="account_logout"),
    path("accounts/post/", nothing, name="switch_post"),
    path("accounts/password/", nothing, name="account_change_password"),
    path("accounts/again/", nothing, name="account_reauthenticate"),
    path("", include("yihu.web.urls")),
]


def render(source: str, address: str = "/desk/", **context: object) -> str:
    template = engines["django"].from_string("{% load desk %}" + source)
    return template.render(context, RequestFactory().get(address))
