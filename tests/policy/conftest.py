"""The form is tested with the same family as the pages."""

from tests.web.conftest import august_2020, form, three_adults

__all__ = ["august_2020", "form", "three_adults"]
