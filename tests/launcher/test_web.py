"""The port of the web, and what an earlier run may have left on it."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import parts, processes, web


def test_takes_the_port_wanted() -> None:
    with web.listen(0) as free:
        port = free.getsockname()[1]
    with web.listen(port) as listener:
        assert listener.getsockname() == ("127.0.0.1", port)


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_port_taken_gives_the_next(address: str) -> None:
    with socket.create_server((address, 0)) as taken:
        port = taken.getsockname()[1]
        with web.listen(port) as listener:
            assert port < listener.getsockname()[1] < port + web.PORTS_TRIED


def test_gives_up_with_a_word_about_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "PORTS_TRIED", 1)
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(web.WebFailed, match="YIHU_PORT"):
        web.listen(taken.getsockname()[1])


@pytest.mark.parametrize("stubborn", [False, True])
def test_ends_what_a_killed_run_left(tmp_path: Path, stubborn: bool) -> None:
    mark = f"--name={tmp_path / '一户 web'}"
    program = "import signal, sys, time\n"
    program += f"signal.signal(signal.SIGTERM, signal.{'SIG_IGN' if stubborn else 'SIG_DFL'})\n"
    program += "print(flush=True); time.sleep(60)"
    command = [sys.executable, "-c", program]
    with (
        subprocess.Popen([*command, mark], stdout=subprocess.PIPE) as left,
        subprocess.Popen([*command, "--name=/another/web"], stdout=subprocess.PIPE) as foreign,
    ):
        for process in (left, foreign):
            assert process.stdout
            process.stdout.readline()
        parts.end_orphans(mark)
        assert left.wait(timeout=1) == (-signal.SIGKILL if stubborn else -signal.SIGTERM)
        assert foreign.poll() is None
        foreign.kill()


def test_a_killed_process_that_nobody_reaped_is_not_running() -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        assert processes.is_running(process.pid)
        process.kill()
        assert processes.wait_until(lambda: not processes.is_running(process.pid), seconds=5)
        assert process.returncode is None


def test_an_address_where_nothing_answers_is_not_healthy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert not web.is_healthy(f"http://127.0.0.1:{port}/")
