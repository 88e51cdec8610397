"""The exchange that runs by itself."""

from pathlib import Path

import pytest

from tests import rooms
from tests.records_checks.conftest import drop, make_setting, request_of, seen, workbook
from yihu.common.clock import today
from yihu.common.scope import acting
from yihu.records_checks import actions, jobs
from yihu.records_checks.enums import RequestState
from yihu.records_checks.models import SourceRequest


@pytest.mark.django_db(transaction=True)
def test_each_minute_questions_go_out_and_answers_come_in(folders: Path) -> None:
    with rooms.everywhere():
        district = rooms.make_district()
    family = make_setting(district)
    with acting(family.examiner):
        check = actions.ask(
            household=family.household,
            people=family.people,
            subject="x",
            sources=["vehicles"],
            by=family.examiner,
            on=today(),
        )

    jobs.exchange(0)
    assert request_of(check, "vehicles").state == RequestState.SENT
    drop(folders, "vehicles", workbook(family.rows(request_of(check, "vehicles"), None, None, None)))
    jobs.exchange(0)

    with seen():
        assert SourceRequest.objects.get().state == RequestState.ANSWERED
    assert not list(folders.rglob("questions/*"))
