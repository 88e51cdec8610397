"""`make demo`: database, tables, the invented district and the web, kept running until Ctrl-C."""

import argparse
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from launcher import environment, parts, processes, web, worker
from launcher.binaries import PostgresNotFound
from launcher.places import ROOT, VAR
from launcher.postgres import PostgresFailed

FIRST_PORT = 8000
LEAST_HOUSEHOLDS, MOST_HOUSEHOLDS = 50, 200_000
# Django's commands carry this, which they would add anyway, and by which those of this checkout are known.
COMMAND = f"--pythonpath={ROOT}"
ONE_LOCK = (
    "提醒：DATABASE_URL 的角色不受行级安全约束（它就是表的主人，或有超级权限），第二道锁没有上，只靠程序按区域过滤。"
    "请给网页另建一个角色，用 DATABASE_OWNER_URL 指明建表的角色；做法见 docs/how-to/two-database-roles.md。"
)
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class AlreadyRunning(Exception):
    """Another launcher of this checkout is at work; the message is its address, once it has one."""


class CommandFailed(Exception):
    """One of Django's commands did not succeed; the message says what to do."""


class Stopped(BaseException):
    """Asked to stop. Not an Exception: nothing on the way may take it for a failure."""


def main() -> int:
    """Run the demonstration; the exit status is 0 when it was asked to stop."""
    parser = argparse.ArgumentParser(prog="launcher.demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="先清空演示数据库")
    parser.add_argument("--once", action="store_true", help="启动、确认能用，然后停止")
    parser.add_argument(
        "--households", type=number_of_households, help="第一次载入多少户（50 到 200,000，不填为 6,000）"
    )
    options = parser.parse_args()
    began = time.monotonic()
    for number in STOPPING:
        signal.signal(number, _stop)
    try:
        with only_one():
            run(reset=options.reset, once=options.once, households=options.households, began=began)
    except Stopped:
        say("已全部停止。")
    except AlreadyRunning as other:
        say(f"这份演示已经在运行：{other}" if str(other) else "这份演示正在启动。")
        if options.reset:
            say("请先在它的窗口按 Ctrl-C，再清空。")
        return int(options.reset)
    except (PostgresFailed, PostgresNotFound, CommandFailed, web.WebFailed, parts.PartFailed, LookupError) as failure:
        say(str(failure))
        return 1
    except PermissionError as failure:
        say(f"没有权限使用 {failure.filename}：它可能是另一个用户运行时建的。")
        return 1
    return 0


def run(*, reset: bool, once: bool, households: int | None, began: float) -> None:
    """Bring everything up, watch over it, and take it down again whatever happens."""
    for mark in (web.MARK, worker.MARK, COMMAND):
        parts.end_orphans(mark)
    say("正在启动数据库……")
    with environment.database(empty=reset) as database:
        if not database.is_locked_twice:
            say(ONE_LOCK)
        prepare(database, households=households)
        say("正在启动网页……")
        wanted = int(os.environ.get("YIHU_PORT") or FIRST_PORT)
        with web.listen(wanted) as listener:
            address = web.address_of(listener)
            running = [web.start(listener, surroundings(database.web))]
            try:
                running.append(worker.start(surroundings(database.web)))
                if (port := listener.getsockname()[1]) != wanted:
                    say(f"端口 {wanted} 已被占用，改用 {port}。")
                say(f"一户已就绪（{time.monotonic() - began:.1f} 秒）：{address}")
                record(address)
                if not once:
                    say(f"工作人员的办理台：{address}desk/（登录页列出每个岗位的演示账号）")
                    say("按 Ctrl-C 停止。")
                    watch(running, database)
            finally:
                ignore_further_signals()
                for part in reversed(running):
                    part.stop()


def prepare(database: environment.Database, *, households: int | None) -> None:
    """Tables, locks and the invented district by the owner; static files meanwhile, since they need no database."""
    size = () if households is None else (f"--households={households}",)
    say("正在建表、整理网页文件……")
    # From the beginning each time: a copy that was cut short looks newer than what it was copied from.
    with manage(database.web, "collectstatic", "--no-input", "--clear", "--verbosity=0") as static:
        for command in (("migrate", "--verbosity=0"), ("lock", "--verbosity=0"), ("load_demo", *size)):
            with manage(database.owner, *command) as process:
                require(process, command[0])
        require(static, "collectstatic")


@contextmanager
def manage(address: str, *command: str) -> "Iterator[subprocess.Popen[bytes]]":
    """One of Django's commands, which ends at the latest when nobody waits for it any more.

    In a session of its own Ctrl-C does not make it print a traceback.
    """
    with subprocess.Popen(
        [sys.executable, "manage.py", *command, COMMAND],
        cwd=ROOT,
        env=surroundings(address),
        start_new_session=True,
    ) as process:
        try:
            yield process
        except BaseException:
            if process.poll() is None:
                processes.end([process.pid], first=signal.SIGTERM, patience=5)
            raise


def surroundings(address: str) -> dict[str, str]:
    """The environment of a part of the demonstration that uses this address of the database."""
    return environment.environment(address) | {"DEMONSTRATION": "1"}


def require(process: "subprocess.Popen[bytes]", name: str) -> None:
    """Wait for the command, and fail if it did."""
    status = process.wait()
    if status < 0:
        raise CommandFailed(f"manage.py {name} 中途被终止，没做完的不算数。再运行一次 make demo 即可。")
    if status:
        raise CommandFailed(f"manage.py {name} 没有成功，原因见上。如果是旧的演示数据，可运行 make demo-reset。")


def watch(running: Sequence[parts.Part], database: environment.Database) -> None:
    """Wait until told to stop; fail when the database is gone. Every other part that is gone is started again."""
    while True:
        # First, since the others may be gone because of it.
        if not database.is_running():
            raise PostgresFailed("数据库意外停止，演示随之停止；已保存的都在。再运行一次 make demo 即可。")
        for part in running:
            if part.keep():
                say(f"{part.title}意外停止，已重新启动。")
        time.sleep(0.5)


@contextmanager
def only_one() -> Iterator[None]:
    """Hold this checkout's demonstration; the lock file tells the second one where the first answers."""
    VAR.mkdir(exist_ok=True)
    with open(VAR / "demo.lock", "a+", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.seek(0)
            raise AlreadyRunning(held.read()) from None
        held.truncate(0)
        yield


def number_of_households(text: str) -> int:
    """What stands after --households."""
    if text.isascii() and text.isdigit() and LEAST_HOUSEHOLDS <= int(text) <= MOST_HOUSEHOLDS:
        return int(text)
    message = f"户数须是 {LEAST_HOUSEHOLDS} 到 {MOST_HOUSEHOLDS:,} 之间的整数，不能是“{text}”。"
    raise argparse.ArgumentTypeError(message)


def record(address: str) -> None:
    """Write the address where `only_one` of a second launcher reads it."""
    (VAR / "demo.lock").write_text(address, encoding="utf-8")


def say(message: str) -> None:
    """Tell the person at the terminal, at once."""
    print(message, flush=True)


def ignore_further_signals() -> None:
    """A second Ctrl-C would leave half of it running."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)


def _stop(number: int, frame: FrameType | None) -> None:
    ignore_further_signals()
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
