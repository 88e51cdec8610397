"""The server of the checkout: that it starts, whatever happened before, and stops when the last one leaves."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from launcher import account, processes
from launcher.places import ROOT
from launcher.postgres import Cluster, PostgresFailed


@pytest.fixture(autouse=True)
def _own_server_only(monkeypatch: pytest.MonkeyPatch) -> None:
    # What libpq takes from the environment must not lead elsewhere.
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGHOST", "nowhere.invalid")


@pytest.fixture
def cluster(awkward_folder: Path) -> Iterator[Cluster]:
    made = Cluster.under(awkward_folder)
    yield made
    made.stop()


def ask(cluster: Cluster, *statements: str) -> object:
    """The single value that the last statement answers with."""
    with psycopg.connect(cluster.superuser, autocommit=True) as connection:
        for statement in statements:
            answer = connection.execute(statement.encode())
        row = answer.fetchone()
    return row[0] if row else None


def test_starts_in_a_folder_with_a_space_and_chinese_characters(cluster: Cluster) -> None:
    with cluster.running():
        assert ask(cluster, "SELECT current_user") == "yihu_launcher"
        assert ask(cluster, "SHOW server_encoding") == "UTF8"
        assert ask(cluster, "SHOW listen_addresses") == ""
    assert not cluster.is_running()


def test_chinese_words_have_trigrams(cluster: Cluster) -> None:
    with cluster.running():
        question = "SELECT array_length(show_trgm('西长安街'), 1)"
        assert ask(cluster, "CREATE EXTENSION btree_gist", "CREATE EXTENSION pg_trgm", question) == 5


def test_only_its_owner_may_enter_the_folder_of_the_socket(cluster: Cluster) -> None:
    with cluster.running():
        assert cluster.socket_folder.is_relative_to(cluster.home)
        found = cluster.socket_folder.stat()
    assert stat.S_IMODE(found.st_mode) == 0o700
    assert found.st_uid == cluster.account.uid


def test_a_socket_too_deep_goes_to_the_temporary_folder(awkward_folder: Path) -> None:
    cluster = Cluster.under(awkward_folder / ("很深的文件夹" * 6))

    with cluster.running():
        assert cluster.socket_folder.parent == Path(tempfile.gettempdir())
        assert ask(cluster, "SELECT 1") == 1

    assert not cluster.socket_folder.exists()


def test_a_folder_that_another_put_in_its_place_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    cluster.socket_folder.symlink_to(tmp_path)

    with pytest.raises(PostgresFailed, match="不属于"), cluster.running():
        pass


def test_starts_clean_after_kill_9_and_keeps_what_was_committed(cluster: Cluster) -> None:
    with cluster.running():
        # A checkpoint, since the last moments before a kill may be lost.
        ask(cluster, "CREATE TABLE kept AS SELECT 7 AS number", "CHECKPOINT", "SELECT 1")
        killed = cluster.pid()
        os.kill(killed, signal.SIGKILL)
        processes.wait_until(lambda: not processes.is_running(killed), seconds=5)
        assert (cluster.data / "postmaster.pid").exists()

        with cluster.running():
            assert cluster.pid() != killed
            assert ask(cluster, "SELECT number FROM kept") == 7


def test_a_number_that_went_to_another_process_is_not_taken_for_the_server(cluster: Cluster) -> None:
    with cluster.running():
        written = (cluster.data / "postmaster.pid").read_text().split("\n")
    (cluster.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *written[1:]]))

    with cluster.running():
        assert ask(cluster, "SELECT 1") == 1
        assert cluster.pid() != os.getpid()


@pytest.mark.slow
def test_a_server_whose_socket_was_cleared_away_is_started_anew(cluster: Cluster) -> None:
    with cluster.running():
        lost = cluster.pid()
        shutil.rmtree(cluster.socket_folder)

        with cluster.running():
            assert cluster.pid() != lost
            assert ask(cluster, "SELECT 1") == 1


def test_an_initdb_cut_short_is_begun_again(cluster: Cluster) -> None:
    (cluster.home / "data.new").mkdir()
    (cluster.home / "data.new/PG_VERSION").write_text("18\n")

    with cluster.running():
        assert ask(cluster, "SELECT 1") == 1


def test_the_last_to_leave_stops_it(cluster: Cluster) -> None:
    with cluster.running():
        with cluster.running():
            assert cluster.is_running()
        assert cluster.is_running()
    assert not cluster.is_running()


def test_nobody_waits_for_a_user_that_was_killed(cluster: Cluster) -> None:
    program = (
        "import sys, time; from pathlib import Path; from launcher.postgres import Cluster\n"
        "with Cluster.under(Path(sys.argv[1])).running(): print('inside', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, str(cluster.locks.parent)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"inside\n"
        other.kill()
        other.wait()
        assert cluster.is_running()

    with cluster.running():
        pass
    assert not cluster.is_running()


def test_says_what_the_server_said_when_it_does_not_start(cluster: Cluster) -> None:
    with cluster.running():
        pass
    with open(cluster.data / "postgresql.conf", "a", encoding="utf-8") as settings:
        settings.write("no_such_setting = 1\n")

    with pytest.raises(PostgresFailed, match="no_such_setting"), cluster.running():
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="只有 root 需要另一个用户")
def test_root_without_namespaces_runs_it_as_a_user_without_privileges(
    awkward_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "namespace_works", lambda **where: False)
    awkward_folder.chmod(0o700)
    cluster = Cluster.under(awkward_folder)
    try:
        with cluster.running():
            assert cluster.data.stat().st_uid not in (0, 1000)
            assert ask(cluster, "SELECT 1") == 1
            os.kill(cluster.pid(), signal.SIGKILL)
            with cluster.running():
                assert ask(cluster, "SELECT 1") == 1
    finally:
        cluster.stop()
        shutil.rmtree(cluster.home)
