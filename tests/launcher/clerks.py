"""People at the desk, over HTTP as their browsers speak it: what they were told is done, they write down."""

import http.client
import itertools
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

from demo import accounts as demo_accounts
from demo.loading.papers import sheet
from tests.cases.walk import PROGRAMME
from tests.rooms import SPOUSE, identity_number
from yihu.households.enums import HEAD

COMMUNITY = demo_accounts.COMMUNITY
BOUNDARY = "----yihu-7f3a9c"
Files = Mapping[str, bytes]


class Unanswered(Exception):
    """Nobody answered, or only to say that it went wrong: whether it was done is not known."""


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Where an answer sends us is an answer too."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Browser:
    """Someone logged in, with his cookies."""

    def __init__(self, address: str, username: str) -> None:
        self.address = address.rstrip("/")
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies), _StayHere
        )
        self.get("/accounts/login/")
        self.post("/accounts/login/", {"login": username, "password": demo_accounts.PASSWORD})

    def get(self, path: str) -> str:
        """A page. Raises Unanswered."""
        return self._ask(urllib.request.Request(self.address + path))[1]

    def post(self, path: str, fields: Sequence[tuple[str, str]] | Mapping[str, str], files: Files | None = None) -> str:
        """Where the answer sends us. Raises Unanswered, also where it does not send us on."""
        pairs = list(fields.items() if isinstance(fields, Mapping) else fields)
        pairs.append(
            ("csrfmiddlewaretoken", next(each.value or "" for each in self.cookies if each.name == "csrftoken"))
        )
        request = urllib.request.Request(self.address + path, urlencode(pairs).encode())
        if files:
            request.data = _multipart(pairs, files)
            request.add_header("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        location, text = self._ask(request)
        if not location:
            raise Unanswered(f"{path}: {_plain(text)}")
        return location

    def _ask(self, request: urllib.request.Request) -> tuple[str, str]:
        try:
            with self.opener.open(request, timeout=30) as answer:
                return "", answer.read().decode()
        except urllib.error.HTTPError as answer:
            if answer.code == 302:
                return str(answer.headers["Location"]), ""
            raise Unanswered(f"{request.full_url}: {answer.code}") from None
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(f"{request.full_url}: {error!r}") from None


@dataclass
class Notebook:
    """What people at the desk tried, and what they were told is done."""

    tried: list[str] = field(default_factory=list)
    """The addresses of the families that someone set out to register."""
    registered: dict[str, str] = field(default_factory=dict)
    """Their numbers by their addresses, of those that were registered."""
    applied: dict[str, str] = field(default_factory=dict)
    """The numbers of cases by those of the families."""
    admitted: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Cases about which the departments were asked."""
    unanswered: list[str] = field(default_factory=list)
    broken: list[BaseException] = field(default_factory=list)


class Crew:
    """Clerks and an examiner who work for as long as they are in, each in a thread of his own."""

    def __init__(self, address: str, *, clerks: int) -> None:
        self.address, self.notes = address, Notebook()
        self._count, self._go_home = itertools.count(1), threading.Event()
        self._lock = threading.Lock()
        work: list[tuple[str, Callable[[Browser], None]]] = [("jingban", self._take_in)] * clerks
        self._threads = [
            threading.Thread(target=self._work, args=each, daemon=True) for each in (*work, ("shenhe", self._ask))
        ]

    def __enter__(self) -> "Crew":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._go_home.set()
        for thread in self._threads:
            thread.join(timeout=40)
        assert not self.notes.broken, self.notes.broken

    def _work(self, username: str, do: Callable[[Browser], None]) -> None:
        browser = None
        while not self._go_home.is_set():
            try:
                browser = browser or Browser(self.address, username)
                do(browser)
            except Unanswered as unanswered:
                self.notes.unanswered.append(str(unanswered))
                self._go_home.wait(0.2)
            except BaseException as error:
                self.notes.broken.append(error)
                raise

    def _take_in(self, browser: Browser) -> None:
        """Register a couple, take its application with the papers, and admit it."""
        with self._lock:
            count = next(self._count)
        home = f"试验路 {count} 号"
        self.notes.tried.append(home)
        number = _end_of(browser.post("/desk/families/register/", _family(home, count)))
        self.notes.registered[home] = number

        browser.post(f"/desk/families/{number}/purpose/", {"purpose": "case"})
        form = f"/desk/families/{number}/apply/?programme={PROGRAMME}"
        page = browser.get(form)
        applicant = re.findall(r'name="applicant" value="(\d+)"', page)[0]
        wanted = [name for name in re.findall(r'name="(paper-[^"]+)"', page) if _is_always_wanted(name)]
        assert len(wanted) == 4, wanted
        case = _end_of(
            browser.post(
                form,
                {"applicant": applicant, "channel": "window"},
                {name: sheet(f"{number} {name}") for name in wanted},
            )
        )
        self.notes.applied[number] = case

        browser.post(f"/desk/cases/{case}/admit/", {})
        if "受理通知书已开出" in browser.get(f"/desk/cases/{case}/"):
            self.notes.admitted.append(case)

    def _ask(self, browser: Browser) -> None:
        """Ask the departments about a family that was admitted."""
        waiting = [case for case in self.notes.admitted if case not in self.notes.asked]
        if not waiting:
            time.sleep(0.1)
            return
        case = waiting[0]
        page = browser.get(f"/desk/cases/{case}/")
        sources = re.findall(r'name="sources" value="([^"]+)"', page)
        if sources:
            browser.post(f"/desk/cases/{case}/ask/", [("sources", each) for each in sources])
            page = browser.get(f"/desk/cases/{case}/")
        # Asked by a request whose answer was lost, it is no longer offered, and the page shows what was asked.
        if "已提请核对" in page or not sources:
            self.notes.asked.append(case)


def _family(home: str, count: int) -> dict[str, str]:
    """A couple nobody else has ever heard of."""
    born = date(1961, 1, 1) + timedelta(days=count)
    return {
        "division": COMMUNITY, "address": home, "telephone": "", "do": "save",
        "m-TOTAL_FORMS": "3", "m-INITIAL_FORMS": "0",
        "m-0-name": "贾试验", "m-0-relation": str(HEAD), "m-0-identity_number": identity_number(born, 991),
        "m-0-hukou": "110102",
        "m-1-name": "甄试验", "m-1-relation": str(SPOUSE), "m-1-identity_number": identity_number(born, 992),
        "m-1-hukou": "110102",
        "m-2-relation": "",
    }  # fmt: skip


def _is_always_wanted(name: str) -> bool:
    return name.startswith(("paper-application", "paper-commitment", "paper-authorisation"))


def _end_of(location: str) -> str:
    return location.rstrip("/").rpartition("/")[2]


def _multipart(fields: Sequence[tuple[str, str]], files: Files) -> bytes:
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields]
    for name, content in files.items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="{name}.pdf"\r\nContent-Type: application/pdf'
        parts.append(head.encode() + b"\r\n\r\n" + content)
    mark = f"--{BOUNDARY}".encode()
    return b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def _plain(page: str) -> str:
    """What is wrong according to a page that was shown again."""
    problems = re.findall(r'class="[^"]*problem[^"]*"[^>]*>(.*?)</', page, re.S)
    return " ".join(" ".join(problems).split()) or "shown again"
