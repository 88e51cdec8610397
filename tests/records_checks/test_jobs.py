"""What runs by itself, once a minute."""

from pathlib import Path

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from tests import rooms
from tests.records_checks.conftest import CARS, CASE, ON, drop, make_setting, received, request_of, workbook
from yihu.access.scope import acting
from yihu.records_checks import actions, jobs
from yihu.records_checks.enums import RequestState


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
def test_one_minute_lays_the_question_out_another_takes_the_answer_in_and_none_does_it_twice(folders: Path) -> None:
    with rooms.everywhere():
        district = rooms.make_district()
    family = make_setting(district)
    with acting(family.examiner):
        check = actions.ask(
            household=family.household,
            people=family.people,
            subject=CASE,
            sources=("vehicles",),
            by=family.examiner,
            on=ON,
        )
    laid_out = folders / "vehicles/questions"

    jobs.exchange(timestamp=0)
    assert request_of(check, "vehicles").state == RequestState.SENT
    questions = {path.name: path.read_bytes() for path in laid_out.iterdir()}
    assert len(questions) == 1
    jobs.exchange(timestamp=60)
    assert {path.name: path.read_bytes() for path in laid_out.iterdir()} == questions
    assert received() == []

    answer = drop(folders, "vehicles", workbook(family.rows(request_of(check, "vehicles"), {CARS: 1}, None, None)))
    for minute in (120, 180):
        jobs.exchange(timestamp=minute)
        assert [(fact.name, fact.value) for fact in received()] == [("cars", {"cars": 1})]
        assert not answer.exists()
    assert request_of(check, "vehicles").state == RequestState.ANSWERED
