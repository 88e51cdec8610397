"""`load_calendar`: the published public holidays and make-up days."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from yihu.common.models import CalendarDay
from yihu.common.working_days import seed_from_chinesecalendar

YEARS = range(2004, 2101)
SOURCE = "国务院办公厅历年节假日安排（chinesecalendar）"


class Command(BaseCommand):
    """Loads every year that is known. What the district entered itself stays; loading again changes nothing."""

    help = "载入已公布的节假日和调休；再次载入不改变任何内容"

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the days of this source in line with what was published, and say what happened."""
        present = {row.day: row for row in CalendarDay.objects.all()}
        created, changed = [], []
        for day, is_working, name in seed_from_chinesecalendar(YEARS):
            row = CalendarDay(day=day, is_working=is_working, name=name, source=SOURCE)
            if day not in present:
                created.append(row)
            elif present[day].source == SOURCE and (present[day].is_working, present[day].name) != (is_working, name):
                changed.append(row)
        CalendarDay.objects.bulk_create(created)
        if changed:
            CalendarDay.objects.bulk_update(changed, ["is_working", "name"])
        said = _("节假日：新增 %(created)d 天，修改 %(changed)d 天。")
        self.stdout.write(said % {"created": len(created), "changed": len(changed)})
