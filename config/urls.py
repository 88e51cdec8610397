"""The addresses of the service: the pages are the web's own matter."""

from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("yihu.web.accounts")),
    path("desk/", include("yihu.web.desk.urls")),
    path("", include("yihu.web.urls")),
]
