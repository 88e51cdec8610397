"""A determination is seen with its family and never changes."""

from django.db import migrations

from yihu.common.database import Frozen, History, seen_with_household


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_determinations"), ("households", "0002_locks")]

    operations = [
        seen_with_household("policy_determination"),
        Frozen("policy_determination", message="认定一经作出不能改动，请重新认定。"),
        History("policy_determination", "r.household_id"),
    ]
