"""The addresses of the desk. Each page module names its own; here those of all rooms come together."""

from django.urls import include, path

from yihu.web.desk.rooms import ROOMS

app_name = "desk"
urlpatterns = [path("", include(module)) for room in ROOMS for module in room.modules]
