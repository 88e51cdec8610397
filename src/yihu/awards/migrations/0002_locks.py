"""Awards are seen with their family; what one pays and rests on never changes."""

from django.db import migrations

from yihu.common.database import Frozen, History, RowSecurity, seen_with_household


class Migration(migrations.Migration):
    dependencies = [("awards", "0001_awards"), ("households", "0002_locks")]

    operations = [
        seen_with_household("awards_award"),
        RowSecurity("awards_openingimport", "app_reaches(division_id)"),
        Frozen(
            "awards_award",
            but=["period", "ended_by_id", "end_reason"],
            message="待遇的金额和依据不能改动，请重新认定。",
        ),
        Frozen("awards_openingimport", message="期初名单一经载入不能改动。"),
        History("awards_award", "r.household_id"),
        History("awards_openingimport"),
    ]
