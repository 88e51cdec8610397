"""The addresses of the desk. Each page module names its own; here they come together."""

from django.urls import include, path

app_name = "desk"
urlpatterns = [
    path("", include("yihu.web.desk.inbox")),
    path("", include("yihu.web.desk.cases")),
    path("", include("yihu.web.desk.checks")),
    path("", include("yihu.web.desk.refused_files")),
    path("", include("yihu.web.desk.letters")),
    # The ways of one name before those of a family's number.
    path("", include("yihu.web.desk.registering")),
    path("", include("yihu.web.desk.families")),
    path("", include("yihu.web.desk.purpose")),
    path("", include("yihu.web.desk.facts")),
    path("", include("yihu.web.desk.papers")),
    path("", include("yihu.web.desk.applying")),
    path("", include("yihu.web.desk.awards")),
    path("", include("yihu.web.desk.award_end")),
    path("", include("yihu.web.desk.determinations")),
    path("", include("yihu.web.desk.opening")),
    path("", include("yihu.web.desk.payments")),
    path("", include("yihu.web.desk.run")),
    path("", include("yihu.web.desk.run_steps")),
    path("", include("yihu.web.desk.accounts")),
    path("", include("yihu.web.desk.trail")),
    path("", include("yihu.web.desk.staff")),
    path("", include("yihu.web.desk.staff_member")),
    path("", include("yihu.web.desk.relatives")),
    path("", include("yihu.web.desk.search")),
    path("", include("yihu.web.desk.views")),
]
