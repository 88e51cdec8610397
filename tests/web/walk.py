"""Walks through the self-check as a browser without scripts does: from the controls of one page to the next."""

from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client


class Page(HTMLParser):
    """The form of a page: where it goes, what it would send, and its buttons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action = ""
        self.data: dict[str, list[str]] = {}
        self.buttons: list[str] = []
        self.select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self.action = given["action"]
        elif tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.data.setdefault(given["name"], []).append(given.get("value", ""))
        elif tag == "button" and "value" in given:
            self.buttons.append(given["value"])
        elif tag == "select":
            self.select = given["name"]
        elif tag == "option" and "selected" in given:
            self.data[self.select] = [given["value"]]


class Walk:
    """One visit: `html` is the page before us."""

    def __init__(self, client: Client, start: str = "/") -> None:
        self.client = client
        self.response: HttpResponse = client.get(start)
        assert self.response.status_code == 200

    @property
    def html(self) -> str:
        return self.response.content.decode()

    @property
    def step(self) -> str:
        """The step that the page asks about."""
        return Page(self.html).data["at"][0]

    @property
    def answers(self) -> str:
        """The answers that the page carries."""
        return Page(self.html).data["answers"][0]

    def press(self, button: str, **typed: str | list[str]) -> "Walk":
        """Press a button of the page, having typed; a dash in a name is written as two underscores."""
        page = Page(self.html)
        assert button in page.buttons, (button, page.buttons)
        data = {**page.data, **{name.replace("__", "-"): value for name, value in typed.items()}, "go": button}
        self.response = self.client.post(page.action, data)
        return self

    def begin(self, *relatives: str) -> "Walk":
        """Start, and name who lives there."""
        self.press("to:people")
        for relative in relatives:
            self.press(f"add:{relative}")
        return self.press("next")
