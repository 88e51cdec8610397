"""A month's run of 6,000 awards: made, handed over, approved, written for the bank, on a real database.

The bound is what PostgreSQL takes to COPY the same lines into the same table, with its keys, references, checks and
triggers: a run is made in at most three times that, and is at the bank's two files in at most six. Beside it stand what
a bare table takes, and saving them one by one through the ORM, as is usually done.
"""

from __future__ import annotations

import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from bench.report import Options, Report, alone

AWARDS, QUICK = 6_000, 300
MOST_TO_MAKE, MOST_ALL_THE_WAY = 3.0, 6.0
MONTH, ON = date(2026, 9, 1), date(2026, 9, 3)
NEXT, NEXT_ON = date(2026, 10, 1), date(2026, 10, 8)


def run(options: Options, report: Report) -> None:
    """A first month of everybody, and the month after it, which is the usual one: compared with the first."""
    count = QUICK if options.quick else AWARDS
    with _district(count) as (address, maker, checker, programme):
        # What Django keeps in models can only be imported once it is set up.
        from tests import many
        from yihu.payments import actions, bank_format, queries
        from yihu.payments.bank_profiles import profiles
        from yihu.policy import packs

        # As the service does before it answers anybody.
        packs.check_divisions()
        gc.collect()
        gc.freeze()
        took: dict[str, float] = {}

        def timed(name: str, work: Callable[..., Any], *what: Any, **more: Any) -> Any:
            start = time.perf_counter()
            with many.district_at_work():
                found = work(*what, **more)
            took[name] = time.perf_counter() - start
            return found

        for month, on in ((MONTH, ON), (NEXT, NEXT_ON)):
            made = timed("制单", actions.make_run, programmes=[programme], month=month, by=maker, on=on)
            timed("提交", actions.submit, run=made, by=maker, on=on)
            seen = timed("复核时看到的", queries.seal_of, made)
            made = timed("复核封存", actions.approve, run=made, seen=seen, by=checker, on=on)
        [change] = timed("与上月相比", queries.changes_of, made)
        files = {
            name: timed(f"银行文件 {profile.title}", actions.bank_files.content_of, made, profile)[0]
            for name, profile in profiles().items()
        }
        with many.district_at_work():
            _check(report, made, change, files, count)
            report.check("封存以后又变了", agrees=queries.verify(made))
            sums = {bank_format.sums_in(profiles()[name], content) for name, content in files.items()}
            report.check(f"银行文件的合计与批次不符：{sums}", agrees=sums == {(count, made.total)})
            same, bare, saved = _copied(made, address), _copied_bare(made, address), _saved(made)
    made_in, whole = took["制单"] * 1000, sum(took.values()) * 1000
    name = f"{count:,} 笔批次，"
    report.add(f"{name}制单", made_in, "毫秒", "照抄进同一张表", same * 1000, at_most=MOST_TO_MAKE)
    report.add(f"{name}制单", made_in, "毫秒", "照抄进空表", bare * 1000)
    report.add(f"{name}制单", made_in, "毫秒", "逐行保存", saved * 1000)
    for step in [step for step in took if step != "制单"]:
        report.add(f"{name}{step}", took[step] * 1000, "毫秒")
    report.add(f"{name}从制单到两种银行文件", whole, "毫秒", "照抄进同一张表", same * 1000, at_most=MOST_ALL_THE_WAY)


def _check(report: Report, made: Any, change: Any, files: dict[str, bytes], count: int) -> None:
    expected = sum(_amount(at) for at in range(count))
    report.check(f"批次合计 {made.total}，应为 {expected}", agrees=made.total == expected)
    report.check("与上月相比不闭合", agrees=change.before + sum(step.amount for step in change.steps) == made.total)
    report.check("有一种银行文件是空的", agrees=all(files.values()))


def _copied(made: Any, address: str) -> float:
    """Seconds to COPY the same lines into the same table, as lines of a draft that is undone, with all its checks."""
    from yihu.payments.models import PaymentLine, PaymentRun

    columns = [field.column for field in PaymentLine._meta.fields if field.column not in ("id", "run_id")]
    others = [
        field.column for field in PaymentRun._meta.fields if field.column not in ("id", "number", "month", "state")
    ]
    listed, of_run = ", ".join(columns), ", ".join(others)
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.actor', app_service('demo')::text, true)")
        cursor.execute(
            f"INSERT INTO payments_paymentrun (number, month, state, {of_run})"
            f" SELECT 'FF-bench', '2026-12-01', 'draft', {of_run} FROM payments_paymentrun WHERE id = {made.pk}"
            " RETURNING id"
        )
        (draft,) = cursor.fetchone() or (0,)
        with cursor.copy(
            f"COPY (SELECT {draft}, {listed} FROM payments_paymentline WHERE run_id = {made.pk}) TO STDOUT"
        ) as out:
            lines = b"".join(out)
        start = time.perf_counter()
        with cursor.copy(f"COPY payments_paymentline (run_id, {listed}) FROM STDIN") as into:
            into.write(lines)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        took = time.perf_counter() - start
        connection.rollback()
    return took


def _copied_bare(made: Any, address: str) -> float:
    """Seconds that the database takes to write the same lines into a table of nothing but columns."""
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TEMP TABLE bare (LIKE payments_paymentline)")
        start = time.perf_counter()
        connection.execute("INSERT INTO bare SELECT * FROM payments_paymentline WHERE run_id = %s", [made.pk])
        return time.perf_counter() - start


def _saved(made: Any) -> float:
    """Seconds to save the same lines one by one, in a draft that is undone."""
    from django.db import transaction

    from yihu.payments.models import PaymentLine, PaymentRun

    lines = list(PaymentLine.objects.filter(run=made))
    draft = PaymentRun.objects.get(pk=made.pk)
    draft.pk, draft.number, draft.state, draft.month = None, "FF-bench", "draft", date(2026, 11, 1)
    draft.checker, draft.approved_on, draft.hash = None, None, ""
    draft.save(force_insert=True)
    start = time.perf_counter()
    for line in lines:
        line.pk, line.run = None, draft
        line.save(force_insert=True)
    took = time.perf_counter() - start
    transaction.set_rollback(True)
    return took


def _amount(at: int) -> int:
    return 50_000 + at % 200_000


@contextmanager
def _district(count: int) -> Iterator[tuple[str, Any, Any, str]]:
    """A database of its own with families that each have an account and an award: its address as its administrator's,
    who makes, who checks, and the programme.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from tests import databases

    with databases.template(f"bench{os.getpid()}") as template, tempfile.TemporaryDirectory() as folder:
        settings.DOCUMENT_ROOT = folder
        name = f"{template.name}_runs"
        connection.close()
        connection.settings_dict.update(template.settings(name))
        template.copy_to(name)
        try:
            yield make_conninfo(template.server.administrator, dbname=name), *_filled(count)
        finally:
            connection.close()
            template.server.drop(name)


def _filled(count: int) -> tuple[Any, Any, str]:
    from tests import many
    from tests.payments import conftest as payments

    with many.district_at_work():
        many.make_district()
        maker, checker = (many.make_actor(kind) for kind in ("finance_maker", "finance_checker"))
        households = payments.families(count, members=2)
        payments.award(households, [_amount(at) for at in range(count)], start=MONTH)
    return maker, checker, payments.FAMILY_PROGRAMME


if __name__ == "__main__":
    alone(run)
