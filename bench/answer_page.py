"""The answer page of the self-check with twenty visitors at once, through the real web server and database.

Every visitor posts the whole family's answers and reads the page to its end, over a connection of
its own; the visitors run in this process and share the processors with the server. The bound is
100 ms for 95 of 100 answers.
"""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench.report import Options, Report, alone

VISITORS = 20
LIMIT_MS = 100.0

_FAMILY = {
    "household": {
        "current_awards": "无", "homes": "1", "non_residential": "0", "has_heating": "是",
        "monetary_assets": "0", "cars": "0", "emergency_need": "0",
    },
    "members": [
        {
            "relation": relation, "birth_date": born, "hukou": "110102", "counted_member": "是", "school_stage": "0",
            "disabilities": "无", "serious_illness": "否", "wage": wage, "business_income": "0", "property_income": "0",
            "pension": "0", "resident_basic_pension": "0", "transfer_income": "0",
        }
        for relation, born, wage in (("2", "1974-5-3", "1894"), ("12", "1975-12-31", "0"), ("20", "2000-6-1", "0"))
    ],
    "trail": [],
}  # fmt: skip


def run(options: Options, report: Report) -> None:
    """Some hundred answers to each visitor, after a warm-up."""
    with site() as address:
        visitor = _Visitor(address)
        report.check("自查结果页没有给出低保金额", agrees="最低生活保障".encode() in visitor.ask()[1])
        rounds = 5 if options.quick else 60
        with ThreadPoolExecutor(VISITORS) as crowd:
            list(crowd.map(lambda _each: visitor.ask(), range(VISITORS * 5)))
            began = time.perf_counter()
            took = sorted(each for each, _page in crowd.map(lambda _each: visitor.ask(), range(VISITORS * rounds)))
            whole = time.perf_counter() - began
    p95 = took[int(len(took) * 0.95)]
    report.add(f"自查结果页，{VISITORS} 人同时，p95", p95, "毫秒", "上限", LIMIT_MS)
    report.add(f"自查结果页，{VISITORS} 人同时，p50", statistics.median(took), "毫秒", "p95", p95)
    report.add("自查结果页，每秒", len(took) / whole, "页/秒")


class _Visitor:
    """Posts a family's answers as the summary page does, with as little work of its own as can be."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        self.place = (place.hostname or "", place.port or 80)
        connection = http.client.HTTPConnection(place.netloc)
        connection.request("GET", "/")
        start = connection.getresponse()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', start.read().decode())
        assert token is not None
        body = urlencode(
            {
                "csrfmiddlewaretoken": token[1],
                "answers": json.dumps(_FAMILY, ensure_ascii=False),
                "at": "summary",
                "then": "",
                "go": "next",
            }
        )
        head = (
            "POST /check/2/ HTTP/1.1",
            f"Host: {place.netloc}",
            f"Cookie: {(start.getheader('Set-Cookie') or '').partition(';')[0]}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            "Connection: close",
        )
        self.message = "\r\n".join([*head, "", body]).encode()

    def ask(self) -> tuple[float, bytes]:
        """Milliseconds from connecting to the last byte, and what came."""
        began = time.perf_counter()
        with socket.create_connection(self.place, timeout=30) as connection:
            connection.sendall(self.message)
            parts = []
            while part := connection.recv(1 << 20):
                parts.append(part)
        return (time.perf_counter() - began) * 1000, b"".join(parts)


@contextmanager
def site(
    checkout: Path | None = None, options: Sequence[str] = (), *, surroundings: Mapping[str, str] | None = None
) -> Iterator[str]:
    """The address of the demonstration: the one that runs already, else one started for the while.

    ``checkout``: that of another folder, by its own Python.
    """
    python = checkout / ".venv" / "bin" / "python" if checkout else sys.executable
    command = [str(python), "-m", "launcher.demo", *options]
    demo = subprocess.Popen(command, cwd=checkout, env=surroundings, stdout=subprocess.PIPE, text=True)
    assert demo.stdout is not None
    try:
        for line in demo.stdout:
            found = re.search(r"http://\S+/", line)
            if found:
                yield found[0]
                return
        raise RuntimeError("演示没有启动")
    finally:
        if demo.poll() is None:
            demo.send_signal(signal.SIGINT)
        demo.wait()


if __name__ == "__main__":
    alone(run)
