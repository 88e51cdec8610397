"""What the settings promise to every page."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from config.settings import field_keys
from launcher.places import ROOT


@pytest.mark.django_db
def test_pages_may_use_only_files_of_this_server(client: Client) -> None:
    policy = client.get("/healthz")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_headers_keep_pages_out_of_frames_and_addresses_at_home(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_host_not_named_is_refused(client: Client) -> None:
    assert client.get("/healthz", headers={"host": "elsewhere.example"}).status_code == 400


def test_days_are_those_of_beijing() -> None:
    assert settings.TIME_ZONE == "Asia/Shanghai"
    assert settings.USE_TZ


ENOUGH = {"SECRET_KEY": "x", "FIELD_KEYS": "0f" * 32, "DATABASE_URL": "postgresql:///x"}


def load_settings(**variables: str) -> "subprocess.CompletedProcess[str]":
    """Load the settings in a process that has only these variables."""
    program = "from config import settings; print(settings.DEBUG, settings.SECURE_SSL_REDIRECT)"
    environment = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_debugging_is_off_unless_asked_for() -> None:
    assert load_settings(**ENOUGH).stdout.split() == ["False", "False"]


def test_https_is_a_switch() -> None:
    assert load_settings(**ENOUGH, HTTPS="1").stdout.split() == ["False", "True"]


@pytest.mark.parametrize("missing", ENOUGH)
def test_nothing_starts_without_keys_or_database(missing: str) -> None:
    answer = load_settings(**{name: value for name, value in ENOUGH.items() if name != missing})

    assert answer.returncode != 0
    assert missing in answer.stderr


@pytest.mark.parametrize("keys", ["short", "0f" * 31, "0F" * 32, "0f" * 32 + ",", "0f" * 32 + " " + "0e" * 32])
def test_a_field_key_of_another_form_is_refused_without_being_shown(keys: str) -> None:
    answer = load_settings(**ENOUGH | {"FIELD_KEYS": keys})

    assert answer.returncode != 0
    assert "64 位十六进制" in answer.stderr
    assert keys not in answer.stderr


@pytest.mark.parametrize("prefixes", ["11/0102/=XC,11/0108/=XC", "11/0102/=x", "11/0102/=XC2"])
def test_two_districts_never_number_alike(prefixes: str) -> None:
    answer = load_settings(**ENOUGH, REGISTER_PREFIXES=prefixes)

    assert answer.returncode != 0
    assert "各不相同" in answer.stderr


def test_field_keys_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELD_KEYS", "0e" * 32 + ", " + "0f" * 32)

    assert field_keys() == ["0e" * 32, "0f" * 32]
