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
    monkeypatch.setattr(install, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(install, "make_venv", lambda installer: commands.append(("venv",)))
    monkeypatch.setattr(install, "run", lambda *command: commands.append(command))
    monkeypatch.setenv("YIHU_INSTALLER", "pip")
    monkeypatch.delenv("PYTHON", raising=False)
    install.LOCK.write_text("django==5.2\n")
    install.install()
    commands.clear()
    return commands


def test_what_is_installed_is_not_installed_again(installed: list[tuple[str, ...]]) -> None:
    install.install()

    assert installed == []


def test_another_lock_installs_what_it_names_with_hashes(installed: list[tuple[str, ...]]) -> None:
    install.LOCK.write_text("django==5.3\n")

    install.install()

    assert len(installed) == 2
    assert "--require-hashes" in installed[0]
    assert {"--no-deps", "--no-build-isolation", "--no-index"} < set(installed[1])


@pytest.mark.parametrize(
    ("key", "value"), [("folder", "/home/clerk/elsewhere"), ("python", "3.10")], ids=["moved", "other-python"]
)
def test_what_cannot_be_mended_is_built_afresh(installed: list[tuple[str, ...]], key: str, value: str) -> None:
    stamp = json.loads(install.STAMP.read_text())
    install.STAMP.write_text(json.dumps({**stamp, key: value}))

    install.install()

    assert installed[0] == ("venv",)


def test_an_installation_cut_short_is_built_afresh(
    installed: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*command: str) -> None:
        raise KeyboardInterrupt

    install.LOCK.write_text("django==5.3\n")
    with monkeypatch.context() as patch:
        patch.setattr(install, "run", interrupt)
        with pytest.raises(KeyboardInterrupt):
            install.install()

    install.install()

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


def test_the_lock_names_no_index_and_hashes_everything() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()

    assert not [line for line in lines if "://" in line]
    pinned = [number for number, line in enumerate(lines) if line[:1].isalnum()]
    assert pinned
    assert all("--hash=sha256:" in lines[number + 1] for number in pinned)


def test_make_help_says_a_sentence_about_each_target() -> None:
    environment = {"PATH": os.environ["PATH"]}
    answer = subprocess.run(["make", "help"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    targets = next(
        line.split()[1:] for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY")
    )

    described = {words[1]: words[2:] for words in map(str.split, answer.stdout.splitlines())}

    assert set(described) == set(targets)
    assert all(described.values())
