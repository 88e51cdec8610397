"""Looks into files lie in a table for each month."""

from django.db import migrations

from yihu.common.partitions import PartitionByMonth


class Migration(migrations.Migration):
    dependencies = [("households", "0001_tables")]

    operations = [PartitionByMonth("households_fileread", "at")]
