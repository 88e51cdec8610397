"""A district in which the service acts, and a folder for papers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests import rooms
from yihu.access.actor import Actor


@pytest.fixture
def district(db: None) -> rooms.District:
    return rooms.make_district()


@pytest.fixture
def service(district: rooms.District) -> Iterator[Actor]:
    with rooms.everywhere() as actor:
        yield actor


@pytest.fixture(autouse=True)
def root(settings: Settings, tmp_path: Path) -> Path:
    """Where contents lie in this test."""
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return settings.DOCUMENT_ROOT
