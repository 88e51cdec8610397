"""Checks are seen with their family and remembered; an answer never changes."""

from django.db import migrations

from yihu.common.database import Frozen, History, RowSecurity, seen_with_household


class Migration(migrations.Migration):
    dependencies = [("records_checks", "0001_records_checks"), ("households", "0002_locks")]

    operations = [
        seen_with_household("records_checks_recordscheck"),
        RowSecurity(
            "records_checks_sourcerequest",
            "EXISTS (SELECT FROM records_checks_recordscheck k WHERE k.id = records_checks_sourcerequest.check_round_id)",
        ),
        RowSecurity(
            "records_checks_sourceanswer",
            "EXISTS (SELECT FROM records_checks_sourcerequest q WHERE q.id = records_checks_sourceanswer.request_id)",
        ),
        Frozen("records_checks_sourceanswer", message="部门的答复不能改动。"),
        History("records_checks_recordscheck", "r.household_id"),
        History(
            "records_checks_sourcerequest",
            "(SELECT k.household_id FROM records_checks_recordscheck k WHERE k.id = r.check_round_id)",
        ),
        History(
            "records_checks_sourceanswer",
            "(SELECT k.household_id FROM records_checks_sourcerequest q"
            " JOIN records_checks_recordscheck k ON k.id = q.check_round_id WHERE q.id = r.request_id)",
        ),
    ]
