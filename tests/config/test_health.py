"""The page that says whether the service works."""

import pytest
from django.db import OperationalError, connection
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer


@pytest.mark.django_db
def test_answers_ok_when_the_database_answers(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}
    assert "no-store" in answer["Cache-Control"]


def test_answers_503_and_no_reason_when_it_does_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("connection to server at 10.0.0.5 failed")

    monkeypatch.setattr(connection, "cursor", refuse)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert b"10.0.0.5" not in answer.content


@pytest.mark.django_db
def test_changes_nothing_and_so_cannot_be_posted_to(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


def test_answers_a_browser(live_server: LiveServer, page: Page) -> None:
    answer = page.goto(f"{live_server.url}/healthz")

    assert answer
    assert answer.status == 200
    assert "ok" in page.content()
