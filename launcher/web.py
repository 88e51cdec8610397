"""The web server of the demonstration: Gunicorn on a port of this machine alone."""

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request

from launcher import processes
from launcher.parts import Part
from launcher.places import ROOT, VAR

HOST = "127.0.0.1"
LOG = VAR / "web.log"
# Gunicorn's master and its workers all carry this argument, by which those of this checkout are known. It names no
# file: one with the number of a process would keep the next from starting once that number is another's.
MARK = f"--name={VAR / 'web'}"
PORTS_TRIED = 50
# Seconds for which a connection may be open without a word before a worker is given to it.
SILENCE = 30


class WebFailed(Exception):
    """The web did not come up; the message holds what it said."""


def listen(wanted: int) -> socket.socket:
    """A listening socket on the wanted port or the next free one.

    It is handed to Gunicorn as it is, so that nobody can take the port between the question and the answer.
    """
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(128)
            if hasattr(socket, "TCP_DEFER_ACCEPT"):
                # Browsers open connections ahead of need: one that says nothing must not hold a worker.
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENCE)
        except OSError:
            listener.close()
            continue
        return listener
    raise WebFailed(f"从 {wanted} 起的 {PORTS_TRIED} 个端口都被占用。请用 YIHU_PORT 指定另一个端口。")


def address_of(listener: socket.socket) -> str:
    """What a browser on this machine opens."""
    return f"http://{HOST}:{listener.getsockname()[1]}/"


def start(listener: socket.socket, environment: dict[str, str]) -> Part:
    """Start Gunicorn on the socket and wait until a page that asks the database answers.

    The socket stays the launcher's: whoever comes while Gunicorn is started again waits, and is not turned away.
    """
    LOG.unlink(missing_ok=True)
    web = Part("网页服务", MARK, LOG, lambda: _launch(listener, environment))
    address = address_of(listener)
    try:
        ready = processes.wait_until(lambda: web.process.poll() is not None or is_healthy(address), seconds=30)
        if web.process.poll() is not None or not ready:
            raise WebFailed(f"网页服务没有启动：\n{processes.last_words(LOG)}")
    except BaseException:
        web.stop()
        raise
    return web


def _launch(listener: socket.socket, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    command = [
        *(sys.executable, "-m", "gunicorn", "config.wsgi", MARK),
        # A worker a processor, each taking one request at a time: with threads, one worker takes most of what waits
        # while the other idles, and twenty requests at once wait half as long again.
        *(f"--bind=fd://{listener.fileno()}", "--worker-class=sync", f"--workers={max(2, os.cpu_count() or 2)}"),
        "--preload",
        *("--no-control-socket", "--graceful-timeout=5"),
        *(f"--error-logfile={LOG}", "--capture-output", "--log-level=warning"),
    ]
    # A session of its own: Ctrl-C reaches the launcher alone, which then stops web and database in order.
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        pass_fds=[listener.fileno()],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def is_healthy(address: str) -> bool:
    """Whether the web answers and reaches its database."""
    # Straight to this machine, whatever proxy the environment names.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}healthz", timeout=5) as answer:
            return bool(json.load(answer)["status"] == "ok")
    except (OSError, ValueError, urllib.error.URLError):
        return False
