"""The addresses of the pages."""

from django.urls import path

from yihu.web.portal import views as portal

app_name = "web"
urlpatterns = [
    path("", portal.start, name="start"),
    path("check/", portal.check, name="check_start"),
    path("check/<int:page>/", portal.check, name="check"),
]
