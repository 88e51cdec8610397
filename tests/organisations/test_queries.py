"""What other rooms learn about offices."""

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from yihu.organisations.queries import street_windows

pytestmark = pytest.mark.django_db


def test_street_windows_stand_in_the_order_of_codes(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    call_command("load_organisations", verbosity=0)

    with django_assert_num_queries(1):
        windows = [(window.division.code, window.division.name) for window in street_windows()]

    assert len(windows) == 15
    assert windows == sorted(windows)
    assert windows[0] == ("110102001", "西长安街街道")


def test_a_window_names_its_source() -> None:
    call_command("load_organisations", verbosity=0)

    assert {window.source for window in street_windows()} == {"西政办发〔2020〕7号 附件2"}
