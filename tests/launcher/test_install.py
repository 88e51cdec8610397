"""Installing: which Python, when nothing is to be done, and what is said when something is missing."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import install
from launcher.places import ROOT


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def find_python(path: Path, asked_for: str = "") -> "subprocess.CompletedProcess[str]":
    sh = shutil.which("sh")
    assert sh
    command = [sh, str(ROOT / "launcher/find-python"), asked_for]
    return subprocess.run(command, env={"PATH": str(path)}, capture_output=True, text=True, check=False)


TOO_OLD = '[ "$1" = --version ] && echo "Python 3.9.2"; [ "$1" = --version ]'
NEW_ENOUGH = f'exec "{sys.executable}" "$@"'
# What pyenv leaves for a version that is installed but not chosen.
REFUSES_TO_START = 'echo "pyenv: command not found" >&2; exit 127'


def test_python3_is_taken_when_new_enough(tmp_path: Path) -> None:
    program(tmp_path / "python3", NEW_ENOUGH)

    assert find_python(tmp_path).stdout == "python3\n"


def test_a_newer_one_on_the_path_is_taken_when_python3_is_too_old(tmp_path: Path) -> None:
    program(tmp_path / "python3", TOO_OLD)
    program(tmp_path / "python3.13", REFUSES_TO_START)
    program(tmp_path / "python3.12", NEW_ENOUGH)

    assert find_python(tmp_path).stdout == "python3.12\n"


def test_too_old_is_refused_with_what_to_install(tmp_path: Path) -> None:
    program(tmp_path / "python3", TOO_OLD)

    answer = find_python(tmp_path)

    assert answer.returncode == 1
    assert "3.9.2" in answer.stderr
    assert "apt-get install python3" in answer.stderr


def test_the_one_asked_for_is_taken_or_nothing(tmp_path: Path) -> None:
    program(tmp_path / "python3", NEW_ENOUGH)
    chosen = program(tmp_path / "我的 python/python", NEW_ENOUGH)
    old = program(tmp_path / "old", TOO_OLD)

    assert find_python(tmp_path, str(chosen)).stdout == f"{chosen}\n"
    assert find_python(tmp_path, str(old)).returncode == 1


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """A completed installation elsewhere; what the installer would have run is collected instead."""
    commands: list[tuple[str, ...]] = []
    venv = tmp_path / ".venv"
    program(venv / "bin/python", NEW_ENOUGH)
    monkeypatch.setattr(install, "VENV", venv)
    monkeypatch.setattr(install, "STAMP", venv / "yihu-stamp.json")
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "REQUIREMENTS", tmp_path / "requirements")
    monkeypatch.setattr(install, "project_digest", lambda: "project")
    monkeypatch.setattr(install, "make_venv", lambda installer: commands.append(("venv",)))
    monkeypatch.setattr(install, "run", lambda *command: commands.append(command))
    monkeypatch.setenv("YIHU_INSTALLER", "pip")
    monkeypatch.delenv("PYTHON", raising=False)
    install.REQUIREMENTS.mkdir()
    install.lock_of("run").write_text("django==5.2\n")
    install.lock_of("test").write_text("pytest==9.2\n")
    install.install("test")
    commands.clear()
    return commands


RUN = ("-r", "requirements/run.lock")
TEST = ("-r", "requirements/test.lock")


def locks_in(command: tuple[str, ...]) -> tuple[str, ...]:
    """What of a command of pip says from which locks it installs; only with hashes."""
    start = command.index("--require-hashes")
    return command[start + 1 :]


@pytest.mark.parametrize("purpose", ["run", "test"])
def test_what_is_installed_is_not_installed_again(installed: list[tuple[str, ...]], purpose: str) -> None:
    install.install(purpose)

    assert installed == []


def test_another_lock_installs_what_it_names_with_hashes(installed: list[tuple[str, ...]]) -> None:
    install.lock_of("test").write_text("pytest==9.3\n")

    install.install("test")

    assert len(installed) == 2
    assert locks_in(installed[0]) == (*RUN, *TEST)
    assert {"--no-deps", "--no-build-isolation", "--no-index"} < set(installed[1])


def test_whoever_only_runs_it_installs_nothing_that_tests(installed: list[tuple[str, ...]]) -> None:
    install.STAMP.unlink()

    install.install("run")

    assert [command for command in installed if "--require-hashes" in command] == [
        command for command in installed if command[-2:] == RUN
    ]
    assert locks_in(installed[1]) == RUN
    installed.clear()
    install.install("run")
    assert installed == []
    install.install("test")
    assert locks_in(installed[0]) == (*RUN, *TEST)


def test_another_lock_of_what_tests_is_no_matter_for_what_runs(installed: list[tuple[str, ...]]) -> None:
    install.lock_of("test").write_text("pytest==9.3\n")

    install.install("run")

    assert installed == []


def test_another_lock_of_what_runs_asks_for_what_tests_again(installed: list[tuple[str, ...]]) -> None:
    install.lock_of("run").write_text("django==5.3\n")
    install.install("run")
    assert locks_in(installed[0]) == RUN
    installed.clear()

    install.install("test")

    assert locks_in(installed[0]) == (*RUN, *TEST)


def test_another_project_alone_installs_no_lock(
    installed: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "project_digest", lambda: "another")
    install.install("run")
    assert len(installed) == 1
    assert "--require-hashes" not in installed[0]
    installed.clear()

    # What tests is still there: what runs is what it was.
    install.install("test")

    assert installed == []


@pytest.mark.parametrize("words", [[], ["everything"], ["run", "test"]], ids=["nothing", "unknown", "two"])
def test_for_what_to_install_has_to_be_said(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["launcher/install.py", *words])

    with pytest.raises(SystemExit, match="用法"):
        install.main()


@pytest.mark.parametrize(
    ("key", "value"), [("folder", "/home/clerk/elsewhere"), ("python", "3.10")], ids=["moved", "other-python"]
)
def test_what_cannot_be_mended_is_built_afresh(installed: list[tuple[str, ...]], key: str, value: str) -> None:
    stamp = json.loads(install.STAMP.read_text())
    install.STAMP.write_text(json.dumps({**stamp, key: value}))

    install.install("run")

    assert installed[0] == ("venv",)


def test_an_installation_cut_short_is_built_afresh(
    installed: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*command: str) -> None:
        raise KeyboardInterrupt

    install.lock_of("run").write_text("django==5.3\n")
    with monkeypatch.context() as patch:
        patch.setattr(install, "run", interrupt)
        with pytest.raises(KeyboardInterrupt):
            install.install("run")

    install.install("run")

    assert installed[0] == ("venv",)


def test_a_python_without_ensurepip_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setitem(sys.modules, "ensurepip", None)

    with pytest.raises(SystemExit, match=r"apt-get install python3\.\d+-venv"):
        install.make_venv("pip")


def test_a_python_newer_than_tested_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "NEWEST_TESTED", (3, 10))

    install.warn_if_untested()

    assert "继续安装" in capsys.readouterr().out


def test_make_help_says_a_sentence_about_each_target() -> None:
    environment = {"PATH": os.environ["PATH"]}
    answer = subprocess.run(["make", "help"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    targets = next(
        line.split()[1:] for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY")
    )

    described = {words[1]: words[2:] for words in map(str.split, answer.stdout.splitlines())}

    assert set(described) == set(targets)
    assert all(described.values())
