"""What runs by itself, once a minute."""

from pathlib import Path

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from pytest_django import Settings

from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division
from yihu.records_checks import jobs


def test_every_minute_files_are_exchanged() -> None:
    every_minute = {
        each.task.name for each in app.periodic_registry.periodic_tasks.values() if each.cron == "* * * * *"
    }

    assert jobs.exchange.name in every_minute


@pytest.mark.django_db
def test_the_web_may_put_a_job_into_the_queue_and_none_waits_twice() -> None:
    jobs.exchange.defer(timestamp=0)
    with pytest.raises(AlreadyEnqueued), transaction.atomic():
        jobs.exchange.defer(timestamp=60)

    assert ProcrastinateJob.objects.filter(task_name=jobs.exchange.name).count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_may_run_at_any_time_and_again(settings: Settings, tmp_path: Path) -> None:
    settings.DOCUMENT_ROOT, settings.EXCHANGE_ROOT = tmp_path / "documents", tmp_path / "exchange"
    Division.objects.create(code="110102", name="西城区", level=DivisionLevel.DISTRICT)

    for minute in (0, 60):
        jobs.exchange(timestamp=minute)
