"""The addresses of the desk. Each page module names its own; here they come together."""

from django.urls import include, path

app_name = "desk"
urlpatterns = [
    path("", include("yihu.web.desk.inbox.inbox")),
    path("", include("yihu.web.desk.cases.case")),
    path("", include("yihu.web.desk.checks.checks")),
    path("", include("yihu.web.desk.checks.refused_files")),
    path("", include("yihu.web.desk.letters.letter")),
    # The ways of one name before those of a family's number.
    path("", include("yihu.web.desk.families.registering")),
    path("", include("yihu.web.desk.families.families")),
    path("", include("yihu.web.desk.families.purpose")),
    path("", include("yihu.web.desk.families.facts")),
    path("", include("yihu.web.desk.families.papers")),
    path("", include("yihu.web.desk.cases.applying")),
    path("", include("yihu.web.desk.awards.award_list")),
    path("", include("yihu.web.desk.awards.ending")),
    path("", include("yihu.web.desk.awards.determinations")),
    path("", include("yihu.web.desk.awards.opening")),
    path("", include("yihu.web.desk.payments.runs")),
    path("", include("yihu.web.desk.payments.run")),
    path("", include("yihu.web.desk.payments.run_steps")),
    path("", include("yihu.web.desk.payments.accounts")),
    path("", include("yihu.web.desk.oversight.trail")),
    path("", include("yihu.web.desk.staff.staff_list")),
    path("", include("yihu.web.desk.staff.member")),
    path("", include("yihu.web.desk.staff.relatives")),
    path("", include("yihu.web.desk.families.search")),
    path("", include("yihu.web.desk.policy.check")),
]
