"""The calendar that the district keeps."""

from datetime import date

import pytest

from yihu.common.calendar import working_days
from yihu.common.models import CalendarDay
from yihu.common.working_days import seed_from_chinesecalendar

FRIDAY = date(2027, 10, 1)


@pytest.mark.django_db
def test_counts_by_the_table_and_notices_a_change_of_one_day() -> None:
    CalendarDay.objects.all().delete()
    assert working_days().is_working(FRIDAY)
    assert working_days().known_years == frozenset()

    kept = CalendarDay.objects.create(day=FRIDAY, is_working=False, name="国庆节", source="国务院办公厅通知")
    assert not working_days().is_working(FRIDAY)
    assert working_days().known_years == {2027}

    kept.is_working = True
    kept.save()
    assert working_days().is_working(FRIDAY)


@pytest.mark.django_db
def test_the_whole_table_is_read() -> None:
    CalendarDay.objects.all().delete()
    seed = seed_from_chinesecalendar(range(2004, 2027))
    CalendarDay.objects.bulk_create(CalendarDay(day=day, is_working=worked, name=name) for day, worked, name in seed)

    days = working_days()

    assert {day: days.is_working(day) for day, _, _ in seed} == {day: worked for day, worked, _ in seed}
    assert days.known_years == set(range(2004, 2027))
