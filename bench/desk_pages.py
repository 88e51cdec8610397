"""The desk with four clerks at once, on the invented district of 6,000 households: family pages and search.

Clerks who never pause, more than all windows of the district need, log in as people do and open the files of one
street's families, each with its purpose written down, through the real web server and database; they run in this
process and share the processors with the server. Bounds: 300 ms for 95 of 100 family pages, 100 ms for 95 of 100
searches. How many queries a page asks is counted beside it.

The family page is also held against the same page at an earlier commit: two small demonstrations are served in the
same way at the same time, and one clerk opens the same families in both by turns.
"""

from __future__ import annotations

import http.client
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.answer_page import site
from bench.checkouts import beside
from bench.report import Options, Report, alone

CLERKS = 4
FAMILIES = 160
PAGE_MS, SEARCH_MS = 300.0, 100.0
MOST_QUERIES = 24
ACCOUNT = "jingban"
EARLIER = "5f47fea"
SHARE_OF_EARLIER = 2 / 3
"""How much of the earlier page's time the page may take."""
COMPARED, ROUNDS = 40, 6
LOGIN = "/accounts/login/"
PEOPLE = re.compile(r'<a href="/desk/families/([A-Z]+-\d{3}-\d{6})/"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def run(options: Options, report: Report) -> None:
    """Every family once a clerk, after a warm-up; then searches by name, pinyin, tail and number."""
    with site() as address:
        clerks = [Clerk(address) for _each in range(CLERKS)]
        numbers = clerks[0].families(FAMILIES)
        report.check("演示里没有家庭", agrees=len(numbers) >= CLERKS)
        for clerk in clerks:
            clerk.say_why(numbers)
        pages = _timed(clerks, [f"/desk/families/{number}/" for number in numbers], Clerk.open)
        texts = ["贾", "jia", "甄", numbers[0], numbers[-1][-6:], "1", "zhen", "0012"]
        found = _timed(clerks, texts * (5 if options.quick else 20), Clerk.search)
        with _inside() as ask:
            queries = [ask(f"/desk/families/{number}/") for number in numbers[:20]]
    _report(report, f"家庭页，{CLERKS} 人同时", pages, PAGE_MS)
    report.add("家庭页，SQL 条数（最多）", max(queries), "条", "上限", MOST_QUERIES, at_most=1)
    _report(report, f"搜索，{CLERKS} 人同时", found, SEARCH_MS)
    if not options.quick:
        _compare(report)


def _compare(report: Report) -> None:
    """One clerk at each of the two, page by page in turn; the first round warms up."""
    with beside(EARLIER, report) as addresses:
        if addresses is None:
            return
        clerks = [Clerk(address) for address in addresses]
        families = [clerk.families(COMPARED) for clerk in clerks]
        for clerk, numbers in zip(clerks, families, strict=True):
            report.check("比较用的演示里没有家庭", agrees=bool(numbers))
            clerk.say_why(numbers)
        took: list[list[float]] = [[], []]
        for turn in range(1 + ROUNDS):
            for pair in zip(*families, strict=False):
                for side, (clerk, number) in enumerate(zip(clerks, pair, strict=True)):
                    milliseconds = clerk.open(f"/desk/families/{number}/")
                    if turn:
                        took[side].append(milliseconds)
        before, today = took
        report.add(
            "家庭页，一人，p50",
            statistics.median(today),
            "毫秒",
            f"{EARLIER} 的同一页",
            statistics.median(before),
            at_most=SHARE_OF_EARLIER,
        )
        shares = sorted(mine / theirs for mine, theirs in zip(today, before, strict=True))
        quarter = len(shares) // 4
        report.say(f"{len(shares)} 对，一半的比值在 {shares[quarter]:.2f} 到 {shares[-quarter - 1]:.2f} 之间")


def _report(report: Report, name: str, took: Sequence[float], limit: float) -> None:
    ordered = sorted(took)
    p95 = ordered[int(len(ordered) * 0.95)]
    report.add(f"{name}，p95", p95, "毫秒", "上限", limit)
    report.add(f"{name}，p50", statistics.median(ordered), "毫秒", "p95", p95)


def _timed(clerks: Sequence[Clerk], work: Sequence[str], do: Callable[[Clerk, str], float]) -> list[float]:
    """Each clerk does all of the work, beginning elsewhere than the others; the first round warms up."""

    def round_of(place: int) -> list[float]:
        start = place * len(work) // len(clerks)
        return [do(clerks[place], each) for each in (*work[start:], *work[:start])]

    with ThreadPoolExecutor(len(clerks)) as desks:
        list(desks.map(lambda clerk: do(clerk, work[0]), clerks))
        return [each for took in desks.map(round_of, range(len(clerks))) for each in took]


class Clerk:
    """Someone logged in at the window, with a browser's cookies."""

    def __init__(self, address: str) -> None:
        self.place = urlsplit(address).netloc
        self.cookies: dict[str, str] = {}
        page = self._ask("GET", LOGIN)
        self._ask("POST", LOGIN, _credentials(page) | {"csrfmiddlewaretoken": _token(page)})
        self.token = _token(self._ask("GET", "/desk/"))

    def families(self, count: int) -> list[str]:
        """The numbers of the first families of the street."""
        found: list[str] = []
        page = 1
        while len(found) < count:
            more = PEOPLE.findall(self._ask("GET", f"/desk/families/?page={page}"))
            fresh = [number for number in dict.fromkeys(more) if number not in found]
            if not fresh:
                break
            found += fresh
            page += 1
        return found[:count]

    def say_why(self, numbers: Sequence[str]) -> None:
        """Give the purpose of the day for each family."""
        for number in numbers:
            fields = {"purpose": "visitor", "detail": "", "csrfmiddlewaretoken": self.token}
            self._ask("POST", f"/desk/families/{number}/purpose/", fields)

    def open(self, path: str) -> float:
        """Milliseconds from connecting to the last byte of a page that is really that family's."""
        began = time.perf_counter()
        page = self._ask("GET", path)
        took = (time.perf_counter() - began) * 1000
        assert path.rsplit("/", 2)[1] in page
        return took

    def search(self, text: str) -> float:
        """Milliseconds for the answer to what was typed."""
        began = time.perf_counter()
        self._ask("POST", "/desk/search/", {"q": text, "csrfmiddlewaretoken": self.token}, htmx=True)
        return (time.perf_counter() - began) * 1000

    def _ask(self, method: str, path: str, fields: dict[str, str] | None = None, *, htmx: bool = False) -> str:
        connection = http.client.HTTPConnection(self.place, timeout=60)
        head = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if htmx:
            head["HX-Request"] = "true"
        body = None
        if fields is not None:
            body, head["Content-Type"] = urlencode(fields), "application/x-www-form-urlencoded"
        connection.request(method, path, body, head)
        answer = connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}：{answer.status}")
        return text


def _credentials(page: str) -> dict[str, str]:
    """What the login page of a demonstration itself offers."""
    password = re.search(r'name="password" value="([^"]+)"', page)
    assert password is not None
    return {"login": ACCOUNT, "password": password[1]}


def _token(page: str) -> str:
    found = TOKEN.search(page)
    assert found is not None
    return found[1]


@contextmanager
def _inside() -> Iterator[Callable[[str], int]]:
    """Asks for a page inside this process, on the demonstration's database, and counts the queries."""
    import os

    import django

    from launcher import environment

    with environment.database() as database:
        os.environ.update(environment.environment(database.web) | {"DEMONSTRATION": "1"})
        django.setup()
        from django.conf import settings
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext
        from django.urls import reverse

        client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
        client.post(LOGIN, _credentials(client.get(LOGIN).content.decode()))

        def ask(path: str) -> int:
            number = path.rsplit("/", 2)[1]
            client.post(reverse("desk:purpose", args=[number]), {"purpose": "visitor", "detail": ""})
            client.get(path)
            with CaptureQueriesContext(connection) as asked:
                answer: Any = client.get(path)
            assert answer.status_code == 200, answer.status_code
            return len(asked)

        yield ask
        connection.close()


if __name__ == "__main__":
    alone(run)
