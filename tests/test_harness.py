"""What the tests themselves stand on."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from pytest_django import Settings

from launcher.places import ROOT
from tests import budgets, databases, fingerprint
from tests.ready import Ready
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division

# These make and drop databases by name; two workers at once would take them from one another.
alone = pytest.mark.xdist_group("templates")
needs_roles = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="DATABASE_URL 指定的数据库只有一个角色")


@needs_roles
@pytest.mark.django_db
def test_tests_connect_as_the_web_does() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("yihu_web",)


@needs_roles
@pytest.mark.django_db
def test_the_web_may_not_empty_a_table() -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE organisations_division CASCADE")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_what_a_test_commits_is_gone_for_the_next(time: str) -> None:
    assert not Division.objects.exists()
    Division.objects.create(path="11/", code="110000", name="北京市", level=DivisionLevel.PROVINCE)


@pytest.fixture
def migrated(django_db_setup: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The templates that were migrated, which takes no time here; what the code asks for is "first".

    The database of this run keeps the server up meanwhile.
    """
    names: list[str] = []
    monkeypatch.setattr(fingerprint, "of_the_tables", lambda: "first")
    monkeypatch.setattr(databases, "migrate", lambda found, name: names.append(name))
    yield names
    with databases.server() as found:
        for name in names:
            found.drop(name.removesuffix("_unfinished"))


def templates() -> list[str]:
    """Those of these tests that exist."""
    with databases.server() as found:
        return [
            name for name in found.names(databases.TEMPLATE) if name.partition("template_")[2][:5] in ("first", "other")
        ]


@alone
def test_a_second_run_of_the_same_code_takes_the_template_as_it_is(migrated: list[str]) -> None:
    for run in ("harness1", "harness2"):
        with databases.template(run) as template:
            template.copy_to(f"{template.copies}gw0")
            with psycopg.connect(template.server.web, dbname=f"{template.copies}gw0"):
                assert template.name == "yihu_template_first"
        assert not template.server.names(template.copies)

    assert len(migrated) == 1
    assert templates() == ["yihu_template_first"]


@alone
def test_a_template_of_other_code_goes_when_nobody_uses_it(
    migrated: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with databases.template("harness1"):
        monkeypatch.setattr(fingerprint, "of_the_tables", lambda: "other")
        with databases.template("harness2"):
            assert templates() == ["yihu_template_first", "yihu_template_other"]
    with databases.template("harness3"):
        assert templates() == ["yihu_template_other"]

    assert len(migrated) == 2


@alone
def test_a_template_cut_short_is_made_afresh(migrated: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(found: databases.Server, name: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(databases, "migrate", interrupt)
        with pytest.raises(KeyboardInterrupt), databases.template("harness1"):
            pass
    assert templates() == ["yihu_template_first_unfinished"]

    with databases.template("harness2"):
        assert templates() == ["yihu_template_first"]
    assert len(migrated) == 1


def test_the_hash_of_the_tables_follows_what_makes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "ROOT", tmp_path)
    monkeypatch.setattr(fingerprint, "SOURCES", (tmp_path / "src", tmp_path))
    files = {
        "requirements/run.lock": "django==5.2",
        "src/yihu/common/migrations/0001_numbers.py": "from yihu.common import words",
        "src/yihu/common/__init__.py": "",
        "src/yihu/common/words.py": "import yihu.common.deeper as deeper",
        "src/yihu/common/deeper.py": "WORDS = 1",
        "src/yihu/common/posts.yaml": "posts: 1",
        "src/yihu/common/page.py": "def view(): ...",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    before = fingerprint.of_the_tables()

    changes = {}
    for name, text in files.items():
        (tmp_path / name).write_text(f"{text}\n# another")
        changes[name] = fingerprint.of_the_tables() != before
        (tmp_path / name).write_text(text)

    assert changes == {name: name != "src/yihu/common/page.py" for name in files}
    assert fingerprint.of_the_tables() == before


def test_what_is_ready_was_led_there_once_and_is_left_as_it_was(ready: Ready, settings: Settings) -> None:
    led: list[str] = []

    def lead() -> list[str]:
        Division.objects.create(path="11/", code="110000", name="北京市", level=DivisionLevel.PROVINCE)
        led.append("here")
        return ["what lead gave"]

    for _time in range(2):
        with ready.at("harness", lead, settings) as given:
            assert [division.name for division in Division.objects.all()] == ["北京市"]
            assert given == ["what lead gave"]
            Division.objects.update(name="天津市")
            given.clear()

    assert led == ["here"]


@pytest.mark.django_db
def test_beside_what_is_ready_the_usual_database_is_there_and_empty() -> None:
    assert not Division.objects.exists()


GROUPS = """\
import os, pytest

MARKED = [pytest.param(group, number, marks=pytest.mark.xdist_group(group)) for number in range(3) for group in "abcd"]

@pytest.mark.parametrize(("group", "number"), MARKED)
def test_one(group, number):
    print(f"{group} ran in", os.environ["PYTEST_XDIST_WORKER"])
"""


def test_what_is_of_one_group_runs_in_one_process(tmp_path: Path) -> None:
    """The pins of pytest and pytest-xdist have to fit: where they do not, the marks are passed over without a word."""
    (tmp_path / "test_groups.py").write_text(GROUPS)
    apart = ["-c", os.devnull, "-p", "no:django", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *apart, "-rP", "-n", "2", "--dist", "loadgroup", "test_groups.py"]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)

    ran = re.findall(r"^(\w) ran in (gw\d)$", answer.stdout, re.M)
    assert len(ran) == 12
    assert len(set(ran)) == 4, "each group in one process"
    assert {process for _group, process in ran} == {"gw0", "gw1"}, "and not all of them in the same"


def test_without_a_browser_one_line_says_what_did_not_run() -> None:
    command = [sys.executable, "-m", "pytest", "tests/config/test_health.py", "-k", "browser", "-p", "no:cacheprovider"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "YIHU"))}
    answer = subprocess.run(
        command, cwd=ROOT, env={**environment, "PATH": ""}, capture_output=True, text=True, check=False
    )

    told = [line for line in answer.stdout.splitlines() if "浏览器旅程没有运行" in line]
    assert told == [
        "1 个浏览器旅程没有运行：没有找到 Chromium。"
        "请安装（Debian：apt-get install chromium fonts-noto-cjk），或用 YIHU_CHROMIUM 指明程序。"
    ]
    assert "1 skipped" in answer.stdout.splitlines()[-1]


def test_every_room_has_a_budget_and_all_of_them_no_more_than_there_is() -> None:
    tests = ROOT / "tests"
    folders = {path.relative_to(tests).parts[:-1] for path in tests.rglob("test_*.py")}

    assert set(budgets.SECONDS) == {parts[0] if parts else "" for parts in folders}
    assert sum(budgets.SECONDS.values()) <= budgets.ALTOGETHER


def test_the_room_of_a_test_is_its_first_folder() -> None:
    assert budgets.room_of("tests/web/desk/payments/test_runs.py::test_one") == "web"
    assert budgets.room_of("tests/test_harness.py::TestAll::test_one") == ""


def test_a_meter_counts_this_process_those_it_waited_for_and_its_backend(db: None) -> None:
    meter = budgets.Meter()
    nothing = meter.read()
    subprocess.run([sys.executable, "-c", "sum(range(10_000_000))"], check=True)
    child = meter.read()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n) FROM generate_series(1, 2000000) AS n")
    backend = meter.read()

    assert nothing < child
    assert "DATABASE_URL" in os.environ or nothing < backend
