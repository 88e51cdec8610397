"""The people of the demonstration at their desks, each at a browser of his own, and one clock that all go by."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from demo.accounts import PASSWORD, SECOND, SHOWN
from tests.cases.walk import SHEET
from tests.conftest import page_of
from tests.web.desk.seats import BACKEND
from yihu.access.models import Login
from yihu.access.scope import acting
from yihu.organisations.queries import service_everywhere

NAMES = {username: name for username, name, _post, _division in (*SHOWN, *SECOND)}
# Milliseconds.
PATIENCE = 15_000
# Whatever a page shows, also in parts that come later, is told to the test.
WATCHED = """
for (const moment of ["DOMContentLoaded", "htmx:afterSwap"])
  document.addEventListener(moment, () => window.shown(location.pathname, document.documentElement.outerHTML));
"""


@dataclass
class Clock:
    """The day on which everybody works."""

    today: date


@dataclass
class Seat:
    """Someone at his desk. ``shown`` is every page that he saw, by its address."""

    username: str
    name: str
    page: Page
    home: str
    shown: list[tuple[str, str]] = field(default_factory=list)

    def come_in(self) -> None:
        """As somebody who has logged in already."""
        client = Client()
        with acting(service_everywhere("tests")):
            client.force_login(Login.objects.get(username=self.username), backend=BACKEND)
        name = settings.SESSION_COOKIE_NAME
        self.page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.home}])
        self.page.goto(f"{self.home}/desk/")

    def log_in(self) -> None:
        """With his own name and password, through the page for it."""
        self.page.goto(f"{self.home}/desk/")
        self.page.get_by_label("用户名").fill(self.username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.press("登录")
        expect(self.heading("待办")).to_be_visible()
        expect(self.page.locator(".who-name")).to_have_text(self.name)

    # ---- what waits

    def inbox(self, task: str = "", *, of: str = "") -> Locator:
        """The lines of his 待办 that speak of a task and of a family."""
        self.page.goto(f"{self.home}/desk/", wait_until="domcontentloaded")
        expect(self.heading("待办")).to_be_visible()
        return self.page.locator("tbody").get_by_role("row").filter(has_text=task).filter(has_text=of)

    def take_up(self, task: str, *, of: str = "") -> None:
        """Open the one task of that name from his 待办."""
        self.inbox(task, of=of).get_by_role("link", name="打开").click()

    # ---- what stands on the page

    def heading(self, name: str) -> Locator:
        """The title of the page."""
        return self.page.get_by_role("heading", level=1, name=name)

    def panel(self, title: str) -> Locator:
        """A part of the page by its title."""
        name = re.compile(f"^{re.escape(title)}")
        return self.page.locator("section.panel").filter(has=self.page.get_by_role("heading", name=name))

    def offer(self, title: str, *, of: str = "") -> Locator:
        """A programme among what a family can get; of a person's programme, the person's."""
        named = self.page.get_by_role("heading", level=3, name=title, exact=True)
        return self.page.locator("article.get").filter(has=named).filter(has_text=of)

    def sees(self, *words: str) -> None:
        """These words stand on the page."""
        for each in words:
            expect(self.page.locator("main")).to_contain_text(each)

    def told(self, words: str) -> None:
        """He was told that it is done."""
        expect(self.page.locator(".note.good")).to_contain_text(words)

    def refused(self, words: str) -> None:
        """He was told that it cannot be done, and why."""
        expect(self.page.get_by_role("alert").first).to_contain_text(words)

    # ---- what he does

    def go(self, path: str) -> None:
        """Open an address of the desk."""
        self.page.goto(f"{self.home}{path}")

    def press(self, button: str, *, on: Locator | None = None) -> None:
        """Press a button of that very name."""
        (on or self.page).get_by_role("button", name=button, exact=True).click()

    def follow(self, link: str, *, on: Locator | None = None) -> None:
        """Follow a link."""
        (on or self.page).get_by_role("link", name=link).first.click()

    def unfold(self, title: str) -> Locator:
        """Unfold a form that stands behind its button."""
        folded = self.page.locator("details.confirm").filter(has=self.page.locator("summary", has_text=title))
        folded.locator("summary").click()
        return folded

    def fill(self, values: Mapping[str, str], *, on: Locator | None = None, exact: bool = False) -> None:
        """Type or choose, by the labels of the fields."""
        for label, value in values.items():
            entry = (on or self.page).get_by_label(label, exact=exact)
            if entry.evaluate("entry => entry.localName") == "select":
                entry.select_option(label=value)
            else:
                entry.fill(value)

    def purpose(self, purpose: str, detail: str = "") -> None:
        """Say why the file of the family is opened."""
        expect(self.heading("查看家庭档案")).to_be_visible()
        self.page.get_by_label(purpose).check()
        self.page.get_by_label("说明").fill(detail)
        self.press("查看档案")

    def send(self, form: Locator, path: str) -> None:
        """Send a form to an address that the page does not offer."""
        with self.page.expect_navigation():
            form.evaluate("(form, path) => { form.action = path; form.submit(); }", path)


@dataclass
class Office:
    """Whoever has sat down so far; somebody who is asked for sits down."""

    clock: Clock
    sit: Callable[[str], Seat]
    seats: dict[str, Seat] = field(default_factory=dict)

    def __getitem__(self, username: str) -> Seat:
        if username not in self.seats:
            self.seats[username] = self.sit(username)
        return self.seats[username]

    def passes(self, *to: Seat, by: Seat, of: str) -> None:
        """What is spoken of stands in the 待办 of these, and no longer in that of whoever had it before."""
        for seat in to:
            expect(seat.inbox(of=of)).not_to_have_count(0)
        expect(by.inbox(of=of)).to_have_count(0)

    def all_rest(self) -> None:
        """Nothing waits for anybody who is here."""
        for seat in self.seats.values():
            expect(seat.inbox()).to_have_count(0)

    def shown(self) -> Iterator[tuple[Seat, str, str]]:
        """Every page that anybody saw: who, address, content."""
        for seat in self.seats.values():
            for path, content in seat.shown:
                yield seat, path, content


@contextmanager
def desks(browser: Browser, home: str, clock: Clock, enter: Callable[[Seat], None]) -> Iterator[Office]:
    """Everybody's desk; ``enter`` is how one comes to sit there."""
    with ExitStack() as stack:

        def sit(username: str) -> Seat:
            page = stack.enter_context(page_of(browser, viewport={"width": 1440, "height": 900}))
            page.set_default_timeout(PATIENCE)
            seat = Seat(username, NAMES[username], page, home)
            page.expose_function("shown", lambda path, content: seat.shown.append((path, content)))
            page.add_init_script(WATCHED)
            enter(seat)
            return seat

        yield Office(clock, sit)


def sheets(*names: str) -> Sequence[FilePayload]:
    """Scanned papers of these names."""
    return [FilePayload(name=f"{name}.pdf", mimeType="application/pdf", buffer=SHEET) for name in names]
