"""What every test may use: a real database of its own, and a browser where there is one.

Tests connect as the role that the web runs as. That role may not TRUNCATE, by which Django empties the tables after a
test that commits; such a test (`live_server`, `transaction=True`) gets a fresh copy of the database instead.
"""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase
from playwright.sync_api import Browser, Page, sync_playwright
from psycopg.conninfo import make_conninfo
from pytest_django import DjangoDbBlocker

from tests import budgets, databases
from tests.databases import Template
from tests.ready import Ready

# Playwright keeps an event loop in the test's thread, on which Django would refuse to query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """The browser that `YIHU_CHROMIUM` names, else one on PATH."""
    chosen = os.environ.get("YIHU_CHROMIUM")
    if chosen:
        return chosen
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A file's content is called by its argument and its place: a workbook holds the second in which it was made, and
    both workers must call a test the same.
    """
    return argname if isinstance(val, bytes) else None


def pytest_configure(config: pytest.Config) -> None:
    """Measure what each room's tests use."""
    config.pluginmanager.register(budgets.Budgets(), "budgets")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """Whoever uses the browser is a journey. Without one they stay behind, and the end says so once for all.

    In whatever order the rest comes, journeys come first: one that began last would keep a whole run waiting.
    """
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.journey)
        if item.get_closest_marker("journey") and not find_chromium():
            item.add_marker(pytest.mark.skip(reason="没有 Chromium"))
    yield
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many journeys did not run, and how to run them."""
    if find_chromium():
        return
    left = sum("journey" in report.keywords for report in terminalreporter.stats.get("skipped", []))
    if left:
        terminalreporter.write_line(
            f"{left} 个浏览器旅程没有运行：没有找到 Chromium。"
            "请安装（Debian：apt-get install chromium fonts-noto-cjk），或用 YIHU_CHROMIUM 指明程序。"
        )


@pytest.fixture(scope="session")
def template(django_test_environment: None, testrun_uid: str) -> Iterator[Template]:
    """The database of tables and locks that this worker copies."""
    with databases.template(testrun_uid[:12]) as found:
        yield found


@pytest.fixture(scope="session")
def ready(
    template: Template, django_db_blocker: DjangoDbBlocker, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ready]:
    """Databases in which something has already happened."""
    made = Ready(template, worker_id, django_db_blocker, tmp_path_factory.mktemp("ready"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def django_db_setup(template: Template, django_db_blocker: DjangoDbBlocker, worker_id: str) -> Iterator[str]:
    """A database for this worker; its address for the owner."""
    with django_db_blocker.unblock():
        name = template.copies + worker_id

        def renew(test: TransactionTestCase | None = None) -> None:
            connection.close()
            template.copy_to(name)

        connection.settings_dict.update(template.settings(name))
        renew()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(TransactionTestCase, "_fixture_teardown", renew)
            yield make_conninfo(template.server.owner, dbname=name)
        connection.close()
        template.server.drop(name)


@pytest.fixture(scope="session")
def browser(pytestconfig: pytest.Config) -> Iterator[Browser]:
    """A Chromium for the whole run; as root it only runs without its sandbox."""
    playwright = sync_playwright().start()
    chromium = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
    yield chromium
    # What it used in all is told now that it is waited for: beside whatever test comes last.
    with pytestconfig.pluginmanager.get_plugin("budgets").meter.uncounted():
        chromium.close()
        playwright.stop()


@contextmanager
def page_of(browser: Browser, **options: object) -> Iterator[Page]:
    """A page with nothing remembered; an error in its scripts fails the test."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **options)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on a clerk's screen."""
    with page_of(browser, viewport={"width": 1366, "height": 900}) as opened:
        yield opened


@pytest.fixture
def phone_page(browser: Browser) -> Iterator[Page]:
    """A page on a resident's telephone."""
    with page_of(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as opened:
        yield opened


@pytest.fixture
def awkward_folder() -> Iterator[Path]:
    """A folder with a space and Chinese characters in its path, which is yet short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="一户 ") as folder:
        yield Path(folder)
