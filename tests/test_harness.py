"""What the tests themselves stand on."""

import os
import subprocess
import sys

import pytest
from django.db import ProgrammingError, connection, transaction

from launcher.places import ROOT
from yihu.organisations.enums import DivisionLevel
from yihu.organisations.models import Division

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
    Division.objects.create(code="110102", name="西城区", level=DivisionLevel.DISTRICT)


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
