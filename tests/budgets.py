"""How much processor time each room's tests may take, and how much they took.

No test asserts how long something takes, and no run fails for it: a machine is as busy as it is. The end of a whole run
tells what each room used of what it may, so that whoever made a room slow sees it.

Counted are the process of the tests, the programs that it waited for, and its own backend of PostgreSQL; the browser,
which journeys of many rooms share, and what a test leaves running by itself are not.
"""

import os
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

SECONDS = {
    "": 10,
    "access": 5,
    "architecture": 10,
    "awards": 25,
    "bench": 5,
    "cases": 50,
    "common": 5,
    "config": 5,
    "demo": 50,
    "documents": 5,
    "households": 10,
    "launcher": 45,
    "letters": 5,
    "organisations": 7,
    "payments": 40,
    "policy": 30,
    "policy_engine": 65,
    "policy_files": 20,
    "policy_packs": 5,
    "policy_procedures": 10,
    "programmes": 10,
    "records_checks": 15,
    "web": 180,
}
"""By room, that is by folder of tests; "" are the files that lie in none."""
ALTOGETHER = 7 * 60 * 2 * 4 // 5
"""Of seven minutes of two processors four fifths, whatever the rooms share out among themselves: the rest is for the
browser, for what the database does beside, and for waiting.
"""
USED = "processor seconds"


def room_of(test: str) -> str:
    """The room of a test, by its address."""
    folders = test.partition("::")[0].split("/")[1:-1]
    return folders[0] if folders else ""


def own_seconds() -> float:
    """What this process, and those that it waited for, have used."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def backend_seconds() -> tuple[int, float]:
    """The backend that the tests are connected to, and what it has used; nothing where it is out of sight."""
    connected = connection.connection
    if connected is None or connected.closed:
        return 0, 0.0
    number = connected.info.backend_pid
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0, 0.0
    return number, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Meter:
    """What was used since it was last read."""

    def __init__(self) -> None:
        self.own = own_seconds()
        self.backends = dict([backend_seconds()])

    def read(self) -> float:
        """Seconds since then; all that a new backend used is counted, of one that was there before only the rest."""
        own, (backend, seconds) = own_seconds(), backend_seconds()
        used = own - self.own + seconds - self.backends.get(backend, 0)
        self.own, self.backends[backend] = own, seconds
        return used

    @contextmanager
    def uncounted(self) -> Iterator[None]:
        """Whoever waits here for a program that was of no one test counts none of it."""
        before = own_seconds()
        yield
        self.own += own_seconds() - before


class Budgets:
    """Lets every report carry what was used, and adds it up in the process that leads the run."""

    def __init__(self) -> None:
        self.used: Counter[str] = Counter()
        self.meter = Meter()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """What setting up, calling or taking down took; between two tests little happens."""
        report = yield
        report.user_properties.append((USED, self.meter.read()))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count it for the test's room."""
        self.used[room_of(report.nodeid)] += sum(value for name, value in report.user_properties if name == USED)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        """Tell it at the end of a whole run, the fullest first."""
        if is_whole(config):
            terminalreporter.section("各室测试用的处理器时间（秒）", sep="-")
            for line in lines(self.used):
                terminalreporter.write_line(line)


def is_whole(config: pytest.Config) -> bool:
    """Whether all tests were asked for, and this process leads them."""
    chosen = config.option.keyword or config.option.markexpr == "slow"
    return config.args == config.getini("testpaths") and not chosen and not hasattr(config, "workerinput")


def lines(used: Counter[str]) -> list[str]:
    """A line for each room, and one for all of them."""
    named = [(room, seconds, SECONDS.get(room, 0)) for room, seconds in used.most_common()]
    said = [
        f"{room or '（其余）'} {seconds:.0f} / {budget}{'  超出' if seconds > budget else ''}"
        for room, seconds, budget in named
    ]
    return [*said, f"合计 {sum(used.values()):.0f} / {sum(SECONDS.values())}"]
