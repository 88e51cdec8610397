"""The history lies in a table for each month."""

from django.db import migrations

from yihu.common.partitions import PartitionByMonth


class Migration(migrations.Migration):
    dependencies = [("common", "0002_tables")]

    operations = [PartitionByMonth("common_change", "at")]
