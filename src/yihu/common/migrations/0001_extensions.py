"""Extensions, before any room's table: for constraints that refuse overlapping periods, and for search by parts of a name.

All other migrations are `makemigrations -n tables`: tables, constraints and indexes. What is locked stands in locks.py.
"""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    initial = True

    dependencies = []
    # Their tables stand on nothing of this room.
    run_before = [("access", "__first__"), ("organisations", "__first__")]

    operations = [BtreeGistExtension(), TrigramExtension()]
