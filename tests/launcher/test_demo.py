"""The whole demonstration, in a copy of the checkout that lies in an awkward place."""

import os
import signal
import socket
from pathlib import Path

import psycopg
import pytest

from launcher import processes, roles, web
from launcher.places import ROOT
from tests.launcher.running import (
    SMALL,
    address_of_database,
    commands_of,
    database_of,
    demo,
    launch,
    left_by,
    run_once,
    wait_for_address,
    wait_for_line,
    web_of,
    worker_of,
)

# What the loader says of the divisions and their offices.
ALL_NEW, NOTHING_NEW = "修改 0，未变 0。", "区划与机构：新增 0，修改 0，"


def test_starts_beside_a_taken_port_tells_a_second_one_and_leaves_nothing_behind(occupied_checkout: Path) -> None:
    checkout = occupied_checkout
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with demo(checkout, port=port) as first:
            said, address = wait_for_address(first)
            assert f"端口 {port} 已被占用" in said
            assert f":{port}/" not in address
            assert web.is_healthy(address)

            second = launch(checkout, port=port)
            assert address in second.communicate(timeout=20)[0]
            assert second.returncode == 0
            assert web.is_healthy(address)

            first.send_signal(signal.SIGINT)
            assert "已全部停止" in first.communicate(timeout=20)[0]
            assert first.returncode == 0
            assert not web.is_healthy(address)
            assert left_by(checkout) == []


@pytest.mark.parametrize("wrong", ["49", "200001", "六千", "-5", "1.5"])
def test_a_wrong_number_of_families_is_refused_before_anything_starts(wrong: str) -> None:
    with launch(ROOT, f"--households={wrong}", port=0) as process:
        said = process.communicate(timeout=20)[0]
    assert f"户数须是 50 到 200,000 之间的整数，不能是“{wrong}”。" in said
    assert process.returncode == 2


@pytest.mark.slow
def test_the_second_start_loads_nothing_again(checkout: Path, free_port: int) -> None:
    for arguments in ((), ("--households=80",)):
        said = run_once(checkout, *arguments, port=free_port)
        assert NOTHING_NEW in said
        assert "示范区：已经载入，没有改动" in said
        assert ("make demo-reset" in said) is bool(arguments)


@pytest.mark.slow
def test_reset_empties_the_database_and_begins_afresh(checkout: Path, free_port: int) -> None:
    said = run_once(checkout, "--reset", SMALL, port=free_port, seconds=240)

    assert ALL_NEW in said
    assert "登记 50 户" in said


@pytest.mark.slow
def test_a_first_load_that_was_cut_short_is_begun_again(fresh_checkout: Path, free_port: int) -> None:
    checkout = fresh_checkout
    # Once the launcher itself is killed, and what it started goes on alone; once what it started.
    with demo(checkout, SMALL, port=free_port) as killed:
        wait_for_line(killed, "登记 50 户")
        killed.kill()
        killed.wait()
        abandoned = commands_of(checkout)
        assert abandoned

        with demo(checkout, SMALL, port=free_port) as process:
            wait_for_line(process, "登记 50 户")
            assert not set(abandoned) & set(commands_of(checkout))
            for pid in commands_of(checkout):
                os.kill(pid, signal.SIGKILL)
            assert "再运行一次 make demo 即可" in process.communicate(timeout=40)[0]
            assert process.returncode == 1
            assert left_by(checkout) == []

    said = run_once(checkout, SMALL, port=free_port, seconds=240)
    assert NOTHING_NEW in said
    assert "登记 50 户" in said


@pytest.mark.slow
def test_whoever_stops_a_first_load_does_not_wait_for_its_end(fresh_checkout: Path, free_port: int) -> None:
    with demo(fresh_checkout, SMALL, port=free_port) as process:
        wait_for_line(process, "登记 50 户")
        process.send_signal(signal.SIGINT)
        assert "已全部停止" in process.communicate(timeout=15)[0]
        assert process.returncode == 0
        assert left_by(fresh_checkout) == []


@pytest.mark.slow
def test_a_killed_launcher_leaves_nothing_in_the_way_of_the_next(checkout: Path, free_port: int) -> None:
    with demo(checkout, port=free_port) as killed:
        wait_for_address(killed)
        assert processes.wait_until(lambda: bool(worker_of(checkout)), seconds=10)
        assert len(left_by(checkout)) >= 4
        killed.kill()
        killed.wait()

        with demo(checkout, port=free_port) as next_one:
            said, address = wait_for_address(next_one)
            assert "占用" not in said
            assert web.is_healthy(address)


@pytest.mark.slow
def test_ends_with_a_word_when_the_database_was_killed_and_starts_clean_again(checkout: Path, free_port: int) -> None:
    with demo(checkout, port=free_port) as process:
        wait_for_address(process)
        os.kill(database_of(checkout)[0], signal.SIGKILL)

        assert "数据库意外停止" in process.communicate(timeout=40)[0]
        assert process.returncode == 1
        assert left_by(checkout) == []

    run_once(checkout, port=free_port)
    assert left_by(checkout) == []


@pytest.mark.slow
def test_a_killed_web_is_started_again_on_the_same_port(checkout: Path, free_port: int) -> None:
    with demo(checkout, port=free_port) as process:
        _said, address = wait_for_address(process)
        before = web_of(checkout)
        os.kill(before[0], signal.SIGKILL)

        wait_for_line(process, "网页服务意外停止，已重新启动")
        # Whoever comes now waits a moment, and is not turned away.
        assert web.is_healthy(address)
        assert not set(before) & set(web_of(checkout))

        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert left_by(checkout) == []


@pytest.mark.slow
def test_a_web_that_does_not_stay_up_is_not_started_for_ever(checkout: Path, free_port: int) -> None:
    with demo(checkout, port=free_port) as process:
        wait_for_address(process)
        (checkout / "config/wsgi.py").write_text("raise SystemExit('不能启动')\n")
        os.kill(web_of(checkout)[0], signal.SIGKILL)

        said = process.communicate(timeout=60)[0]
        assert "网页服务一再停止，演示随之停止" in said
        assert "不能启动" in said
        assert process.returncode == 1
        assert left_by(checkout) == []


@pytest.mark.slow
def test_a_killed_worker_is_started_again_and_the_web_goes_on(checkout: Path, free_port: int) -> None:
    with demo(checkout, port=free_port) as process:
        _said, address = wait_for_address(process)
        assert processes.wait_until(lambda: bool(worker_of(checkout)), seconds=10)
        first = worker_of(checkout)
        os.kill(first[0], signal.SIGKILL)

        wait_for_line(process, "后台任务意外停止，已重新启动")
        assert processes.wait_until(lambda: bool(worker_of(checkout)), seconds=10)
        second = worker_of(checkout)
        assert [len(first), len(second)] == [1, 1]
        assert second != first
        assert web.is_healthy(address)

        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert left_by(checkout) == []


@pytest.mark.slow
def test_the_worker_does_what_is_to_be_done_every_minute(checkout: Path, free_port: int) -> None:
    with demo(checkout, port=free_port) as process:
        wait_for_address(process)
        assert processes.wait_until(lambda: done_by_the_worker(checkout) >= 1, seconds=80)
        said = (checkout / "var/worker.log").read_text()
        assert "Error" not in said


def done_by_the_worker(checkout: Path) -> int:
    """How many periodic jobs were deferred and are done with: those are not kept."""
    with psycopg.connect(address_of_database(checkout, roles.WEB)) as connection:
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM procrastinate_periodic_defers), (SELECT count(*) FROM procrastinate_jobs)"
        ).fetchone()
    assert counts
    return int(counts[0]) if counts[1] == 0 else 0
