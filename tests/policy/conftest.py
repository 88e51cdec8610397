"""The form is tested with the same family as the pages; the register with families of its own."""

from collections.abc import Iterator

import pytest

from tests.policy.register import EVERYWHERE, make_divisions
from tests.web.conftest import august_2020, form, three_adults
from yihu.access.scope import acting

__all__ = ["august_2020", "form", "register", "three_adults"]


@pytest.fixture
def register(db: None) -> Iterator[None]:
    """A district, at work in the name of the service."""
    with acting(EVERYWHERE):
        make_divisions()
        yield
