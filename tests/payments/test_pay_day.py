"""The day by which money arrives: the 10th, or the last working day before it."""

from datetime import date

import pytest

from tests import many
from yihu.common.models import CalendarDay
from yihu.payments.pay_day import default_pay_on


@pytest.mark.parametrize(
    ("month", "on", "expected"),
    [
        (date(2026, 9, 1), date(2026, 9, 3), date(2026, 9, 10)),
        # A Saturday, and a Sunday.
        (date(2026, 10, 1), date(2026, 9, 28), date(2026, 10, 9)),
        (date(2026, 5, 1), date(2026, 5, 6), date(2026, 5, 8)),
        (date(2026, 9, 1), date(2026, 9, 10), date(2026, 9, 10)),
        # Late already: two working days from now, over a weekend the Tuesday.
        (date(2026, 9, 1), date(2026, 9, 14), date(2026, 9, 16)),
        (date(2026, 9, 1), date(2026, 9, 11), date(2026, 9, 15)),
        (date(2026, 9, 1), date(2026, 9, 12), date(2026, 9, 15)),
    ],
)
@pytest.mark.django_db
def test_the_tenth_or_the_working_day_before(month: date, on: date, expected: date) -> None:
    CalendarDay.objects.all().delete()
    assert default_pay_on(month, on=on) == expected


@pytest.mark.django_db
def test_holidays_and_make_up_days_count() -> None:
    with many.district_at_work():
        CalendarDay.objects.update_or_create(
            day=date(2026, 10, 9), defaults={"is_working": False, "name": "假", "source": "测试"}
        )
        CalendarDay.objects.update_or_create(
            day=date(2026, 10, 8), defaults={"is_working": False, "name": "假", "source": "测试"}
        )
    assert default_pay_on(date(2026, 10, 1), on=date(2026, 9, 28)) < date(2026, 10, 8)
