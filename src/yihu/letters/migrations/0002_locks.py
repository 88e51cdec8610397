"""Letters are seen with their family; their words never change."""

from django.db import migrations

from yihu.common.database import Frozen, History, seen_with_household


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_letters"), ("households", "0002_locks")]

    operations = [
        seen_with_household("letters_letter"),
        Frozen(
            "letters_letter",
            but=["delivered_on", "delivery", "received_by"],
            message="通知书一经发出不能改动。",
        ),
        History("letters_letter", "r.household_id"),
    ]
