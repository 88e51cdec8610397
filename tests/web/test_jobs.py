"""What runs by itself for the pages."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app

from yihu.web import jobs


def test_once_a_day_it_runs() -> None:
    (cron,) = {
        each.cron
        for each in app.periodic_registry.periodic_tasks.values()
        if each.task.name == jobs.forget_sessions.name
    }

    minute, hour, *every = cron.split()
    assert minute.isdecimal()
    assert hour.isdecimal()
    assert every == ["*", "*", "*"]


@pytest.mark.django_db
def test_sessions_that_have_ended_are_forgotten_and_the_others_are_not() -> None:
    now = timezone.now()
    for key, hours in (("ended", -1), ("living", 1)):
        Session.objects.create(session_key=key, session_data="x", expire_date=now + timedelta(hours=hours))

    jobs.forget_sessions(timestamp=0)

    assert [session.pk for session in Session.objects.all()] == ["living"]
