"""Checkouts for the tests of the launcher, in a place with an awkward name."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.launcher import running


@pytest.fixture
def fresh_checkout(awkward_folder: Path) -> Path:
    """A checkout that was never started."""
    return running.copy_code(awkward_folder)


@pytest.fixture
def occupied_checkout(fresh_checkout: Path) -> Path:
    """A checkout whose register holds one family: its demonstration starts without the minute that loading takes."""
    running.occupy(fresh_checkout)
    return fresh_checkout


@pytest.fixture(scope="session")
def loaded() -> Iterator[Path]:
    """A checkout whose demonstration was loaded and stopped: loading takes most of a minute, copying a second."""
    with tempfile.TemporaryDirectory(prefix="一户 ") as folder:
        checkout = running.copy_code(Path(folder))
        running.run_once(checkout, running.SMALL, port=_free_port(), seconds=240)
        yield checkout


@pytest.fixture
def checkout(loaded: Path, awkward_folder: Path) -> Path:
    """A checkout of its own with the demonstration in it."""
    return shutil.copytree(loaded, awkward_folder, symlinks=True, dirs_exist_ok=True)


@pytest.fixture
def free_port() -> int:
    return _free_port()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
