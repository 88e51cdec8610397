"""The addresses of the desk. Each page module names its own; here they come together."""

from django.urls import include, path

app_name = "desk"
urlpatterns = [
    path("", include("yihu.web.desk.posts")),
    path("", include("yihu.web.desk.search")),
    path("", include("yihu.web.desk.views")),
]
