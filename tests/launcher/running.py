"""A checkout of its own whose demonstration tests may start, kill and look into."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher import environment, processes, roles
from launcher.places import ROOT
from launcher.postgres import PORT

READY = "一户已就绪"
# The smallest district there is.
SMALL = "--households=50"
OWN = ("DATABASE_URL", "DATABASE_OWNER_URL", "SECRET_KEY", "FIELD_KEYS", "DOCUMENT_ROOT", "EXCHANGE_ROOT")

OCCUPY = """
import sys
from launcher import demo, environment

with environment.database() as database:
    for command in (("migrate", "-v0"), ("lock", "-v0"), ("load_organisations",), ("shell", "-v0", "-c", sys.argv[1])):
        with demo.manage(database.owner, *command) as process:
            demo.require(process, command[0])
"""
ONE_FAMILY = """
from datetime import date

from yihu.access.scope import acting
from yihu.households.models import Household
from yihu.organisations.models import Division
from yihu.organisations.queries import service_everywhere

with acting(service_everywhere("demo")):
    community = Division.objects.filter(level="community").first()
    Household.objects.create(number="XC-007-000001", division=community, address="虚构", opened_on=date(2026, 3, 2))
"""


def copy_code(folder: Path) -> Path:
    """The code without what a checkout gathers."""
    for name in ("config", "demo", "launcher", "src"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", folder)
    return folder


def surroundings(checkout: Path) -> dict[str, str]:
    """The environment in which the programs of this checkout run, and of no other."""
    inherited = {name: value for name, value in os.environ.items() if name not in OWN}
    return inherited | {"PYTHONPATH": os.pathsep.join([str(checkout), str(checkout / "src")]), "PYTHONUTF8": "1"}


def occupy(checkout: Path) -> None:
    """Make the tables of this checkout's demonstration and put one family into them; loading leaves it at that."""
    command = [sys.executable, "-c", OCCUPY, ONE_FAMILY]
    done = subprocess.run(
        command, cwd=checkout, env=surroundings(checkout), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def launch(checkout: Path, *arguments: str, port: int) -> "subprocess.Popen[str]":
    """Start the launcher of this checkout."""
    return subprocess.Popen(
        [sys.executable, "-m", "launcher.demo", *arguments],
        cwd=checkout,
        env=surroundings(checkout) | {"YIHU_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
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


def run_once(checkout: Path, *arguments: str, port: int, seconds: float = 60) -> str:
    """What the launcher says from its start to its end; it must succeed."""
    with demo(checkout, "--once", *arguments, port=port) as process:
        said = process.communicate(timeout=seconds)[0]
        assert process.returncode == 0, said
        assert READY in said
    return said


def begin_to_manage(checkout: Path, *command: str) -> "subprocess.Popen[str]":
    """Start one of Django's commands."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=checkout,
        env=surroundings(checkout) | {"DEMONSTRATION": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def manage(checkout: Path, *command: str) -> str:
    """What one of Django's commands says; it must succeed."""
    with begin_to_manage(checkout, *command) as process:
        said = process.communicate(timeout=120)[0]
    assert process.returncode == 0, said
    return said


def wait_for_line(process: "subprocess.Popen[str]", wanted: str) -> str:
    """Everything said up to the line that holds this."""
    said = ""
    assert process.stdout
    for line in process.stdout:
        said += line
        if wanted in line:
            return said
    raise AssertionError(said)


def wait_for_address(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """Everything said until it was ready, and the address."""
    said = wait_for_line(process, READY)
    return said, said.rstrip().rpartition("：")[2]


def web_of(checkout: Path) -> list[int]:
    """Gunicorn's processes of this checkout: the master first, since it was there first."""
    return sorted(processes.with_argument(f"--name={checkout / 'var/web'}"))


def worker_of(checkout: Path) -> list[int]:
    """The workers of this checkout."""
    return processes.with_argument(f"--name={checkout / 'var/worker'}")


def commands_of(checkout: Path) -> list[int]:
    """Django's commands that a launcher of this checkout started."""
    return processes.with_argument(f"--pythonpath={checkout}")


def database_of(checkout: Path) -> list[int]:
    """The database server of this checkout with all its children, itself first."""
    data = next((path.resolve() for path in checkout.glob("var/postgres-*/data")), None)
    if data is None:
        return []
    server = processes.with_argument(str(data))
    return server + [pid for pid in processes.working_in(data) if pid not in server]


def left_by(checkout: Path) -> list[int]:
    """Everything of this checkout that lives, but for the launcher."""
    return [*web_of(checkout), *worker_of(checkout), *commands_of(checkout), *database_of(checkout)]


def address_of_database(checkout: Path, role: str) -> str:
    """Where the running database of this checkout is reached."""
    socket_folder = next(checkout.glob("var/postgres-*/socket"))
    return roles.url(role=role, database=environment.DATABASE, host=str(socket_folder), port=PORT)
