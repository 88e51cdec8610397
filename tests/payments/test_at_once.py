"""Two people at once, and a whole district at once."""

import threading
import time
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from tests import many
from tests.at_once import at_once, scoped
from tests.payments.conftest import FAMILY_PROGRAMME, SEPTEMBER, award, families
from yihu.access.actor import Actor
from yihu.common.refusals import Refused
from yihu.payments import actions, queries
from yihu.payments.models import BankFile, PaymentLine, PaymentRun

ON = date(2026, 9, 3)


@pytest.mark.django_db(transaction=True)
def test_two_makers_at_once_make_one_run() -> None:
    with many.district_at_work():
        many.make_district()
        makers = [many.make_actor("finance_maker", name=name) for name in ("贾甲", "贾乙")]
        award(families(20))
    made = at_once(
        [scoped(maker, actions.make_run, programmes=[FAMILY_PROGRAMME], month=SEPTEMBER, on=ON) for maker in makers]
    )

    assert sorted(type(each) for each in made if not isinstance(each, PaymentRun)) == [Refused]
    refused = next(each for each in made if isinstance(each, Refused))
    assert "已有一个批次" in refused.message
    with many.district_at_work():
        assert [run.lines.count() for run in PaymentRun.objects.all()] == [20]


@pytest.mark.django_db(transaction=True)
def test_two_who_check_and_two_who_make_the_file_at_once_do_it_once(tmp_path: Path) -> None:
    with many.district_at_work():
        many.make_district()
        maker = many.make_actor("finance_maker")
        checkers = [many.make_actor("finance_checker", name=name) for name in ("甄甲", "甄乙")]
        award(families(3))
        run = actions.make_run(programmes=[FAMILY_PROGRAMME], month=SEPTEMBER, by=maker, on=ON)
        actions.submit(run=run, by=maker, on=ON)
        run = PaymentRun.objects.get(pk=run.pk)
        seen = queries.seal_of(run)
    approved = at_once([scoped(checker, actions.approve, run=run, seen=seen, on=ON) for checker in checkers])
    files = at_once(
        [scoped(checker, actions.make_bank_file, run=run, profile="csv_utf8", on=ON) for checker in checkers]
    )

    assert sorted(type(each).__name__ for each in approved) == ["PaymentRun", "Refused"]
    assert files[0] == files[1]
    assert isinstance(files[0], BankFile)


@pytest.mark.django_db(transaction=True)
def test_a_line_that_is_changed_while_someone_approves_is_seen_or_refused() -> None:
    with many.district_at_work():
        many.make_district()
        maker, checker = many.make_actor("finance_maker"), many.make_actor("finance_checker")
        award(families(2))
        run = actions.make_run(programmes=[FAMILY_PROGRAMME], month=SEPTEMBER, by=maker, on=ON)
        actions.submit(run=run, by=maker, on=ON)
        run = PaymentRun.objects.get(pk=run.pk)
        seen = queries.seal_of(run)
    changed, approving = threading.Event(), threading.Event()

    def change(*, by: Actor) -> int:
        rows = PaymentLine.objects.filter(run=run).update(amount=99_999_00)
        changed.set()
        approving.wait(10)
        # Until who approves waits for this line, or is through.
        with connection.cursor() as cursor:
            for _each in range(100):
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    break
                time.sleep(0.02)
        return rows

    def approve(*, by: Actor) -> PaymentRun:
        changed.wait(10)
        approving.set()
        return actions.approve(run=run, seen=seen, by=by, on=ON)

    done = at_once([scoped(maker, change), scoped(checker, approve)])

    assert done[0] == 2
    assert isinstance(done[1], Refused), "what was checked is not what is there"
    with many.district_at_work():
        assert PaymentRun.objects.get(pk=run.pk).state == "submitted"


@pytest.mark.slow
@pytest.mark.django_db
def test_a_run_of_six_thousand_awards() -> None:
    with many.district_at_work():
        many.make_district()
        maker, checker = (many.make_actor(kind) for kind in ("finance_maker", "finance_checker"))
        award(families(6_000, members=2), [1_000 + at for at in range(6_000)])
        run = actions.make_run(programmes=[FAMILY_PROGRAMME], month=SEPTEMBER, by=maker, on=ON)
        assert queries.problems_of(run) == []
        actions.submit(run=run, by=maker, on=ON)
        run = actions.approve(run=run, seen=queries.seal_of(run), by=checker, on=ON)
        total = sum(1_000 + at for at in range(6_000))
        assert (run.households_count, run.people_count, run.total) == (6_000, 12_000, total)
        for profile in ("csv_utf8", "fixed_gb18030"):
            file = actions.make_bank_file(run=run, profile=profile, withdrawn_because="换一种", by=maker, on=ON)
            assert (file.lines_count, file.total) == (6_000, total)
