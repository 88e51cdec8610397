"""The whole demonstration, in a copy of the checkout that lies in an awkward place."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from launcher import environment, processes, roles, web
from launcher.places import ROOT
from launcher.postgres import PORT

READY = "一户已就绪"


@pytest.fixture
def checkout(awkward_folder: Path) -> Path:
    """The code without what a checkout gathers."""
    for name in ("config", "launcher", "src"):
        shutil.copytree(ROOT / name, awkward_folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", awkward_folder)
    return awkward_folder


def launch(checkout: Path, *arguments: str, port: int) -> "subprocess.Popen[str]":
    """Start the launcher of this checkout."""
    own = ("DATABASE_URL", "SECRET_KEY", "FIELD_KEYS")
    environment = {name: value for name, value in os.environ.items() if name not in own}
    environment |= {
        "PYTHONPATH": os.pathsep.join([str(checkout), str(checkout / "src")]),
        "PYTHONUTF8": "1",
        "YIHU_PORT": str(port),
    }
    command = [sys.executable, "-m", "launcher.demo", *arguments]
    return subprocess.Popen(
        command, cwd=checkout, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


@contextmanager
def demo(checkout: Path, *arguments: str, port: int) -> Iterator["subprocess.Popen[str]"]:
    """A running launcher; whatever happens, nothing of it outlives the test."""
    with launch(checkout, *arguments, port=port) as process:
        try:
            yield process
        finally:
            process.kill()
            processes.end(left_by(checkout), first=signal.SIGKILL, patience=5)


def left_by(checkout: Path) -> list[int]:
    """The web servers, workers and database servers of this checkout that live."""
    data = next(checkout.glob("var/postgres-*/data"), checkout)
    marks = (f"--pid={checkout / 'var/web.pid'}", worker_mark(checkout), str(data))
    return [pid for mark in marks for pid in processes.with_argument(mark)]


def worker_mark(checkout: Path) -> str:
    """By what the worker of this checkout is known."""
    return f"--name={checkout / 'var/worker'}"


def wait_for_address(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """Everything said until it was ready, and the address."""
    said = ""
    assert process.stdout
    for line in process.stdout:
        said += line
        if READY in line:
            return said, line.rpartition("：")[2].strip()
    raise AssertionError(said)


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def test_starts_beside_a_taken_port_tells_a_second_one_and_leaves_nothing_behind(checkout: Path) -> None:
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


@pytest.mark.slow
def test_a_killed_launcher_leaves_nothing_in_the_way_of_the_next(checkout: Path, free_port: int) -> None:
    with demo(checkout, port=free_port) as killed:
        wait_for_address(killed)
        assert processes.wait_until(lambda: bool(processes.with_argument(worker_mark(checkout))), seconds=10)
        assert len(left_by(checkout)) >= 4
        killed.kill()
        killed.wait()

        with demo(checkout, port=free_port) as next_one:
            said, address = wait_for_address(next_one)
            assert "占用" not in said
            assert web.is_healthy(address)


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["web", "database"])
def test_ends_with_a_word_when_a_part_was_killed_and_starts_clean_again(
    checkout: Path, free_port: int, victim: str
) -> None:
    with demo(checkout, port=free_port) as process:
        wait_for_address(process)
        of_web = processes.with_argument(f"--pid={checkout / 'var/web.pid'}")
        of_database = set(left_by(checkout)) - set(of_web) - set(processes.with_argument(worker_mark(checkout)))
        os.kill(min(of_web) if victim == "web" else of_database.pop(), signal.SIGKILL)

        assert "意外停止" in process.communicate(timeout=40)[0]
        assert process.returncode == 1
        assert left_by(checkout) == []

    with demo(checkout, "--once", port=free_port) as again:
        assert READY in again.communicate(timeout=40)[0]
        assert again.returncode == 0
        assert left_by(checkout) == []


@pytest.mark.slow
def test_reset_empties_the_database_and_begins_afresh(checkout: Path, free_port: int) -> None:
    for arguments, expected in (((), "新增 294"), ((), "未变 294"), (("--reset",), "新增 294")):
        with demo(checkout, "--once", *arguments, port=free_port) as process:
            assert expected in process.communicate(timeout=40)[0]


@pytest.mark.slow
def test_a_killed_worker_is_started_again_and_the_web_goes_on(checkout: Path, free_port: int) -> None:
    with demo(checkout, port=free_port) as process:
        _said, address = wait_for_address(process)
        assert processes.wait_until(lambda: bool(processes.with_argument(worker_mark(checkout))), seconds=10)
        first = processes.with_argument(worker_mark(checkout))
        os.kill(first[0], signal.SIGKILL)

        assert process.stdout
        assert any("后台任务意外停止，已重新启动" in line for line in process.stdout)
        assert processes.wait_until(lambda: bool(processes.with_argument(worker_mark(checkout))), seconds=10)
        second = processes.with_argument(worker_mark(checkout))
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
    socket_folder = next(checkout.glob("var/postgres-*/socket"))
    address = roles.url(role=roles.WEB, database=environment.DATABASE, host=str(socket_folder), port=PORT)
    with psycopg.connect(address) as connection:
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM procrastinate_periodic_defers), (SELECT count(*) FROM procrastinate_jobs)"
        ).fetchone()
    assert counts
    return int(counts[0]) if counts[1] == 0 else 0
