"""Whatever is killed in the middle of work: what someone was told is done is there, and nothing is half there."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest

from launcher import processes, roles
from tests.launcher.clerks import Crew, Notebook
from tests.launcher.running import (
    address_of_database,
    begin_to_manage,
    database_of,
    demo,
    manage,
    wait_for_address,
    wait_for_line,
    web_of,
    worker_of,
)
from yihu.common.clock import today

COLLECT = ("procrastinate", "defer", "yihu.records_checks.jobs.exchange", json.dumps({"timestamp": 0}))
# Seconds that a dropped file must lie still before it is taken to be whole.
QUIET = 3
# So many answers take a moment to be collected.
ENOUGH = 8


@pytest.mark.slow
def test_kill_9_of_web_worker_and_database_loses_nothing(checkout: Path, free_port: int) -> None:
    with demo(checkout, port=free_port) as process:
        _said, address = wait_for_address(process)
        with Crew(address, clerks=3) as crew:
            notes = crew.notes
            wait_until_more(notes, 3)
            kill(web_of(checkout)[-1])
            wait_until_more(notes, 3)
            kill(web_of(checkout)[0])
            wait_for_line(process, "网页服务意外停止，已重新启动")
            wait_until_more(notes, 2)
            # All of Gunicorn at once, and one of the database's own children, after which it recovers by itself.
            kill(*web_of(checkout))
            wait_for_line(process, "网页服务意外停止，已重新启动")
            wait_until_more(notes, 2)
            kill(a_session_of(checkout))
            wait_until_more(notes, 3)

            dropped = drop_answers(checkout)
            with collecting(checkout):
                wait(lambda: len(waiting_answers(checkout)) < dropped, seconds=90)
                kill(*worker_of(checkout))
            left = waiting_answers(checkout)
            assert left, "everything was collected before the worker was killed"
            wait_for_line(process, "后台任务意外停止，已重新启动")

            with collecting(checkout):
                wait(lambda: len(waiting_answers(checkout)) < len(left), seconds=90)
                # In the middle of that and of everything else: the database, whole.
                kill(*database_of(checkout))
            assert "数据库意外停止" in process.communicate(timeout=60)[0]

    with demo(checkout, port=free_port) as process:
        said, address = wait_for_address(process)
        assert "示范区：已经载入，没有改动" in said
        time.sleep(QUIET)
        tell_the_worker(checkout)
        wait(lambda: not waiting_answers(checkout), seconds=60)
        with psycopg.connect(address_of_database(checkout, roles.OWNER)) as connection:
            everything_acknowledged_is_there(connection, notes)
            nothing_is_half_there(connection, notes)
            answers_were_taken_once(connection, checkout)
            papers_are_whole(connection, checkout)
        manage(checkout, "replay", "--all")
        with Crew(address, clerks=1) as crew:
            wait_until_more(crew.notes, 1)


# ---- killing


def kill(*pids: int) -> None:
    """All of them, at once and without a word. Of the many children of a database one may just have ended."""
    killed = 0
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    assert killed


def a_session_of(checkout: Path) -> int:
    """A child of the database server that serves the web."""
    return next(
        pid
        for pid in database_of(checkout)
        if roles.WEB in " ".join(processes.command_line(pid)) and "yihu_demo" in " ".join(processes.command_line(pid))
    )


def wait(condition: Callable[[], bool], *, seconds: float) -> None:
    """Look so often that a moment is not missed."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def wait_until_more(notes: Notebook, more: int) -> None:
    """Until so many more families were registered, and so many more admitted than were before."""
    registered, admitted = len(notes.registered) + more, len(notes.admitted) + 1
    done = processes.wait_until(
        lambda: bool(notes.broken) or (len(notes.registered) >= registered and len(notes.admitted) >= admitted),
        seconds=90,
    )
    assert done, notes.unanswered[-5:]
    assert not notes.broken, notes.broken


def waiting_answers(checkout: Path) -> list[Path]:
    """The answers that nobody took yet."""
    return sorted(checkout.glob("var/exchange/*/answers/HD*.csv"))


@contextmanager
def collecting(checkout: Path) -> Iterator[None]:
    """Tell the worker to collect what was dropped, and do something else meanwhile."""
    long_ago = time.time() - QUIET
    for path in waiting_answers(checkout):
        # It may be gone: once a minute the worker collects without being told.
        with suppress(FileNotFoundError):
            os.utime(path, (long_ago, long_ago))
    with begin_to_manage(checkout, *COLLECT):
        yield


def tell_the_worker(checkout: Path) -> None:
    """Have the worker take in and lay out; it may have been told already, by its clock."""
    with begin_to_manage(checkout, *COLLECT) as process:
        said = process.communicate(timeout=120)[0]
    assert process.returncode == 0 or "already a job in the queue" in said, said


def drop_answers(checkout: Path) -> int:
    """Let the departments answer what was asked today; how many answers lie there, still enough to be taken."""
    for _attempt in range(5):
        wait(lambda: len(waiting_questions(checkout, "queued", "sent")) >= ENOUGH, seconds=90)
        # The clerks go on asking meanwhile: what was asked by now must go out.
        asked = waiting_questions(checkout, "queued")
        tell_the_worker(checkout)
        # Once a minute the demonstration does all this by itself, and may have been quicker.
        wait(partial(went_out, checkout, asked), seconds=60)
        manage(checkout, "answer_exchange")
        dropped = len(waiting_answers(checkout))
        if dropped >= ENOUGH:
            return dropped
    raise AssertionError("the answers were always collected first")


def went_out(checkout: Path, asked: set[int]) -> bool:
    """Whether each of these questions lies with its department."""
    return not asked & waiting_questions(checkout, "queued")


def waiting_questions(checkout: Path, *states: str) -> set[int]:
    """Those of today's questions that are in these states."""
    with psycopg.connect(address_of_database(checkout, roles.OWNER)) as connection:
        found = rows(
            connection,
            """
            SELECT r.id FROM records_checks_sourcerequest r
            JOIN records_checks_recordscheck c ON c.id = r.check_round_id
            WHERE c.asked_on = %s AND r.state = ANY(%s)
            """,
            today(),
            list(states),
        )
    return {int(number) for (number,) in found}


# ---- looking


def rows(connection: "psycopg.Connection", question: str, *values: object) -> list[tuple[Any, ...]]:
    return connection.execute(question.encode(), values).fetchall()


def everything_acknowledged_is_there(connection: "psycopg.Connection", notes: Notebook) -> None:
    """Each family with its members, facts and history, each case with its steps and papers."""
    assert len(notes.registered) >= 12
    found = rows(
        connection,
        """
        SELECT h.address, h.number,
            (SELECT count(*) FROM households_member m WHERE m.household_id = h.id),
            (SELECT count(*) FROM households_fact f JOIN households_person p ON p.id = f.person_id
             WHERE p.household_id = h.id AND f.name = 'hukou' AND f.source = 'declared'),
            (SELECT count(DISTINCT (c."table", c.row_id)) FROM common_change c
             WHERE c.household = h.id AND c.operation = 'insert'
                AND c.actor_id IN (SELECT id FROM access_principal WHERE kind = 'staff')
                AND c."table" IN ('households_household', 'households_person', 'households_member', 'households_fact'))
        FROM households_household h WHERE h.number = ANY(%s)
        """,
        list(notes.registered.values()),
    )
    # Two people who live there, where each is registered, and a line of history for the family and for each of these.
    assert {(address, number): counts for address, number, *counts in found} == {
        pair: [2, 2, 7] for pair in notes.registered.items()
    }
    cases = rows(
        connection,
        """
        SELECT h.number, c.number, c.admitted_on IS NOT NULL,
            (SELECT count(*) FROM households_paper p WHERE p.household_id = h.id AND p.subject LIKE c.number || '/%%'),
            (SELECT count(*) FROM households_consent s JOIN households_person p ON p.id = s.person_id
             WHERE p.household_id = h.id),
            (SELECT count(*) FROM letters_letter l WHERE l.subject = c.number)
        FROM cases_case c JOIN households_household h ON h.id = c.household_id WHERE c.number = ANY(%s)
        """,
        list(notes.applied.values()),
    )
    assert {(family, case) for family, case, *_rest in cases} == set(notes.applied.items())
    assert all((papers, consents) == (2, 2) for _family, _case, _is_admitted, papers, consents, _letters in cases)
    assert all(letters >= 1 for *_rest, is_admitted, _papers, _consents, letters in cases if is_admitted)
    assert set(notes.admitted) <= {case for _family, case, is_admitted, *_rest in cases if is_admitted}
    asked = rows(connection, "SELECT subject FROM records_checks_recordscheck WHERE subject = ANY(%s)", notes.asked)
    assert sorted(str(subject) for (subject,) in asked) == sorted(notes.asked)


def nothing_is_half_there(connection: "psycopg.Connection", notes: Notebook) -> None:
    """What nobody was told of is there whole or not at all."""
    tried = rows(
        connection,
        """
        SELECT h.address, count(DISTINCT h.id), count(DISTINCT m.id), count(DISTINCT p.id)
        FROM households_household h
        LEFT JOIN households_member m ON m.household_id = h.id LEFT JOIN households_person p ON p.household_id = h.id
        WHERE h.address LIKE '试验路%%' GROUP BY h.address
        """,
    )
    assert {str(address) for address, *_counts in tried} <= set(notes.tried)
    assert {tuple(counts) for _address, *counts in tried} == {(1, 2, 2)}
    for what, question in {
        "households without anybody": """
            SELECT number FROM households_household h
            WHERE NOT EXISTS (SELECT FROM households_member m WHERE m.household_id = h.id)""",
        "people who never lived anywhere": """
            SELECT id FROM households_person p
            WHERE NOT EXISTS (SELECT FROM households_member m WHERE m.person_id = p.id)""",
        "cases without a step": """
            SELECT number FROM cases_case c WHERE NOT EXISTS (SELECT FROM cases_casestep s WHERE s.case_id = c.id)""",
        "running cases in which nobody has anything to do": """
            SELECT number FROM cases_case c WHERE closed_on IS NULL
                AND NOT EXISTS (SELECT FROM cases_casestep s WHERE s.case_id = c.id AND s.state = 'open')""",
        "applications without a case": """
            SELECT id FROM cases_application a
            WHERE NOT EXISTS (SELECT FROM cases_case c WHERE c.application_id = a.id)""",
        "rounds that ask nobody": """
            SELECT id FROM records_checks_recordscheck r
            WHERE NOT EXISTS (SELECT FROM records_checks_sourcerequest s WHERE s.check_round_id = r.id)""",
        "questions without a paper": "SELECT id FROM records_checks_sourcerequest WHERE asked_in_id IS NULL",
        "history without an actor": "SELECT id FROM common_change WHERE actor_id IS NULL",
        "families without history": """
            SELECT number FROM households_household h WHERE NOT EXISTS (SELECT FROM common_change c
                WHERE c."table" = 'households_household' AND c.row_id = h.id AND c.operation = 'insert')""",
        "members without history": """
            SELECT id FROM households_member m WHERE NOT EXISTS (SELECT FROM common_change c
                WHERE c."table" = 'households_member' AND c.row_id = m.id AND c.operation = 'insert')""",
    }.items():
        assert rows(connection, question) == [], what


def answers_were_taken_once(connection: "psycopg.Connection", checkout: Path) -> None:
    """Every file that was put away was taken into the register once, and none was refused."""
    assert list(checkout.glob("var/exchange/*/refused/*")) == []
    taken = [sha256(path.read_bytes()).hexdigest() for path in checkout.glob("var/exchange/*/taken/*.csv")]
    assert len(taken) >= ENOUGH
    assert len(taken) == len(set(taken))
    found = rows(
        connection,
        """
        SELECT d.sha256, r.state, cardinality(c.people), (SELECT count(*) FROM records_checks_sourceanswer a
            WHERE a.request_id = r.id)
        FROM documents_document d
        JOIN records_checks_sourcerequest r ON r.answered_in_id = d.id
        JOIN records_checks_recordscheck c ON c.id = r.check_round_id
        WHERE d.sha256 = ANY(%s)
        """,
        taken,
    )
    assert sorted(str(digest) for digest, *_rest in found) == sorted(taken)
    assert {(state, people == answers) for _digest, state, people, answers in found} == {("answered", True)}
    twice = """
        SELECT evidence_id FROM households_fact WHERE source = 'received'
        GROUP BY evidence_id, household_id, person_id, name HAVING count(*) > 1"""
    assert rows(connection, twice) == []


def papers_are_whole(connection: "psycopg.Connection", checkout: Path) -> None:
    """Behind every row of a paper lies its content."""
    folder = checkout / "var/documents"
    digests = [str(digest) for (digest,) in rows(connection, "SELECT DISTINCT sha256 FROM documents_document")]
    assert digests
    damaged = [
        digest
        for digest in digests
        if sha256((folder / digest[:2] / digest[2:4] / digest).read_bytes()).hexdigest() != digest
    ]
    assert damaged == []
