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

import pytest

from launcher import processes, web
from launcher.places import ROOT

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
    """The web servers and database servers of this checkout that live."""
    data = next(checkout.glob("var/postgres-*/data"), checkout)
    return [*processes.with_argument(f"--pid={checkout / 'var/web.pid'}"), *processes.with_argument(str(data))]


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
        assert len(left_by(checkout)) >= 3
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
        of_database = set(left_by(checkout)) - set(of_web)
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
    for arguments, expected in (((), "新增 31"), ((), "未变 31"), (("--reset",), "新增 31")):
        with demo(checkout, "--once", *arguments, port=free_port) as process:
            assert expected in process.communicate(timeout=40)[0]
