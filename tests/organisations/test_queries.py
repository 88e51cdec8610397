"""What other rooms learn about offices."""

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from yihu.access.actor import Actor
from yihu.access.posts import actor_at
from yihu.organisations.models import Appointment, Division
from yihu.organisations.queries import AREA, street_windows, within

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


def actor(*areas: str) -> Actor:
    return actor_at(1, "贾一", "window_clerk", areas)


@pytest.mark.parametrize(
    ("areas", "count"),
    [
        ((), 0),
        (("",), 0),
        (("11/0102/007/",), 1),
        (("11/0102/007/", "11/0102/018/"), 2),
        (("11/0102/",), 16),
        (("11/",), 16),
    ],
)
def test_within_reaches_what_lies_below_an_area(areas: tuple[str, ...], count: int) -> None:
    call_command("load_organisations", verbosity=0)

    assert Division.objects.filter(within(actor(*areas), "path"), level__in=("district", "street")).count() == count


def test_within_follows_a_path_and_compares_the_column_itself() -> None:
    found = str(Appointment.objects.filter(within(actor("11/0102/007/"), AREA)).query)

    assert '"organisations_office"."division_id"' in found
    assert "organisations_division" not in found
